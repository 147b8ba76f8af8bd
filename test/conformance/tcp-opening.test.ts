// SPDX-License-Identifier: BSD-2-Clause
// tcp-opening.test.ts: how connections of TCP begin. Each case is named after the section that it is of.
import { expect } from 'chai';
import { follow, happens, serve, useWire, called, connection } from './wire.js';
import { TcpPeer } from '../helpers/wire/tcp-peer.js';
import { sequence } from '../helpers/wire/bytes.js';
import { tcpOptions } from '../helpers/wire/packets.js';

describe('conformance: TCP, opening', function () {
  this.timeout(60_000);
  const wire = useWire();

  it('RFC 9293, 3.5: three segments make a connection', async () => {
    const { peer, events } = await connection(wire());
    expect(await peer.settle()).to.deep.equal([]);
    expect(events).to.deep.equal([]);
  });

  it('RFC 9293, 3.5: on IPv6, too', async () => {
    const { peer, read } = await connection(wire(), { version: 6 });
    peer.data('six');
    expect(await read(3)).to.equal('six');
  });

  it('RFC 9293, 3.5: as the one that opens', async () => {
    const { peer, read } = await called(wire());
    peer.data('hello');
    expect(await read(5)).to.equal('hello');
  });

  it('RFC 9293, 3.5: both open at the same time (MUST-10)', async () => {
    const { kernel, station } = wire();
    const port = 2900;
    const socket = kernel.net.connect(port, station.addresses.ip4);
    const notes = follow(socket);
    const syn = await station.next(({ segment }) => segment?.targetPort === port, 'a SYN');
    const peer = new TcpPeer(station, syn.segment?.sourcePort ?? 0, { port });
    peer.send(['syn'], { options: tcpOptions.mss(1460) });
    const answer = await peer.receive(
      'a SYN and ACK',
      ({ flags }) => flags.includes('syn') && flags.includes('ack'),
    );
    expect(answer.seq).to.equal(syn.segment?.seq);
    expect(answer.ack).to.equal(sequence(peer.next + 1));
    peer.expected = sequence(answer.seq + 1);
    peer.send(['syn', 'ack'], { options: tcpOptions.mss(1460) });
    peer.next = sequence(peer.next + 1);
    await new Promise((resolve) => socket.once('connect', resolve));
    peer.data('both');
    expect(await notes.read(4)).to.equal('both');
  });

  it('RFC 9293, 3.5: both open, and the ACK alone comes back', async () => {
    const { kernel, station } = wire();
    const port = 2901;
    const socket = kernel.net.connect(port, station.addresses.ip4);
    const notes = follow(socket);
    const syn = await station.next(({ segment }) => segment?.targetPort === port, 'a SYN');
    const peer = new TcpPeer(station, syn.segment?.sourcePort ?? 0, { port });
    peer.send(['syn'], { options: tcpOptions.mss(1460) });
    const answer = await peer.receive(
      'a SYN and ACK',
      ({ flags }) => flags.includes('syn') && flags.includes('ack'),
    );
    peer.expected = sequence(answer.seq + 1);
    peer.next = sequence(peer.next + 1);
    peer.acknowledge();
    await new Promise((resolve) => socket.once('connect', resolve));
    peer.data('both');
    expect(await notes.read(4)).to.equal('both');
  });

  it('RFC 9293, 3.10.7.2: a port where nobody listens answers with a reset', async () => {
    const peer = new TcpPeer(wire().station, 2999);
    peer.send(['syn']);
    const [reset] = await peer.settle();
    expect(reset).to.deep.include({ flags: ['rst', 'ack'], seq: 0, ack: sequence(peer.next + 1) });
  });

  it('RFC 9293, 3.10.7.1: a reset to a closed port is not answered', async () => {
    const peer = new TcpPeer(wire().station, 2999);
    peer.send(['rst']);
    peer.send(['rst', 'ack'], { ack: 77 });
    expect(await peer.settle()).to.deep.equal([]);
  });

  it('RFC 9293, 3.10.7.2: an ACK to a listening port is answered with a reset of its number', async () => {
    const port = await serve(wire().kernel, () => undefined);
    const peer = new TcpPeer(wire().station, port);
    peer.send(['ack'], { ack: 12_345 });
    const [reset] = await peer.settle();
    expect(reset?.seq).to.equal(12_345);
    expect(reset?.flags).to.include('rst');
  });

  it('RFC 9293, 3.10.7.2: a reset to a listening port is ignored', async () => {
    const port = await serve(wire().kernel, () => undefined);
    const peer = new TcpPeer(wire().station, port);
    peer.send(['rst']);
    expect(await peer.settle()).to.deep.equal([]);
    await peer.open();
  });

  it('RFC 9293, 3.10.7.3: a wrong ACK for a SYN is answered with a reset', async () => {
    const { kernel, station } = wire();
    const port = 2902;
    const notes = follow(kernel.net.connect(port, station.addresses.ip4));
    const syn = await station.next(({ segment }) => segment?.targetPort === port, 'a SYN');
    const peer = new TcpPeer(station, syn.segment?.sourcePort ?? 0, { port });
    const wrong = sequence((syn.segment?.seq ?? 0) + 1000);
    peer.send(['syn', 'ack'], { ack: wrong });
    const answers = await peer.settle();
    expect(answers[0]).to.deep.include({ seq: wrong });
    expect(answers[0]?.flags).to.include('rst');
    expect(notes.events).to.deep.equal([]);
  });

  it('RFC 9293, 3.10.7.3: a reset of our SYN refuses the connection', async () => {
    const { kernel, station } = wire();
    const port = 2903;
    const notes = follow(kernel.net.connect(port, station.addresses.ip4));
    const syn = await station.next(({ segment }) => segment?.targetPort === port, 'a SYN');
    const peer = new TcpPeer(station, syn.segment?.sourcePort ?? 0, { port });
    peer.send(['rst', 'ack'], { seq: 0, ack: sequence((syn.segment?.seq ?? 0) + 1) });
    await happens(notes.events, 'close');
    expect(notes.events).to.include('ECONNREFUSED');
  });

  it('RFC 9293, 3.10.7.3: a reset without an ACK does not refuse it', async () => {
    const { kernel, station } = wire();
    const port = 2904;
    const notes = follow(kernel.net.connect(port, station.addresses.ip4));
    const syn = await station.next(({ segment }) => segment?.targetPort === port, 'a SYN');
    const peer = new TcpPeer(station, syn.segment?.sourcePort ?? 0, { port });
    // The field of the ACK has the right number, but the flag is not set.
    peer.send(['rst'], { seq: 0, ack: sequence((syn.segment?.seq ?? 0) + 1) });
    await peer.settle();
    peer.expected = sequence((syn.segment?.seq ?? 0) + 1);
    peer.send(['syn', 'ack'], { options: tcpOptions.mss(1460) });
    peer.next = sequence(peer.next + 1);
    peer.data('on');
    expect(await notes.read(2)).to.equal('on');
    expect(notes.events).to.deep.equal([]);
  });

  it('RFC 9293, 3.7.1: a SYN tells the largest segment (MUST-14), from the MTU', async () => {
    const { station, kernel } = wire();
    const port = await serve(kernel, () => undefined);
    const peer = new TcpPeer(station, port);
    const answer = await peer.open();
    expect(answer.options.get(2)).to.deep.equal(Buffer.from([1460 >> 8, 1460 & 255]));
  });

  it('RFC 9293, 3.7.1: without the option segments have 536 bytes at most (MUST-15)', async () => {
    const { peer, socket } = await connection(wire(), { options: Buffer.alloc(0) });
    socket.write(Buffer.alloc(2000));
    const { data } = await peer.receive('data', (segment) => segment.data.length > 0);
    expect(data.length).to.equal(536);
  });

  it('RFC 9293, 3.7.1: a largest segment of 0 or 1 byte does not make the connection useless', async () => {
    for (const mss of [0, 1]) {
      const { peer, socket } = await connection(wire(), { options: tcpOptions.mss(mss) });
      socket.write(Buffer.alloc(2000));
      const { data } = await peer.receive('data', (segment) => segment.data.length > 0);
      expect(data.length).to.be.within(64, 1460);
    }
  });

  it('RFC 9293, 3.2: the option is one of SYNs only', async () => {
    const { peer, socket } = await connection(wire());
    peer.acknowledge({ options: tcpOptions.mss(100) });
    await peer.settle();
    socket.write(Buffer.alloc(3000));
    const { data } = await peer.receive('data', (segment) => segment.data.length > 0);
    expect(data.length).to.equal(1460);
  });

  it('RFC 9293, 3.1: malformed options are not read past, and do not keep the connection from being made (MUST-7)', async () => {
    const malformed = [
      Buffer.from([2, 0, 5, 180]),
      Buffer.from([2, 1, 5, 180]),
      Buffer.from([2, 200, 5, 180]),
      Buffer.from([1, 1, 1, 2]),
      Buffer.from([3, 1, 1, 1]),
      Buffer.from([1, 1, 3, 3]),
      Buffer.from([254, 0, 1, 1]),
      Buffer.from([254, 255, 1, 1]),
      Buffer.from([8, 10, 0, 0]),
      Buffer.alloc(40, 0xff),
      Buffer.from([0, 255, 255, 255]),
    ];
    for (const options of malformed) {
      const { peer, read } = await connection(wire(), { options });
      peer.data('alive');
      expect(await read(5)).to.equal('alive');
    }
  });

  it('RFC 7323, 2.2: windows are scaled if both say so, and 14 is the most', async () => {
    const options = Buffer.concat([tcpOptions.mss(1460), tcpOptions.windowScale(255)]);
    const { peer, socket } = await connection(wire(), { options, window: 4 });
    // 4 << 14 bytes, however large the number in the option.
    socket.write(Buffer.alloc(200_000));
    let got = 0;
    while (got < 50_000) got += (await peer.takeData(1)).length;
    expect(got).to.be.at.least(50_000);
  });

  it('RFC 7323, 2.2: the window of a SYN itself is not scaled', async () => {
    const options = Buffer.concat([tcpOptions.mss(1460), tcpOptions.windowScale(7)]);
    const { kernel, station } = wire();
    const port = await serve(kernel, (socket) => void socket.write(Buffer.alloc(10_000)));
    const peer = new TcpPeer(station, port);
    peer.send(['syn'], { options, window: 500 });
    const answer = await peer.receive('a SYN and ACK', ({ flags }) => flags.includes('syn'));
    expect(answer.options.get(3)?.length).to.equal(1);
    expect(answer.window).to.be.greaterThan(30_000);
  });

  it('RFC 7323, 2.2: without the option windows are as they are', async () => {
    const { peer, socket } = await connection(wire(), { window: 1000 });
    socket.write(Buffer.alloc(5000));
    const segments = await peer.settle();
    expect(segments.reduce((sum, { data }) => sum + data.length, 0)).to.be.at.most(1000);
    expect(
      (await peer.receive('data', ({ data }) => data.length > 0, 5000).catch(() => undefined))?.options.get(
        3,
      ),
    ).to.equal(undefined);
  });

  it('RFC 6528, 3: first sequence numbers of like connections have nothing in common', async () => {
    const { kernel, station } = wire();
    const port = await serve(kernel, () => undefined);
    const numbers: number[] = [];
    for (let count = 0; count < 8; count++) numbers.push((await new TcpPeer(station, port).open()).seq);
    const steps = numbers.slice(1).map((value, index) => Math.abs(value - (numbers[index] ?? 0)));
    expect(Math.max(...steps)).to.be.greaterThan(1_000_000);
  });

  it('RFC 9293, 3.8.1: a SYN that is not answered is sent again, later each time', async () => {
    const { kernel, station } = wire();
    const port = 2905;
    const socket = kernel.net.connect(port, station.addresses.ip4);
    const isSyn = ({ segment }: { segment: { targetPort: number } | undefined }): boolean =>
      segment?.targetPort === port;
    const times: number[] = [];
    for (let count = 0; count < 3; count++) {
      await station.next(isSyn, 'a SYN', 20_000);
      times.push(Date.now());
    }
    socket.on('error', () => undefined).destroy();
    const [first = 0, second = 0, third = 0] = times;
    expect(third - second).to.be.greaterThan((second - first) * 1.2);
  });
});
