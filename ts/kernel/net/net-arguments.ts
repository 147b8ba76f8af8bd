// SPDX-License-Identifier: BSD-2-Clause
// net-arguments.ts: checks of arguments. As in ts/kernel/fs/arguments.ts, errors are node:net's own: it is asked to
// take the same wrong argument, on a socket or a server that it has never opened, and refuses.
import * as nodeNet from 'node:net';
import { throwAsNode } from '../fs/arguments.js';

type Callback = (...args: unknown[]) => void;

/** Options of connect or listen, whatever form they were given in. */
export type NormalOptions = Record<string, unknown>;

function isPath(value: unknown): value is string {
  return typeof value === 'string' && !(Number(value) >= 0);
}

/** (options), (path), (port, host), each perhaps with a callback at the end. */
export function normalizeArguments(args: readonly unknown[]): [NormalOptions, Callback | undefined] {
  const [first, second] = args;
  const last = args.at(-1);
  const callback = typeof last === 'function' ? (last as Callback) : undefined;
  if (typeof first === 'object' && first !== null) return [first as NormalOptions, callback];
  if (isPath(first)) return [{ path: first }, callback];
  const options: NormalOptions = {};
  if (first !== undefined && typeof first !== 'function') options['port'] = first;
  if (typeof second === 'string') options['host'] = second;
  return [options, callback];
}

const largestPort = 65_535;

/** The number of a port that may be given as text. */
function portNumber(port: unknown): number | undefined {
  if (typeof port === 'string' ? port.trim() === '' : typeof port !== 'number') return undefined;
  const number = Number(port);
  return Number.isInteger(number) && number >= 0 && number <= largestPort ? number : undefined;
}

/** Where to connect to. */
export interface ConnectTarget {
  path?: string;
  port: number;
  host: string;
  localAddress?: string | undefined;
  localPort?: number | undefined;
}

/** Checks where to connect to. */
export function checkTarget(options: NormalOptions): ConnectTarget {
  const { path, port, host, localAddress, localPort } = options;
  const refuse = (): never =>
    throwAsNode(() => new nodeNet.Socket().connect(options as unknown as nodeNet.SocketConnectOpts));
  if (path !== undefined && path !== null && path !== '') {
    if (typeof path !== 'string') return refuse();
    return { path, port: 0, host: '' };
  }
  const number = portNumber(port);
  if (number === undefined) return refuse();
  if (localAddress && !(typeof localAddress === 'string' && nodeNet.isIP(localAddress) !== 0))
    return refuse();
  if (localPort !== undefined && localPort !== null && typeof localPort !== 'number') return refuse();
  return {
    port: number,
    host: typeof host === 'string' && host !== '' ? host : 'localhost',
    localAddress: localAddress ? (localAddress as string) : undefined,
    localPort: typeof localPort === 'number' ? localPort : undefined,
  };
}

/** Checks where to listen. */
export function checkListen(
  options: NormalOptions,
  args: readonly unknown[],
): { path?: string; port: number } {
  const refuse = (): never => {
    const server: { listen(...given: unknown[]): unknown } = new nodeNet.Server();
    return throwAsNode(() => server.listen(...args));
  };
  const { port, path } = options;
  if (port !== undefined && port !== null) {
    const number = portNumber(port);
    return number === undefined ? refuse() : { port: number };
  }
  if (typeof path === 'string' && path !== '') return { path, port: 0 };
  if (args.length === 0 || typeof args[0] === 'function' || 'port' in options) return { port: 0 };
  if (args[0] === undefined || args[0] === null) return { port: 0 };
  if ('fd' in options || '_handle' in options) {
    throw Object.assign(new TypeError('A kernel cannot listen on a handle of the host'), {
      code: 'ERR_INVALID_FD_TYPE',
    });
  }
  return refuse();
}

/** Milliseconds of a timer; larger ones are the largest one. */
export function checkTimeout(milliseconds: unknown, callback: unknown): number {
  const largest = 0x7fff_ffff;
  const isNumber = typeof milliseconds === 'number' && milliseconds >= 0 && Number.isFinite(milliseconds);
  if (!isNumber || (callback !== undefined && typeof callback !== 'function'))
    return throwAsNode(() => new nodeNet.Socket().setTimeout(milliseconds as number, callback as () => void));
  return milliseconds > largest ? 1 : milliseconds;
}
