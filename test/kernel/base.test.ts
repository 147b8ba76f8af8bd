// SPDX-License-Identifier: BSD-2-Clause
// base.test.ts: compiles and runs the C tests of the kernel base (t_kern_*.c, t_vfs_*.c) against the composition with
// fs/cd9660, fs/tmpfs and dev on the posix host, with as much memory as it likes and with hardly any. Each prints TAP.
import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findComposition } from '../../ts/native/composition.js';
import { packageRoot } from '../../ts/paths.js';
import { makeIso } from '../helpers/iso.js';
import { seededBytes } from '../helpers/random.js';
import { makeScratchFolder } from '../helpers/scratch.js';

const programs = readdirSync(import.meta.dirname).filter((name) => /^t_(kern|vfs)_.*\.c$/.test(name));
/**
 * With 4 GiB memory comes in large pieces. With 1 MiB there are 128 vnodes and 256 KiB of buffers: everything is
 * recycled all the time.
 */
const memoryLimits = ['4g', '64m', '1m'];

describe('the kernel base', function () {
  this.timeout(120_000);
  let kernel: string;
  let image: string;
  let bigBlock: number;

  before(async () => {
    kernel = await findComposition(['fs/cd9660', 'fs/tmpfs', 'dev']);
    image = makeIso(makeTree(), 'rock-ridge');
    bigBlock = firstBlock(image, 'BIG.BIN;1');
  });

  for (const program of programs) {
    it(`passes ${program}`, () => {
      const executable = compile(program, kernel);
      for (const limit of memoryLimits) {
        const environment = {
          KTEST_ISO: image,
          KTEST_BIG_BLOCK: String(bigBlock),
          RUMP_MEMLIMIT: limit,
        };
        const { status, signal, stdout, stderr } = spawnSync(executable, {
          encoding: 'utf8',
          timeout: 60_000,
          env: { ...process.env, ...environment },
        });
        const output = `with ${limit}: ${signal ?? ''}\n${stdout}\n${stderr}`;
        const planned = Number(/^1\.\.(\d+)$/m.exec(stdout)?.[1]);
        expect(planned, output).to.be.greaterThan(0);
        expect(stdout.match(/^ok \d+/gm) ?? [], output).to.have.length(planned);
        expect(status, output).to.equal(0);
      }
    });
  }
});

/** The tree that the programs know: few levels, many small files, one of several clusters. */
function makeTree(): string {
  const root = makeScratchFolder('base');
  mkdirSync(join(root, 'deep/a/b/c'), { recursive: true });
  mkdirSync(join(root, 'many'));
  writeFileSync(join(root, 'hello.txt'), 'hello, world\n');
  writeFileSync(join(root, 'deep/a/b/c/bottom.txt'), 'deep down\n');
  writeFileSync(join(root, 'big.bin'), seededBytes(5, 700_000));
  for (let index = 0; index < 300; index++)
    writeFileSync(join(root, `many/file-${index}-with-a-longer-name.txt`), `${index}\n`);
  return root;
}

/** Where a file of an image starts: ECMA-119, 9.1: the name stands 33 bytes into its record, the block 2 bytes. */
function firstBlock(path: string, name: string): number {
  const bytes = readFileSync(path);
  return bytes.readUInt32LE(bytes.indexOf(name) - 33 + 2);
}

function compile(program: string, kernel: string): string {
  const output = join(makeScratchFolder('base'), program.replace(/\.c$/, ''));
  execFileSync('cc', [
    ...['-std=c11', '-D_GNU_SOURCE', '-O1', '-g', '-Wall', '-Wextra', '-Werror', '-pthread'],
    ...['-idirafter', join(packageRoot, 'rump', 'include')],
    ...[join(import.meta.dirname, program), kernel, `-Wl,-rpath,${dirname(kernel)}`],
    ...['-o', output],
  ]);
  return output;
}
