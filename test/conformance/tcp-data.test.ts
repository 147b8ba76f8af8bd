// SPDX-License-Identifier: BSD-2-Clause
// tcp-data.test.ts: how TCP moves bytes. Each case is named after the section that it is of.
import { expect } from 'chai';
import { connection, useWire, type Connection } from './wire.js';
import { sequence } from '../helpers/wire/bytes.js';
import { tcpOptions } from '../helpers/wire/packets.js';

const withSack = Buffer.concat([tcpOptions.mss(1460), tcpOptions.sackPermitted]);

/** The blocks of a SACK option, from a number on. */
function blocks(option: Buffer | undefined, from: number): number[][] {
  if (option === undefined) return [];
  return Array.from({ length: option.length / 8 }, (_, index) => [
    sequence(option.readUInt32BE(index * 8) - from),
    sequence(option.readUInt32BE(index * 8 + 4) - from),
  ]);
}

describe('conformance: TCP, data', function () {
  this.timeout(60_000);
  const wire = useWire();

  it('RFC 9293, 3.4: bytes come in their order', async () => {
    const { peer, read } = await connection(wire());
    for (const text of ['one', 'two', 'three']) peer.data(text);
    expect(await read(11)).to.equal('onetwothree');
  });

  it('RFC 9293, 3.10.7.4: segments out of order are put in order (SHLD-31)', async () => {
    const { peer, read, text } = await connection(wire());
    const start = peer.next;
    for (const [at, data] of [
      [6, 'c-'],
      [2, 'a-'],
      [8, 'd'],
      [4, 'b-'],
    ] as const)
      peer.send(['ack'], { seq: start + at, data: Buffer.from(data) });
    await peer.settle();
    expect(text()).to.equal('');
    peer.send(['ack'], { seq: start, data: Buffer.from('0-') });
    expect(await read(9)).to.equal('0-a-b-c-d');
  });

  it('RFC 9293, 3.10.7.4: overlapping segments give each byte once', async () => {
    const { peer, read } = await connection(wire());
    const start = peer.next;
    const bytes = Buffer.from('abcdefghijklmnopqrstuvwxyz');
    const pieces = [
      [10, 16],
      [4, 12],
      [14, 20],
      [8, 18],
      [18, 26],
      [2, 6],
      [0, 26],
    ] as const;
    for (const [from, to] of pieces)
      peer.send(['ack'], { seq: start + from, data: bytes.subarray(from, to) });
    expect(await read(26)).to.equal(bytes.toString());
    const [last] = (await peer.settle()).slice(-1);
    expect(sequence((last?.ack ?? 0) - start)).to.equal(26);
  });

  it('RFC 9293, 3.10.7.4: what was received already is not received again', async () => {
    const { peer, read, text } = await connection(wire());
    const start = peer.next;
    peer.data('hello');
    await read(5);
    peer.send(['ack'], { seq: start, data: Buffer.from('HELLO') });
    peer.send(['ack'], { seq: start + 2, data: Buffer.from('LLO, you') });
    expect(await read(10)).to.equal('hello, you');
    await peer.settle();
    expect(text()).to.equal('hello, you');
  });

  it('RFC 9293, 3.8.6: bytes beyond the window are not taken', async () => {
    const { peer, text } = await connection(wire());
    const start = peer.next;
    peer.send(['ack'], { seq: start + 2_000_000, data: Buffer.from('far away') });
    const answers = await peer.settle();
    expect(answers.map(({ ack }) => sequence(ack - start))).to.deep.equal([0]);
    expect(text()).to.equal('');
  });

  it('RFC 9293, 3.10.7.4: the ACK of a segment beyond the window is not taken either', async () => {
    const { peer, socket } = await connection(wire());
    socket.write('unacknowledged');
    const sent = await peer.receive('data', ({ data }) => data.length > 0);
    peer.acknowledge({ seq: peer.next + 2_000_000, ack: sent.seq + sent.data.length });
    await peer.settle();
    // It is sent again, as nobody has it.
    const again = await peer.receive('data again', ({ data }) => data.length > 0);
    expect(again.seq).to.equal(sent.seq);
  });

  it('RFC 9293, 3.10.7.4: data without an ACK is not taken', async () => {
    const { peer, read, text } = await connection(wire());
    peer.send(['psh'], { data: Buffer.from('no ack') });
    await peer.settle();
    expect(text()).to.equal('');
    peer.data('fine');
    expect(await read(4)).to.equal('fine');
  });

  it('RFC 9293, 3.8.6.3: an ACK comes at every second full segment at least', async () => {
    const { peer } = await connection(wire());
    for (let count = 0; count < 10; count++) peer.data(Buffer.alloc(1460, count));
    const acks = (await peer.settle()).filter(({ data }) => data.length === 0);
    expect(acks.length).to.be.at.least(5);
  });

  it('RFC 9293, 3.8.6.3: a single segment is acknowledged within half a second (MUST-59)', async () => {
    const { peer } = await connection(wire());
    peer.data('x');
    const { ack } = await peer.receive('an ACK', () => true, 10_000);
    expect(ack).to.equal(peer.next);
  });

  it('RFC 5681, 4.2: a gap is told of at once, and its end, too', async () => {
    const { peer } = await connection(wire());
    const start = peer.next;
    peer.send(['ack'], { seq: start + 100, data: Buffer.alloc(100) });
    const first = await peer.settle();
    expect(first.map(({ ack }) => sequence(ack - start))).to.deep.equal([0]);
    peer.send(['ack'], { seq: start, data: Buffer.alloc(100) });
    const second = await peer.settle();
    expect(second.map(({ ack }) => sequence(ack - start))).to.deep.equal([200]);
  });

  it('RFC 2018, 3: what lies beyond a gap is told of, the newest first', async () => {
    const { peer } = await connection(wire(), { options: withSack });
    const start = peer.next;
    const told: number[][][] = [];
    for (const at of [1000, 3000, 5000]) {
      peer.send(['ack'], { seq: start + at, data: Buffer.alloc(1000) });
      for (const { options } of await peer.settle()) told.push(blocks(options.get(5), start));
    }
    expect(told).to.deep.equal([
      [[1000, 2000]],
      [
        [3000, 4000],
        [1000, 2000],
      ],
      [
        [5000, 6000],
        [3000, 4000],
        [1000, 2000],
      ],
    ]);
  });

  it('RFC 2018, 4: blocks that meet become one, and go once they are acknowledged', async () => {
    const { peer } = await connection(wire(), { options: withSack });
    const start = peer.next;
    peer.send(['ack'], { seq: start + 1000, data: Buffer.alloc(1000) });
    peer.send(['ack'], { seq: start + 2000, data: Buffer.alloc(1000) });
    const [, second] = await peer.settle();
    expect(blocks(second?.options.get(5), start)).to.deep.equal([[1000, 3000]]);
    peer.send(['ack'], { seq: start, data: Buffer.alloc(1000) });
    const last = await peer.receive('an ACK', ({ ack }) => ack !== start);
    expect(sequence(last.ack - start)).to.equal(3000);
    expect(last.options.get(5)).to.equal(undefined);
  });

  it('RFC 2018, 2: nothing of it without the option in the SYN', async () => {
    const { peer } = await connection(wire());
    peer.send(['ack'], { seq: peer.next + 1000, data: Buffer.alloc(1000) });
    for (const { options } of await peer.settle()) expect(options.get(5)).to.equal(undefined);
  });

  it('RFC 9293, 3.8.5: urgent bytes stay in the stream', async () => {
    // The stack knows of no urgent pointer: its bytes are bytes as others, as with SO_OOBINLINE.
    const { peer, read } = await connection(wire());
    peer.data('calm');
    peer.data('urgent', { flags: ['ack', 'urg'], urgent: 6 });
    peer.data('calm', { flags: ['ack', 'urg'], urgent: 0 });
    expect(await read(14)).to.equal('calmurgentcalm');
  });

  it('RFC 9293, 3.1: a wrong checksum makes a segment nothing (MUST-3)', async () => {
    const { peer, text, read } = await connection(wire());
    peer.send(['ack', 'psh'], { data: Buffer.from('wrong'), wrong: 1 });
    expect(await peer.settle()).to.deep.equal([]);
    expect(text()).to.equal('');
    peer.data('right');
    expect(await read(5)).to.equal('right');
  });

  it('RFC 9293, 3.1: own checksums are right (MUST-2)', async () => {
    const { peer, socket } = await connection(wire());
    socket.write('odd');
    expect(await peer.receive('data', ({ data }) => data.length === 3)).to.deep.include({ isSumRight: true });
  });

  it('RFC 9293, 3.1: headers shorter than 20 bytes, and longer than the segment, are dropped', async () => {
    const { peer, events } = await connection(wire());
    for (const headerWords of [0, 4, 15]) peer.send(['ack', 'rst'], { headerWords });
    expect(await peer.settle()).to.deep.equal([]);
    expect(events).to.deep.equal([]);
  });

  describe('windows', () => {
    /** Fills the kernel's window: nobody reads there. */
    async function filled(): Promise<Connection> {
      const made = await connection(wire());
      made.socket.pause();
      let left = 1_000_000;
      while (left > 0) {
        for (let count = 0; count < 20 && left > 0; count++, left -= 1460) made.peer.data(Buffer.alloc(1460));
        const [last] = (await made.peer.settle()).slice(-1);
        if (last === undefined) continue;
        made.peer.next = last.ack;
        if (last.window === 0) return made;
      }
      throw new Error('the window does not close');
    }

    it('RFC 9293, 3.8.6: one that is closed takes nothing, and answers probes (MUST-44)', async () => {
      const { peer } = await filled();
      for (let count = 0; count < 3; count++) {
        peer.send(['ack'], { data: Buffer.from('p') });
        const [answer] = await peer.settle();
        expect(answer).to.deep.include({ ack: peer.next, window: 0 });
      }
    });

    it('RFC 9293, 3.8.6: it opens as the program reads, and says so', async () => {
      const { peer, socket } = await filled();
      socket.resume();
      const { window } = await peer.receive('an open window', (segment) => segment.window > 0);
      expect(window).to.be.at.least(1460);
    });

    it('RFC 9293, 3.10.7.4: with a window of nothing ACKs and resets are taken (MUST-66)', async () => {
      const { peer, socket, events } = await filled();
      socket.write('still sends');
      const { seq, data } = await peer.receive('data', (segment) => segment.data.length > 0);
      peer.expected = sequence(seq + data.length);
      peer.acknowledge();
      await peer.settle();
      peer.send(['rst'], {});
      await peer.settle();
      socket.resume();
      while (!events.includes('close')) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(events).to.include('ECONNRESET');
    });

    it('RFC 9293, 3.8.6.1: a window of nothing is probed, later each time (MUST-36, SHLD-30)', async () => {
      const { peer, socket } = await connection(wire(), { window: 0 });
      socket.write(Buffer.alloc(100));
      const times: number[] = [];
      for (let count = 0; count < 3; count++) {
        const { data } = await peer.receive('a probe', (segment) => segment.data.length > 0, 20_000);
        expect(data.length).to.equal(1);
        times.push(Date.now());
        peer.acknowledge();
      }
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(gaps[1]).to.be.greaterThan(gaps[0] ?? 0);
      peer.window = 1000;
      peer.acknowledge();
      let got = 0;
      while (got < 100) {
        const segment = await peer.receive('data', ({ data }) => data.length > 0);
        got = sequence(segment.seq + segment.data.length - peer.expected);
      }
    });

    it('RFC 9293, 3.8.6: the peer may shrink its window (MUST-34)', async () => {
      const { peer, socket } = await connection(wire(), { window: 2920 });
      socket.write(Buffer.alloc(20_000, 's'));
      await peer.receive('data', ({ data }) => data.length > 0);
      await peer.settle();
      peer.window = 500;
      peer.expected = sequence(peer.expected + 1460);
      peer.acknowledge();
      for (const { seq, data } of await peer.settle())
        expect(sequence(seq + data.length - peer.expected)).to.be.at.most(1460);
      peer.window = 60_000;
      peer.acknowledge();
      expect((await peer.takeData(10_000)).every((byte) => byte === 0x73)).to.equal(true);
    });

    it('RFC 9293, 3.8.6.2.1: small pieces wait while others are under way (SHLD-7)', async () => {
      const { peer, socket } = await connection(wire());
      socket.setNoDelay(false);
      for (const text of ['a', 'b', 'c', 'd']) {
        socket.write(text);
        await new Promise((resolve) => setImmediate(resolve));
      }
      const sent = (await peer.settle()).filter(({ data }) => data.length > 0);
      expect(sent.map(({ data }) => data.toString())).to.deep.equal(['a']);
      peer.expected = sequence(peer.expected + 1);
      peer.acknowledge();
      expect((await peer.receive('the rest', ({ data }) => data.length > 0)).data.toString()).to.equal('bcd');
    });
  });
});
