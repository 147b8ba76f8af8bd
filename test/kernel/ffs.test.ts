// SPDX-License-Identifier: BSD-2-Clause
// ffs.test.ts: compiles and runs the C tests of fs/ffs (t_ffs_*.c) against a composition with it on the posix host. Each
// works on copies of an image that makefs made, and prints TAP; afterwards the checker finds nothing wrong with any.
import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkFfs } from '../../ts/disk/index.js';
import { findComposition } from '../../ts/native/composition.js';
import { packageRoot } from '../../ts/paths.js';
import { makeFfs } from '../helpers/ffs.js';
import { seededBytes } from '../helpers/random.js';
import { makeScratchFolder } from '../helpers/scratch.js';

const damaged = 't_ffs_damaged.c';
const programs = readdirSync(import.meta.dirname).filter(
  (name) => /^t_ffs_.*\.c$/.test(name) && name !== damaged,
);
/** With 1 MiB there are 128 vnodes and 256 KiB of buffers: everything is recycled all the time. */
const memoryLimits = ['64m', '1m'];

describe('fs/ffs', function () {
  this.timeout(240_000);
  let kernel: string;
  let image: string;

  before(async () => {
    kernel = await findComposition(['fs/ffs', 'fs/tmpfs', 'dev']);
    const tree = makeScratchFolder('tree');
    // users of the tests' own go in there
    chmodSync(tree, 0o755);
    writeFileSync(join(tree, 'hello.txt'), 'hello, world\n');
    image = makeFfs(tree);
  });

  for (const program of programs) {
    for (const limit of memoryLimits) {
      it(`passes ${program} with ${limit} of memory`, () => {
        const keep = makeScratchFolder('kept');
        const { status, signal, stdout, stderr } = spawnSync(compile(program, kernel), {
          encoding: 'utf8',
          timeout: 120_000,
          env: { ...process.env, KTEST_FFS: image, KTEST_KEEP: keep, RUMP_MEMLIMIT: limit },
        });
        const output = `${signal ?? ''}\n${stdout}\n${stderr}`;
        const planned = Number(/^1\.\.(\d+)$/m.exec(stdout)?.[1]);
        expect(planned, output).to.be.greaterThan(0);
        expect(stdout.match(/^ok \d+/gm) ?? [], output).to.have.length(planned);
        expect(status, output).to.equal(0);
        const images = readdirSync(keep);
        expect(images).to.not.have.length(0);
        for (const name of images) expect(checkFfs(join(keep, name)).findings, name).to.deep.equal([]);
        rmSync(keep, { recursive: true });
      });
    }
  }

  /** KTEST_IMAGES and KTEST_SEED in the environment ask for others. */
  it('survives damaged images', () => {
    const { status, stdout, stderr } = spawnSync(compile(damaged, kernel), {
      encoding: 'utf8',
      env: {
        ...process.env,
        KTEST_FFS: makeFfs(makeTree(), { size: '3m' }),
        KTEST_KEEP: makeScratchFolder('kept'),
      },
    });
    expect(status, `${stdout}\n${stderr}`).to.equal(0);
    expect(stdout).to.match(/^# \d+ images: \d+ refused, \d+ panics, 0 bad$/m);
  });
});

/** Folders, links, files of some fragments and of some blocks. */
function makeTree(): string {
  const root = makeScratchFolder('tree');
  mkdirSync(join(root, 'dir/sub'), { recursive: true });
  writeFileSync(join(root, 'hello.txt'), 'hello, world\n');
  writeFileSync(join(root, 'big'), seededBytes(1, 300_000));
  for (let index = 1; index <= 40; index++)
    writeFileSync(join(root, `dir/file-${index}`), seededBytes(index, index * 900));
  symlinkSync('dir/file-3', join(root, 'link'));
  return root;
}

function compile(program: string, kernel: string): string {
  const output = join(makeScratchFolder('ffs'), program.replace(/\.c$/, ''));
  execFileSync('cc', [
    ...['-std=c11', '-D_GNU_SOURCE', '-O1', '-g', '-Wall', '-Wextra', '-Werror', '-pthread'],
    ...['-idirafter', join(packageRoot, 'rump', 'include')],
    ...[join(import.meta.dirname, program), kernel, `-Wl,-rpath,${dirname(kernel)}`],
    ...['-o', output],
  ]);
  return output;
}
