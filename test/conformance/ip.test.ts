// SPDX-License-Identifier: BSD-2-Clause
// ip.test.ts: IPv4 and IPv6 with their ICMP, and fragments. Each case is named after the section that it is of.
import { expect } from 'chai';
import { useWire, stationAddresses } from './wire.js';
import { addressBytes } from '../helpers/wire/bytes.js';
import {
  echo,
  ethernet,
  etherTypes,
  icmp,
  icmp6,
  ip4,
  ip6,
  protocols,
  udp,
  type Ip4Fields,
} from '../helpers/wire/packets.js';
import type { Frame, Packet } from '../helpers/wire/parse.js';

const closedPort = 33_434;

describe('conformance: IP and ICMP', function () {
  this.timeout(60_000);
  const wire = useWire();

  /** The packets that the kernel sends after what was sent to it, but for those that it sends when it is time. */
  async function settle(): Promise<Packet[]> {
    const frames = await wire().station.settle();
    return frames.flatMap(({ packet }: Frame) =>
      packet === undefined || isHousekeeping(packet) ? [] : [packet],
    );
  }

  /** Of a host that came up: which groups it is in (RFC 2710), who routes, whose its address is (RFC 4861, 4862). */
  function isHousekeeping({ version, protocol, source, payload }: Packet): boolean {
    if (version !== 6) return false;
    if (protocol === 0) return payload[0] === protocols.icmp6 && [131, 132, 143].includes(payload[8] ?? 0);
    return (
      protocol === protocols.icmp6 &&
      (payload[0] === 133 || (payload[0] === 135 && addressBytes(source).every((byte) => byte === 0)))
    );
  }

  /** Answers of the kernel, in any number of fragments, as one message. */
  function joined(packets: readonly Packet[]): Buffer {
    const pieces = [...packets].sort((a, b) => a.offset - b.offset);
    return Buffer.concat(pieces.map(({ payload }) => payload));
  }

  /** An IPv4 packet from any address to any, in a frame to the kernel. */
  function stranger(source: string, target: string, protocol: number, payload: Buffer, mac?: string): void {
    const { station } = wire();
    station.send(
      ethernet(
        mac ?? station.kernel.mac,
        station.addresses.mac,
        etherTypes.ip4,
        ip4(source, target, protocol, payload),
      ),
    );
  }

  const ping = (data = Buffer.alloc(8)): Buffer => icmp(8, 0, echo(1, 1, data));
  const ping6 = (data = Buffer.alloc(8)): Buffer => {
    const { station } = wire();
    return icmp6(station.addresses.ip6, station.kernel.ip6, 128, 0, echo(1, 1, data));
  };

  it('RFC 1122, 3.2.2.6: an echo comes back with its data', async () => {
    const data = Buffer.from('there and back again');
    wire().station.send4(protocols.icmp, icmp(8, 0, echo(7, 9, data)));
    const [answer] = await settle();
    expect(answer?.payload.subarray(4)).to.deep.equal(echo(7, 9, data));
    expect(answer?.payload[0]).to.equal(0);
    expect(answer?.ttl).to.be.at.least(64);
  });

  it('RFC 1122, 3.2.2.6: not one that everybody was asked for', async () => {
    stranger(stationAddresses.ip4, '10.0.0.255', protocols.icmp, ping(), 'ff:ff:ff:ff:ff:ff');
    expect(await settle()).to.deep.equal([]);
  });

  it('RFC 792: an echo with a wrong checksum is dropped', async () => {
    wire().station.send4(protocols.icmp, icmp(8, 0, echo(1, 1), 1));
    expect(await settle()).to.deep.equal([]);
  });

  it('RFC 4443, 4.1: an echo on IPv6', async () => {
    wire().station.send6(protocols.icmp6, ping6(Buffer.from('six')));
    const [answer] = await settle();
    expect(answer?.payload[0]).to.equal(129);
    expect(answer?.payload.subarray(8).toString()).to.equal('six');
  });

  it('RFC 4443, 2.3: one with a wrong checksum is dropped', async () => {
    const bytes = ping6();
    bytes.writeUInt16BE(bytes.readUInt16BE(2) ^ 1, 2);
    wire().station.send6(protocols.icmp6, bytes);
    expect(await settle()).to.deep.equal([]);
  });

  it('RFC 1122, 3.2.1.7: a packet that arrives with a TTL of 1 has arrived', async () => {
    wire().station.send4(protocols.icmp, ping(), { ttl: 1 });
    expect(await settle()).to.have.length(1);
  });

  it('RFC 1122, 3.2.1: wrong headers are dropped: checksum, version, lengths', async () => {
    const wrong: Ip4Fields[] = [
      { checksum: 0x1234 },
      { version: 5 },
      { headerWords: 4 },
      { headerWords: 15 },
      { length: 19 },
      { length: 2000 },
    ];
    for (const fields of wrong) wire().station.send4(protocols.icmp, ping(), fields);
    expect(await settle()).to.deep.equal([]);
  });

  it('RFC 1122, 3.2.1.8: options are skipped, those that are malformed, too', async () => {
    for (const options of [Buffer.from([1, 1, 1, 0]), Buffer.from([7, 0, 0, 0]), Buffer.from([7, 255, 4, 0])])
      wire().station.send4(protocols.icmp, ping(), { options });
    for (const { payload } of await settle()) expect(payload[0]).to.equal(0);
  });

  it('RFC 1122, 3.2.1.3: addresses that nobody on a wire has are not believed', async () => {
    const { kernel } = wire().station;
    for (const source of [
      '127.0.0.1',
      '127.1.2.3',
      '0.1.2.3',
      '224.0.0.1',
      '240.0.0.1',
      '255.255.255.255',
      '10.0.0.255',
      kernel.ip4,
    ])
      stranger(source, kernel.ip4, protocols.udp, udp(source, kernel.ip4, 1, closedPort, Buffer.alloc(4)));
    expect(await settle()).to.deep.equal([]);
  });

  it('RFC 1122, 3.2.1.3: nothing comes to the loopback by a wire', async () => {
    stranger(stationAddresses.ip4, '127.0.0.1', protocols.icmp, ping());
    expect(await settle()).to.deep.equal([]);
  });

  it('RFC 1122, 3.3.1: what is for others is not forwarded, nor answered', async () => {
    stranger(stationAddresses.ip4, '10.0.0.77', protocols.icmp, ping());
    stranger(stationAddresses.ip4, '192.168.1.1', protocols.icmp, ping());
    expect(await settle()).to.deep.equal([]);
  });

  it('RFC 1122, 3.3.6: a frame to everybody has no packet for one', async () => {
    const { kernel } = wire().station;
    stranger(stationAddresses.ip4, kernel.ip4, protocols.icmp, ping(), 'ff:ff:ff:ff:ff:ff');
    expect(await settle()).to.deep.equal([]);
  });

  it('IEEE 802.3: a frame for another station is not taken, nor one from a group', async () => {
    const { station } = wire();
    stranger(stationAddresses.ip4, station.kernel.ip4, protocols.icmp, ping(), '02:00:00:00:00:77');
    const packet = ip4(stationAddresses.ip4, station.kernel.ip4, protocols.icmp, ping());
    station.send(ethernet(station.kernel.mac, '03:00:00:00:00:02', etherTypes.ip4, packet));
    expect(await settle()).to.deep.equal([]);
  });

  it('RFC 1122, 4.1.3.1: a UDP port where nobody is gives port unreachable, with what was sent', async () => {
    const { station } = wire();
    const datagram = udp(
      station.addresses.ip4,
      station.kernel.ip4,
      4000,
      closedPort,
      Buffer.from('anybody?'),
    );
    station.send4(protocols.udp, datagram);
    const [answer] = await settle();
    expect([...(answer?.payload.subarray(0, 2) ?? [])]).to.deep.equal([3, 3]);
    expect(answer?.payload.subarray(28, 36)).to.deep.equal(datagram.subarray(0, 8));
  });

  it('RFC 4443, 3.1: on IPv6, too', async () => {
    const { station } = wire();
    station.send6(
      protocols.udp,
      udp(station.addresses.ip6, station.kernel.ip6, 4000, closedPort, Buffer.from('x')),
    );
    const [answer] = await settle();
    expect([...(answer?.payload.subarray(0, 2) ?? [])]).to.deep.equal([1, 4]);
  });

  it('RFC 1122, 3.2.2: no error for a packet to everybody', async () => {
    const { ip4: own } = stationAddresses;
    const datagram = udp(own, '10.0.0.255', 4000, closedPort, Buffer.from('x'));
    stranger(own, '10.0.0.255', protocols.udp, datagram, 'ff:ff:ff:ff:ff:ff');
    expect(await settle()).to.deep.equal([]);
  });

  it('RFC 1122, 3.2.2: no error for an error, and none for what does not exist', async () => {
    const { station } = wire();
    const inner = ip4(station.kernel.ip4, station.addresses.ip4, protocols.udp, Buffer.alloc(8));
    for (const type of [3, 4, 5, 11, 12, 13, 17, 42, 255])
      station.send4(protocols.icmp, icmp(type, 0, Buffer.concat([Buffer.alloc(4), inner])));
    expect(await settle()).to.deep.equal([]);
  });

  it('RFC 1122, 3.2.2.1: a protocol that is not there gives protocol unreachable', async () => {
    wire().station.send4(254, Buffer.alloc(20));
    const [answer] = await settle();
    expect([...(answer?.payload.subarray(0, 2) ?? [])]).to.deep.equal([3, 2]);
  });

  it('RFC 768: a datagram with a wrong checksum is dropped, one without is not', async () => {
    const { station } = wire();
    const { addresses, kernel } = station;
    station.send4(protocols.udp, udp(addresses.ip4, kernel.ip4, 1, closedPort, Buffer.from('x'), 1));
    expect(await settle()).to.deep.equal([]);
    const without = udp(addresses.ip4, kernel.ip4, 1, closedPort, Buffer.from('x'));
    without.writeUInt16BE(0, 6);
    station.send4(protocols.udp, without);
    expect(await settle()).to.have.length(1);
  });

  it('RFC 768: a length that is not that of the packet does no harm', async () => {
    const { station } = wire();
    const { addresses, kernel } = station;
    for (const length of [0, 7, 500]) {
      const wrong = udp(addresses.ip4, kernel.ip4, 1, closedPort, Buffer.from('x'));
      wrong.writeUInt16BE(length, 4);
      wrong.writeUInt16BE(0, 6);
      station.send4(protocols.udp, wrong);
    }
    // The stack looks for the port first: some are answered as if they were right.
    for (const { payload } of await settle()) expect(payload[0]).to.equal(3);
  });

  describe('fragments', () => {
    let id = 0x4000;

    /** Sends pieces of a message, each from and to an offset. */
    function fragments(message: Buffer, pieces: readonly (readonly [number, number])[]): void {
      id++;
      for (const [from, to] of pieces)
        wire().station.send4(protocols.icmp, message.subarray(from, to), {
          id,
          offset: from,
          hasMore: to < message.length,
        });
    }

    const message = ping(Buffer.from(Array.from({ length: 4088 }, (_, index) => index % 251)));

    it('RFC 791, 3.2: a packet in pieces is put together, in any order', async () => {
      fragments(message, [
        [2400, 4096],
        [0, 1200],
        [1200, 2400],
      ]);
      expect(joined(await settle()).subarray(4)).to.deep.equal(message.subarray(4));
    });

    it('RFC 791, 3.2: answers are in pieces that the wire takes', async () => {
      fragments(message, [
        [0, 2048],
        [2048, 4096],
      ]);
      const answers = await settle();
      expect(answers.length).to.equal(3);
      for (const { payload } of answers) expect(payload.length).to.be.at.most(1480);
    });

    it('RFC 1858, 3: pieces of 8 bytes', async () => {
      const small = ping(Buffer.alloc(56, 'p'));
      fragments(
        small,
        Array.from({ length: 8 }, (_, index) => [index * 8, index * 8 + 8] as const),
      );
      expect(joined(await settle()).subarray(4)).to.deep.equal(small.subarray(4));
    });

    it('RFC 791, 3.2: the same piece twice is no harm', async () => {
      const small = ping(Buffer.alloc(56, 'p'));
      fragments(small, [
        [0, 32],
        [0, 32],
        [32, 64],
      ]);
      expect(joined(await settle()).subarray(4)).to.deep.equal(small.subarray(4));
    });

    it('RFC 5722, 4: pieces that overlap are not put together, on IPv4 neither', async () => {
      const small = ping(Buffer.alloc(56, 'p'));
      fragments(small, [
        [0, 40],
        [24, 64],
      ]);
      expect(await settle()).to.deep.equal([]);
    });

    it('RFC 791, 3.2: pieces that would be larger than a packet can be are dropped (ping of death)', async () => {
      id++;
      const { station } = wire();
      station.send4(protocols.icmp, ping(), { id, hasMore: true });
      station.send4(protocols.icmp, Buffer.alloc(1000), { id, offset: 65_528 });
      expect(await settle()).to.deep.equal([]);
    });

    it('RFC 791, 3.2: a packet of nearly 64 KiB in pieces', async () => {
      const large = ping(Buffer.alloc(64_000, 'L'));
      const pieces: [number, number][] = [];
      for (let at = 0; at < large.length; at += 1480) pieces.push([at, Math.min(at + 1480, large.length)]);
      fragments(large, pieces);
      expect(joined(await settle()).subarray(4)).to.deep.equal(large.subarray(4));
    });

    it('RFC 1122, 3.3.2: beginnings without ends do not keep others from coming', async () => {
      for (let count = 0; count < 3000; count++)
        wire().station.send4(protocols.icmp, Buffer.alloc(1400), { id: 0x8000 + count, hasMore: true });
      await settle();
      fragments(message, [
        [0, 2048],
        [2048, 4096],
      ]);
      // Those that had to go are told of.
      const answers = (await settle()).filter(({ offset, payload }) => offset !== 0 || payload[0] !== 11);
      expect(joined(answers).subarray(4)).to.deep.equal(message.subarray(4));
    });

    it('RFC 1122, 3.3.2: what does not come together in time is told of', async () => {
      // The time of the stack is 15 s.
      wire().station.send4(protocols.icmp, ping(Buffer.alloc(24)), { id: 0x7777, hasMore: true });
      const { packet } = await wire().station.next(
        (frame) => frame.packet?.payload[0] === 11 && frame.packet.payload.readUInt16BE(12) === 0x7777,
        'time exceeded',
        40_000,
      );
      expect([...(packet?.payload.subarray(0, 2) ?? [])]).to.deep.equal([11, 1]);
    });
  });

  describe('IPv6', () => {
    let id = 1;

    function fragment(
      offset: number,
      hasMore: boolean,
      bytes: Buffer,
      next: number = protocols.icmp6,
    ): Buffer {
      const head = Buffer.alloc(8);
      head[0] = next;
      head.writeUInt16BE(offset | (hasMore ? 1 : 0), 2);
      head.writeUInt32BE(id, 4);
      return Buffer.concat([head, bytes]);
    }

    const options = (next: number, ...bytes: number[]): Buffer => Buffer.from([next, 0, ...bytes]);

    it('RFC 8200, 4.5: a packet in pieces is put together, in any order', async () => {
      id++;
      const bytes = ping6(Buffer.alloc(2000, '6'));
      const { station } = wire();
      station.send6(protocols.fragment, fragment(1200, false, bytes.subarray(1200)));
      station.send6(protocols.fragment, fragment(0, true, bytes.subarray(0, 1200)));
      const answers = (await settle()).filter(({ protocol }) => protocol === protocols.fragment);
      expect(answers).to.have.length(2);
    });

    it('RFC 5722, 4: pieces that overlap are dropped', async () => {
      id++;
      const bytes = ping6(Buffer.alloc(200, '6'));
      const { station } = wire();
      station.send6(protocols.fragment, fragment(0, true, bytes.subarray(0, 104)));
      station.send6(protocols.fragment, fragment(96, false, bytes.subarray(96)));
      expect(await settle()).to.deep.equal([]);
    });

    it('RFC 6946, 4: a piece that is the whole is taken by itself', async () => {
      id++;
      wire().station.send6(protocols.fragment, fragment(0, false, ping6()));
      expect(await settle()).to.have.length(1);
    });

    it('RFC 8200, 4.5: pieces beyond 64 KiB are dropped', async () => {
      id++;
      const { station } = wire();
      station.send6(protocols.fragment, fragment(0, true, ping6()));
      station.send6(protocols.fragment, fragment(65_528, false, Buffer.alloc(1000)));
      expect((await settle()).filter(({ payload }) => payload[0] === 129)).to.deep.equal([]);
    });

    it('RFC 8200, 4.3: options that are to be skipped are skipped', async () => {
      const { station } = wire();
      station.send6(0, Buffer.concat([options(protocols.icmp6, 1, 4, 0, 0, 0, 0), ping6()]));
      station.send6(60, Buffer.concat([options(protocols.icmp6, 0x1e, 4, 1, 2, 3, 4), ping6()]));
      expect(await settle()).to.have.length(2);
    });

    it('RFC 8200, 4.2: unknown options that say so are dropped, with an error or without', async () => {
      const { station } = wire();
      station.send6(60, Buffer.concat([options(protocols.icmp6, 0x5e, 4, 1, 2, 3, 4), ping6()]));
      expect(await settle()).to.deep.equal([]);
      station.send6(60, Buffer.concat([options(protocols.icmp6, 0x9e, 4, 1, 2, 3, 4), ping6()]));
      const [error] = await settle();
      expect([...(error?.payload.subarray(0, 2) ?? [])]).to.deep.equal([4, 2]);
    });

    it('RFC 5095, 3: a routing header of type 0 with places to go is an error', async () => {
      const { station } = wire();
      const routing = Buffer.concat([
        Buffer.from([protocols.icmp6, 2, 0, 1, 0, 0, 0, 0]),
        addressBytes('fd00::9'),
      ]);
      station.send6(43, Buffer.concat([routing, ping6()]));
      const answers = await settle();
      expect(answers.filter(({ payload }) => payload[0] === 129)).to.deep.equal([]);
      expect([...(answers[0]?.payload.subarray(0, 2) ?? [])]).to.deep.equal([4, 0]);
    });

    it('RFC 8200, 4: a header that is not known is an error', async () => {
      wire().station.send6(253, Buffer.alloc(8));
      const [answer] = await settle();
      expect([...(answer?.payload.subarray(0, 2) ?? [])]).to.deep.equal([4, 1]);
    });

    it('RFC 4291, 2.5.3: addresses that nobody on a wire has are not believed', async () => {
      const { station } = wire();
      for (const source of ['::1', 'ff02::1', '0:0:0:0:0:ffff:0a00:0002', station.kernel.ip6]) {
        const packet = ip6(
          source,
          station.kernel.ip6,
          protocols.icmp6,
          icmp6(source, station.kernel.ip6, 128, 0, echo(1, 1)),
        );
        station.send(ethernet(station.kernel.mac, station.addresses.mac, etherTypes.ip6, packet));
      }
      expect(await settle()).to.deep.equal([]);
    });

    it('RFC 4443, 2.4: no error for an error', async () => {
      const { station } = wire();
      const inner = ip6(station.kernel.ip6, station.addresses.ip6, protocols.udp, Buffer.alloc(8));
      for (const type of [1, 3, 4, 100, 127])
        station.send6(
          protocols.icmp6,
          icmp6(station.addresses.ip6, station.kernel.ip6, type, 0, Buffer.concat([Buffer.alloc(4), inner])),
        );
      expect(await settle()).to.deep.equal([]);
    });
  });
});
