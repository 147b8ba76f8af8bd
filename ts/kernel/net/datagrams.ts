// SPDX-License-Identifier: BSD-2-Clause
// datagrams.ts: kernel.dgram: node:dgram, on a kernel's sockets.
import cluster from 'node:cluster';
import * as nodeDgram from 'node:dgram';
import { NativeError } from '../../errors.js';
import { DatagramHandle, type NodeHandle } from './datagram-handle.js';
import type { Lookup } from './lookup.js';
import type { NetEvents } from './net-events.js';

/** UDP of a kernel: node:dgram, with its signatures. */
export type KernelDgram = Pick<typeof nodeDgram, 'createSocket' | 'Socket'>;

type SocketClass = new (options: unknown, listener?: unknown) => nodeDgram.Socket;
type BindArguments = [port?: unknown, address?: unknown, ...rest: unknown[]];

/** Makes kernel.dgram. */
export function makeDgram(events: NetEvents): KernelDgram {
  const lookup: Lookup = (...args) => {
    events.lookup(...args);
  };
  // Node's class has a constructor that its types do not tell of.
  const NodeSocket = nodeDgram.Socket as unknown as SocketClass;

  class Socket extends NodeSocket {
    constructor(given: unknown, listener?: unknown) {
      super(typeof given === 'string' ? { type: given, lookup } : withLookup(given, lookup), listener);
      const family = (this as unknown as { type: string }).type === 'udp4' ? 4 : 6;
      new DatagramHandle(events, handleOf(this), family, (error) => {
        this.#end(error);
      });
    }

    // A worker of a cluster has its own kernel: nobody else's sockets are shared.
    override bind(...args: BindArguments): this {
      const bind = super.bind.bind(this) as (...given: unknown[]) => this;
      if (!cluster.isWorker || typeof args[0] === 'function') return bind(...args);
      const [first, second] = args;
      const options = typeof first === 'object' ? first : { port: first, address: textOf(second) };
      return bind({ ...options, exclusive: true }, ...args.filter((each) => typeof each === 'function'));
    }

    #end(error?: Error): void {
      if (error !== undefined) this.emit('error', error);
      // It may have been closed by whoever heard of it.
      if (findHandle(this) !== undefined) this.close();
    }
  }
  const createSocket = (options: unknown, listener?: unknown): nodeDgram.Socket =>
    new Socket(options, listener);
  return { createSocket, Socket } as unknown as KernelDgram;
}

function withLookup(given: unknown, lookup: Lookup): unknown {
  if (typeof given !== 'object' || given === null || ('lookup' in given && given.lookup)) return given;
  return { ...given, lookup };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The handle of a socket: Node keeps it in a state under a symbol of its own. */
function findHandle(socket: nodeDgram.Socket): NodeHandle | undefined {
  for (const symbol of Object.getOwnPropertySymbols(socket)) {
    const state: unknown = Reflect.get(socket, symbol);
    if (typeof state === 'object' && state !== null && 'handle' in state && 'bindState' in state)
      return (state.handle as NodeHandle | null) ?? undefined;
  }
  return undefined;
}

function handleOf(socket: nodeDgram.Socket): NodeHandle {
  const handle = findHandle(socket);
  if (handle !== undefined) return handle;
  throw new NativeError('RUMP_NODE_UNKNOWN', `sockets of node:dgram are not what they were until now`, {
    remedy: `Use Node 20, or tell us of ${process.version}.`,
  });
}
