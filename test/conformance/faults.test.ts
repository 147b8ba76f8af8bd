// SPDX-License-Identifier: BSD-2-Clause
// faults.test.ts: TCP between two kernels over a wire that loses, doubles, reorders, damages and delays frames, and is cut
// for a while; and kernels under attack. KTEST_FAULT_MIB (1024 for 1 GiB), KTEST_CUT_SECONDS and KTEST_CONNECTIONS make it
// longer.
import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import { boot, type Kernel } from '../../ts/kernel/index.js';
import { seededBytes, seededRandom } from '../helpers/random.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { FaultyWire, type Faults } from '../helpers/wire/faulty-wire.js';
import { ethernet, etherTypes, ip4, protocols, tcp, tcpOptions } from '../helpers/wire/packets.js';
import { Station } from '../helpers/wire/station.js';

const mebibyte = 1024 * 1024;
const transferMebibytes = Number(process.env['KTEST_FAULT_MIB'] ?? 8);
const cutSeconds = Number(process.env['KTEST_CUT_SECONDS'] ?? 3);
const connections = Number(process.env['KTEST_CONNECTIONS'] ?? 5000);
const synCount = Number(process.env['KTEST_SYNS'] ?? 100_000);
const components = ['net/inet', 'net/virtif'];

describe('faults of the wire', function () {
  this.timeout(3_600_000);
  let near: Kernel;
  let far: Kernel;
  let paths: [string, string];
  let nextPort = 5000;
  before(async () => {
    const folder = makeScratchFolder('faults');
    paths = [join(folder, 'near'), join(folder, 'far')];
    near = await boot({ components });
    far = await boot({ components });
    await near.interfaces.add({ type: 'bus', path: paths[0], addresses: ['10.0.0.1/24', 'fd00::1/64'] });
    await far.interfaces.add({ type: 'bus', path: paths[1], addresses: ['10.0.0.2/24', 'fd00::2/64'] });
  });
  after(async () => {
    await near.shutdown();
    await far.shutdown();
  });

  /** Sends so many bytes over a wire; what was sent and what came, as SHA-256, and the seconds. */
  async function transfer(
    wire: FaultyWire,
    length: number,
    during?: (wire: FaultyWire) => Promise<void>,
  ): Promise<{ sent: string; came: string; seconds: number }> {
    const port = nextPort++;
    const piece = seededBytes(port, Math.min(length, mebibyte));
    const hashes = { sent: createHash('sha256'), came: createHash('sha256') };
    const start = Date.now();
    const server = far.net.createServer((socket) => {
      socket.on('data', (bytes) => hashes.came.update(bytes));
    });
    await once(server.listen(port), 'listening');
    const ended = once(server, 'connection').then(([socket]) => once(socket as Socket, 'end'));
    const socket = near.net.connect(port, '10.0.0.2');
    const meanwhile = during?.(wire);
    for (let left = length; left > 0; left -= piece.length) {
      const bytes = piece.subarray(0, Math.min(left, piece.length));
      hashes.sent.update(bytes);
      if (!socket.write(bytes)) await once(socket, 'drain');
    }
    socket.end();
    await ended;
    await meanwhile;
    server.close();
    const [sent, came] = [hashes.sent.digest('hex'), hashes.came.digest('hex')];
    return { sent, came, seconds: (Date.now() - start) / 1000 };
  }

  async function survives(faults: Faults, length: number, hurt: (wire: FaultyWire) => number): Promise<void> {
    const wire = await FaultyWire.between(...paths, 42, faults);
    try {
      const { sent, came, seconds } = await transfer(wire, length);
      expect(came).to.equal(sent);
      expect(hurt(wire)).to.be.greaterThan(0);
      if (process.env['KTEST_FAULT_MIB'] !== undefined)
        process.stderr.write(
          `      ${length / mebibyte} MiB, ${seconds} s, ${JSON.stringify(wire.counts)}\n`,
        );
    } finally {
      wire.leave();
    }
  }

  it('a hundredth of all frames is lost', () =>
    survives({ loss: 0.01 }, transferMebibytes * mebibyte, ({ counts }) => counts.lost));
  it('a twentieth is', () => survives({ loss: 0.05 }, mebibyte / 4, ({ counts }) => counts.lost));
  it('frames are doubled', () =>
    survives({ duplication: 0.1 }, 8 * mebibyte, ({ counts }) => counts.doubled));
  it('frames are out of order', () =>
    survives({ reordering: 0.05 }, 4 * mebibyte, ({ counts }) => counts.reordered));
  it('frames are damaged', () =>
    survives({ corruption: 0.01 }, 8 * mebibyte, ({ counts }) => counts.damaged));
  it('frames come late', () => survives({ delay: 20 }, 4 * mebibyte, ({ counts }) => counts.frames));
  it('all of it at once', () =>
    survives(
      { loss: 0.005, duplication: 0.01, reordering: 0.01, corruption: 0.005, delay: 1 },
      2 * mebibyte,
      ({ counts }) => Math.min(counts.lost, counts.doubled, counts.reordered, counts.damaged),
    ));

  it('the wire is cut for a while', async () => {
    const wire = await FaultyWire.between(...paths, 7);
    const { sent, came } = await transfer(wire, 32 * mebibyte, async () => {
      while (wire.counts.frames < 200) await new Promise((resolve) => setTimeout(resolve, 1));
      wire.isCut = true;
      await new Promise((resolve) => setTimeout(resolve, cutSeconds * 1000));
      wire.isCut = false;
    });
    expect(came).to.equal(sent);
    expect(wire.counts.lost).to.be.greaterThan(0);
    wire.leave();
  });
});

describe('faults of the others', function () {
  this.timeout(3_600_000);
  let kernel: Kernel;
  let path: string;
  before(async () => {
    path = join(makeScratchFolder('faults'), 'bus');
    kernel = await boot({ components });
    await kernel.interfaces.add({ type: 'bus', path, addresses: ['10.0.0.1/8'] });
  });
  after(() => kernel.shutdown());

  function echoServer(port: number): Promise<unknown> {
    const server = kernel.net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.pipe(socket);
    });
    return once(server.listen(port, 1000), 'listening');
  }

  /** A round trip on a connection. */
  async function roundTrip(socket: Socket, text: string): Promise<void> {
    socket.write(text);
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    expect(bytes.toString()).to.equal(text);
  }

  it('a flood of SYNs from everywhere: connections go on, and memory stays within bounds', async () => {
    await echoServer(80);
    const socket = kernel.net.connect(80, '127.0.0.1');
    await once(socket, 'connect');
    const station = await Station.join(
      path,
      { mac: '02:00:00:00:00:02', ip4: '10.0.0.2', ip6: 'fd00::2' },
      { ip4: '10.0.0.1', ip6: 'fd00::1' },
    );
    const random = seededRandom(1);
    const before = kernel.usage().bytes;
    let most = 0;
    for (let sent = 0; sent < synCount;) {
      const frames: Buffer[] = [];
      for (let count = 0; count < 1000; count++, sent++) {
        const source = `10.${1 + (random() % 250)}.${random() % 256}.${1 + (random() % 250)}`;
        const syn = tcp(source, '10.0.0.1', {
          sourcePort: random() % 65_536,
          targetPort: 80,
          seq: random(),
          flags: ['syn'],
          options: tcpOptions.mss(1460),
        });
        frames.push(
          ethernet(
            station.kernel.mac,
            station.addresses.mac,
            etherTypes.ip4,
            ip4(source, '10.0.0.1', protocols.tcp, syn),
          ),
        );
      }
      station.send(...frames);
      await station.settle();
      if (sent % 10_000 === 0) await roundTrip(socket, `after ${sent}`);
      most = Math.max(most, kernel.usage().bytes);
    }
    expect(most - before).to.be.lessThan(8 * mebibyte);
    socket.destroy();
    station.leave();
  });

  it('tiny segments: memory is of the order of what they hold', async () => {
    await echoServer(81);
    const socket = kernel.net.connect({ port: 81, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    let back = 0;
    socket.on('data', (bytes) => (back += bytes.length));
    const before = kernel.usage().bytes;
    for (let count = 0; count < 20_000; count++) socket.write('x');
    while (back < 20_000) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(kernel.usage().bytes - before).to.be.lessThan(8 * mebibyte);
    socket.destroy();
  });

  it('connections that were made and closed leave no memory behind', async () => {
    await echoServer(82);
    const one = async (): Promise<void> => {
      const socket = kernel.net.connect(82, '127.0.0.1');
      await once(socket, 'connect');
      // A reset leaves nothing in TIME-WAIT.
      socket.resetAndDestroy();
      await once(socket, 'close');
    };
    const rounds = async (count: number): Promise<void> => {
      for (let done = 0; done < count; done += 50) await Promise.all(Array.from({ length: 50 }, one));
    };
    await rounds(500);
    const before = kernel.usage().bytes;
    await rounds(connections);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(kernel.usage().bytes - before).to.be.lessThan(256 * 1024);
  });
});
