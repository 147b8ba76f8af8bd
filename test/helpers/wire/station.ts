// SPDX-License-Identifier: BSD-2-Clause
// station.ts: a station on a bus (glue/posix/virtif_bus.c) that speaks Ethernet by hand. It answers questions for its own
// addresses, unless it is told not to.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { addressBytes, macBytes } from './bytes.js';
import { parseFrame, type Frame } from './parse.js';
import {
  arp,
  echo,
  etherTypes,
  ethernet,
  icmp,
  icmp6,
  ip4,
  ip6,
  protocols,
  type Ip4Fields,
} from './packets.js';

export const broadcast = 'ff:ff:ff:ff:ff:ff';

/** Who is who on the wire. */
export interface Addresses {
  mac: string;
  ip4: string;
  ip6: string;
}

interface Waiter {
  is: (frame: Frame) => boolean;
  resolve: (frame: Frame) => void;
}

const patience = 20_000;

export class Station {
  readonly addresses: Addresses;
  /** The kernel under test; its Ethernet address is learned. */
  readonly kernel: Addresses;
  /** Whether questions of ARP and ND are answered. */
  answers = true;
  /** Sees each frame as it comes. */
  onFrame: ((frame: Frame) => void) | undefined;
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  #frames: Frame[] = [];
  #waiters: Waiter[] = [];
  #echoes = 0;

  private constructor(socket: Socket, addresses: Addresses, kernel: Addresses) {
    this.#socket = socket;
    this.addresses = addresses;
    this.kernel = kernel;
    socket.on('data', (bytes: Buffer) => {
      this.#take(bytes);
    });
  }

  static async join(
    path: string,
    addresses: Addresses,
    kernel: { ip4: string; ip6: string },
  ): Promise<Station> {
    const socket = connect(path);
    await once(socket, 'connect');
    const station = new Station(socket, addresses, { mac: broadcast, ...kernel });
    await station.learn();
    return station;
  }

  /** Asks for the kernel's Ethernet address. */
  async learn(): Promise<void> {
    const { mac, ip4: own } = this.addresses;
    this.sendTo(
      broadcast,
      etherTypes.arp,
      arp(1, { mac, ip: own }, { mac: '00:00:00:00:00:00', ip: this.kernel.ip4 }),
    );
    const answer = await this.next(
      (frame) => frame.type === etherTypes.arp && frame.payload[7] === 2,
      'an answer to ARP',
    );
    this.kernel.mac = answer.source;
  }

  /** Waits until the kernel has its IPv6 address (RFC 4862 lets it wait for a second). */
  async learn6(): Promise<void> {
    const { ip6: own, mac } = this.addresses;
    for (let tries = 0; tries < 50; tries++) {
      const asking = solicitation(own, this.kernel.ip6, this.kernel.ip6, mac);
      this.send6(protocols.icmp6, asking, 255);
      const frames = await this.settle();
      if (frames.some(({ packet }) => packet?.protocol === protocols.icmp6 && packet.payload[0] === 136))
        return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('the kernel does not get its IPv6 address');
  }

  leave(): void {
    this.#socket.destroy();
  }

  /** Puts a frame on the wire as it is. */
  send(...frames: readonly Buffer[]): void {
    const pieces = frames.flatMap((frame) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(frame.length);
      return [length, frame];
    });
    this.#socket.write(Buffer.concat(pieces));
  }

  sendTo(mac: string, type: number, payload: Buffer): void {
    this.send(ethernet(mac, this.addresses.mac, type, payload));
  }

  /** A frame to the kernel with an IPv4 packet from this station. */
  frame4(protocol: number, payload: Buffer, fields?: Ip4Fields): Buffer {
    const packet = ip4(this.addresses.ip4, this.kernel.ip4, protocol, payload, fields);
    return ethernet(this.kernel.mac, this.addresses.mac, etherTypes.ip4, packet);
  }

  frame6(next: number, payload: Buffer, hopLimit?: number): Buffer {
    const packet = ip6(this.addresses.ip6, this.kernel.ip6, next, payload, hopLimit);
    return ethernet(this.kernel.mac, this.addresses.mac, etherTypes.ip6, packet);
  }

  send4(protocol: number, payload: Buffer, fields?: Ip4Fields): void {
    this.send(this.frame4(protocol, payload, fields));
  }

  send6(next: number, payload: Buffer, hopLimit?: number): void {
    this.send(this.frame6(next, payload, hopLimit));
  }

  /** The next frame of a kind; those before it are forgotten. */
  async next(is: (frame: Frame) => boolean, what: string, milliseconds = patience): Promise<Frame> {
    const at = this.#frames.findIndex(is);
    if (at >= 0) {
      const [frame] = this.#frames.splice(0, at + 1).slice(-1);
      if (frame !== undefined) return frame;
    }
    this.#frames = [];
    return new Promise((resolve, reject) => {
      const waiter = { is, resolve };
      const timer = setTimeout(() => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        reject(new Error(`${what} did not come`));
      }, milliseconds);
      waiter.resolve = (frame): void => {
        clearTimeout(timer);
        resolve(frame);
      };
      this.#waiters.push(waiter);
    });
  }

  /**
   * The frames that the kernel has sent until it has handled all that was sent to it: it handles frames in their order,
   * so an echo comes back after everything that was caused before it.
   */
  async settle(): Promise<Frame[]> {
    const number = ++this.#echoes;
    const before: Frame[] = [...this.#frames];
    this.#frames = [];
    const request = icmp(8, 0, echo(0x5e77, number));
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error('the kernel does not answer any more'));
      }, patience);
      const waiter: Waiter = {
        is: (frame) => {
          const { packet } = frame;
          if (
            packet?.protocol === protocols.icmp &&
            packet.payload[0] === 0 &&
            packet.payload.readUInt16BE(4) === 0x5e77 &&
            packet.payload.readUInt16BE(6) === number
          )
            return true;
          before.push(frame);
          return false;
        },
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      this.#waiters.push(waiter);
      this.send4(protocols.icmp, request);
    });
    this.#frames = [];
    return before;
  }

  #take(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= 4) {
      const length = this.#rest.readUInt32BE(0);
      if (this.#rest.length < 4 + length) break;
      const frame = parseFrame(this.#rest.subarray(4, 4 + length));
      this.#rest = this.#rest.subarray(4 + length);
      if (frame.source !== this.addresses.mac) this.#frame(frame);
    }
  }

  #frame(frame: Frame): void {
    if (this.answers && this.#answer(frame)) return;
    this.onFrame?.(frame);
    const at = this.#waiters.findIndex((waiter) => waiter.is(frame));
    if (at < 0) {
      this.#frames.push(frame);
      return;
    }
    for (const waiter of this.#waiters.splice(at, 1)) waiter.resolve(frame);
  }

  /** Answers a question for an address of ours. */
  #answer(frame: Frame): boolean {
    const { mac, ip4: own4, ip6: own6 } = this.addresses;
    if (frame.type === etherTypes.arp && frame.payload[7] === 1) {
      if (!frame.payload.subarray(24, 28).equals(addressBytes(own4))) return false;
      this.sendTo(
        frame.source,
        etherTypes.arp,
        arp(2, { mac, ip: own4 }, { mac: frame.source, ip: this.kernel.ip4 }),
      );
      return true;
    }
    const { packet } = frame;
    if (packet?.protocol !== protocols.icmp6 || packet.payload[0] !== 135) return false;
    if (!packet.payload.subarray(8, 24).equals(addressBytes(own6))) return false;
    if (packet.source === '::') return true;
    this.sendTo(
      frame.source,
      etherTypes.ip6,
      ip6(own6, packet.source, protocols.icmp6, advertisement(own6, packet.source, mac), 255),
    );
    return true;
  }
}

/** A solicited neighbour advertisement that overrides (RFC 4861, section 4.4). */
export function advertisement(own: string, target: string, mac: string, flags = 0x60): Buffer {
  const rest = Buffer.concat([
    Buffer.from([flags, 0, 0, 0]),
    addressBytes(own),
    Buffer.from([2, 1]),
    macBytes(mac),
  ]);
  return icmp6(own, target, 136, 0, rest);
}

/** A neighbour solicitation for an address (RFC 4861, section 4.3). */
export function solicitation(own: string, target: string, asked: string, mac: string): Buffer {
  const rest = Buffer.concat([Buffer.alloc(4), addressBytes(asked), Buffer.from([1, 1]), macBytes(mac)]);
  return icmp6(own, target, 135, 0, rest);
}
