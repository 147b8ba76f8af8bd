// SPDX-License-Identifier: BSD-2-Clause
// suite.ts: what any file system in the shape of node:fs must do with the full tree. Runs on node:fs too: an
// expectation that Node does not meet is wrong.
import { expect } from 'chai';
import { createHash } from 'node:crypto';
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import { seededBytes } from '../helpers/random.js';
import { largeFileBytes, longName, unicodeNames } from '../helpers/trees.js';
import type { Subject } from './subjects.js';

/** Declares the suite for one subject. */
export function describeFileSystem(title: string, getSubject: () => Subject): void {
  describe(title, () => {
    let fs: Subject['fs'];
    let root: string;
    const at = (name: string): string => join(root, name);
    before(() => {
      ({ fs, root } = getSubject());
    });
    const errorOf = async (call: () => unknown): Promise<NodeJS.ErrnoException> => {
      try {
        await call();
      } catch (error) {
        return error as NodeJS.ErrnoException;
      }
      throw new Error('the call did not fail');
    };

    it('reads a text file in every form', async () => {
      expect(fs.readFileSync(at('hello.txt'), 'utf8')).to.equal('hello, world\n');
      expect(fs.readFileSync(at('hello.txt'))).to.deep.equal(Buffer.from('hello, world\n'));
      expect(await fs.promises.readFile(at('hello.txt'), { encoding: 'hex' })).to.equal(
        '68656c6c6f2c20776f726c640a',
      );
      const called = await new Promise((resolve, reject) => {
        fs.readFile(at('hello.txt'), 'latin1', (error, text) => (error ? reject(error) : resolve(text)));
      });
      expect(called).to.equal('hello, world\n');
    });

    it('refuses impossible sizes for the buffer of opendir, and calls of a folder that is closed', async () => {
      // The callback form of node:fs cannot be asked: it throws where nobody can catch it.
      for (const bufferSize of [0, 1.5, 2 ** 32, 'x', undefined] as number[]) {
        const { code } = await errorOf(() => fs.opendirSync(at(''), { bufferSize }));
        expect(code).to.match(/^ERR_(OUT_OF_RANGE|INVALID_ARG_TYPE)$/);
      }
      expect((await errorOf(() => fs.opendirSync(at('missing'), { bufferSize: 2 }))).code).to.equal('ENOENT');
      const folder = fs.opendirSync(at(''), { bufferSize: 2 });
      folder.closeSync();
      for (const call of [() => folder.readSync(), () => folder.read(), () => folder.read(() => undefined)])
        expect((await errorOf(call)).code).to.equal('ERR_DIR_CLOSED');
      const closed = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => {
        folder.close(resolve);
      });
      expect(closed?.code).to.equal('ERR_DIR_CLOSED');
    });

    it('reads 32 MiB byte for byte, at once and on the pool', async () => {
      const expected = createHash('sha256').update(seededBytes(32, largeFileBytes)).digest('hex');
      const now = fs.readFileSync(at('large.bin'));
      expect(createHash('sha256').update(now).digest('hex')).to.equal(expected);
      const later = await fs.promises.readFile(at('large.bin'));
      expect(createHash('sha256').update(later).digest('hex')).to.equal(expected);
    });

    it('reads files of sizes around the block size', () => {
      for (const size of [0, 1, 2047, 2048, 2049, 65_535, 65_537]) {
        expect(
          fs.readFileSync(at(`sizes/${size}.bin`)).equals(seededBytes(size, size)),
          `${size} bytes`,
        ).to.equal(true);
        expect(fs.statSync(at(`sizes/${size}.bin`)).size).to.equal(size);
      }
    });

    it('reads ranges at positions and in sequence', () => {
      const expected = seededBytes(65_537, 65_537);
      const fd = fs.openSync(at('sizes/65537.bin'), 'r');
      try {
        const bytes = Buffer.alloc(5000);
        expect(fs.readSync(fd, bytes, 0, 5000, 2000)).to.equal(5000);
        expect(bytes.equals(expected.subarray(2000, 7000))).to.equal(true);
        expect(fs.readSync(fd, bytes, 10, 90, null)).to.equal(90);
        expect(bytes.subarray(10, 100).equals(expected.subarray(0, 90))).to.equal(true);
        expect(fs.readSync(fd, bytes, 0, 10, null)).to.equal(10);
        expect(bytes.subarray(0, 10).equals(expected.subarray(90, 100))).to.equal(true);
        expect(fs.readSync(fd, bytes, 0, 5000, 65_537 - 100)).to.equal(100);
        expect(fs.readSync(fd, bytes, 0, 10, 65_537n)).to.equal(0);
        expect(fs.readSync(fd, bytes, 0, 10, 1_000_000)).to.equal(0);
      } finally {
        fs.closeSync(fd);
      }
    });

    it('lists folders, large and empty ones', async () => {
      expect(fs.readdirSync(at('empty'))).to.deep.equal([]);
      const many = fs.readdirSync(at('many'));
      expect(many).to.have.length(300);
      expect(new Set(many)).to.include('file-299-with-a-longer-name.txt');
      expect((await fs.promises.readdir(at('unicode'))).sort()).to.deep.equal([...unicodeNames].sort());
      expect(fs.readdirSync(root)).to.include(longName);
    });

    it('lists with file types', async () => {
      for (const entries of [
        fs.readdirSync(at('links'), { withFileTypes: true }),
        await fs.promises.readdir(at('links'), { withFileTypes: true }),
      ]) {
        expect(entries.every((entry) => entry instanceof nodeFs.Dirent)).to.equal(true);
        expect(entries.every((entry) => entry.isSymbolicLink())).to.equal(true);
        expect(entries.every((entry) => entry.parentPath === at('links'))).to.equal(true);
      }
      const top = new Map(fs.readdirSync(root, { withFileTypes: true }).map((entry) => [entry.name, entry]));
      expect(top.get('hello.txt')?.isFile()).to.equal(true);
      expect(top.get('deep')?.isDirectory()).to.equal(true);
    });

    it('lists a tree', async () => {
      const names = fs.readdirSync(at('deep'), { recursive: true });
      expect(names).to.have.length(13);
      expect(names.at(-1)).to.match(/level-11\/bottom\.txt$/);
      expect(await fs.promises.readdir(at('deep'), { recursive: true })).to.deep.equal(names);
    });

    it('tells what a file is', async () => {
      const stats = fs.statSync(at('private.txt'));
      expect(stats).to.be.instanceOf(nodeFs.Stats);
      expect(stats.isFile()).to.equal(true);
      expect(stats.mode).to.equal(0o100600);
      expect(stats.mtimeMs).to.equal(1_700_000_000_000);
      expect(stats.mtime).to.deep.equal(new Date(1_700_000_000_000));
      expect(fs.statSync(at('script.sh')).mode).to.equal(0o100755);
      expect((await fs.promises.stat(at('deep'))).isDirectory()).to.equal(true);
      const big = fs.statSync(at('hello.txt'), { bigint: true });
      expect(big.size).to.equal(13n);
      expect(big.mtimeNs).to.equal(1_700_000_000_000_000_000n);
    });

    it('tells links from what they lead to', async () => {
      expect(fs.lstatSync(at('links/to-file')).isSymbolicLink()).to.equal(true);
      expect(fs.statSync(at('links/to-link')).isFile()).to.equal(true);
      expect((await fs.promises.lstat(at('links/dangling'))).isSymbolicLink()).to.equal(true);
      expect((await errorOf(() => fs.statSync(at('links/dangling')))).code).to.equal('ENOENT');
      expect((await errorOf(() => fs.promises.stat(at('links/loop-a')))).code).to.equal('ELOOP');
    });

    it('reads and follows links', async () => {
      expect(fs.readlinkSync(at('links/to-folder'))).to.equal('../sizes');
      expect(await fs.promises.readlink(at('links/long'))).to.equal(`../${longName}`);
      expect(fs.realpathSync(at('links/to-link'))).to.equal(at('hello.txt'));
      expect(fs.realpathSync.native(at('links/up-and-down'))).to.equal(at('deep/level-0'));
      expect(await fs.promises.realpath(at('links/up-and-down'))).to.equal(at('deep/level-0'));
      expect(fs.readFileSync(at('links/to-folder/1.bin'))).to.have.length(1);
    });

    it('fails in the shape of Node', async () => {
      const error = await errorOf(() => fs.openSync(at('missing'), 'r'));
      expect(error).to.include({ code: 'ENOENT', errno: -2, syscall: 'open', path: at('missing') });
      expect(error.message).to.equal(`ENOENT: no such file or directory, open '${at('missing')}'`);
      expect((await errorOf(() => fs.readdirSync(at('hello.txt')))).message).to.match(
        /^ENOTDIR: .*, scandir '/,
      );
      expect((await errorOf(() => fs.readFileSync(at('deep')))).message).to.equal(
        'EISDIR: illegal operation on a directory, read',
      );
      expect((await errorOf(() => fs.readlinkSync(at('hello.txt')))).code).to.equal('EINVAL');
      expect((await errorOf(() => fs.promises.access(at('missing')))).syscall).to.equal('access');
      expect(fs.existsSync(at('missing'))).to.equal(false);
      expect(fs.existsSync(at('hello.txt'))).to.equal(true);
      const exists = (path: unknown): Promise<boolean> =>
        new Promise((resolve) => {
          // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is there, so it is tested
          fs.exists(path as string, resolve);
        });
      expect(await Promise.all([at('hello.txt'), at('missing'), 5].map(exists))).to.deep.equal([
        true,
        false,
        false,
      ]);
    });

    it('streams whole files and ranges', async () => {
      const whole = createHash('sha256');
      for await (const piece of fs.createReadStream(at('large.bin'))) whole.update(piece as Buffer);
      const expected = seededBytes(32, largeFileBytes);
      expect(whole.digest('hex')).to.equal(createHash('sha256').update(expected).digest('hex'));
      const pieces: Buffer[] = [];
      const range = fs.createReadStream(at('large.bin'), {
        start: 1_000_000,
        end: 1_999_999,
        highWaterMark: 1000,
      });
      for await (const piece of range) pieces.push(piece as Buffer);
      expect(Buffer.concat(pieces).equals(expected.subarray(1_000_000, 2_000_000))).to.equal(true);
    });

    it('reports a stream that cannot be opened as an error event', async () => {
      const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
        fs.createReadStream(at('missing')).on('error', resolve);
      });
      expect(error).to.include({ code: 'ENOENT', syscall: 'open', path: at('missing') });
    });

    it('works through file handles', async () => {
      const handle = await fs.promises.open(at('hello.txt'));
      expect(handle.fd).to.be.a('number');
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(5), 0, 5, null);
      expect([bytesRead, buffer.toString()]).to.deep.equal([5, 'hello']);
      expect((await handle.stat()).size).to.equal(13);
      for (const wrong of ['x', 5, true])
        expect(await errorOf(() => handle.read(wrong as never))).to.include({
          code: 'ERR_INVALID_ARG_TYPE',
        });
      expect(await handle.readFile('utf8')).to.equal(', world\n');
      const pieces: string[] = [];
      for await (const piece of handle.createReadStream({ start: 7, encoding: 'utf8' }))
        pieces.push(piece as string);
      expect(pieces.join('')).to.equal('world\n');
      expect(handle.fd).to.equal(-1);
      expect((await errorOf(() => handle.stat())).code).to.equal('EBADF');
    });

    it('stops reading when aborted', async () => {
      const controller = new AbortController();
      controller.abort();
      const options = { signal: controller.signal };
      expect(await errorOf(() => fs.promises.readFile(at('large.bin'), options))).to.include({
        name: 'AbortError',
        code: 'ABORT_ERR',
      });
      const later = new AbortController();
      const reading = fs.promises.readFile(at('large.bin'), { signal: later.signal });
      later.abort();
      expect((await errorOf(() => reading)).name).to.equal('AbortError');
    });

    it('opens folders', async () => {
      const directory = await fs.promises.opendir(at('sizes'));
      const names: string[] = [];
      for await (const entry of directory) names.push(entry.name);
      expect(names).to.have.length(7);
      expect((await errorOf(() => fs.opendirSync(at('missing')))).syscall).to.equal('opendir');
      const called = await new Promise<string | undefined>((resolve, reject) => {
        fs.opendir(at('empty'), (error, empty) => {
          if (error) {
            reject(error);
            return;
          }
          resolve(empty.readSync()?.name);
          empty.closeSync();
        });
      });
      expect(called).to.equal(undefined);
    });
  });
}
