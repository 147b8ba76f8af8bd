// SPDX-License-Identifier: BSD-2-Clause
// net-errors.test.ts: how connections fail.
import { expect } from 'chai';
import { once } from 'node:events';
import type { LookupFunction } from 'node:net';
import type { KernelNet } from '../../ts/kernel/index.js';
import { closeOf, describeNetworks, errorOf, listenOn, makePair } from './net-subjects.js';

describeNetworks('failures', (getNet) => {
  let net: KernelNet;
  before(() => {
    net = getNet();
  });

  const freePort = async (): Promise<number> => {
    const server = net.createServer();
    const port = await listenOn(server);
    server.close();
    await once(server, 'close');
    return port;
  };

  it('nobody listens', async () => {
    const port = await freePort();
    const client = net.connect(port, '127.0.0.1');
    const closed = closeOf(client);
    const error = await errorOf(client);
    expect(error.message).to.equal(`connect ECONNREFUSED 127.0.0.1:${port}`);
    expect({ ...error }).to.deep.equal({
      code: 'ECONNREFUSED',
      errno: -111,
      syscall: 'connect',
      address: '127.0.0.1',
      port,
    });
    expect(await closed).to.deep.equal([true]);
    expect(client.destroyed).to.equal(true);
  });

  it('no address of a name answers', async () => {
    const port = await freePort();
    const lookup = ((_name, _options, callback) => {
      (callback as (error: null, all: object[]) => void)(null, [
        { address: '::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ]);
    }) as LookupFunction;
    const client = net.connect({ port, host: 'two.example', lookup, autoSelectFamily: true });
    const error = (await errorOf(client)) as unknown as AggregateError & { code: string };
    expect(error).to.be.instanceOf(AggregateError);
    expect(error.code).to.equal('ECONNREFUSED');
    expect(error.errors.map(({ message }: Error) => message)).to.deep.equal([
      `connect ECONNREFUSED ::1:${port}`,
      `connect ECONNREFUSED 127.0.0.1:${port}`,
    ]);
    expect(client.autoSelectFamilyAttemptedAddresses).to.deep.equal([`::1:${port}`, `127.0.0.1:${port}`]);
  });

  it('one of several addresses answers', async () => {
    const listener = net.createServer((socket) => socket.end('found'));
    const port = await listenOn(listener);
    const lookup = ((_name, _options, callback) => {
      (callback as (error: null, all: object[]) => void)(null, [
        { address: '::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ]);
    }) as LookupFunction;
    const client = net.connect({ port, host: 'two.example', lookup });
    await once(client, 'connect');
    expect(client.remoteAddress).to.equal('127.0.0.1');
    client.resume();
    await closeOf(client);
    listener.close();
  });

  it('a name is not known', async () => {
    const lookup = ((name, _options, callback) => {
      process.nextTick(
        callback,
        Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }),
      );
    }) as LookupFunction;
    const client = net.connect({ port: 1, host: 'no.example', lookup });
    const looked = once(client, 'lookup');
    expect((await errorOf(client)).code).to.equal('ENOTFOUND');
    expect((await looked)[3]).to.equal('no.example');
  });

  it('a connection is reset', async () => {
    const { client, server, end } = await makePair(net);
    const failed = errorOf(client);
    const closed = closeOf(client);
    expect(server.resetAndDestroy()).to.equal(server);
    const error = await failed;
    expect(error.message).to.equal('read ECONNRESET');
    expect({ ...error }).to.deep.equal({ code: 'ECONNRESET', errno: -104, syscall: 'read' });
    expect(await closed).to.deep.equal([true]);
    await end();
  });

  it('a connection that was never made is reset', async () => {
    const socket = new net.Socket();
    const failed = errorOf(socket);
    socket.resetAndDestroy();
    expect((await failed).code).to.equal('ERR_SOCKET_CLOSED');
  });

  it('the other side does not read any more', async () => {
    const { client, server, end } = await makePair(net, { client: { allowHalfOpen: true } });
    const failed = errorOf(client);
    server.destroy();
    await closeOf(server);
    const write = (): void => {
      if (!client.destroyed) client.write('x', () => setImmediate(write));
    };
    write();
    expect((await failed).code).to.match(/^(EPIPE|ECONNRESET)$/);
    await end();
  });

  it('something is written after the end', async () => {
    const { client, server, end } = await makePair(net);
    client.end();
    const failed = errorOf(client);
    const given = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) =>
      client.write('x', resolve),
    );
    expect([given?.code, (await failed).code]).to.deep.equal([
      'ERR_STREAM_WRITE_AFTER_END',
      'ERR_STREAM_WRITE_AFTER_END',
    ]);
    server.destroy();
    await end();
  });

  it('the other side has ended', async () => {
    const { client, server, end } = await makePair(net);
    server.end();
    client.resume();
    await once(client, 'end');
    const failed = errorOf(client);
    const given = new Promise<NodeJS.ErrnoException | null | undefined>((resolve) =>
      client.write('x', resolve),
    );
    expect([(await given)?.code, (await failed).message]).to.deep.equal([
      'EPIPE',
      'This socket has been ended by the other party',
    ]);
    await end();
  });

  it('a socket is destroyed while it connects', async () => {
    const port = await freePort();
    const client = net.connect(port, '127.0.0.1');
    const given = new Promise<NodeJS.ErrnoException | null | undefined>((resolve) =>
      client.write('x', resolve),
    );
    const closed = closeOf(client);
    client.destroy();
    expect(await closed).to.deep.equal([false]);
    expect((await given)?.code).to.match(/^ERR_(SOCKET_CLOSED_BEFORE_CONNECTION|STREAM_DESTROYED)$/);
  });

  it('a socket is destroyed with an error', async () => {
    const { client, server, end } = await makePair(net);
    server.resume();
    const given = new Error('given');
    const failed = errorOf(client);
    const closed = closeOf(client);
    client.destroy(given);
    expect(await failed).to.equal(given);
    expect(await closed).to.deep.equal([true]);
    await end();
  });

  it('writes that wait are told when the socket is destroyed', async () => {
    const { client, server, end } = await makePair(net);
    server.pause();
    const given = new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => {
      client.write(Buffer.alloc(64 * 1024 * 1024));
      client.write('x', resolve);
    });
    client.destroy();
    expect((await given)?.code).to.equal('ERR_STREAM_DESTROYED');
    await end();
  });

  it('arguments are wrong', () => {
    const socket = new net.Socket();
    const codeOf = (call: () => unknown): unknown => {
      try {
        call();
      } catch (error) {
        return (error as NodeJS.ErrnoException).code;
      }
      return 'none';
    };
    const calls: [() => unknown, string][] = [
      [() => socket.connect({ port: 70_000 }), 'ERR_SOCKET_BAD_PORT'],
      [() => socket.connect({ port: 'x' as never }), 'ERR_SOCKET_BAD_PORT'],
      [() => socket.connect({ port: {} as never }), 'ERR_INVALID_ARG_TYPE'],
      [() => socket.connect({} as never), 'ERR_MISSING_ARGS'],
      [() => socket.connect({ path: 5 as never }), 'ERR_INVALID_ARG_TYPE'],
      [() => socket.connect({ port: 1, localAddress: 'x' }), 'ERR_INVALID_IP_ADDRESS'],
      [() => socket.connect({ port: 1, localPort: 'x' as never }), 'ERR_INVALID_ARG_TYPE'],
      [() => socket.setTimeout('x' as never), 'ERR_INVALID_ARG_TYPE'],
      [() => socket.setTimeout(-1), 'ERR_OUT_OF_RANGE'],
      [() => socket.setTimeout(1, 5 as never), 'ERR_INVALID_ARG_TYPE'],
      [() => net.createServer().listen(-1), 'ERR_SOCKET_BAD_PORT'],
      [() => net.createServer().listen({ port: 1.5 }), 'ERR_SOCKET_BAD_PORT'],
      [() => net.createServer().listen({} as never), 'ERR_INVALID_ARG_VALUE'],
      [() => socket.write(null as never), 'ERR_STREAM_NULL_VALUES'],
    ];
    socket.on('error', () => undefined);
    expect(calls.map(([call]) => codeOf(call))).to.deep.equal(calls.map(([, code]) => code));
    socket.destroy();
  });
});
