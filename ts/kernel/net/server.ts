// SPDX-License-Identifier: BSD-2-Clause
// server.ts: a socket that takes connections, in the shape of node:net's Server.
import { EventEmitter } from 'node:events';
import * as nodeNet from 'node:net';
import type { SocketName } from '../../native/addon-types.js';
import { Endpoint, type Family } from './endpoint.js';
import { findAddresses } from './lookup.js';
import { checkListen, normalizeArguments, type NormalOptions } from './net-arguments.js';
import { codedError, errnos, listenError } from './net-errors.js';
import { throwLater, type NetEvents } from './net-events.js';
import { addressInfo, type KernelSocket, type SocketOptions } from './socket.js';

/** Options of a server. */
export interface ServerOptions {
  allowHalfOpen?: boolean;
  pauseOnConnect?: boolean;
  noDelay?: boolean;
  keepAlive?: boolean;
  keepAliveInitialDelay?: number;
  highWaterMark?: number;
}

type MakeSocket = (options: SocketOptions) => KernelSocket;
type Callback = (...args: unknown[]) => void;

const defaultBacklog = 511;

/** Takes connections. */
export class KernelServer extends EventEmitter {
  allowHalfOpen: boolean;
  pauseOnConnect: boolean;
  noDelay: boolean;
  keepAlive: boolean;
  keepAliveInitialDelay: number;
  highWaterMark: number | undefined;
  maxConnections: number | undefined;
  _connections = 0;
  readonly #events: NetEvents;
  readonly #makeSocket: MakeSocket;
  #endpoint: Endpoint | undefined;
  #path: string | undefined;
  #isRef = true;
  /** Counts calls of listen and close: a lookup's answer may come too late. */
  #round = 0;
  #isStarting = false;

  constructor(events: NetEvents, makeSocket: MakeSocket, options: ServerOptions, listener?: Callback) {
    super();
    this.#events = events;
    this.#makeSocket = makeSocket;
    this.allowHalfOpen = options.allowHalfOpen ?? false;
    this.pauseOnConnect = Boolean(options.pauseOnConnect);
    this.noDelay = Boolean(options.noDelay);
    this.keepAlive = Boolean(options.keepAlive);
    this.keepAliveInitialDelay = Math.floor((options.keepAliveInitialDelay ?? 0) / 1000);
    this.highWaterMark = options.highWaterMark;
    if (listener !== undefined) this.on('connection', listener);
  }

  get listening(): boolean {
    return this.#endpoint !== undefined;
  }

  listen(...args: unknown[]): this {
    const [options, callback] = normalizeArguments(args);
    if (this.#endpoint !== undefined || this.#isStarting) throw codedError('ERR_SERVER_ALREADY_LISTEN');
    const { path, port } = checkListen(options, args);
    if (callback !== undefined) this.once('listening', callback);
    this.#followSignal(options['signal']);
    const backlog = this.#backlog(args, options);
    const { host } = options;
    const isV6Only = options['ipv6Only'] === true;
    if (path !== undefined) this.#start(path, 0, 1, backlog, isV6Only);
    else if (typeof host !== 'string' || host === '') this.#startAnywhere(port, backlog, isV6Only);
    else if (nodeNet.isIP(host) !== 0)
      this.#start(host, port, nodeNet.isIP(host) as 4 | 6, backlog, isV6Only);
    else this.#lookUp(host, port, backlog, isV6Only);
    return this;
  }

  #backlog(args: readonly unknown[], options: NormalOptions): number {
    const places = typeof args[0] === 'object' ? [options['backlog'], args[1]] : [args[1], args[2]];
    const found = places.find((each) => typeof each === 'number' && each > 0);
    return (found as number | undefined) ?? defaultBacklog;
  }

  #followSignal(signal: unknown): void {
    if (!(signal instanceof AbortSignal)) return;
    const close = (): void => {
      this.close();
    };
    if (signal.aborted) {
      process.nextTick(close);
      return;
    }
    signal.addEventListener('abort', close);
    this.once('close', () => {
      signal.removeEventListener('abort', close);
    });
  }

  #lookUp(host: string, port: number, backlog: number, isV6Only: boolean): void {
    const round = ++this.#round;
    this.#isStarting = true;
    findAddresses(host, { all: false }, (error, [first]) => {
      if (round !== this.#round) return;
      this.#isStarting = false;
      if (error) this.emit('error', error);
      else if (first !== undefined) this.#start(first.address, port, first.family, backlog, isV6Only);
    });
  }

  /** Every address of both families, or of the one that there is. */
  #startAnywhere(port: number, backlog: number, isV6Only: boolean): void {
    const answer = this.#open('::', port, 6, backlog, isV6Only);
    if (typeof answer !== 'number' || answer === errnos.inUse) this.#opened(answer, '::', port);
    else this.#start('0.0.0.0', port, 4, backlog, false);
  }

  #start(address: string, port: number, family: Family, backlog: number, isV6Only: boolean): void {
    this.#path = family === 1 ? address : undefined;
    this.#opened(this.#open(address, port, family, backlog, isV6Only), address, port);
  }

  #open(
    address: string,
    port: number,
    family: Family,
    backlog: number,
    isV6Only: boolean,
  ): Endpoint | number {
    const endpoint = Endpoint.open(this.#events, family, this.#watcher);
    if (typeof endpoint === 'number') return endpoint;
    let answer = 0;
    if (family !== 1) answer = endpoint.set('reuseAddress', 1);
    if (family === 6 && answer === 0) answer = endpoint.set('isV6Only', isV6Only ? 1 : 0);
    if (answer === 0) answer = endpoint.bind(family, address, port);
    if (answer === 0) answer = endpoint.listen(backlog);
    if (answer === 0) return endpoint;
    endpoint.close();
    return answer;
  }

  #opened(answer: Endpoint | number, address: string, port: number): void {
    const round = ++this.#round;
    if (typeof answer === 'number') {
      const error = listenError(this.#events.session, answer, { address, port });
      process.nextTick(() => {
        if (round === this.#round) this.emit('error', error);
      });
      return;
    }
    this.#endpoint = answer;
    answer.hold(this.#isRef);
    process.nextTick(() => {
      if (this.#endpoint === answer) this.emit('listening');
    });
  }

  readonly #watcher = {
    onReadable: (): void => {
      this.#accept();
    },
    onWritable: (): void => undefined,
    onKernelEnd: (): void => {
      this.close();
    },
  };

  #accept(): void {
    while (this.#endpoint !== undefined) {
      const listener = this.#endpoint;
      const incoming = listener.accept(ignoring);
      if (typeof incoming === 'number') return;
      if (this.maxConnections !== undefined && this._connections >= this.maxConnections) this.#drop(incoming);
      else this.#welcome(incoming);
    }
  }

  #drop(incoming: Endpoint): void {
    const own = incoming.name(false);
    const peer = incoming.name(true);
    incoming.close();
    this.emit('drop', {
      localAddress: own?.[0],
      localPort: own?.[1],
      localFamily: own && addressInfo(own).family,
      remoteAddress: peer?.[0],
      remotePort: peer?.[1],
      remoteFamily: peer && addressInfo(peer).family,
    });
  }

  #welcome(incoming: Endpoint): void {
    const socket = this.#makeSocket({
      allowHalfOpen: this.allowHalfOpen,
      noDelay: this.noDelay,
      keepAlive: this.keepAlive,
      keepAliveInitialDelay: this.keepAliveInitialDelay * 1000,
      ...(this.highWaterMark === undefined ? {} : { highWaterMark: this.highWaterMark }),
      accepted: { endpoint: incoming, server: this, isPaused: this.pauseOnConnect },
    });
    this._connections++;
    socket.server = this;
    try {
      this.emit('connection', socket);
    } catch (error) {
      throwLater(error);
    }
  }

  /** A connection of this server is no more. */
  onConnectionClosed(): void {
    this._connections--;
    this.#emitCloseIfDone();
  }

  close(callback?: (error?: Error) => void): this {
    if (callback !== undefined) {
      if (this.#endpoint === undefined && !this.#isStarting)
        this.once('close', () => {
          callback(codedError('ERR_SERVER_NOT_RUNNING'));
        });
      else this.once('close', callback);
    }
    this.#round++;
    this.#isStarting = false;
    this.#endpoint?.close();
    this.#endpoint = undefined;
    if (this.#path !== undefined) this.#events.session.native.unlink(this.#path, false);
    this.#path = undefined;
    this.#emitCloseIfDone();
    return this;
  }

  #emitCloseIfDone(): void {
    if (this.#endpoint !== undefined || this._connections > 0) return;
    process.nextTick(() => {
      if (this.#endpoint === undefined && this._connections === 0) this.emit('close');
    });
  }

  address(): nodeNet.AddressInfo | string | null {
    if (this.#path !== undefined) return this.#path;
    const name: SocketName | undefined = this.#endpoint?.name(false);
    return name === undefined ? null : addressInfo(name);
  }

  getConnections(callback: (error: Error | null, count: number) => void): this {
    process.nextTick(callback, null, this._connections);
    return this;
  }

  ref(): this {
    this.#isRef = true;
    this.#endpoint?.hold(true);
    return this;
  }

  unref(): this {
    this.#isRef = false;
    this.#endpoint?.hold(false);
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#endpoint === undefined && !this.#isStarting) return;
    await new Promise<void>((resolve, reject) => {
      this.close((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }
}

const ignoring = {
  onReadable: (): void => undefined,
  onWritable: (): void => undefined,
  onKernelEnd: (): void => undefined,
};
