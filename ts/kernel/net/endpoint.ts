// SPDX-License-Identifier: BSD-2-Clause
// endpoint.ts: one socket of the kernel: its descriptor, and the calls on it. Answers are a number or a failure.
import type { NativeKernel, SocketName } from '../../native/addon-types.js';
import { errnos } from './net-errors.js';
import type { NetEvents, SocketWatcher } from './net-events.js';

/* Of rump/include/rump/rumpnet.h. */
const types = { stream: 1, datagram: 2 } as const;
const shutWrite = 1;
const levels = { socket: 0xffff, ip: 0, ipv6: 41, tcp: 6 } as const;
const options = {
  reuseAddress: [levels.socket, 0x0004],
  keepAlive: [levels.socket, 0x0008],
  broadcast: [levels.socket, 0x0020],
  linger: [levels.socket, 0x0080],
  sendBuffer: [levels.socket, 0x1001],
  receiveBuffer: [levels.socket, 0x1002],
  hops4: [levels.ip, 4],
  groupHops4: [levels.ip, 10],
  groupLoop4: [levels.ip, 11],
  hops6: [levels.ipv6, 4],
  groupHops6: [levels.ipv6, 10],
  groupLoop6: [levels.ipv6, 11],
  isV6Only: [levels.ipv6, 27],
  noDelay: [levels.tcp, 1],
  keepIdle: [levels.tcp, 3],
} as const;

/** Families, as `remoteFamily` calls them; 1 are paths. */
export type Family = 1 | 4 | 6;

/** An open socket. */
export class Endpoint {
  readonly events: NetEvents;
  readonly #native: NativeKernel;
  /** Its descriptor. */
  readonly fd: number;
  readonly #number: number;
  #isHeld = false;
  #isOpen = true;

  private constructor(events: NetEvents, fd: number, number: number) {
    this.events = events;
    this.#native = events.session.native;
    this.fd = fd;
    this.#number = number;
  }

  /** A new socket whose events go to the watcher. */
  static open(
    events: NetEvents,
    family: Family,
    watcher: SocketWatcher,
    type: keyof typeof types = 'stream',
  ): Endpoint | number {
    const { native } = events.session;
    const number = events.add(watcher);
    if (number < 0) return number;
    const fd = native.socketOpen(family, types[type]);
    const answer = fd < 0 ? fd : native.socketWatch(fd, number, false, false);
    if (answer >= 0) return new Endpoint(events, fd, number);
    if (fd >= 0) native.socketClose(fd);
    events.remove(number);
    return answer;
  }

  /** A descriptor of something else that is read without waiting, and closed with it. */
  static adopt(events: NetEvents, fd: number, watcher: SocketWatcher): Endpoint | number {
    const { native } = events.session;
    const number = events.add(watcher);
    const answer = number < 0 ? number : native.socketWatch(fd, number, false, false);
    if (answer >= 0) return new Endpoint(events, fd, number);
    native.socketClose(fd);
    if (number >= 0) events.remove(number);
    return answer;
  }

  /** The next connection, for the watcher. */
  accept(watcher: SocketWatcher): Endpoint | number {
    const number = this.events.add(watcher);
    if (number < 0) return number;
    const fd = this.events.after(this.#native.socketAccept(this.fd, number));
    if (fd >= 0) return new Endpoint(this.events, fd, number);
    this.events.remove(number);
    return fd;
  }

  /** Whether it keeps the process running. */
  hold(isHeld: boolean): void {
    if (this.#isHeld === isHeld || (isHeld && !this.#isOpen)) return;
    this.#isHeld = isHeld;
    if (isHeld) this.events.hold();
    else this.events.release();
  }

  /** From now on events go to another watcher. */
  watch(watcher: SocketWatcher): void {
    this.events.replace(this.#number, watcher);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.hold(false);
    this.#isOpen = false;
    this.events.remove(this.#number);
    this.events.after(this.#native.socketClose(this.fd));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  bind(family: Family, address: string, port: number): number {
    return this.#native.socketBind(this.fd, family, address, port);
  }

  connect(family: Family, address: string, port: number): number {
    return this.events.after(this.#native.socketConnect(this.fd, family, address, port));
  }

  listen(backlog: number): number {
    return this.events.after(this.#native.socketListen(this.fd, backlog));
  }

  shutdown(): number {
    return this.events.after(this.#native.socketShutdown(this.fd, shutWrite));
  }

  set(option: keyof typeof options, value: number): number {
    const [level, name] = options[option];
    return this.#native.socketSet(this.fd, level, name, value);
  }

  get(option: keyof typeof options): number {
    const [level, name] = options[option];
    return this.#native.socketGet(this.fd, level, name);
  }

  /** Tells the watcher, once, when something can be written. */
  awaitWritable(): number {
    return this.events.after(this.#native.socketWatch(this.fd, this.#number, true, true));
  }

  takeError(): number {
    return this.#native.socketError(this.fd);
  }

  name(isPeer: boolean): SocketName | undefined {
    const name = this.nameOrFailure(isPeer);
    return typeof name === 'number' ? undefined : name;
  }

  nameOrFailure(isPeer: boolean): SocketName | number {
    return this.#native.socketName(this.fd, isPeer);
  }

  /** A connection to an address of another family ends the old one, and is refused. */
  disconnect(family: 4 | 6): number {
    if (typeof this.nameOrFailure(true) === 'number') return errnos.notConnected;
    this.#native.socketConnect(this.fd, family === 4 ? 6 : 4, family === 4 ? '::1' : '127.0.0.1', 1);
    return 0;
  }

  /** Messages that have come, one after the other; see the addon. */
  receive(into: Uint8Array, lengths: Int32Array): readonly (SocketName | null)[] | number {
    return this.events.after(this.#native.socketReceive(this.fd, into, lengths));
  }

  /** One message; without an address to whom the socket is connected to. */
  send(pieces: readonly Uint8Array[], family: 4 | 6, address: string | undefined, port: number): number {
    const to = address === undefined ? 0 : family;
    return this.events.after(this.#native.socketSend(this.fd, pieces, to, address ?? '', port));
  }

  member(family: 4 | 6, group: string, address: string, isJoin: boolean): number {
    return this.events.after(this.#native.socketMember(this.fd, family, group, address, isJoin));
  }

  setGroupInterface(family: 4 | 6, address: string): number {
    return this.#native.socketMulticast(this.fd, family, address);
  }

  read(bytes: Uint8Array): number {
    return this.events.after(this.#native.socketRead(this.fd, bytes));
  }

  write(bytes: Uint8Array, offset: number): number {
    return this.events.after(this.#native.socketWrite(this.fd, bytes, offset));
  }

  writeAll(pieces: readonly Uint8Array[]): number {
    return this.events.after(this.#native.socketWriteAll(this.fd, pieces));
  }
}
