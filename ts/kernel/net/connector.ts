// SPDX-License-Identifier: BSD-2-Clause
// connector.ts: finds a host's addresses and tries them one after the other until one answers.
import { isIP } from 'node:net';
import type { NetEvents } from './net-events.js';
import { Endpoint, type Family } from './endpoint.js';
import { findAddresses, type Address } from './lookup.js';
import type { ConnectTarget } from './net-arguments.js';
import { attemptsError, codedError, errnos, socketError } from './net-errors.js';

/** How to connect. */
export interface ConnectorOptions {
  family: number | undefined;
  hints: number | undefined;
  lookup: unknown;
  /** Try all addresses; else the first one only. */
  isAutomatic: boolean;
  /** How long each but the last is given. */
  attemptMilliseconds: number;
}

/** Who connects. */
export interface ConnectorOwner {
  emit(event: string, ...args: unknown[]): boolean;
  onConnected(endpoint: Endpoint): void;
  onConnectError(error: Error): void;
}

/** One call of connect(). */
export class Connector {
  readonly attempts: string[] = [];
  readonly #events: NetEvents;
  readonly #owner: ConnectorOwner;
  readonly #target: ConnectTarget;
  readonly #options: ConnectorOptions;
  readonly #errors: Error[] = [];
  #waiting: Address[] = [];
  #endpoint: Endpoint | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isRef: boolean;
  #isEnded = false;

  constructor(
    events: NetEvents,
    owner: ConnectorOwner,
    target: ConnectTarget,
    options: ConnectorOptions,
    isRef: boolean,
  ) {
    this.#events = events;
    this.#owner = owner;
    this.#target = target;
    this.#options = options;
    this.#isRef = isRef;
  }

  start(): void {
    const { path, host } = this.#target;
    if (path !== undefined) {
      this.#begin(path, 1);
    } else if (isIP(host) !== 0) {
      const family = isIP(host) as 4 | 6;
      process.nextTick(() => {
        this.#begin(host, family);
      });
    } else {
      this.#lookUp(host);
    }
  }

  ref(isRef: boolean): void {
    this.#isRef = isRef;
    this.#endpoint?.hold(isRef);
  }

  stop(): void {
    this.#isEnded = true;
    this.#closeAttempt();
  }

  #lookUp(host: string): void {
    const { family, hints, lookup, isAutomatic } = this.#options;
    const isAll = isAutomatic && family !== 4 && family !== 6 && this.#target.localAddress === undefined;
    findAddresses(
      host,
      { family: family ?? 0, hints: hints ?? 0, all: isAll, lookup: lookup ?? this.#events.lookup },
      (error, found) => {
        if (this.#isEnded) return;
        if (error) {
          this.#owner.emit('lookup', error, undefined, undefined, host);
          process.nextTick(() => {
            this.#fail(error);
          });
          return;
        }
        const chosen = isAll ? found : found.slice(0, 1);
        for (const { address, family: type } of chosen) this.#owner.emit('lookup', null, address, type, host);
        const [first, ...others] = chosen;
        this.#waiting = others;
        if (first !== undefined && !this.#hasEnded()) this.#begin(first.address, first.family);
      },
    );
  }

  /** A listener may have ended it. */
  #hasEnded(): boolean {
    return this.#isEnded;
  }

  #begin(address: string, family: Family): void {
    if (this.#isEnded) return;
    const { port } = this.#target;
    if (family !== 1) {
      this.attempts.push(`${address}:${port}`);
      this.#owner.emit('connectionAttempt', address, port, family);
      if (this.#hasEnded()) return;
    }
    const answer = this.#attempt(address, family);
    if (answer < 0) this.#attemptFailed(address, family, answer, 'connect');
    else if (this.#waiting.length > 0) this.#startTimer(address, family);
  }

  #attempt(address: string, family: Family): number {
    const endpoint = Endpoint.open(this.#events, family, {
      onReadable: () => undefined,
      onWritable: () => {
        this.#onAnswer(address, family);
      },
      onKernelEnd: (error) => {
        this.#fail(error ?? this.#events.session.endedError());
      },
    });
    if (typeof endpoint === 'number') return endpoint;
    this.#endpoint = endpoint;
    endpoint.hold(this.#isRef);
    const { localAddress, localPort, port } = this.#target;
    if (localAddress !== undefined || localPort !== undefined) {
      const any = family === 4 ? '0.0.0.0' : '::';
      const answer = endpoint.bind(family, localAddress ?? any, localPort ?? 0);
      if (answer < 0) return answer;
    }
    const answer = endpoint.connect(family, address, port);
    if (answer < 0 && answer !== errnos.inProgress) return answer;
    return endpoint.awaitWritable();
  }

  #onAnswer(address: string, family: Family): void {
    const endpoint = this.#endpoint;
    if (endpoint === undefined || this.#isEnded) return;
    const answer = endpoint.takeError();
    if (answer < 0) {
      this.#attemptFailed(address, family, answer, 'connect');
      return;
    }
    clearTimeout(this.#timer);
    this.#isEnded = true;
    this.#owner.onConnected(endpoint);
  }

  #attemptFailed(address: string, family: Family, errno: number, syscall: string): void {
    const { port, localAddress, localPort } = this.#target;
    const local =
      localAddress !== undefined && localPort !== undefined ? `${localAddress}:${localPort}` : undefined;
    const error = socketError(this.#events.session, errno, syscall, { address, port }, local);
    if (family !== 1) this.#owner.emit('connectionAttemptFailed', address, port, family, error);
    this.#next(error);
  }

  #startTimer(address: string, family: Family): void {
    this.#timer = setTimeout(() => {
      this.#owner.emit('connectionAttemptTimeout', address, this.#target.port, family);
      this.#next(codedError('ERR_SOCKET_CONNECTION_TIMEOUT'));
    }, this.#options.attemptMilliseconds);
  }

  #next(error: Error): void {
    this.#closeAttempt();
    this.#errors.push(error);
    if (this.#isEnded) return;
    const next = this.#waiting.shift();
    if (next === undefined) this.#fail(attemptsError(this.#errors));
    else this.#begin(next.address, next.family);
  }

  #closeAttempt(): void {
    clearTimeout(this.#timer);
    this.#endpoint?.close();
    this.#endpoint = undefined;
  }

  #fail(error: Error): void {
    if (this.#isEnded) return;
    this.stop();
    this.#owner.onConnectError(error);
  }
}
