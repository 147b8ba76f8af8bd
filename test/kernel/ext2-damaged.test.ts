// SPDX-License-Identifier: BSD-2-Clause
// ext2-damaged.test.ts: ext2 and ext4 images with random bytes changed, mounted to be written where they let us: the
// process lives and nothing hangs, whatever is in them (h_ext2_damaged.c: one process for each image).
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findComposition } from '../../ts/native/composition.js';
import { packageRoot } from '../../ts/paths.js';
import { makeExt2 } from '../helpers/ext2.js';
import { seededBytes } from '../helpers/random.js';
import { makeScratchFolder } from '../helpers/scratch.js';

/** RUMPKIT_DAMAGED_EXT2=5000 tries that many; RUMPKIT_DAMAGED_SEED=N repeats one. */
const count = Number(process.env['RUMPKIT_DAMAGED_EXT2'] ?? 300);
const onlySeed = process.env['RUMPKIT_DAMAGED_SEED'];

describe('damaged ext2 images', function () {
  this.timeout(60 * 60_000);
  let program: string;
  let tree: string;

  before(async () => {
    program = compile(await findComposition(['fs/ext2', 'dev']));
    tree = makeTree();
  });

  for (const options of ['-t ext2 -b 1024 -I 128', '-t ext4 -b 1024 -O ^has_journal,^metadata_csum']) {
    it(`survives ${count} of mke2fs ${options}`, () => {
      const image = makeExt2([...options.split(' '), '-N', '128'], 2, tree);
      const seeds = onlySeed === undefined ? ['0', String(count)] : [onlySeed, '1'];
      const output = execFileSync(program, [image, ...seeds, `${image}.damaged`], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, RUMP_MEMLIMIT: '32m' },
      });
      const [, mounted, refused] = /^mounted (\d+), refused (\d+)\n$/.exec(output) ?? [];
      expect(Number(mounted) + Number(refused), output).to.equal(Number(seeds[1]));
    });
  }
});

/** Something of everything: folders with and without an index, links of both kinds, files with indirect blocks. */
function makeTree(): string {
  const tree = makeScratchFolder('tree');
  for (const folder of ['a/b', 'many']) mkdirSync(join(tree, folder), { recursive: true });
  for (let index = 0; index < 60; index++) {
    writeFileSync(join(tree, `many/file-number-${index}-with-a-long-name`), `${index}\n`);
  }
  writeFileSync(join(tree, 'big'), seededBytes(1, 150_000));
  writeFileSync(join(tree, 'a/b/c'), seededBytes(2, 5000));
  symlinkSync('big', join(tree, 'link'));
  symlinkSync('x/'.repeat(50), join(tree, 'long'));
  return tree;
}

function compile(kernel: string): string {
  const output = join(makeScratchFolder('ext2'), 'h_ext2_damaged');
  execFileSync('cc', [
    ...['-std=c11', '-D_GNU_SOURCE', '-O1', '-g', '-Wall', '-Wextra', '-Werror', '-pthread'],
    ...['-idirafter', join(packageRoot, 'rump', 'include')],
    ...[join(import.meta.dirname, 'h_ext2_damaged.c'), kernel, `-Wl,-rpath,${dirname(kernel)}`],
    ...['-o', output],
  ]);
  return output;
}
