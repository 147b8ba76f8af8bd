// SPDX-License-Identifier: BSD-2-Clause
// promises.test.ts: calls that are begun on the JavaScript thread and go on elsewhere where they have to wait.
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import type { Kernel } from '../../ts/kernel/index.js';
import { bootForTests } from '../helpers/kernel.js';
import { seededBytes } from '../helpers/random.js';

describe('promises', function () {
  this.timeout(300_000);
  let kernel: Kernel;
  before(async () => {
    kernel = await bootForTests();
  });
  after(() => kernel.shutdown());

  it('do without threads where nothing has to wait', async () => {
    const other = await bootForTests();
    const { threads } = other.usage();
    await other.fs.promises.writeFile('/file', 'x');
    await other.fs.promises.stat('/file');
    expect(other.usage().threads).to.equal(threads);
    await other.fs.promises.writeFile('/large', Buffer.alloc(2_000_000));
    expect(other.usage().threads).to.equal(threads + 1);
    await other.shutdown();
    expect(other.usage()).to.deep.equal({ bytes: 0, files: 0, threads: 0 });
  });

  it('may be many more than the kernel has threads for', async () => {
    const { promises } = kernel.fs;
    const sizes = Array.from({ length: 60 }, (_, index) => 1_100_000 + index);
    await Promise.all(sizes.map((size) => promises.writeFile(`/many-${size}`, seededBytes(size, size))));
    const contents = await Promise.all(sizes.map((size) => promises.readFile(`/many-${size}`)));
    expect(
      contents.every((bytes, index) => bytes.equals(seededBytes(bytes.length, sizes[index] ?? 0))),
    ).to.equal(true);
    await Promise.all(sizes.map((size) => promises.unlink(`/many-${size}`)));
  });

  it('wait for what another call does, and the program goes on meanwhile', async () => {
    const { fs } = kernel;
    fs.mkdirSync('/waiting');
    const events = fs.promises.watch('/waiting')[Symbol.asyncIterator]();
    const first = events.next();
    for (let turns = 0; turns < 10; turns++) await new Promise<void>((resolve) => setImmediate(resolve));
    fs.writeFileSync('/waiting/file', '');
    expect((await first).value).to.deep.equal({ eventType: 'rename', filename: 'file' });
    await events.return?.();
  });

  it('close a file handle that was forgotten, and say so', async () => {
    const { fs } = kernel;
    const warned = once(process, 'warning') as Promise<[Error]>;
    const open = async (): Promise<number> => (await fs.promises.open('/forgotten', 'w')).fd;
    const fd = await open();
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const isOpen = (): boolean => {
      try {
        return fs.fstatSync(fd).isFile();
      } catch {
        return false;
      }
    };
    for (let turn = 0; turn < 100 && isOpen(); turn++) {
      collect();
      await wait(10);
    }
    expect(() => fs.fstatSync(fd)).to.throw('EBADF');
    expect((await warned)[0].message).to.equal(`Closing file descriptor ${fd} on garbage collection`);
  });

  it('take no harm from memory that becomes smaller while they run', async () => {
    const { fs } = kernel;
    const length = 16 * 1024 * 1024;
    const contents = seededBytes(11, length);
    fs.writeFileSync('/steady', contents);
    const makeView = (): { view: Uint8Array; resize: (length: number) => void } => {
      // The types of this version do not know it yet.
      const Resizable = ArrayBuffer as unknown as new (
        length: number,
        options: { maxByteLength: number },
      ) => ArrayBuffer & { resize: (length: number) => void };
      const memory = new Resizable(length, { maxByteLength: length });
      return { view: new Uint8Array(memory), resize: (to) => memory.resize(to) };
    };
    const handle = await fs.promises.open('/steady', 'r+');
    for (const read of [
      (view: Uint8Array) => handle.read(view, 0, length, 0),
      (view: Uint8Array) => handle.readv([view], 0),
    ]) {
      const { view, resize } = makeView();
      const call = read(view);
      resize(5000);
      expect((await call).bytesRead).to.equal(length);
      expect(Buffer.from(view).equals(contents.subarray(0, 5000))).to.equal(true);
    }
    for (const write of [
      (view: Uint8Array) => handle.write(view, 0, length, 0),
      (view: Uint8Array) => handle.writev([view], 0),
      (view: Uint8Array) => fs.promises.writeFile('/steady', view),
    ]) {
      const { view, resize } = makeView();
      view.fill(7);
      const call = write(view);
      resize(0);
      await call;
      expect(fs.readFileSync('/steady').equals(Buffer.alloc(length, 7))).to.equal(true);
      fs.writeFileSync('/steady', contents);
    }
    await handle.close();
    fs.unlinkSync('/steady');
  });

  it('let timers run, however many there are in a row', async () => {
    const timer = { isOver: false };
    setTimeout(() => (timer.isOver = true), 1);
    let calls = 0;
    for (; !timer.isOver && calls < 10_000_000; calls++) await kernel.fs.promises.stat('/');
    expect(timer.isOver).to.equal(true);
  });
});
