// SPDX-License-Identifier: BSD-2-Clause
// net-servers.test.ts: servers: what they take, what they refuse, how they close.
import { expect } from 'chai';
import { once } from 'node:events';
import type { AddressInfo, DropArgument, Socket } from 'node:net';
import type { KernelNet } from '../../ts/kernel/index.js';
import { describeNetworks, errorOf, listenOn, makePair, textOf } from './net-subjects.js';

describeNetworks('servers', (getNet) => {
  let net: KernelNet;
  before(() => {
    net = getNet();
  });

  it('listen in every form', async () => {
    const forms: ((server: ReturnType<KernelNet['createServer']>, done: () => void) => unknown)[] = [
      (server, done) => server.listen(done),
      (server, done) => server.listen(0, done),
      (server, done) => server.listen(0, '127.0.0.1', done),
      (server, done) => server.listen(0, '127.0.0.1', 5, done),
      (server, done) => server.listen(undefined, '127.0.0.1', done),
      (server, done) => server.listen({ port: 0, host: 'localhost', backlog: 3 }, done),
      (server, done) => server.listen({ port: 0, host: '::1', ipv6Only: true }, done),
    ];
    for (const form of forms) {
      const server = net.createServer();
      await new Promise<void>((resolve) => expect(form(server, resolve)).to.equal(server));
      expect((server.address() as AddressInfo).port).to.be.greaterThan(0);
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('refuse an address that is taken', async () => {
    const first = net.createServer();
    const port = await listenOn(first);
    const second = net.createServer().listen(port, '127.0.0.1');
    const error = await errorOf(second);
    expect({ ...error }).to.deep.equal({
      code: 'EADDRINUSE',
      errno: -98,
      syscall: 'listen',
      address: '127.0.0.1',
      port,
    });
    expect(error.message).to.equal(`listen EADDRINUSE: address already in use 127.0.0.1:${port}`);
    first.close();
    await once(first, 'close');
    second.listen(port, '127.0.0.1');
    await once(second, 'listening');
    second.close();
  });

  it('refuse an address that is not theirs', async () => {
    const error = await errorOf(net.createServer().listen(0, '192.0.2.1'));
    expect([error.code, error.syscall, error['address']]).to.deep.equal([
      'EADDRNOTAVAIL',
      'listen',
      '192.0.2.1',
    ]);
  });

  it('refuse to listen or to close twice', async () => {
    const server = net.createServer();
    await listenOn(server);
    expect(() => server.listen(0))
      .to.throw()
      .with.property('code', 'ERR_SERVER_ALREADY_LISTEN');
    await new Promise((resolve) => server.close(resolve));
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => server.close(resolve));
    expect(error?.code).to.equal('ERR_SERVER_NOT_RUNNING');
  });

  it('close when the last connection does, and take no more meanwhile', async () => {
    const { client, server, listener } = await makePair(net);
    const { port } = listener.address() as AddressInfo;
    let isClosed = false;
    const closed = once(listener, 'close').then(() => (isClosed = true));
    listener.close();
    expect(listener.listening).to.equal(false);
    expect((await errorOf(net.connect(port, '127.0.0.1'))).code).to.equal('ECONNREFUSED');
    expect(isClosed).to.equal(false);
    server.end('still here');
    expect(await textOf(client)).to.equal('still here');
    await closed;
  });

  it('count connections', async () => {
    const listener = net.createServer();
    const port = await listenOn(listener);
    const counted = (): Promise<number> =>
      new Promise((resolve, reject) => {
        listener.getConnections((error, count) => {
          if (error) reject(error);
          else resolve(count);
        });
      });
    expect(await counted()).to.equal(0);
    const accepted: Socket[] = [];
    listener.on('connection', (socket) => accepted.push(socket));
    const clients: Socket[] = [];
    for (let round = 1; round <= 3; round++) {
      const connection = once(listener, 'connection');
      clients.push(net.connect(port, '127.0.0.1'));
      await connection;
      expect(await counted()).to.equal(round);
    }
    const closed = once(listener, 'close');
    for (const socket of [...clients, ...accepted]) socket.destroy();
    listener.close();
    await closed;
    expect(await counted()).to.equal(0);
  });

  it('drop connections beyond their most', async () => {
    const listener = net.createServer((socket) => socket.resume());
    listener.maxConnections = 1;
    const port = await listenOn(listener);
    const first = net.connect(port, '127.0.0.1');
    await once(first, 'connect');
    const dropped = once(listener, 'drop') as Promise<[DropArgument]>;
    const second = net.connect(port, '127.0.0.1');
    second.on('error', () => undefined);
    const closed = once(second.resume(), 'close');
    const [drop] = await dropped;
    await closed;
    expect([drop.localPort, drop.localFamily, drop.remoteAddress]).to.deep.equal([port, 'IPv4', '127.0.0.1']);
    first.destroy();
    listener.close();
    await once(listener, 'close');
  });

  it('close by an AbortSignal', async () => {
    const controller = new AbortController();
    const server = net.createServer().listen({ port: 0, host: '127.0.0.1', signal: controller.signal });
    await once(server, 'listening');
    const closed = once(server, 'close');
    controller.abort();
    await closed;
    expect(server.listening).to.equal(false);
  });

  it('serve 500 connections at once', async function () {
    this.timeout(60_000);
    const listener = net.createServer((socket) => socket.pipe(socket));
    const port = await listenOn(listener);
    const answers = await Promise.all(
      Array.from({ length: 500 }, async (_, index) => {
        const client = net.connect(port, '127.0.0.1');
        client.end(`number ${index}`);
        return textOf(client);
      }),
    );
    expect(answers).to.deep.equal(Array.from({ length: 500 }, (_, index) => `number ${index}`));
    const closed = once(listener, 'close');
    listener.close();
    await closed;
  });

  it('go on when the listener of one connection throws', async () => {
    const thrown: string[] = [];
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', ({ message }) => thrown.push(message));
    try {
      let count = 0;
      const listener = net.createServer((socket) => {
        socket.on('error', () => undefined);
        if (count++ === 0) {
          socket.destroy();
          throw new Error('of the first');
        }
        socket.end('second');
      });
      const port = await listenOn(listener);
      const first = net.connect(port, '127.0.0.1').on('error', () => undefined);
      first.resume();
      expect(await textOf(net.connect(port, '127.0.0.1'))).to.equal('second');
      expect(thrown).to.deep.equal(['of the first']);
      listener.close();
      await once(listener, 'close');
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of others) process.on('uncaughtException', listener);
    }
  });
});
