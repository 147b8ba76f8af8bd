// SPDX-License-Identifier: BSD-2-Clause
// net.test.ts: kernel.net beyond what node:net can be compared with: its names, the end of its kernel, the life of its
// process, sockets of two kernels.
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import * as nodeNet from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { boot, type Kernel, type KernelNet } from '../../ts/kernel/index.js';
import { seededBytes } from '../helpers/random.js';
import { bootForTests } from '../helpers/kernel.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { bootNetwork, closeOf, errorOf, listenOn, makePair, onBoth, record } from '../parity/net-subjects.js';

/** Compiles only if kernel.net may stand wherever node:net may. */
export const replaceable = (kernel: Kernel): typeof nodeNet => kernel.net;

describe('kernel.net', function () {
  this.timeout(300_000);
  let kernel: Kernel;
  before(async () => {
    kernel = await bootNetwork();
  });
  after(() => kernel.shutdown());

  it('has all that node:net exports, and its sockets and servers all that those have', () => {
    const nodes = (nodeNet as unknown as { default: Record<string, unknown> }).default;
    const ours = kernel.net as unknown as Record<string, unknown>;
    for (const name of Object.keys(nodes).filter((each) => !each.startsWith('_')))
      expect(typeof ours[name], name).to.equal(typeof nodes[name]);
    for (const name of ['Socket', 'Server'] as const) {
      const own = new kernel.net[name]();
      const known: object = new nodeNet[name]();
      const names = Object.getOwnPropertyNames(Object.getPrototypeOf(known)).filter(
        (each) => !/^[_[]/.test(each),
      );
      for (const each of names) expect(own, `${name}.${each}`).to.have.property(each);
      expect(own).to.be.instanceOf(kernel.net[name]);
    }
    const { Socket: withoutNew } = kernel.net as unknown as { Socket: () => object };
    expect(withoutNew()).to.be.instanceOf(kernel.net.Socket);
    expect(kernel.net.BlockList).to.equal(nodeNet.BlockList);
  });

  it('emits events in the order of node:net', async () => {
    const events = [
      'lookup',
      'connectionAttempt',
      'connect',
      'ready',
      'drain',
      'end',
      'finish',
      'error',
      'close',
    ];
    const log = await onBoth(kernel, async (net: KernelNet) => {
      const steps: string[] = [];
      const listener = net.createServer();
      record('listener', listener, ['listening', 'connection', 'close'], steps);
      const port = await listenOn(listener);
      const client = net.connect(port, '127.0.0.1');
      record('client', client, events, steps);
      const [server] = (await once(listener, 'connection')) as [Socket];
      if (client.connecting) await once(client, 'connect');
      server.resume();
      client.end('text');
      await closeOf(client.resume());
      listener.close();
      await closeOf(listener);
      const refused = net.connect(port, '127.0.0.1');
      record('refused', refused, events, steps);
      await closeOf(refused);
      return steps.filter((each) => !/^listener conn/.test(each));
    });
    expect(log.at(-1)).to.equal('refused close true');
  });

  it('ends its sockets and servers with its kernel', async () => {
    const other = await bootNetwork();
    const { client, server, listener } = await makePair(other.net);
    server.resume();
    const closes = [client.resume(), server, listener].map((each) => closeOf(each));
    const waiting = other.net.connect({ port: 1, host: 'later.example', lookup: () => undefined });
    expect(waiting.connecting).to.equal(true);
    waiting.destroy();
    await other.shutdown();
    await Promise.all(closes);
    expect([client.destroyed, server.destroyed, listener.listening]).to.deep.equal([true, true, false]);
    expect((await errorOf(other.net.connect(1, '127.0.0.1'))).code).to.equal('RUMP_NATIVE_CLOSED');
    expect(other.usage().bytes).to.equal(0);
  });

  it('says what a kernel without sockets cannot do', async () => {
    await using files = await bootForTests();
    expect((await errorOf(files.net.connect(1, '127.0.0.1'))).code).to.equal('EAFNOSUPPORT');
    expect((await errorOf(files.net.createServer().listen(0))).code).to.equal('EAFNOSUPPORT');
  });

  it('gives back all memory of connections', async () => {
    const rounds = async (count: number): Promise<number> => {
      for (let round = 0; round < count; round++) {
        const { client, server, end } = await makePair(kernel.net);
        server.pipe(server);
        client.end('x'.repeat(1000));
        await closeOf(client.resume());
        await end();
      }
      return kernel.usage().bytes;
    };
    const before = await rounds(200);
    expect(await rounds(200)).to.be.at.most(before + 65_536);
  });

  it('keeps the process running while it is used, and not longer', () => {
    const run = (what: string): string =>
      execFileSync(
        process.execPath,
        [
          ...['--import', 'tsx', '--input-type=module', '-e'],
          `const { boot } = await import(${JSON.stringify(join(import.meta.dirname, '../../ts/kernel/index.ts'))});
           const { net } = await boot({ components: ['net/inet'] });
           process.on('exit', () => console.log('over'));
           const server = net.createServer((socket) => socket.end('answer')).listen(0, '127.0.0.1', () => {
             const { port } = server.address();
             ${what}
           });`,
        ],
        { encoding: 'utf8', timeout: 60_000, cwd: join(import.meta.dirname, '../..') },
      );
    expect(run(`server.unref();`)).to.equal('over\n');
    expect(
      run(`server.unref();
           net.connect(port, '127.0.0.1').on('data', (text) => console.log(String(text)));`),
    ).to.equal('answer\nover\n');
    expect(
      run(`const idle = net.createServer(() => {}).listen(0, '127.0.0.1', () => {
             idle.unref();
             net.connect(idle.address().port, '127.0.0.1', function () { this.unref(); });
             server.close();
           });
           idle.on('connection', (socket) => socket.unref());`),
    ).to.equal('over\n');
    expect(run(`setTimeout(() => { console.log('later'); server.close(); }, 100);`)).to.equal(
      'later\nover\n',
    );
  });

  it('connects two kernels on a bus, whose events come from other threads', async () => {
    const path = join(makeScratchFolder('bus'), 'bus');
    const components = ['net/inet', 'net/virtif'];
    await using one = await boot({ components });
    await using two = await boot({ components });
    await one.interfaces.add({ type: 'bus', path, addresses: ['10.0.0.1/24'] });
    await two.interfaces.add({ type: 'bus', path, addresses: ['10.0.0.2/24'] });
    const bytes = seededBytes(3, 32 * 1024 * 1024);
    const hash = createHash('sha256');
    const listener = one.net.createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('data', (piece: Buffer) => hash.update(piece));
      socket.on('end', () => socket.end(String(socket.remoteAddress)));
    });
    listener.listen(0, '10.0.0.1');
    await once(listener, 'listening');
    const client = two.net.connect((listener.address() as AddressInfo).port, '10.0.0.1');
    client.end(bytes);
    const [answer] = (await once(client, 'data')) as [Buffer];
    expect(String(answer)).to.equal('10.0.0.2');
    expect(hash.digest('hex')).to.equal(createHash('sha256').update(bytes).digest('hex'));
    listener.close();
  });
});
