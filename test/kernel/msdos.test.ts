// SPDX-License-Identifier: BSD-2-Clause
// msdos.test.ts: compiles and runs the C tests of fs/msdos (t_fat_*.c) on a fresh volume of every format, with as much
// memory as it likes and with hardly any. What is left on the volume afterwards is for its own checker to judge.
import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findComposition } from '../../ts/native/composition.js';
import { packageRoot } from '../../ts/paths.js';
import { makeScratchFolder } from '../helpers/scratch.js';

const programs = readdirSync(import.meta.dirname).filter((name) => /^t_fat_.*\.c$/.test(name));
const memoryLimits = ['64m', '1m'];
const mebibyte = 1024 * 1024;

interface Format {
  size: number;
  make: readonly string[];
  check: readonly string[];
}

const formats: Readonly<Record<string, Format>> = {
  fat12: { size: 8 * mebibyte, make: ['mkfs.fat', '-F', '12'], check: ['fsck.fat', '-n'] },
  fat16: { size: 24 * mebibyte, make: ['mkfs.fat', '-F', '16'], check: ['fsck.fat', '-n'] },
  fat32: { size: 64 * mebibyte, make: ['mkfs.fat', '-F', '32'], check: ['fsck.fat', '-n'] },
  exfat: { size: 64 * mebibyte, make: ['mkfs.exfat'], check: ['fsck.exfat', '-n'] },
};

describe('fs/msdos', function () {
  this.timeout(180_000);
  let kernel: string;

  before(async () => {
    kernel = await findComposition(['fs/msdos', 'dev']);
  });

  for (const program of programs) {
    for (const name of Object.keys(formats)) {
      it(`passes ${program} on ${name}, and leaves it clean`, () => {
        const executable = compile(program, kernel);
        for (const limit of memoryLimits) {
          const image = makeVolume(name);
          const environment = { KTEST_FAT: image, KTEST_FORMAT: name, RUMP_MEMLIMIT: limit };
          const { status, signal, stdout, stderr } = spawnSync(executable, {
            encoding: 'utf8',
            timeout: 90_000,
            env: { ...process.env, ...environment },
          });
          const output = `with ${limit}: ${signal ?? ''}\n${stdout}\n${stderr}`;
          const planned = Number(/^1\.\.(\d+)$/m.exec(stdout)?.[1]);
          expect(planned, output).to.be.greaterThan(0);
          expect(stdout.match(/^ok \d+/gm) ?? [], output).to.have.length(planned);
          expect(status, output).to.equal(0);
          expectClean(name, image);
        }
      });
    }
  }
});

function makeVolume(name: string): string {
  const format = formats[name] as Format;
  const image = join(makeScratchFolder('msdos'), `${name}.img`);
  writeFileSync(image, '');
  truncateSync(image, format.size);
  const [command = '', ...options] = format.make;
  execFileSync(command, [...options, image], { stdio: 'pipe' });
  return image;
}

/** The checkers say what they find also where they would not mend it, and end with a status. */
function expectClean(name: string, image: string): void {
  const [command = '', ...options] = (formats[name] as Format).check;
  const { status, stdout, stderr } = spawnSync(command, [...options, image], { encoding: 'utf8' });
  const output = `${stdout}${stderr}`;
  expect(status, output).to.equal(0);
  expect(output.trim().split('\n'), output).to.have.length(2);
}

function compile(program: string, kernel: string): string {
  const output = join(makeScratchFolder('msdos'), program.replace(/\.c$/, ''));
  execFileSync('cc', [
    ...['-std=c11', '-D_GNU_SOURCE', '-O1', '-g', '-Wall', '-Wextra', '-Werror', '-pthread'],
    ...['-idirafter', join(packageRoot, 'rump', 'include')],
    ...[join(import.meta.dirname, program), kernel, `-Wl,-rpath,${dirname(kernel)}`],
    ...['-o', output],
  ]);
  return output;
}
