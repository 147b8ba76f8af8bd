// SPDX-License-Identifier: BSD-2-Clause
// socket.ts: a connection, in the shape of node:net's Socket: a stream both ways.
import * as nodeNet from 'node:net';
import { addAbortSignal, Duplex } from 'node:stream';
import type { SocketName } from '../../native/addon-types.js';
import { Connector } from './connector.js';
import type { Endpoint } from './endpoint.js';
import { checkTarget, checkTimeout, normalizeArguments, type NormalOptions } from './net-arguments.js';
import { codedError, errnos, socketError } from './net-errors.js';
import type { NetEvents } from './net-events.js';
import { Reader, type OnRead } from './reader.js';
import { Writer } from './writer.js';

type Done = (error?: Error | null) => void;

/** The server that a connection came through. */
export interface OwningServer {
  onConnectionClosed(): void;
}

/** Options of a socket. */
export interface SocketOptions {
  allowHalfOpen?: boolean;
  signal?: AbortSignal;
  onread?: OnRead;
  noDelay?: boolean;
  keepAlive?: boolean;
  keepAliveInitialDelay?: number;
  highWaterMark?: number;
  /** Of ours: a connection that was accepted, and by whom. */
  accepted?: { endpoint: Endpoint; server: OwningServer; isPaused: boolean };
}

const familyNames = { 1: undefined, 4: 'IPv4', 6: 'IPv6' } as const;

/** The stream's own way to begin anew. */
interface Restartable {
  _undestroy(): void;
}

/** A connection. */
export class KernelSocket extends Duplex {
  connecting = false;
  timeout: number | undefined;
  server: unknown = null;
  autoSelectFamilyAttemptedAddresses: string[] | undefined;
  readonly #events: NetEvents;
  readonly #reader: Reader;
  readonly #writer = new Writer();
  #endpoint: Endpoint | undefined;
  #connector: Connector | undefined;
  #owner: OwningServer | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isRef = true;
  #noDelay: boolean;
  #keepAlive: number | undefined;
  #bytesRead = 0;
  #bytesWritten = 0;
  #own: SocketName | undefined;
  #peer: SocketName | undefined;

  constructor(events: NetEvents, options: SocketOptions = {}) {
    const { allowHalfOpen = false, highWaterMark, signal, onread, accepted } = options;
    super({
      allowHalfOpen,
      emitClose: false,
      autoDestroy: true,
      ...(highWaterMark === undefined ? {} : { highWaterMark }),
    });
    this.#events = events;
    this.#reader = new Reader(this.#sink, onread);
    this.#noDelay = options.noDelay === true;
    if (options.keepAlive === true) this.#keepAlive = Math.floor((options.keepAliveInitialDelay ?? 0) / 1000);
    this.on('end', () => {
      if (!this.allowHalfOpen) this.write = writeAfterEnd as typeof this.write;
    });
    if (signal !== undefined) addAbortSignal(signal, this);
    if (accepted === undefined) return;
    this.#owner = accepted.server;
    this.#attach(accepted.endpoint, true);
    if (accepted.isPaused) this.pause();
    else this.read(0);
  }

  /** Where the kernel's events go. */
  readonly watcher = {
    onReadable: (): void => {
      this.#reader.onReadable();
    },
    onWritable: (): void => {
      this.#writer.onWritable();
    },
    onKernelEnd: (error?: Error): void => {
      this.destroy(error);
    },
  };

  readonly #sink = {
    onCount: (count: number): void => {
      this.#bytesRead += count;
      this.#timer?.refresh();
    },
    onBytes: (bytes: Buffer): boolean => this.push(bytes),
    onEnd: (): void => {
      this.push(null);
      if (this.readableLength === 0) this.read(0);
    },
    onReadError: (errno: number): void => {
      this.destroy(socketError(this.#events.session, errno, 'read'));
    },
  };

  connect(...args: unknown[]): this {
    const [options, callback] = normalizeArguments(args);
    const target = checkTarget(options);
    if (this.write === (writeAfterEnd as unknown)) Reflect.deleteProperty(this, 'write');
    if (this.destroyed || this.#endpoint !== undefined) this.#restart();
    if (callback !== undefined) this.once('connect', callback);
    this.connecting = true;
    this.#takeOptions(options);
    this.#timer?.refresh();
    this.#connector = new Connector(
      this.#events,
      this.#connectorOwner,
      target,
      {
        family: options['family'] as number | undefined,
        hints: options['hints'] as number | undefined,
        lookup: options['lookup'],
        isAutomatic: (options['autoSelectFamily'] ?? nodeNet.getDefaultAutoSelectFamily()) as boolean,
        attemptMilliseconds: (options['autoSelectFamilyAttemptTimeout'] ??
          nodeNet.getDefaultAutoSelectFamilyAttemptTimeout()) as number,
      },
      this.#isRef,
    );
    this.#connector.start();
    return this;
  }

  #takeOptions(options: NormalOptions): void {
    if (options['noDelay'] === true) this.#noDelay = true;
    if (options['keepAlive'] === true)
      this.#keepAlive = Math.floor(Number(options['keepAliveInitialDelay'] ?? 0) / 1000);
  }

  /** A socket that was connected before is as new. */
  #restart(): void {
    this.#endpoint?.close();
    this.#endpoint = undefined;
    this.#own = this.#peer = undefined;
    (this as unknown as Restartable)._undestroy();
  }

  readonly #connectorOwner = {
    emit: (event: string, ...args: unknown[]): boolean => this.emit(event, ...args),
    onConnected: (endpoint: Endpoint): void => {
      this.autoSelectFamilyAttemptedAddresses = this.#connector?.attempts;
      this.connecting = false;
      this.#attach(endpoint, true);
      this.emit('connect');
      this.emit('ready');
      if (!this.isPaused()) this.read(0);
    },
    onConnectError: (error: Error): void => {
      this.autoSelectFamilyAttemptedAddresses = this.#connector?.attempts;
      this.destroy(error);
    },
  };

  #attach(endpoint: Endpoint, mayHaveBytes: boolean): void {
    this.#endpoint = endpoint;
    endpoint.watch(this.watcher);
    endpoint.hold(this.#isRef);
    this.#reader.attach(endpoint, mayHaveBytes);
    this.#writer.attach(endpoint);
    this.#timer?.refresh();
    if (this.#noDelay) endpoint.set('noDelay', 1);
    if (this.#keepAlive !== undefined) this.setKeepAlive(true, this.#keepAlive * 1000);
  }

  get pending(): boolean {
    return this.#endpoint === undefined || this.connecting;
  }

  get readyState(): nodeNet.SocketReadyState {
    if (this.connecting) return 'opening';
    if (this.readable && this.writable) return 'open';
    if (this.readable) return 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  get bytesWritten(): number {
    return this.#bytesWritten + this.writableLength;
  }

  get bufferSize(): number | undefined {
    return this.#endpoint === undefined ? undefined : this.writableLength;
  }

  get localAddress(): string | undefined {
    return this.#ownName()?.[0];
  }

  get localPort(): number | undefined {
    return this.#ownName()?.[1];
  }

  get localFamily(): string | undefined {
    const name = this.#ownName();
    return name && familyNames[name[2]];
  }

  get remoteAddress(): string | undefined {
    return this.#peerName()?.[0];
  }

  get remotePort(): number | undefined {
    return this.#peerName()?.[1];
  }

  get remoteFamily(): string | undefined {
    const name = this.#peerName();
    return name && familyNames[name[2]];
  }

  address(): nodeNet.AddressInfo | Record<string, never> {
    const name = this.#ownName();
    return name === undefined ? {} : addressInfo(name);
  }

  #ownName(): SocketName | undefined {
    return (this.#own ??= namedByAddress(this.#endpoint?.name(false)));
  }

  #peerName(): SocketName | undefined {
    return (this.#peer ??= namedByAddress(this.#endpoint?.name(true)));
  }

  setTimeout(milliseconds: number, callback?: () => void): this {
    this.timeout = checkTimeout(milliseconds, callback);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.timeout === 0) {
      if (callback !== undefined) this.removeListener('timeout', callback);
      return this;
    }
    if (callback !== undefined) this.once('timeout', callback);
    if (this.destroyed) return this;
    this.#timer = setTimeout(() => {
      this.#onTimeout();
    }, this.timeout);
    this.#timer.unref();
    return this;
  }

  /** Not while bytes are on their way. */
  #lastWritten = 0;
  #onTimeout(): void {
    if (this.#writer.isWaiting && this.#writer.bytesWritten !== this.#lastWritten) {
      this.#lastWritten = this.#writer.bytesWritten;
      this.#timer?.refresh();
      return;
    }
    this.emit('timeout');
  }

  setNoDelay(isOn?: unknown): this {
    this.#noDelay = isOn === undefined ? true : Boolean(isOn);
    this.#endpoint?.set('noDelay', this.#noDelay ? 1 : 0);
    return this;
  }

  setKeepAlive(isOn?: unknown, initialMilliseconds?: unknown): this {
    const seconds = Math.floor(Number(initialMilliseconds ?? 0) / 1000);
    this.#keepAlive = isOn ? seconds : undefined;
    this.#endpoint?.set('keepAlive', isOn ? 1 : 0);
    if (isOn && seconds > 0) this.#endpoint?.set('keepIdle', seconds);
    return this;
  }

  ref(): this {
    return this.#setRef(true);
  }

  unref(): this {
    return this.#setRef(false);
  }

  #setRef(isRef: boolean): this {
    this.#isRef = isRef;
    this.#endpoint?.hold(isRef);
    if (this.connecting) this.#connector?.ref(isRef);
    return this;
  }

  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  resetAndDestroy(): this {
    if (this.#endpoint === undefined && !this.connecting)
      return this.destroy(codedError('ERR_SOCKET_CLOSED'));
    if (this.connecting) {
      this.once('connect', () => this.#reset());
      return this;
    }
    this.#reset();
    return this;
  }

  #reset(): void {
    this.#endpoint?.set('linger', 0);
    this.destroy();
  }

  override pause(): this {
    if (this.#reader.isInto && !this.connecting) this.#reader.stop();
    return super.pause();
  }

  override resume(): this {
    if (this.#reader.isInto && !this.connecting) this.#reader.start();
    return super.resume();
  }

  override _read(): void {
    if (this.#endpoint !== undefined) this.#reader.start();
    else if (this.connecting) this.once('connect', () => this._read());
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    if (this.#isPut(done, () => this._write(chunk, _encoding, done))) return;
    this.#writer.write(chunk, (errno) => {
      this.#onWritten(errno, chunk.length, done);
    });
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    if (this.#isPut(done, () => this._writev(chunks, done))) return;
    const pieces = chunks.map(({ chunk }) => chunk);
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    this.#writer.writeAll(pieces, (errno) => {
      this.#onWritten(errno, length, done);
    });
  }

  #onWritten(errno: number, length: number, done: Done): void {
    this.#timer?.refresh();
    if (errno < 0) {
      if (this.destroyed) done(codedError('ERR_STREAM_DESTROYED'));
      else done(socketError(this.#events.session, errno, 'write'));
      return;
    }
    this.#bytesWritten += length;
    done();
  }

  /** Is a write put off until there is a connection, or refused? */
  #isPut(done: Done, later: () => void): boolean {
    this.#timer?.refresh();
    if (this.connecting) {
      const onClose = (): void => {
        done(codedError('ERR_SOCKET_CLOSED_BEFORE_CONNECTION'));
      };
      this.once('connect', () => {
        this.off('close', onClose);
        later();
      });
      this.once('close', onClose);
      return true;
    }
    if (this.#endpoint !== undefined) return false;
    done(codedError('ERR_SOCKET_CLOSED'));
    return true;
  }

  override _final(done: Done): void {
    if (this.connecting) {
      this.once('connect', () => this._final(done));
      return;
    }
    const answer = this.#endpoint?.shutdown() ?? 0;
    const isDone = answer === 0 || answer === errnos.notConnected;
    const error = isDone ? null : socketError(this.#events.session, answer, 'shutdown');
    // Not before whoever heard of the other side's end could write, and be told that it is too late.
    queueMicrotask(() => {
      process.nextTick(done, error);
    });
  }

  override _destroy(error: Error | null, done: Done): void {
    this.connecting = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const hadEndpoint = this.#endpoint !== undefined || this.#connector !== undefined;
    this.#connector?.stop();
    this.#connector = undefined;
    this.#endpoint?.close();
    this.#endpoint = undefined;
    this.#reader.attach(undefined, false);
    done(error);
    this.#writer.attach(undefined);
    const emitClose = (): void => {
      this.emit('close', error !== null);
    };
    if (hadEndpoint) setImmediate(emitClose);
    else process.nextTick(emitClose);
    const owner = this.#owner;
    this.#owner = undefined;
    owner?.onConnectionClosed();
  }
}

/** A socket of a path has no address. */
function namedByAddress(name: SocketName | undefined): SocketName | undefined {
  return name?.[2] === 1 ? undefined : name;
}

/** An address as node:net gives it. */
export function addressInfo([address, port, family]: SocketName): nodeNet.AddressInfo {
  return { address, family: familyNames[family] ?? '', port };
}

/** Takes the place of write() once the other side has ended and the own one follows. */
function writeAfterEnd(this: KernelSocket, _chunk: unknown, ...rest: unknown[]): boolean {
  const error = codedError('EPIPE');
  const callback = rest.find((each) => typeof each === 'function') as ((error: Error) => void) | undefined;
  if (callback !== undefined) process.nextTick(callback, error);
  this.destroy(error);
  return false;
}
