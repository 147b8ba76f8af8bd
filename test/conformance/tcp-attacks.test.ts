// SPDX-License-Identifier: BSD-2-Clause
// tcp-attacks.test.ts: segments of somebody who does not see the connection. Each case is named after the section that it
// is of.
import { expect } from 'chai';
import { connection, happens, serve, useWire } from './wire.js';
import { sequence } from '../helpers/wire/bytes.js';
import { ethernet, etherTypes, ip4, protocols, tcp } from '../helpers/wire/packets.js';
import { TcpPeer } from '../helpers/wire/tcp-peer.js';

describe('conformance: TCP, attacks', function () {
  this.timeout(60_000);
  const wire = useWire();

  it('RFC 5961, 3.2: a reset with the right number ends the connection', async () => {
    const { peer, events } = await connection(wire());
    peer.send(['rst']);
    await happens(events, 'close');
    expect(events).to.include('ECONNRESET');
    expect(await peer.settle()).to.deep.equal([]);
  });

  it('RFC 5961, 3.2: one elsewhere in the window is challenged', async () => {
    const { peer, read } = await connection(wire());
    for (const off of [1, 1000, 30_000]) {
      peer.send(['rst'], { seq: peer.next + off });
      const [answer] = await peer.settle();
      expect(answer).to.deep.include({ flags: ['ack'], ack: peer.next, seq: peer.expected });
    }
    peer.data('alive');
    expect(await read(5)).to.equal('alive');
  });

  it('RFC 5961, 3.2: one outside of the window is dropped', async () => {
    const { peer, read } = await connection(wire());
    for (const off of [-1, -1000, 2_000_000, 0x8000_0000]) peer.send(['rst'], { seq: peer.next + off });
    expect(await peer.settle()).to.deep.equal([]);
    peer.data('alive');
    expect(await read(5)).to.equal('alive');
  });

  it('RFC 5961, 3.2: the real peer answers a challenge with a reset, which is taken', async () => {
    const { peer, events } = await connection(wire());
    peer.send(['rst'], { seq: peer.next + 100 });
    const [answer] = await peer.settle();
    peer.send(['rst'], { seq: answer?.ack ?? 0 });
    await happens(events, 'close');
  });

  it('RFC 5961, 4.2: a SYN in a connection is challenged, wherever it is', async () => {
    const { peer, read } = await connection(wire());
    for (const off of [-1, 0, 100, 5_000_000]) {
      peer.send(['syn'], { seq: peer.next + off });
      const [answer] = await peer.settle();
      expect(answer).to.deep.include({ flags: ['ack'], ack: peer.next, seq: peer.expected });
    }
    peer.data('alive');
    expect(await read(5)).to.equal('alive');
  });

  it('RFC 5961, 4.2: a peer that has started anew gets through', async () => {
    const { peer, events } = await connection(wire());
    const anew = new TcpPeer(peer.station, peer.kernelPort, { port: peer.port, first: 5 });
    anew.send(['syn']);
    const [answer] = await anew.settle();
    expect(answer?.flags).to.deep.equal(['ack']);
    anew.send(['rst'], { seq: answer?.ack ?? 0 });
    await happens(events, 'close');
    await anew.open();
  });

  it('RFC 5961, 5.2: data with an ACK of what was not sent is not taken', async () => {
    const { peer, text, read } = await connection(wire());
    for (const off of [1, 1_000_000, 0x7000_0000]) {
      peer.send(['ack', 'psh'], { ack: peer.expected + off, data: Buffer.from('forged') });
      const [answer] = await peer.settle();
      expect(answer).to.deep.include({ flags: ['ack'], ack: peer.next });
    }
    expect(text()).to.equal('');
    peer.data('alive');
    expect(await read(5)).to.equal('alive');
  });

  it('RFC 5961, 5.2: data with an ACK of long ago is not taken', async () => {
    const { peer, text } = await connection(wire());
    peer.send(['ack', 'psh'], { ack: peer.expected - 1_000_000, data: Buffer.from('forged') });
    const [answer] = await peer.settle();
    expect(answer).to.deep.include({ flags: ['ack'], ack: peer.next });
    expect(text()).to.equal('');
  });

  it('RFC 5961, 5.2: an ACK of a little while ago is fine', async () => {
    const { peer, socket, read } = await connection(wire());
    socket.write('abc');
    const { seq, data } = await peer.receive('data', (segment) => segment.data.length > 0);
    peer.data('late', { ack: seq });
    expect(await read(4)).to.equal('late');
    expect(data.toString()).to.equal('abc');
  });

  it('RFC 5961, 7: challenges are limited, for each connection by itself', async () => {
    const { peer } = await connection(wire());
    const other = await connection(wire());
    for (let count = 0; count < 500; count++) peer.send(['rst'], { seq: peer.next + 1 + count });
    // A second may end meanwhile.
    expect((await peer.settle()).length).to.be.within(1, 30);
    other.peer.send(['rst'], { seq: other.peer.next + 1 });
    expect(await other.peer.settle()).to.have.length(1);
  });

  it('RFC 9293, 3.10.7.4: a connection that comes up is not taken over by an ACK out of nowhere', async () => {
    const { kernel, station } = wire();
    let count = 0;
    const port = await serve(kernel, () => count++);
    const peer = new TcpPeer(station, port);
    peer.send(['syn']);
    const answer = await peer.receive('a SYN and ACK', ({ flags }) => flags.includes('syn'));
    peer.next = sequence(peer.next + 1);
    // The right ACK, but not the right place.
    peer.send(['ack'], { seq: peer.next + 5_000_000, ack: answer.seq + 1 });
    await peer.settle();
    // The right place, but not the right ACK.
    peer.send(['ack'], { ack: answer.seq + 77 });
    const [reset] = await peer.settle();
    expect(reset?.flags).to.include('rst');
    expect(reset?.seq).to.equal(sequence(answer.seq + 77));
    expect(count).to.equal(0);
  });

  it('RFC 1337, 3: a reset does not end TIME-WAIT', async () => {
    const { peer, socket } = await connection(wire());
    socket.end();
    await peer.receive('a FIN', ({ flags }) => flags.includes('fin'));
    peer.expected = sequence(peer.expected + 1);
    peer.send(['fin', 'ack']);
    peer.next = sequence(peer.next + 1);
    await peer.settle();
    peer.send(['rst']);
    peer.send(['rst'], { seq: peer.next - 1 });
    expect(await peer.settle()).to.deep.equal([]);
    // It is still there: the FIN again is acknowledged again.
    peer.send(['fin', 'ack'], { seq: peer.next - 1 });
    expect(await peer.settle()).to.have.length(1);
  });

  it('RFC 9293, 3.10.7.4: all flags at once, and none, are nothing (nmap, 9.3)', async () => {
    const { peer, read } = await connection(wire());
    peer.send(['fin', 'syn', 'rst', 'psh', 'ack', 'urg'], { seq: peer.next - 5 });
    peer.send(['fin', 'psh', 'urg']);
    peer.send([]);
    await peer.settle();
    peer.data('alive');
    expect(await read(5)).to.equal('alive');
  });

  it('RFC 1122, 3.2.1.3: a SYN that comes from its own address (LAND) is dropped', async () => {
    const { kernel, station } = wire();
    let count = 0;
    const port = await serve(kernel, () => count++);
    const own = station.kernel.ip4;
    const syn = tcp(own, own, { sourcePort: port, targetPort: port, seq: 1, flags: ['syn'] });
    station.send(
      ethernet(station.kernel.mac, station.addresses.mac, etherTypes.ip4, ip4(own, own, protocols.tcp, syn)),
    );
    expect((await station.settle()).filter(({ segment }) => segment !== undefined)).to.deep.equal([]);
    expect(count).to.equal(0);
  });

  it('RFC 1122, 4.2.3.10: a SYN to a broadcast address is dropped', async () => {
    const { kernel, station } = wire();
    const port = await serve(kernel, () => undefined);
    const { mac, ip4: own } = station.addresses;
    for (const target of ['10.0.0.255', '255.255.255.255']) {
      const syn = tcp(own, target, { sourcePort: 9, targetPort: port, seq: 1, flags: ['syn'] });
      station.send(ethernet('ff:ff:ff:ff:ff:ff', mac, etherTypes.ip4, ip4(own, target, protocols.tcp, syn)));
    }
    expect((await station.settle()).filter(({ segment }) => segment !== undefined)).to.deep.equal([]);
  });
});
