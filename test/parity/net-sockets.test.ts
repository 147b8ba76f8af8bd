// SPDX-License-Identifier: BSD-2-Clause
// net-sockets.test.ts: connections as programs use them.
import { expect } from 'chai';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import type { KernelNet } from '../../ts/kernel/index.js';
import { describeNetworks, errorOf, listenOn, makePair, textOf } from './net-subjects.js';

const later = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describeNetworks('sockets', (getNet) => {
  let net: KernelNet;
  before(() => {
    net = getNet();
  });

  it('echo what is sent, in every form of writing', async () => {
    const { client, server, end } = await makePair(net);
    server.pipe(server);
    client.write('text ');
    client.write('6865782e', 'hex');
    client.write(Buffer.from(' buffer '));
    client.cork();
    for (const word of ['corked', ' ', 'words', '']) client.write(word);
    client.uncork();
    client.end(' end', 'utf8');
    expect(await textOf(client)).to.equal('text hex. buffer corked words end');
    await end();
  });

  it('tell their addresses and states', async () => {
    const listener = net.createServer();
    const port = await listenOn(listener);
    expect(listener.listening).to.equal(true);
    expect(listener.address()).to.deep.equal({ address: '127.0.0.1', family: 'IPv4', port });
    const client = new net.Socket();
    expect([client.readyState, client.pending, client.connecting, client.remoteAddress]).to.deep.equal([
      'open',
      true,
      false,
      undefined,
    ]);
    expect(client.address()).to.deep.equal({});
    const accepted = once(listener, 'connection') as Promise<[Socket]>;
    expect(client.connect(port, '127.0.0.1')).to.equal(client);
    expect([client.readyState, client.pending, client.connecting]).to.deep.equal(['opening', true, true]);
    await once(client, 'ready');
    expect([client.readyState, client.pending, client.connecting]).to.deep.equal(['open', false, false]);
    const [server] = await accepted;
    expect([client.remoteAddress, client.remotePort, client.remoteFamily]).to.deep.equal([
      '127.0.0.1',
      port,
      'IPv4',
    ]);
    expect([server.remoteAddress, server.remotePort, server.remoteFamily]).to.deep.equal([
      client.localAddress,
      client.localPort,
      client.localFamily,
    ]);
    expect((client.address() as AddressInfo).port).to.equal(client.localPort);
    client.end();
    expect(client.readyState).to.equal('readOnly');
    server.resume();
    await once(client, 'close');
    expect([client.readyState, client.destroyed, client.remotePort]).to.deep.equal(['closed', true, port]);
    listener.close();
    await once(listener, 'close');
    expect(listener.address()).to.equal(null);
  });

  it('speak IPv6', async () => {
    const listener = net.createServer((socket) => socket.end(String(socket.remoteFamily)));
    listener.listen(0, '::1');
    await once(listener, 'listening');
    const { port, family } = listener.address() as AddressInfo;
    expect(family).to.equal('IPv6');
    const client = net.connect({ port, host: '::1' });
    expect(await textOf(client)).to.equal('IPv6');
    listener.close();
  });

  it('of any address take both families', async () => {
    const listener = net.createServer((socket) => socket.end(String(socket.remoteAddress))).listen();
    await once(listener, 'listening');
    const { port, address } = listener.address() as AddressInfo;
    expect(address).to.equal('::');
    expect(await textOf(net.connect(port, '127.0.0.1'))).to.equal('::ffff:127.0.0.1');
    expect(await textOf(net.connect(port, '::1'))).to.equal('::1');
    expect(await textOf(net.connect(port, 'localhost'))).to.match(/127\.0\.0\.1|::1/);
    listener.close();
  });

  it('connect from an address and port of one’s own', async () => {
    const listener = net.createServer((socket) => socket.end(String(socket.remotePort)));
    const port = await listenOn(listener);
    const other = net.createServer();
    const localPort = await listenOn(other);
    other.close();
    await once(other, 'close');
    const client = net.connect({ port, host: '127.0.0.1', localAddress: '127.0.0.1', localPort });
    expect(await textOf(client)).to.equal(String(localPort));
    listener.close();
  });

  it('count bytes, also those that wait for a connection', async () => {
    const listener = net.createServer((socket) => socket.resume().on('end', () => socket.end('four')));
    const port = await listenOn(listener);
    const client = net.connect(port, '127.0.0.1');
    client.write('early');
    expect(client.bytesWritten).to.equal(5);
    client.end(' bird');
    expect(await textOf(client)).to.equal('four');
    expect([client.bytesWritten, client.bytesRead]).to.deep.equal([10, 4]);
    listener.close();
  });

  it('stay half open where that is allowed', async () => {
    const { client, server, end } = await makePair(net, { server: { allowHalfOpen: true } });
    client.end('question');
    expect(await textOf(server)).to.equal('question');
    expect([server.writable, server.readyState]).to.deep.equal([true, 'writeOnly']);
    await later(10);
    server.end('answer');
    expect(await textOf(client)).to.equal('answer');
    await end();
  });

  it('end with the other side where it is not', async () => {
    const { client, server, end } = await makePair(net);
    const closes = Promise.all([once(client, 'close'), once(server, 'close')]);
    server.resume();
    client.resume().end('bye');
    expect(await closes).to.deep.equal([[false], [false]]);
    expect([server.bytesRead, server.writableFinished]).to.deep.equal([3, true]);
    await end();
  });

  it('pause and resume', async () => {
    const { client, server, end } = await makePair(net, { server: { pauseOnConnect: true } });
    const got: string[] = [];
    server.on('data', (piece: Buffer) => got.push(piece.toString()));
    server.pause();
    client.write('one');
    await later(20);
    expect(got).to.deep.equal([]);
    expect(server.isPaused()).to.equal(true);
    const came = once(server, 'data');
    server.resume();
    await came;
    server.pause();
    client.end('two');
    await later(20);
    expect(got).to.deep.equal(['one']);
    server.resume();
    await once(server, 'end');
    expect(got).to.deep.equal(['one', 'two']);
    await end();
  });

  it('read into memory of the caller’s', async () => {
    const got: string[] = [];
    const listener = net.createServer((socket) => socket.end('0123456789'));
    const port = await listenOn(listener);
    const client = net.connect({
      port,
      host: '127.0.0.1',
      onread: {
        buffer: Buffer.alloc(4),
        callback: (count: number, bytes: Uint8Array) => {
          got.push(Buffer.from(bytes).toString('latin1', 0, count));
          return true;
        },
      },
    });
    await once(client, 'end');
    expect(got).to.deep.equal(['0123', '4567', '89']);
    expect(client.bytesRead).to.equal(10);
    listener.close();
  });

  it('time out when nothing goes on, and not before', async () => {
    const { client, server, end } = await makePair(net);
    let count = 0;
    server.setTimeout(600, () => count++);
    expect(server.timeout).to.equal(600);
    server.resume();
    for (let round = 0; round < 7; round++) {
      await later(100);
      client.write('x');
    }
    expect(count).to.equal(0);
    await once(server, 'timeout');
    expect([count, server.destroyed]).to.deep.equal([1, false]);
    server.setTimeout(0);
    expect(server.timeout).to.equal(0);
    await end();
  });

  it('take options and are chained', async () => {
    const { client, end } = await makePair(net, {
      server: { noDelay: true, keepAlive: true, keepAliveInitialDelay: 1000 },
      client: { noDelay: true, keepAlive: true },
    });
    expect(client.setNoDelay().setNoDelay(false).setKeepAlive(true, 5000).setKeepAlive(false)).to.equal(
      client,
    );
    expect(client.ref().unref().ref().setTimeout(0).pause().resume()).to.equal(client);
    await end();
  });

  it('are destroyed by an AbortSignal', async () => {
    const controller = new AbortController();
    const { client, server, end } = await makePair(net, { client: { signal: controller.signal } });
    const closed = once(server.resume(), 'close');
    const failed = errorOf(client);
    controller.abort();
    expect((await failed).name).to.equal('AbortError');
    expect(client.destroyed).to.equal(true);
    await closed;
    await end();
  });

  it('connect again after their end', async () => {
    const listener = net.createServer((socket) => socket.end('hello'));
    const port = await listenOn(listener);
    const client = new net.Socket();
    for (let round = 0; round < 3; round++) {
      const closed = once(client, 'close');
      client.connect(port, '127.0.0.1');
      expect(await textOf(client)).to.equal('hello');
      await closed;
      client.removeAllListeners('data');
    }
    listener.close();
  });

  it('can be iterated over', async () => {
    const { client, server, end } = await makePair(net);
    client.end('all of it');
    let text = '';
    for await (const piece of server) text += String(piece);
    expect(text).to.equal('all of it');
    await end();
  });

  it('are sent the rest before they are destroyed soon', async () => {
    const { client, server, end } = await makePair(net);
    const bytes = Buffer.alloc(3_000_000, 'x');
    client.write(bytes);
    client.destroySoon();
    const closed = once(client, 'close');
    expect(await textOf(server)).to.have.length(bytes.length);
    expect(await closed).to.deep.equal([false]);
    await end();
  });
});
