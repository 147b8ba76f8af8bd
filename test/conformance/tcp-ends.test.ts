// SPDX-License-Identifier: BSD-2-Clause
// tcp-ends.test.ts: how connections of TCP end, and what TCP does when nothing comes back. Each case is named after the
// section that it is of.
import { expect } from 'chai';
import { connection, happens, serve, useWire, type Connection } from './wire.js';
import { sequence } from '../helpers/wire/bytes.js';
import { TcpPeer } from '../helpers/wire/tcp-peer.js';

const hasFin = ({ flags }: { flags: readonly string[] }): boolean => flags.includes('fin');

describe('conformance: TCP, ends and timers', function () {
  this.timeout(60_000);
  const wire = useWire();

  /** The kernel ends first, and is in TIME-WAIT. */
  async function waiting(): Promise<Connection> {
    const made = await connection(wire());
    const { peer, socket } = made;
    socket.end();
    await peer.receive('a FIN', hasFin);
    peer.expected = sequence(peer.expected + 1);
    peer.send(['fin', 'ack']);
    peer.next = sequence(peer.next + 1);
    await peer.receive('the ACK of a FIN', ({ ack }) => ack === peer.next);
    return made;
  }

  it('RFC 9293, 3.6: one end, then the other', async () => {
    const { peer, socket, events, read } = await connection(wire());
    peer.send(['fin', 'ack'], { data: Buffer.from('bye') });
    peer.next = sequence(peer.next + 4);
    expect((await peer.receive('an ACK', ({ ack }) => ack === peer.next)).flags).to.not.include('fin');
    expect(await read(3)).to.equal('bye');
    await happens(events, 'end');
    socket.write('still here');
    peer.expected = sequence(
      peer.expected + (await peer.receive('data', ({ data }) => data.length > 0)).data.length,
    );
    socket.end();
    await peer.receive('a FIN', hasFin);
    peer.expected = sequence(peer.expected + 1);
    peer.acknowledge();
    await happens(events, 'close');
    // Nothing is left of it: what comes now is answered with a reset.
    peer.acknowledge();
    expect((await peer.settle())[0]?.flags).to.include('rst');
  });

  it('RFC 9293, 3.6: both ends at the same time', async () => {
    const { peer, socket, events } = await connection(wire());
    socket.end();
    const fin = await peer.receive('a FIN', hasFin);
    // Sent before that FIN was seen: it acknowledges nothing of it.
    peer.send(['fin', 'ack']);
    peer.next = sequence(peer.next + 1);
    await peer.receive('the ACK of a FIN', ({ ack }) => ack === peer.next);
    peer.expected = sequence(fin.seq + 1);
    peer.acknowledge();
    await happens(events, 'close');
    // In TIME-WAIT: the FIN again is acknowledged.
    peer.send(['fin', 'ack'], { seq: peer.next - 1 });
    expect((await peer.settle())[0]).to.deep.include({ ack: peer.next });
  });

  it('RFC 9293, 3.6: a FIN out of order counts once everything before it is there', async () => {
    const { peer, read, events } = await connection(wire());
    peer.send(['fin', 'ack'], { seq: peer.next + 5, data: Buffer.from('world') });
    await peer.settle();
    expect(events).to.deep.equal([]);
    peer.send(['ack'], { data: Buffer.from('hello') });
    expect(await read(10)).to.equal('helloworld');
    await happens(events, 'end');
  });

  it('RFC 9293, 3.10.7.4: what comes after a FIN is not taken', async () => {
    const { peer, text, events } = await connection(wire());
    peer.send(['fin', 'ack']);
    peer.next = sequence(peer.next + 1);
    await happens(events, 'end');
    peer.data('more');
    await peer.settle();
    expect(text()).to.equal('');
  });

  it('RFC 9293, 3.6.1: a FIN again in TIME-WAIT is acknowledged again', async () => {
    const { peer } = await waiting();
    for (let count = 0; count < 3; count++) {
      peer.send(['fin', 'ack'], { seq: peer.next - 1 });
      expect((await peer.settle())[0]).to.deep.include({ ack: peer.next, seq: peer.expected });
    }
  });

  it('RFC 9293, 3.6.1: a SYN beyond the old numbers opens anew out of TIME-WAIT (MAY-2)', async () => {
    const { peer } = await waiting();
    const anew = new TcpPeer(peer.station, peer.kernelPort, {
      port: peer.port,
      first: sequence(peer.next + 100_000),
    });
    const answer = await anew.open();
    expect(sequence(answer.seq - peer.expected)).to.be.lessThan(0x8000_0000);
  });

  it('RFC 5961, 4.2: a SYN of old numbers in TIME-WAIT is challenged', async () => {
    const { peer } = await waiting();
    peer.send(['syn'], { seq: peer.next - 100_000 });
    expect((await peer.settle())[0]).to.deep.include({ flags: ['ack'], ack: peer.next });
  });

  it('RFC 2525, 2.17: a program that closes with bytes unread resets', async () => {
    const { peer, socket } = await connection(wire());
    socket.pause();
    // More than a stream reads ahead: two windows.
    for (let count = 0; count < 80; count++) {
      peer.data(Buffer.alloc(1460));
      if (count === 40) await peer.settle();
    }
    await peer.settle();
    socket.destroy();
    expect((await peer.receive('a reset', ({ flags }) => flags.includes('rst'))).seq).to.equal(peer.expected);
  });

  it('RFC 9293, 3.6: data after both directions were closed is reset', async () => {
    const { peer, socket, events } = await connection(wire());
    socket.destroy();
    await peer.receive('a FIN', hasFin);
    peer.expected = sequence(peer.expected + 1);
    peer.data('too late');
    expect((await peer.receive('a reset', ({ flags }) => flags.includes('rst'))).flags).to.include('rst');
    expect(events).to.include('close');
  });

  it('RFC 6298, 5.5: what is not acknowledged is sent again, later each time', async () => {
    const { peer, socket } = await connection(wire());
    socket.write('again and again');
    const times: number[] = [];
    let first = 0;
    for (let count = 0; count < 4; count++) {
      const { seq } = await peer.receive('data', ({ data }) => data.length > 0, 20_000);
      if (count === 0) first = seq;
      expect(seq).to.equal(first);
      times.push(Date.now());
    }
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(gaps[2]).to.be.greaterThan((gaps[0] ?? 0) * 1.5);
  });

  it('RFC 6298, 2.4: it is not sent again in less than a fifth of a second', async () => {
    const { peer, socket } = await connection(wire());
    // Round trips of nothing: what is computed from them is less than any timer has.
    for (let count = 0; count < 20; count++) {
      socket.write('x');
      await peer.takeData(1);
    }
    socket.write('y');
    await peer.receive('data', ({ data }) => data.length > 0);
    const start = Date.now();
    await peer.receive('data', ({ data }) => data.length > 0);
    expect(Date.now() - start).to.be.at.least(195);
  });

  it('RFC 5681, 3.2: three duplicate ACKs bring the missing segment before any timer', async () => {
    const { peer, socket } = await connection(wire());
    socket.write(Buffer.alloc(14_600));
    await peer.receive('data', ({ data }) => data.length > 0);
    await peer.settle();
    for (let count = 0; count < 3; count++) peer.acknowledge();
    const sent = (await peer.settle()).filter(({ data }) => data.length > 0);
    expect(sent.map(({ seq }) => seq)).to.include(peer.expected);
  });

  it('RFC 5681, 3.1: a connection begins with a few segments, and grows', async () => {
    const { peer, socket } = await connection(wire());
    socket.write(Buffer.alloc(200_000));
    const first = await peer.receive('data', ({ data }) => data.length > 0);
    const burst = [first, ...(await peer.settle())].filter(({ data }) => data.length > 0);
    expect(burst.length).to.be.within(2, 10);
    for (const { data } of burst) peer.expected = sequence(peer.expected + data.length);
    peer.acknowledge();
    const next = (await peer.settle()).filter(({ data }) => data.length > 0);
    expect(next.length).to.be.greaterThan(burst.length);
  });

  it('RFC 9293, 3.8.4: a connection at rest is probed if the program wants it (MUST-24, MUST-25)', async () => {
    const { peer, socket } = await connection(wire());
    socket.setKeepAlive(true, 1000);
    const probe = await peer.receive('a probe', () => true, 20_000);
    expect(probe.seq).to.equal(sequence(peer.expected - 1));
    peer.acknowledge();
    const again = await peer.receive('a probe', () => true, 20_000);
    expect(again.seq).to.equal(sequence(peer.expected - 1));
  });

  it('RFC 9293, 3.8.4: a probe of the peer is answered, and gives nothing', async () => {
    const { peer, text } = await connection(wire());
    for (const data of [Buffer.alloc(0), Buffer.from('k')]) {
      peer.send(['ack'], { seq: peer.next - 1, data });
      expect((await peer.settle())[0]).to.deep.include({ ack: peer.next, seq: peer.expected });
    }
    expect(text()).to.equal('');
  });

  it('RFC 9293, 3.8.3: a SYN again, while it comes up, is answered again', async () => {
    const port = await serve(wire().kernel, () => undefined);
    const peer = new TcpPeer(wire().station, port);
    peer.send(['syn']);
    const first = await peer.receive('a SYN and ACK');
    peer.send(['syn']);
    const second = await peer.receive('a SYN and ACK again');
    expect(second).to.deep.include({ seq: first.seq, ack: first.ack, flags: first.flags });
  });
});
