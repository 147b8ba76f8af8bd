// SPDX-License-Identifier: BSD-2-Clause
// tcp-peer.ts: one end of a connection, moved by hand: it acknowledges and sends only what it is told to.
import { sequence } from './bytes.js';
import { protocols, tcp, tcpOptions, type Flag, type SegmentFields } from './packets.js';
import type { Frame, Segment } from './parse.js';
import type { Station } from './station.js';

let nextPort = 20_000;

/** What of a segment is not as the connection has it. */
export type Differences = Partial<SegmentFields>;

export class TcpPeer {
  readonly station: Station;
  readonly port: number;
  readonly kernelPort: number;
  readonly version: 4 | 6;
  /** The next byte that is sent. */
  next: number;
  /** The next byte that is expected of the kernel. */
  expected = 0;
  window = 65_535;

  constructor(
    station: Station,
    kernelPort: number,
    options: { version?: 4 | 6; port?: number; first?: number } = {},
  ) {
    this.station = station;
    this.kernelPort = kernelPort;
    this.version = options.version ?? 4;
    this.port = options.port ?? nextPort++;
    this.next = options.first ?? 0x1000_0000 + this.port * 1000;
  }

  get #source(): string {
    return this.version === 4 ? this.station.addresses.ip4 : this.station.addresses.ip6;
  }

  get #target(): string {
    return this.version === 4 ? this.station.kernel.ip4 : this.station.kernel.ip6;
  }

  /** A frame with a segment. */
  frame(flags: readonly Flag[], differences: Differences = {}): Buffer {
    const segment = tcp(this.#source, this.#target, {
      sourcePort: this.port,
      targetPort: this.kernelPort,
      seq: this.next,
      ack: flags.includes('ack') ? this.expected : 0,
      flags,
      window: this.window,
      ...differences,
    });
    return this.version === 4
      ? this.station.frame4(protocols.tcp, segment)
      : this.station.frame6(protocols.tcp, segment);
  }

  /** Sends a segment; what it sends stays unsent as far as this end remembers. */
  send(flags: readonly Flag[], differences?: Differences): void {
    this.station.send(this.frame(flags, differences));
  }

  /** Sends data in its place, and remembers it. */
  data(text: string | Buffer, differences?: Differences): void {
    const data = Buffer.from(text as string);
    this.send(['ack', 'psh'], { data, ...differences });
    this.next = sequence(this.next + data.length);
  }

  acknowledge(differences?: Differences): void {
    this.send(['ack'], differences);
  }

  /** Is it a segment of this connection? */
  readonly isOurs = (frame: Frame): boolean =>
    frame.segment?.sourcePort === this.kernelPort && frame.segment.targetPort === this.port;

  /** The next segment of this connection that is so. */
  async receive(
    what: string,
    is: (segment: Segment) => boolean = () => true,
    milliseconds?: number,
  ): Promise<Segment> {
    const { segment } = await this.station.next(
      (frame) => this.isOurs(frame) && frame.segment !== undefined && is(frame.segment),
      what,
      milliseconds,
    );
    if (segment === undefined) throw new Error('no segment');
    return segment;
  }

  /** What the kernel has sent on this connection after everything that was sent to it. */
  async settle(): Promise<Segment[]> {
    const frames = await this.station.settle();
    return frames.filter(this.isOurs).flatMap(({ segment }) => (segment === undefined ? [] : [segment]));
  }

  /** Opens a connection to a server of the kernel. */
  async open(options: Buffer = tcpOptions.mss(1460)): Promise<Segment> {
    this.send(['syn'], { options });
    this.next = sequence(this.next + 1);
    const answer = await this.receive('a SYN and ACK', ({ flags }) => flags.includes('syn'));
    this.expected = sequence(answer.seq + 1);
    this.acknowledge();
    return answer;
  }

  /** Answers a connection from the kernel; the peer is made with the port that it goes to. */
  static async accept(
    station: Station,
    port: number,
    options: Buffer = tcpOptions.mss(1460),
  ): Promise<TcpPeer> {
    const frame = await station.next(
      ({ segment }) => segment?.targetPort === port && segment.flags.includes('syn'),
      'a SYN',
    );
    const { segment, packet } = frame;
    if (segment === undefined || packet === undefined) throw new Error('no segment');
    const peer = new TcpPeer(station, segment.sourcePort, { version: packet.version, port });
    peer.expected = sequence(segment.seq + 1);
    peer.send(['syn', 'ack'], { options });
    peer.next = sequence(peer.next + 1);
    await peer.receive('the ACK of a SYN', ({ flags }) => flags.includes('ack') && !flags.includes('syn'));
    return peer;
  }

  /** Takes this much data in order, and acknowledges it. */
  async takeData(length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let count = 0;
    while (count < length) {
      const { data } = await this.receive(
        'data',
        (segment) => segment.data.length > 0 && segment.seq === this.expected,
      );
      pieces.push(data);
      count += data.length;
      this.expected = sequence(this.expected + data.length);
      this.acknowledge();
    }
    return Buffer.concat(pieces);
  }
}
