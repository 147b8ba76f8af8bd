// SPDX-License-Identifier: BSD-2-Clause
// net-datagrams.test.ts: sockets of UDP: messages, connected sockets, options, groups, errors.
import { expect } from 'chai';
import type { RemoteInfo, Socket, SocketOptions, SocketType } from 'node:dgram';
import { once } from 'node:events';
import type { KernelDgram } from '../../ts/kernel/index.js';
import { describeDatagrams, errorOf } from './net-subjects.js';

describeDatagrams('datagrams', (getDgram) => {
  let dgram: KernelDgram;
  let open: Socket[] = [];
  before(() => {
    dgram = getDgram();
  });
  afterEach(() => {
    for (const socket of open) {
      try {
        socket.close();
      } catch {
        // closed already
      }
    }
    open = [];
  });

  const make = (options: SocketType | SocketOptions = 'udp4'): Socket => {
    const socket = dgram.createSocket(options as SocketOptions);
    open.push(socket);
    return socket;
  };
  const bound = async (options?: SocketType | SocketOptions, address = '127.0.0.1'): Promise<Socket> => {
    const socket = make(options);
    socket.bind(0, address);
    await once(socket, 'listening');
    return socket;
  };
  const message = async (socket: Socket): Promise<[string, RemoteInfo]> => {
    const [bytes, from] = (await once(socket, 'message')) as [Buffer, RemoteInfo];
    return [bytes.toString(), from];
  };
  const thrown = (call: () => unknown): Record<string, unknown> => {
    try {
      call();
    } catch (error) {
      return error as Record<string, unknown>;
    }
    throw new Error('nothing was thrown');
  };

  it('a message arrives, and its sender is known', async () => {
    const a = await bound();
    const b = await bound();
    const answer = message(b);
    const count = await new Promise((resolve) => {
      a.send('hello', b.address().port, '127.0.0.1', (_error, bytes) => {
        resolve(bytes);
      });
    });
    expect(count).to.equal(5);
    expect(await answer).to.deep.equal([
      'hello',
      { address: '127.0.0.1', family: 'IPv4', port: a.address().port, size: 5 },
    ]);
  });

  it('all forms of send', async () => {
    const a = await bound();
    const b = await bound();
    const { port } = b.address();
    const seen: string[] = [];
    b.on('message', (bytes: Buffer) => seen.push(bytes.toString()));
    const bytes = Buffer.from('0123456789');
    a.send(bytes, port);
    a.send(bytes, 2, 3, port);
    a.send(bytes, 4, 2, port, 'localhost');
    a.send(['ab', Buffer.from('cd'), new Uint8Array([0x65])], port, '127.0.0.1');
    a.send(new DataView(bytes.buffer, bytes.byteOffset + 8, 2), port);
    a.send('', port);
    a.send([], port);
    while (seen.length < 7) await once(b, 'message');
    // The one with a name is sent once the name is known.
    expect(seen.sort()).to.deep.equal(['', '', '0123456789', '234', '45', '89', 'abcde']);
  });

  it('all forms of bind', async () => {
    const forms: ((socket: Socket, listening: () => void) => unknown)[] = [
      (socket, listening) => socket.bind(listening),
      (socket, listening) => socket.bind(0, listening),
      (socket, listening) => socket.bind(0, '127.0.0.1', listening),
      (socket, listening) => socket.bind({ port: 0, address: '127.0.0.1', exclusive: true }, listening),
      (socket, listening) => socket.bind({ address: 'localhost' }, listening),
      (socket, listening) => socket.bind(undefined, undefined, listening),
    ];
    const addresses = [];
    for (const form of forms) {
      const socket = make();
      await new Promise<void>((resolve) => {
        form(socket, resolve);
      });
      const { address, family, port } = socket.address();
      expect(port).to.be.greaterThan(0);
      addresses.push(`${address} ${family}`);
    }
    expect(addresses).to.deep.equal([
      '0.0.0.0 IPv4',
      '0.0.0.0 IPv4',
      '127.0.0.1 IPv4',
      '127.0.0.1 IPv4',
      '127.0.0.1 IPv4',
      '0.0.0.0 IPv4',
    ]);
  });

  it('connected sockets hear their peer only', async () => {
    const a = await bound();
    const b = await bound();
    const c = await bound();
    a.connect(b.address().port, '127.0.0.1');
    await once(a, 'connect');
    expect(a.remoteAddress()).to.deep.equal({
      address: '127.0.0.1',
      family: 'IPv4',
      port: b.address().port,
    });
    const heard = message(b);
    a.send('to the peer');
    expect((await heard)[0]).to.equal('to the peer');
    const answer = message(a);
    c.send('no', a.address().port);
    await new Promise((resolve) => setImmediate(resolve));
    b.send('yes', a.address().port);
    expect((await answer)[0]).to.equal('yes');
    expect(thrown(() => a.connect(1))).to.include({ code: 'ERR_SOCKET_DGRAM_IS_CONNECTED' });
    a.disconnect();
    expect(thrown(() => a.remoteAddress())).to.include({ code: 'ERR_SOCKET_DGRAM_NOT_CONNECTED' });
    expect(
      thrown(() => {
        a.disconnect();
      }),
    ).to.include({ code: 'ERR_SOCKET_DGRAM_NOT_CONNECTED' });
  });

  it('IPv6, and IPv4 through it', async () => {
    const a = await bound('udp6', '::1');
    const b = await bound('udp6', '::');
    const heard = message(b);
    a.send('six', b.address().port, '::1');
    expect(await heard).to.deep.equal([
      'six',
      { address: '::1', family: 'IPv6', port: a.address().port, size: 3 },
    ]);
    const c = await bound();
    const mapped = message(b);
    c.send('four', b.address().port, '127.0.0.1');
    expect((await mapped)[1].address).to.equal('::ffff:127.0.0.1');
    const only = await bound({ type: 'udp6', ipv6Only: true }, '::');
    expect(only.address()).to.include({ address: '::', family: 'IPv6' });
  });

  it('many messages, large and small, come in order', async () => {
    const a = await bound();
    const b = await bound({ type: 'udp4', recvBufferSize: 1 << 20 });
    const { port } = b.address();
    const sizes: number[] = [];
    const done = new Promise<void>((resolve) => {
      b.on('message', (bytes: Buffer) => {
        expect(bytes.every((byte) => byte === (sizes.length & 0xff))).to.equal(true);
        if (sizes.push(bytes.length) === 300) resolve();
      });
    });
    const sent: number[] = [];
    for (let index = 0; index < 300; index++) {
      const size = index % 50 === 0 ? 30_000 : (index * 7) % 200;
      sent.push(size);
      a.send(Buffer.alloc(size, index & 0xff), port, '127.0.0.1');
      if (index % 20 === 19) await new Promise((resolve) => setImmediate(resolve));
    }
    await done;
    expect(sizes).to.deep.equal(sent);
  });

  it('groups on the loopback', async () => {
    const group = '239.7.8.9';
    const a = await bound({ type: 'udp4', reuseAddr: true }, '0.0.0.0');
    const { port } = a.address();
    const b = make({ type: 'udp4', reuseAddr: true });
    b.bind(port);
    await once(b, 'listening');
    for (const socket of [a, b]) {
      socket.addMembership(group, '127.0.0.1');
      socket.setMulticastInterface('127.0.0.1');
      socket.setMulticastLoopback(true);
      expect(socket.setMulticastTTL(4)).to.equal(4);
    }
    const both = Promise.all([message(a), message(b)]);
    a.send('everybody', port, group);
    expect((await both).map(([text]) => text)).to.deep.equal(['everybody', 'everybody']);
    expect(
      thrown(() => {
        a.addMembership(group, '127.0.0.1');
      }),
    ).to.include({
      code: 'EADDRINUSE',
      syscall: 'addMembership',
    });
    a.dropMembership(group, '127.0.0.1');
    expect(
      thrown(() => {
        a.dropMembership(group, '127.0.0.1');
      }),
    ).to.include({
      code: 'EADDRNOTAVAIL',
      syscall: 'dropMembership',
    });
    expect(
      thrown(() => {
        a.addMembership('10.0.0.1', '127.0.0.1');
      }),
    ).to.include({ code: 'EINVAL' });
    expect(
      thrown(() => {
        a.addMembership(group, '1.2.3.4');
      }),
    ).to.include({ code: 'ENODEV' });
  });

  it('options', async () => {
    const socket = await bound();
    socket.setBroadcast(true);
    expect(socket.setTTL(16)).to.equal(16);
    expect(thrown(() => socket.setTTL(0))).to.include({ code: 'EINVAL', syscall: 'setTTL' });
    expect(thrown(() => socket.setMulticastTTL(256))).to.include({ code: 'EINVAL' });
    expect(
      thrown(() => {
        socket.setMulticastInterface('1.2.3.4');
      }),
    ).to.include({ code: 'EADDRNOTAVAIL' });
    socket.setRecvBufferSize(100_000);
    expect(socket.getRecvBufferSize()).to.be.at.least(100_000);
    socket.setSendBufferSize(50_000);
    expect(socket.getSendBufferSize()).to.be.at.least(50_000);
    expect([socket.getSendQueueSize(), socket.getSendQueueCount()]).to.deep.equal([0, 0]);
    expect(socket.ref()).to.equal(socket);
    expect(socket.unref()).to.equal(socket);
  });

  it('before it is bound', () => {
    const socket = make();
    const calls: (() => unknown)[] = [
      () => {
        socket.setBroadcast(true);
      },
      () => socket.setTTL(1),
      () => socket.setMulticastTTL(1),
      () => socket.setMulticastLoopback(true),
      () => socket.address(),
    ];
    expect(calls.map((call) => thrown(call)['code'])).to.deep.equal(Array(5).fill('EBADF'));
    expect(thrown(() => socket.getRecvBufferSize())).to.include({ code: 'ERR_SOCKET_BUFFER_SIZE' });
  });

  it('errors of bind and send', async () => {
    const a = await bound();
    const b = make();
    b.bind(a.address().port, '127.0.0.1');
    expect({ ...(await errorOf(b)) }).to.deep.equal({
      errno: -98,
      code: 'EADDRINUSE',
      syscall: 'bind',
      address: '127.0.0.1',
      port: a.address().port,
    });
    const c = make();
    c.bind(0, '1.2.3.4');
    expect((await errorOf(c)).message).to.equal('bind EADDRNOTAVAIL 1.2.3.4');
    expect(thrown(() => a.bind(1))).to.include({ code: 'ERR_SOCKET_ALREADY_BOUND' });
    const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      a.send(Buffer.alloc(65_508), 9, '127.0.0.1', resolve);
    });
    expect(error).to.include({ code: 'EMSGSIZE', syscall: 'send', address: '127.0.0.1', port: 9 });
    expect(
      thrown(() => {
        a.send('x', 0);
      }),
    ).to.include({ code: 'ERR_SOCKET_BAD_PORT' });
    expect(
      thrown(() => {
        a.send(5 as unknown as string, 1);
      }),
    ).to.include({ code: 'ERR_INVALID_ARG_TYPE' });
    expect(
      thrown(() => {
        dgram.createSocket('udp5' as 'udp4');
      }),
    ).to.include({
      code: 'ERR_SOCKET_BAD_TYPE',
    });
  });

  it("a lookup of the program's own", async () => {
    const names: string[] = [];
    const b = await bound();
    const a = make({
      type: 'udp4',
      lookup: (name, _options, callback) => {
        names.push(name);
        if (name === 'nobody') callback(Object.assign(new Error('nobody'), { code: 'ENOTFOUND' }), '', 4);
        else callback(null, '127.0.0.1', 4);
      },
    });
    const heard = message(b);
    a.send('found', b.address().port, 'somebody');
    expect((await heard)[0]).to.equal('found');
    const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      a.send('x', 1, 'nobody', resolve);
    });
    expect(error?.code).to.equal('ENOTFOUND');
    expect(names).to.deep.equal(['0.0.0.0', 'somebody', 'nobody']);
  });

  it('closing: by call, by signal, by dispose; and nothing works after it', async () => {
    const a = await bound();
    const closed = once(a, 'close');
    a.close();
    await closed;
    expect(thrown(() => a.close())).to.include({ code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' });
    expect(
      thrown(() => {
        a.send('x', 1);
      }),
    ).to.include({ code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' });
    const controller = new AbortController();
    const b = make({ type: 'udp4', signal: controller.signal });
    b.bind();
    await once(b, 'listening');
    const aborted = once(b, 'close');
    controller.abort();
    await aborted;
    const c = await bound();
    await c[Symbol.asyncDispose]();
    expect(thrown(() => c.address())).to.include({ code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' });
  });
});
