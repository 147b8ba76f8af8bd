// SPDX-License-Identifier: BSD-2-Clause
// network.ts: kernel.net: node:net, on a kernel's sockets.
import * as nodeNet from 'node:net';
import { checkTimeout, normalizeArguments } from './net-arguments.js';
import type { NetEvents } from './net-events.js';
import { KernelServer } from './server.js';
import { KernelSocket, type SocketOptions } from './socket.js';

/** What a kernel's network can be asked: node:net, with its signatures. */
export type KernelNet = typeof nodeNet;

type Callback = (...args: unknown[]) => void;
type AnyClass = new (...args: unknown[]) => object;

/** Makes kernel.net. */
export function makeNetwork(events: NetEvents): KernelNet {
  const makeSocket = (options: SocketOptions): KernelSocket => new BoundSocket(options);

  class BoundSocket extends KernelSocket {
    constructor(options?: unknown) {
      super(events, socketOptions(options));
    }
  }
  class BoundServer extends KernelServer {
    constructor(options?: unknown, listener?: unknown) {
      const isListener = typeof options === 'function';
      super(
        events,
        makeSocket,
        isListener ? {} : (options ?? {}),
        (isListener ? options : listener) as Callback | undefined,
      );
    }
  }
  const Socket = callable('Socket', BoundSocket);
  const Server = callable('Server', BoundServer);
  const connect = (...args: unknown[]): KernelSocket => {
    const [options] = normalizeArguments(args);
    const socket = makeSocket(options);
    if (typeof options['timeout'] === 'number' && options['timeout'] > 0)
      socket.setTimeout(checkTimeout(options['timeout'], undefined));
    return socket.connect(...args);
  };
  const calls = {
    ...nodeNet,
    Socket,
    Stream: Socket,
    Server,
    connect,
    createConnection: connect,
    createServer: (options?: unknown, listener?: unknown) => new Server(options, listener),
  };
  // Arguments are checked when a call is made; the types of its forms are wider than node:net's overloads.
  return calls as unknown as KernelNet;
}

function socketOptions(given: unknown): SocketOptions {
  const options = (given ?? {}) as SocketOptions & { fd?: unknown; handle?: unknown };
  if (typeof given !== 'number' && options.fd === undefined && options.handle === undefined) return options;
  throw Object.assign(new TypeError('A kernel has no sockets for handles of the host'), {
    code: 'ERR_INVALID_FD_TYPE',
  });
}

/** A class that may be called without `new`, as node:net's may. */
function callable(name: string, Base: AnyClass): AnyClass {
  Object.defineProperty(Base, 'name', { value: name });
  const made: AnyClass = new Proxy(Base, {
    apply: (target, _this, args: unknown[]) => new target(...args),
    // Objects whose class is a proxy have no shape in common, and all that is done with them is slow.
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args, newTarget === made ? target : newTarget) as object,
  });
  return made;
}
