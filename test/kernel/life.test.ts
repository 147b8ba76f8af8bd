// SPDX-License-Identifier: BSD-2-Clause
// life.test.ts: boot, mount, unmount, shutdown: errors with codes, independence of kernels, nothing left behind.
import { expect } from 'chai';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { RumpError } from '../../ts/errors.js';
import { boot, type Kernel } from '../../ts/kernel/index.js';
import { bootForTests, testKernel } from '../helpers/kernel.js';
import { makeIso } from '../helpers/iso.js';
import { seededBytes } from '../helpers/random.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { makeFullTree, makePlainTree } from '../helpers/trees.js';

async function failureOf(work: () => unknown): Promise<RumpError> {
  try {
    await work();
  } catch (error) {
    expect(error).to.be.instanceOf(RumpError);
    return error as RumpError;
  }
  throw new Error('the call did not fail');
}

describe('the life of a kernel', function () {
  this.timeout(300_000);
  let image: string;

  before(() => {
    image = makeIso(makeFullTree(false), 'rock-ridge');
  });

  const withKernel = async (work: (kernel: Kernel) => Promise<void>): Promise<void> => {
    const kernel = await bootForTests();
    try {
      await work(kernel);
    } finally {
      await kernel.shutdown();
    }
  };

  it('needs components that exist', async () => {
    expect((await failureOf(() => boot({ components: [] }))).code).to.equal('RUMP_NATIVE_USAGE');
    const missing = await failureOf(() => boot({ sharedObject: '/nonexistent/kernel.so' }));
    expect(missing.code).to.equal('RUMP_NATIVE_LOAD_FAILED');
    const foreign = await failureOf(() => boot({ sharedObject: process.execPath }));
    expect(foreign.code).to.equal('RUMP_NATIVE_LOAD_FAILED');
  });

  it('passes on what the builder says', async () => {
    const unknown = await failureOf(() => boot({ components: ['fs/cd96600'] }));
    expect(unknown.code).to.equal('RUMP_GRAPH_UNKNOWN_COMPONENT');
    expect(unknown.message).to.include('fs/cd96600');
    expect(unknown.remedy).to.be.a('string');
  });

  it('boots by the names of components', async () => {
    await using kernel = await boot({ components: ['fs/cd9660'] });
    expect(kernel.fs.readdirSync('/')).to.be.an('array');
  });

  it('says its version', () =>
    withKernel(async (kernel) => {
      expect(await kernel.version()).to.be.greaterThan(0);
    }));

  it('refuses to mount what is not there or not right', () =>
    withKernel(async (kernel) => {
      const noImage = await failureOf(() =>
        kernel.mount({ type: 'cd9660', image: '/nonexistent.iso', at: '/mnt' }),
      );
      expect(noImage.code).to.equal('RUMP_MOUNT_NO_IMAGE');
      expect(noImage.cause).to.include({ code: 'ENOENT' });
      const relative = await failureOf(() => kernel.mount({ type: 'cd9660', image, at: 'mnt' }));
      expect(relative.code).to.equal('RUMP_MOUNT_USAGE');
      const unknown = await failureOf(() => kernel.mount({ type: 'ffs', image, at: '/mnt' }));
      expect(unknown.code).to.equal('RUMP_MOUNT_UNKNOWN_TYPE');
      expect(unknown.remedy).to.include("'fs/ffs'");
    }));

  it('refuses to mount what is not an ISO, and leaves nothing behind', () =>
    withKernel(async (kernel) => {
      const { files } = kernel.usage();
      const folder = makeScratchFolder('not-iso');
      for (const [name, contents] of [
        ['empty', Buffer.alloc(0)],
        ['short', Buffer.alloc(5000)],
        ['zeros', Buffer.alloc(1_000_000)],
        ['noise', seededBytes(1, 1_000_000)],
        ['text', Buffer.from('hello\n'.repeat(10_000))],
      ] as const) {
        const path = join(folder, name);
        writeFileSync(path, contents);
        const error = await failureOf(() => kernel.mount({ type: 'cd9660', image: path, at: '/some/where' }));
        expect(error.code, name).to.equal('RUMP_MOUNT_FAILED');
        expect(error.cause, name).to.include({ syscall: 'mount', path });
      }
      expect(kernel.fs.existsSync('/some')).to.equal(false);
      expect(kernel.fs.readdirSync('/dev')).to.deep.equal([]);
      expect(kernel.usage().files).to.equal(files);
    }));

  it('survives an ISO cut at 20 places', () =>
    withKernel(async (kernel) => {
      const whole = readFileSync(image);
      const cut = join(makeScratchFolder('cut'), 'cut.iso');
      for (let part = 0; part < 20; part++) {
        writeFileSync(cut, whole);
        truncateSync(cut, Math.floor((whole.length * part) / 20) + (part % 3) * 700);
        await tryWholeTree(kernel, cut);
      }
    }));

  it('unmounts, and not while files are open unless forced', () =>
    withKernel(async (kernel) => {
      await kernel.mount({ type: 'cd9660', image, at: '/mnt' });
      const fd = kernel.fs.openSync('/mnt/hello.txt', 'r');
      expect((await failureOf(() => kernel.unmount('/mnt'))).code).to.equal('RUMP_MOUNT_BUSY');
      kernel.fs.closeSync(fd);
      await kernel.unmount('/mnt');
      expect(kernel.fs.readdirSync('/mnt')).to.deep.equal([]);
      expect((await failureOf(() => kernel.unmount('/mnt'))).code).to.equal('RUMP_MOUNT_FAILED');
      await kernel.mount({ type: 'cd9660', image, at: '/mnt' });
      const held = kernel.fs.openSync('/mnt/hello.txt', 'r');
      await kernel.unmount('/mnt', { force: true });
      expect(() => kernel.fs.readSync(held, Buffer.alloc(10))).to.throw();
    }));

  it('stacks mounts at one path, and forgets their devices as they come off', () =>
    withKernel(async (kernel) => {
      const devices = (): string[] =>
        kernel.fs.readdirSync('/dev').filter((name) => name.startsWith('rumpkit-'));
      await kernel.mount({ type: 'cd9660', image, at: '/mnt' });
      await kernel.mount({ type: 'cd9660', image, at: '/mnt/' });
      expect(devices()).to.have.lengthOf(2);
      await kernel.unmount('/mnt');
      expect(kernel.fs.readFileSync('/mnt/hello.txt', 'utf8')).to.include('hello');
      expect(devices()).to.have.lengthOf(1);
      await kernel.unmount('/mnt');
      expect(devices()).to.deep.equal([]);
    }));

  it('refuses to write to a read-only image', () =>
    withKernel(async (kernel) => {
      await kernel.mount({ type: 'cd9660', image, at: '/mnt', readOnly: true });
      expect(() => kernel.fs.openSync('/mnt/new.txt', 'w')).to.throw(/EROFS/);
      expect(() => kernel.fs.openSync('/mnt/hello.txt', 'r+')).to.throw(/EROFS/);
    }));

  it('keeps two kernels apart', async () => {
    const other = makeIso(makePlainTree(), 'plain');
    await withKernel((first) =>
      withKernel(async (second) => {
        await first.mount({ type: 'cd9660', image, at: '/mnt' });
        expect(second.fs.existsSync('/mnt')).to.equal(false);
        await second.mount({ type: 'cd9660', image: other, at: '/mnt' });
        expect(first.fs.existsSync('/mnt/private.txt')).to.equal(true);
        expect(second.fs.existsSync('/mnt/private.txt')).to.equal(false);
        await first.shutdown();
        expect(second.fs.readFileSync('/mnt/hello.txt', 'utf8')).to.equal('hello, world\n');
        expect(() => first.fs.statSync('/mnt'))
          .to.throw(RumpError)
          .with.property('code', 'RUMP_NATIVE_CLOSED');
      }),
    );
  });

  it('lets the event loop run while promises are under way', () =>
    withKernel(async (kernel) => {
      await kernel.mount({ type: 'cd9660', image, at: '/mnt' });
      let turns = 0;
      const timer = setInterval(() => turns++, 0);
      const listings = Array.from({ length: 20 }, () =>
        kernel.fs.promises.readdir('/mnt/many', { withFileTypes: true }),
      );
      for (const listing of await Promise.all(listings)) expect(listing).to.have.length(300);
      clearInterval(timer);
      expect(turns).to.be.greaterThan(0);
    }));

  it('finishes calls under way when it is shut down', async () => {
    const kernel = await bootForTests();
    await kernel.mount({ type: 'cd9660', image, at: '/mnt' });
    const reading = Array.from({ length: 50 }, () => kernel.fs.promises.readFile('/mnt/hello.txt', 'utf8'));
    await kernel.shutdown();
    expect(new Set(await Promise.all(reading))).to.deep.equal(new Set(['hello, world\n']));
    const late = await kernel.fs.promises.readFile('/mnt/hello.txt').catch((error: unknown) => error);
    expect(late).to.have.property('code', 'RUMP_NATIVE_CLOSED');
    await kernel.shutdown();
  });

  it('refuses calls while it is being shut down', async () => {
    for (let round = 0; round < 20; round++) {
      const kernel = await bootForTests();
      await kernel.mount({ type: 'cd9660', image, at: '/mnt' });
      const down = kernel.shutdown();
      for (let turn = 0; turn < 50; turn++) {
        try {
          kernel.fs.statSync('/mnt/hello.txt');
          kernel.usage();
        } catch (error) {
          expect(error).to.have.property('code').that.is.oneOf(['ENOENT', 'RUMP_NATIVE_CLOSED']);
        }
        await setImmediate();
      }
      await down;
      expect(() => kernel.fs.statSync('/'))
        .to.throw(RumpError)
        .with.property('code', 'RUMP_NATIVE_CLOSED');
      expect(kernel.usage()).to.deep.equal({ bytes: 0, files: 0, threads: 0 });
    }
  });

  it('runs in a worker thread that is stopped in the middle', async () => {
    const worker = await startWorker('wait');
    await worker.terminate();
    await withKernel(async (kernel) => {
      await kernel.mount({ type: 'cd9660', image, at: '/mnt' });
      expect(kernel.fs.existsSync('/mnt/hello.txt')).to.equal(true);
    });
  });

  it('lets a worker thread end while calls are under way', async () => {
    for (const end of ['exit', 'throw'] as const) {
      const worker = await startWorker(end);
      const code = new Promise((resolve) => worker.once('exit', resolve));
      const error = new Promise<Error | undefined>((resolve) => worker.once('error', resolve));
      expect(await code, end).to.equal(end === 'exit' ? 4 : 1);
      if (end === 'throw') expect(String(await error)).to.include('on purpose');
    }
    const worker = await startWorker('read');
    expect(await worker.terminate()).to.equal(1);
  });

  /** Starts h_worker.ts and waits for its first message. */
  async function startWorker(end: 'wait' | 'exit' | 'throw' | 'read'): Promise<Worker> {
    const script = JSON.stringify(new URL('./h_worker.ts', import.meta.url).href);
    // A worker does not inherit the loader of TypeScript.
    const start = `import('tsx/esm/api').then(({ register }) => { register(); return import(${script}); });`;
    const worker = new Worker(start, {
      eval: true,
      workerData: { image, sharedObject: await testKernel(), end },
    });
    const text = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    expect(text).to.equal('hello, world\n');
    return worker;
  }

  it('gives back memory, threads and files over 200 boots', async () => {
    const cycle = async (): Promise<void> => {
      await using kernel = await bootForTests();
      await kernel.mount({ type: 'cd9660', image, at: '/mnt' });
      kernel.fs.readFileSync('/mnt/sizes/65537.bin');
      await kernel.fs.promises.readdir('/mnt/many');
      kernel.fs.openSync('/mnt/hello.txt', 'r');
    };
    for (let index = 0; index < 30; index++) await cycle();
    const before = usageOfProcess();
    for (let index = 0; index < 200; index++) await cycle();
    const after = usageOfProcess();
    expect(after.files).to.equal(before.files);
    expect(after.threads).to.equal(before.threads);
    // A kernel that is not given back costs half a megabyte; what malloc keeps varies by some megabytes in all.
    expect(after.residentBytes - before.residentBytes).to.be.lessThan(32 * 1024 * 1024);
  });
});

function usageOfProcess(): { files: number; threads: number; residentBytes: number } {
  collectGarbage();
  return {
    files: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
    residentBytes: process.memoryUsage.rss(),
  };
}

/** What JavaScript itself has not let go of yet is not the kernel's. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** Reads all that can be read; errors must have a code, and the kernel must live. */
async function tryWholeTree(kernel: Kernel, image: string): Promise<void> {
  try {
    await kernel.mount({ type: 'cd9660', image, at: '/mnt' });
  } catch (error) {
    expect(error).to.be.instanceOf(RumpError);
    expect((error as RumpError).code).to.equal('RUMP_MOUNT_FAILED');
    return;
  }
  const attempt = (work: () => unknown): void => {
    try {
      work();
    } catch (error) {
      expect(error).to.have.property('errno').that.is.a('number');
    }
  };
  attempt(() => {
    for (const name of kernel.fs.readdirSync('/mnt', { recursive: true, encoding: 'utf8' })) {
      attempt(() => kernel.fs.lstatSync(join('/mnt', name)));
      attempt(() => kernel.fs.readFileSync(join('/mnt', name)));
    }
  });
  await kernel.unmount('/mnt');
}
