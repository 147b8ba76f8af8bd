// SPDX-License-Identifier: BSD-2-Clause
// web-server.test.ts: examples/04-web-server in an image, under real clients: a tree of files and a large one by curl,
// 64 connections by wrk. KTEST_WRK_SECONDS=30 makes the load as long as its claim.
import { execFile, execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { get } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { RunError } from '../../ts/errors.js';
import { bakeImage } from '../../ts/image/bake.js';
import { boot } from '../../ts/kernel/index.js';
import { packageRoot } from '../../ts/paths.js';
import { runGuest } from '../../ts/run/run-guest.js';
import { scratchPath } from './guests.js';

const run = promisify(execFile);
const files = 1000;
const largeBytes = 256 * 1024 * 1024;
const wrkSeconds = Number(process.env['KTEST_WRK_SECONDS'] ?? 5);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** The body of an answer. */
function fetchOnce(createConnection: () => Socket, path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const request = get({ createConnection, path, host: 'guest' }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => {
        resolve(Buffer.concat(pieces));
      });
    });
    request.on('error', reject);
  });
}

/** Until the guest is up. */
async function retried(attempt: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (tries === 60) throw error;
      await sleep(500);
    }
  }
}

describe('images: a web server', function () {
  this.timeout(300_000);
  const tree = scratchPath('web-tree');
  const got = scratchPath('web-got');
  const stop = new AbortController();
  let ended: Promise<unknown> = Promise.resolve();
  let base = '';
  const disk = scratchPath('web.img');
  const image = scratchPath('web.elf');

  before(async () => {
    mkdirSync(join(tree, 'many'), { recursive: true });
    mkdirSync(got);
    for (let n = 0; n < files; n++)
      writeFileSync(join(tree, 'many', `${n}.bin`), randomBytes((n * 97) % 20_000));
    const piece = randomBytes(1024 * 1024);
    const large = Buffer.alloc(largeBytes);
    for (let at = 0; at < largeBytes; at += piece.length) {
      piece.writeUInt32LE(at, 0);
      piece.copy(large, at);
    }
    writeFileSync(join(tree, 'large.bin'), large);
    writeFileSync(join(tree, 'index.html'), 'hello\n');
    execFileSync('makefs', ['-t', 'ffs', '-B', 'le', '-o', 'version=1', '-s', '320m', disk, tree]);
    const example = join(packageRoot, 'examples/04-web-server');
    const program = scratchPath('web-server');
    const sources = ['server.c', 'http.c'].map((name) => join(example, name));
    execFileSync('musl-gcc', ['-static', '-O2', '-Wall', '-Wextra', '-Werror', '-o', program, ...sources]);
    await bakeImage({
      program,
      args: ['server', '/www'],
      components: ['fs/ffs', 'net/inet', 'net/virtif'],
      mounts: [{ type: 'ffs', device: 'vda', path: '/www', readOnly: true }],
      output: image,
    });
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    ended = runGuest(image, {
      accelerator: 'tcg',
      memory: 64,
      disks: [`${disk},ro`],
      networks: [`user,hostfwd=${port}:80`],
      signal: stop.signal,
    }).catch((error: unknown) => error);
    const wait = ['-s', '--retry', '60', '--retry-delay', '1', '--retry-all-errors', `${base}/`];
    expect((await run('curl', wait)).stdout).to.equal('hello\n');
  });

  after(async () => {
    stop.abort();
    expect(await ended)
      .to.be.instanceOf(RunError)
      .and.to.have.property('code', 'RUMP_RUN_INTERRUPTED');
  });

  it('gives a tree of 1,000 files and one of 256 MiB as they are', async () => {
    const list = scratchPath('web-urls');
    const names = Array.from({ length: files }, (_, n) => `${n}.bin`);
    writeFileSync(
      list,
      names.map((name) => `url = "${base}/many/${name}"\noutput = "${join(got, name)}"\n`).join(''),
    );
    await run('curl', ['-sf', '--parallel', '--parallel-max', '8', '-K', list], { timeout: 120_000 });
    expect(readdirSync(got)).to.have.lengthOf(files);
    for (const name of names)
      expect(readFileSync(join(got, name)).equals(readFileSync(join(tree, 'many', name))), name).to.equal(
        true,
      );
    await run('curl', ['-sf', '-o', join(got, 'large.bin'), `${base}/large.bin`], { timeout: 240_000 });
    expect(await sha256(join(got, 'large.bin'))).to.equal(await sha256(join(tree, 'large.bin')));
  });

  it('answers 64 connections at once, every request', async () => {
    // A backlog of one connection is all that QEMU's user network has: the last of 64 may wait for seconds.
    const words = ['-t1', '-c64', `-d${wrkSeconds}`, '--timeout', '30', `${base}/`];
    const { stdout } = await run('wrk', words, { timeout: (wrkSeconds + 60) * 1000 });
    expect(stdout).to.not.match(/Socket errors|Non-2xx/);
    expect(Number(/(\d+) requests in/.exec(stdout)?.[1])).to.be.greaterThan(64);
  });

  it("serves a kernel of Node's on the same bus", async () => {
    await using kernel = await boot({ components: ['net/inet', 'net/virtif'] });
    const path = scratchPath('web-bus');
    await kernel.interfaces.add({ type: 'bus', path, addresses: ['10.7.0.1/24'] });
    const onBus = new AbortController();
    const guest = runGuest(image, {
      accelerator: 'tcg',
      memory: 64,
      disks: [`${disk},ro`],
      networks: [`bus,${path}`],
      network: [{ addresses: ['10.7.0.2/24'] }],
      signal: onBus.signal,
    }).catch((error: unknown) => error);
    try {
      const get = (name: string): Promise<Buffer> =>
        fetchOnce(() => kernel.net.connect(80, '10.7.0.2'), `/many/${name}`);
      await retried(() => get('1.bin'));
      for (const name of ['1.bin', '500.bin', '999.bin'])
        expect((await get(name)).equals(readFileSync(join(tree, 'many', name))), name).to.equal(true);
    } finally {
      onBus.abort();
      await guest;
    }
  });

  it('refuses what it must, and goes on', async () => {
    const status = async (...words: string[]): Promise<string> =>
      (await run('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', ...words])).stdout;
    expect(await status(`${base}/nothing`)).to.equal('404');
    expect(await status('--path-as-is', `${base}/../etc/passwd`)).to.equal('400');
    expect(await status('-X', 'DELETE', `${base}/`)).to.equal('501');
    expect(await status('-H', `X: ${'x'.repeat(8000)}`, `${base}/`)).to.equal('431');
    expect(await status('-I', `${base}/large.bin`)).to.equal('200');
  });
});
