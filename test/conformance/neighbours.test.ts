// SPDX-License-Identifier: BSD-2-Clause
// neighbours.test.ts: ARP and neighbour discovery, and who lies with them. Each case is named after the section that it is
// of.
import { expect } from 'chai';
import { useWire } from './wire.js';
import { addressBytes, addressText, macBytes } from '../helpers/wire/bytes.js';
import {
  arp,
  echo,
  ethernet,
  etherTypes,
  icmp,
  icmp6,
  ip4,
  ip6,
  protocols,
  udp,
} from '../helpers/wire/packets.js';
import type { Frame } from '../helpers/wire/parse.js';
import { advertisement, broadcast, solicitation } from '../helpers/wire/station.js';

const nobody = '00:00:00:00:00:00';
const liar = '02:00:00:00:00:66';
const others = 'ff02::1';
const othersMac = '33:33:00:00:00:01';

describe('conformance: ARP and neighbour discovery', function () {
  this.timeout(60_000);
  const wire = useWire();

  const isArp = ({ type }: Frame): boolean => type === etherTypes.arp;

  /** To which Ethernet address the kernel sends what is for the station. */
  async function whereTo(version: 4 | 6): Promise<string> {
    const { station } = wire();
    const { addresses, kernel } = station;
    const isEcho = ({ packet }: Frame): boolean =>
      packet?.version === version && (packet.payload[0] === 0 || packet.payload[0] === 129);
    if (version === 4) station.send4(protocols.icmp, icmp(8, 0, echo(1, 1)));
    else station.send6(protocols.icmp6, icmp6(addresses.ip6, kernel.ip6, 128, 0, echo(1, 1)));
    return (await station.next(isEcho, 'an echo')).target;
  }

  it('RFC 826: a question is answered to who asked', async () => {
    const { station } = wire();
    const { mac, ip4: own } = station.addresses;
    station.sendTo(
      broadcast,
      etherTypes.arp,
      arp(1, { mac, ip: own }, { mac: nobody, ip: station.kernel.ip4 }),
    );
    const [answer] = (await station.settle()).filter(isArp);
    expect(answer?.target).to.equal(mac);
    expect(answer?.payload).to.deep.include(
      arp(2, { mac: station.kernel.mac, ip: station.kernel.ip4 }, { mac, ip: own }),
    );
  });

  it('RFC 5227, 2.1.1: a probe, which has no sender, is answered', async () => {
    const { station } = wire();
    const { mac } = station.addresses;
    station.sendTo(
      broadcast,
      etherTypes.arp,
      arp(1, { mac, ip: '0.0.0.0' }, { mac: nobody, ip: station.kernel.ip4 }),
    );
    expect((await station.settle()).filter(isArp)).to.have.length(1);
  });

  it('RFC 826: other kinds of hardware, protocols and lengths are dropped, and questions for others', async () => {
    const { station } = wire();
    const { mac, ip4: own } = station.addresses;
    const good = arp(1, { mac, ip: own }, { mac: nobody, ip: station.kernel.ip4 });
    for (const at of [1, 2, 4, 5, 7]) {
      const bad = Buffer.from(good);
      bad[at] = 77;
      station.sendTo(broadcast, etherTypes.arp, bad);
    }
    station.sendTo(broadcast, etherTypes.arp, arp(1, { mac, ip: own }, { mac: nobody, ip: '10.0.0.9' }));
    expect((await station.settle()).filter(isArp)).to.deep.equal([]);
  });

  it('RFC 826: an address that moves is followed', async () => {
    const { station } = wire();
    const { mac, ip4: own } = station.addresses;
    station.send(
      ethernet(broadcast, liar, etherTypes.arp, arp(2, { mac: liar, ip: own }, { mac: liar, ip: own })),
    );
    expect(await whereTo(4)).to.equal(liar);
    station.sendTo(broadcast, etherTypes.arp, arp(2, { mac, ip: own }, { mac, ip: own }));
    expect(await whereTo(4)).to.equal(mac);
  });

  it('RFC 1812, 3.3.2: nobody is at the address of a group, nor at that of everybody', async () => {
    const { station } = wire();
    const { mac, ip4: own } = station.addresses;
    for (const group of [broadcast, '01:00:5e:00:00:01'])
      station.sendTo(
        broadcast,
        etherTypes.arp,
        arp(2, { mac: group, ip: own }, { mac: nobody, ip: station.kernel.ip4 }),
      );
    expect(await whereTo(4)).to.equal(mac);
  });

  it('RFC 5227, 2.4: somebody else with its own address is not believed', async () => {
    const { station } = wire();
    const { ip4: own } = station.kernel;
    station.send(
      ethernet(broadcast, liar, etherTypes.arp, arp(1, { mac: liar, ip: own }, { mac: nobody, ip: own })),
    );
    station.send(
      ethernet(broadcast, liar, etherTypes.arp, arp(2, { mac: liar, ip: own }, { mac: liar, ip: own })),
    );
    expect((await station.settle()).filter(isArp)).to.deep.equal([]);
    expect(await whereTo(4)).to.equal(station.addresses.mac);
  });

  it('RFC 826: thousands of lies about others do not cut off who is there', async () => {
    const { station } = wire();
    for (let host = 0; host < 5000; host++) {
      const ip = `10.0.${1 + (host >> 8)}.${host & 255}`;
      station.send(
        ethernet(
          station.kernel.mac,
          liar,
          etherTypes.arp,
          arp(2, { mac: liar, ip }, { mac: station.kernel.mac, ip: station.kernel.ip4 }),
        ),
      );
    }
    expect(await whereTo(4)).to.equal(station.addresses.mac);
  });

  it('RFC 4861, 7.2.4: a solicitation is answered, with the address', async () => {
    const { station } = wire();
    const { mac, ip6: own } = station.addresses;
    station.send6(protocols.icmp6, solicitation(own, station.kernel.ip6, station.kernel.ip6, mac), 255);
    const [answer] = (await station.settle()).filter(({ packet }) => packet?.payload[0] === 136);
    expect(answer?.packet?.ttl).to.equal(255);
    expect(answer?.packet?.payload.subarray(8, 24)).to.deep.equal(addressBytes(station.kernel.ip6));
    expect(answer?.packet?.payload.subarray(26, 32)).to.deep.equal(macBytes(station.kernel.mac));
  });

  it('RFC 4861, 7.1.1: one that somebody has forwarded (hop limit below 255) is dropped', async () => {
    const { station } = wire();
    const { mac, ip6: own } = station.addresses;
    for (const limit of [254, 64, 1])
      station.send6(protocols.icmp6, solicitation(own, station.kernel.ip6, station.kernel.ip6, mac), limit);
    expect((await station.settle()).filter(({ packet }) => packet?.payload[0] === 136)).to.deep.equal([]);
  });

  it('RFC 4861, 7.1.1: a code, and options without length or beyond the end, are dropped', async () => {
    const { station } = wire();
    const { ip6: own } = station.addresses;
    const rest = Buffer.concat([Buffer.alloc(4), addressBytes(station.kernel.ip6)]);
    for (const option of [
      [1, 0, 0, 0, 0, 0, 0, 0],
      [1, 9, 0, 0, 0, 0, 0, 0],
      [1, 255, 0, 0, 0, 0, 0, 0],
    ])
      station.send6(
        protocols.icmp6,
        icmp6(own, station.kernel.ip6, 135, 0, Buffer.concat([rest, Buffer.from(option)])),
        255,
      );
    station.send6(protocols.icmp6, icmp6(own, station.kernel.ip6, 135, 1, rest), 255);
    expect((await station.settle()).filter(({ packet }) => packet?.payload[0] === 136)).to.deep.equal([]);
  });

  it('RFC 4861, 7.1.2: advertisements that are forwarded, malformed or answer everybody change nothing', async () => {
    const { station } = wire();
    const { mac, ip6: own } = station.addresses;
    expect(await whereTo(6)).to.equal(mac);
    const to = station.kernel.ip6;
    station.send6(protocols.icmp6, advertisement(own, to, liar), 64);
    const rest = Buffer.concat([
      Buffer.from([0x20, 0, 0, 0]),
      addressBytes(own),
      Buffer.from([2, 0]),
      macBytes(liar),
    ]);
    station.send6(protocols.icmp6, icmp6(own, to, 136, 0, rest), 255);
    station.send(
      ethernet(
        othersMac,
        liar,
        etherTypes.ip6,
        ip6(own, others, protocols.icmp6, advertisement(own, others, liar, 0x60), 255),
      ),
    );
    expect(await whereTo(6)).to.equal(mac);
  });

  it('RFC 4861, 7.2.5: one that does not override does not', async () => {
    const { station } = wire();
    station.send6(protocols.icmp6, advertisement(station.addresses.ip6, station.kernel.ip6, liar, 0x40), 255);
    expect(await whereTo(6)).to.equal(station.addresses.mac);
  });

  it('RFC 4861, 6.1.2: a router that is not on the link makes no addresses', async () => {
    const { station } = wire();
    const prefix = Buffer.alloc(32);
    prefix.set([3, 4, 64, 0xc0]);
    prefix.writeUInt32BE(7200, 4);
    prefix.writeUInt32BE(7200, 8);
    addressBytes('fd11::').copy(prefix, 16);
    const rest = Buffer.concat([Buffer.from([64, 0, 7, 8]), Buffer.alloc(8), prefix]);
    for (const [source, limit] of [
      ['fd00::66', 255],
      ['fe80::66', 64],
    ] as const)
      station.send(
        ethernet(
          othersMac,
          liar,
          etherTypes.ip6,
          ip6(source, others, protocols.icmp6, icmp6(source, others, 134, 0, rest), limit),
        ),
      );
    const asked = (await station.settle()).filter(({ packet }) => packet?.payload[0] === 135);
    expect(
      asked.map(({ packet }) => addressText(packet?.payload.subarray(8, 24) ?? Buffer.alloc(16))),
    ).to.deep.equal([]);
  });

  it('RFC 4861, 7.2.2: a packet waits until its neighbour is known', async () => {
    const { station } = wire();
    const stranger = '10.0.0.44';
    const { kernel } = station;
    const datagram = udp(stranger, kernel.ip4, 1, 33_434, Buffer.from('who?'));
    station.send(
      ethernet(
        kernel.mac,
        station.addresses.mac,
        etherTypes.ip4,
        ip4(stranger, kernel.ip4, protocols.udp, datagram),
      ),
    );
    const question = await station.next((frame) => isArp(frame) && frame.payload[7] === 1, 'a question');
    expect(question.payload.subarray(24, 28)).to.deep.equal(addressBytes(stranger));
    station.sendTo(
      kernel.mac,
      etherTypes.arp,
      arp(2, { mac: liar, ip: stranger }, { mac: kernel.mac, ip: kernel.ip4 }),
    );
    const waited = await station.next(({ packet }) => packet?.target === stranger, 'what waited');
    expect(waited.target).to.equal(liar);
  });

  describe('packets too big', () => {
    /** Asks the kernel for a large echo; the largest piece of the answer. */
    async function largest(): Promise<number> {
      const { station } = wire();
      const { addresses, kernel } = station;
      const message = icmp6(addresses.ip6, kernel.ip6, 128, 0, echo(1, 1, Buffer.alloc(1400)));
      station.send6(protocols.icmp6, message);
      const frames = await station.settle();
      return Math.max(
        ...frames
          .filter(({ packet }) => packet?.version === 6)
          .map(({ payload }) => payload.readUInt16BE(4) + 40),
      );
    }

    function tooBig(mtu: number, source: string, next: number): void {
      const { station } = wire();
      const { addresses, kernel } = station;
      const words = Buffer.alloc(4);
      words.writeUInt32BE(mtu);
      const inner = ip6(source, addresses.ip6, next, Buffer.alloc(20));
      station.send6(protocols.icmp6, icmp6(addresses.ip6, kernel.ip6, 2, 0, Buffer.concat([words, inner])));
    }

    it('RFC 8201, 4: a path of less than 1280 bytes is not believed', async () => {
      const before = await largest();
      for (const mtu of [0, 68, 576, 1279]) tooBig(mtu, wire().station.kernel.ip6, protocols.icmp6);
      expect(await largest()).to.equal(before);
    });

    it('RFC 5927, 4: one of a packet that was not sent is not believed', async () => {
      const before = await largest();
      tooBig(1280, 'fd00::77', protocols.icmp6);
      tooBig(1280, wire().station.kernel.ip6, protocols.tcp);
      expect(await largest()).to.equal(before);
    });

    it('RFC 8201, 4: one of 1280 bytes is', async () => {
      expect(await largest()).to.be.greaterThan(1280);
      tooBig(1280, wire().station.kernel.ip6, protocols.icmp6);
      expect(await largest()).to.be.at.most(1280);
    });
  });
});
