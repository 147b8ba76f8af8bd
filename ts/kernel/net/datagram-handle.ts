// SPDX-License-Identifier: BSD-2-Clause
// datagram-handle.ts: what node:dgram's Socket does its work with: Node calls it a handle. Its own handle opens no
// socket of the host before it is bound, so its methods are replaced by ones that ask the kernel. All that is above,
// arguments, events, errors and their order, is Node's own code.
import { getSystemErrorMap } from 'node:util';
import type { SocketName } from '../../native/addon-types.js';
import { Endpoint } from './endpoint.js';
import { errnos } from './net-errors.js';
import { throwLater, type NetEvents } from './net-events.js';

/** Flags of bind, as libuv has them. */
const flags = { isV6Only: 1, reuseAddress: 4 } as const;
/** So many bytes and messages are taken in one call of the kernel. */
const bytesAtOnce = 256 * 1024;
const messagesAtOnce = 64;
const largestMessage = 65_536;
/** After so many calls the event loop goes round once. */
const callsPerTurn = 8;

/** Where a message came from. */
export interface Sender {
  address: string;
  family: 'IPv4' | 'IPv6';
  port: number;
  size?: number;
}

/** Node's handle, as far as it is replaced or called. */
export interface NodeHandle {
  onmessage?: (count: number, handle: NodeHandle, bytes: Buffer | undefined, from?: Sender) => void;
  close(callback?: () => void): void;
}

/** What is set in a name that Node asks for. */
interface NameTarget {
  address?: string;
  family?: string;
  port?: number;
}

const pool = new Uint8Array(bytesAtOnce);
const lengths = new Int32Array(messagesAtOnce);

/** One socket's way to the kernel. */
export class DatagramHandle {
  readonly #events: NetEvents;
  readonly #node: NodeHandle;
  readonly #family: 4 | 6;
  readonly #onEnd: (error?: Error) => void;
  #endpoint: Endpoint | undefined;
  #isBound = false;
  #isReceiving = false;
  #isRef = true;

  /** Takes the place of Node's methods. `onEnd`: the kernel ends. */
  constructor(events: NetEvents, node: NodeHandle, family: 4 | 6, onEnd: (error?: Error) => void) {
    this.#events = events;
    this.#node = node;
    this.#family = family;
    this.#onEnd = onEnd;
    const closeNode = node.close.bind(node);
    Object.assign(node, {
      ...this.#transfers,
      ...this.#options,
      close: (callback?: () => void): void => {
        this.#endpoint?.close();
        this.#endpoint = undefined;
        this.#isReceiving = false;
        closeNode(callback);
      },
      ref: (): void => {
        this.#setRef(true);
      },
      unref: (): void => {
        this.#setRef(false);
      },
      hasRef: (): boolean => this.#isRef,
      // A socket of the host's.
      open: (): number => errnos.invalid,
    });
  }

  readonly #transfers = {
    bind: (address: string, port: number, flag: number): number => this.#bind(address, port, flag),
    connect: (address: string, port: number): number => {
      const answer = this.#deferredBind();
      return answer < 0 ? answer : this.#on((endpoint) => endpoint.connect(this.#family, address, port));
    },
    disconnect: (): number => this.#on((endpoint) => endpoint.disconnect(this.#family)),
    send: (_request: unknown, pieces: ArrayBufferView[], _count: number, ...to: unknown[]): number => {
      const answer = this.#deferredBind();
      if (answer < 0) return answer;
      const [port, address] = to.length > 1 ? (to as [number, string]) : [0, undefined];
      const sent = this.#on((endpoint) => endpoint.send(pieces.map(bytesOf), this.#family, address, port));
      // That it is done already is told by a number that cannot be 0.
      return sent < 0 ? sent : sent + 1;
    },
    recvStart: (): number => {
      if (this.#isReceiving) return 0;
      this.#isReceiving = true;
      this.#endpoint?.hold(this.#isRef);
      setImmediate(() => {
        this.#receive();
      });
      return 0;
    },
    recvStop: (): number => {
      this.#isReceiving = false;
      this.#endpoint?.hold(false);
      return 0;
    },
    getsockname: (target: NameTarget): number => this.#name(target, false),
    getpeername: (target: NameTarget): number => this.#name(target, true),
  };

  readonly #options = {
    setBroadcast: (isOn: number): number => this.#on((endpoint) => endpoint.set('broadcast', isOn ? 1 : 0)),
    setTTL: (hops: number): number =>
      hops < 1 || hops > 255
        ? errnos.invalid
        : this.#on((endpoint) => endpoint.set(this.#family === 4 ? 'hops4' : 'hops6', hops)),
    setMulticastTTL: (hops: number): number =>
      this.#on((endpoint) => endpoint.set(this.#family === 4 ? 'groupHops4' : 'groupHops6', hops)),
    setMulticastLoopback: (isOn: number): number =>
      this.#on((endpoint) => endpoint.set(this.#family === 4 ? 'groupLoop4' : 'groupLoop6', isOn ? 1 : 0)),
    setMulticastInterface: (address: string): number =>
      this.#on((endpoint) => endpoint.setGroupInterface(this.#family, address)),
    addMembership: (group: string, address?: string): number => this.#member(group, address, true),
    dropMembership: (group: string, address?: string): number => this.#member(group, address, false),
    // The kernel's stack has none (RFC 3376 beyond what IGMPv2 says).
    addSourceSpecificMembership: (): number => errnos.noProtocolOption,
    dropSourceSpecificMembership: (): number => errnos.noProtocolOption,
    bufferSize: (size: number, isReceive: boolean, context: Record<string, unknown>): number | undefined => {
      const option = isReceive ? 'receiveBuffer' : 'sendBuffer';
      const answer =
        size === 0
          ? this.#on((endpoint) => endpoint.get(option))
          : this.#on((endpoint) => endpoint.set(option, size));
      if (answer >= 0) return answer;
      const [code = 'EUNKNOWN', message = 'unknown error'] = getSystemErrorMap().get(answer) ?? [];
      const syscall = isReceive ? 'uv_recv_buffer_size' : 'uv_send_buffer_size';
      Object.assign(context, { errno: answer, code, message, syscall });
      return undefined;
    },
    // What is sent has gone.
    getSendQueueSize: (): number => 0,
    getSendQueueCount: (): number => 0,
  };

  #setRef(isRef: boolean): void {
    this.#isRef = isRef;
    if (this.#isReceiving) this.#endpoint?.hold(isRef);
  }

  /** A call on the socket, if there is one yet. */
  #on(call: (endpoint: Endpoint) => number): number {
    return this.#endpoint === undefined ? errnos.badDescriptor : this.#told(call(this.#endpoint));
  }

  /** Node knows the errors of systems only. */
  #told(answer: number): number {
    return answer === this.#events.session.ended ? errnos.shutDown : answer;
  }

  #open(): number {
    if (this.#endpoint !== undefined) return 0;
    const endpoint = Endpoint.open(
      this.#events,
      this.#family,
      {
        onReadable: () => {
          this.#receive();
        },
        onWritable: () => undefined,
        onKernelEnd: this.#onEnd,
      },
      'datagram',
    );
    if (typeof endpoint === 'number') return this.#told(endpoint);
    this.#endpoint = endpoint;
    return 0;
  }

  #bind(address: string, port: number, flag: number): number {
    const answer = this.#open();
    if (answer < 0) return answer;
    if (this.#family === 6)
      this.#on((endpoint) => endpoint.set('isV6Only', (flag & flags.isV6Only) === 0 ? 0 : 1));
    if ((flag & flags.reuseAddress) !== 0) this.#on((endpoint) => endpoint.set('reuseAddress', 1));
    const bound = this.#on((endpoint) => endpoint.bind(this.#family, address, port));
    this.#isBound = bound >= 0;
    return bound;
  }

  /** As libuv does it: whoever sends has an address. */
  #deferredBind(): number {
    return this.#isBound ? 0 : this.#bind(this.#family === 4 ? '0.0.0.0' : '::', 0, 0);
  }

  #member(group: string, address: string | undefined, isJoin: boolean): number {
    const answer = this.#deferredBind();
    if (answer < 0) return answer;
    return this.#on((endpoint) => endpoint.member(this.#family, group, address ?? '', isJoin));
  }

  #name(target: NameTarget, isPeer: boolean): number {
    const name = this.#endpoint?.nameOrFailure(isPeer) ?? errnos.badDescriptor;
    if (typeof name === 'number') return this.#told(name);
    const [address, port, family] = name;
    Object.assign(target, { address, port, family: `IPv${family}` });
    return 0;
  }

  #receive(): void {
    for (let call = 0; call < callsPerTurn; call++) {
      if (!this.#receiveSome()) return;
    }
    setImmediate(() => {
      this.#receive();
    });
  }

  /** Gives Node what has come; false if that is all. */
  #receiveSome(): boolean {
    if (this.#endpoint === undefined || !this.#isReceiving) return false;
    const names = this.#endpoint.receive(pool, lengths);
    if (typeof names === 'number') {
      if (names !== errnos.again) this.#deliver(this.#told(names), undefined);
      return false;
    }
    // They are copied first: a listener may cause more to be received.
    const taken: [Buffer, SocketName][] = [];
    let offset = 0;
    let name: SocketName = ['', 0, 4];
    for (const [index, each] of names.entries()) {
      name = each ?? name;
      const length = lengths[index] ?? 0;
      taken.push([Buffer.from(pool.subarray(offset, offset + length)), name]);
      offset += length;
    }
    for (const [bytes, [address, port, family]] of taken) {
      if (this.#hasStopped()) return false;
      this.#deliver(bytes.length, bytes, { address, family: family === 4 ? 'IPv4' : 'IPv6', port });
    }
    return names.length === messagesAtOnce || bytesAtOnce - offset < largestMessage;
  }

  /** A listener may have stopped or closed it. */
  #hasStopped(): boolean {
    return !this.#isReceiving;
  }

  /** An error of one listener must not keep the messages of others. */
  #deliver(count: number, bytes: Buffer | undefined, from?: Sender): void {
    try {
      this.#node.onmessage?.(count, this.#node, bytes, from);
    } catch (error) {
      throwLater(error);
    }
  }
}

/** Node takes views of all kinds. */
function bytesOf(view: ArrayBufferView): Uint8Array {
  return view instanceof Uint8Array ? view : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
