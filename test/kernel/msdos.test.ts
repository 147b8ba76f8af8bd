// SPDX-License-Identifier: BSD-2-Clause
// msdos.test.ts: compiles and runs the C tests of fs/msdos (t_fat_*.c) on a fresh volume of every format, with as much
// memory as it likes and with hardly any. What is left on the volume afterwards is for its own checker to judge.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { findComposition } from '../../ts/native/composition.js';
import { compileKernelTest } from '../helpers/compile-kernel-test.js';
import { expectCleanVolume, fatFormats, makeFatVolume } from '../helpers/fat.js';

const programs = readdirSync(import.meta.dirname).filter((name) => /^t_fat_.*\.c$/.test(name));
const memoryLimits = ['64m', '1m'];

describe('fs/msdos', function () {
  this.timeout(240_000);
  let kernel: string;

  before(async () => {
    kernel = await findComposition(['fs/msdos', 'dev']);
  });

  for (const program of programs) {
    for (const format of fatFormats) {
      it(`passes ${program} on ${format}, and leaves it clean`, () => {
        const executable = compileKernelTest(program, kernel);
        for (const limit of memoryLimits) {
          const image = makeFatVolume(format);
          const environment = { KTEST_FAT: image, KTEST_FORMAT: format, RUMP_MEMLIMIT: limit };
          const { status, signal, stdout, stderr } = spawnSync(executable, {
            encoding: 'utf8',
            timeout: 110_000,
            env: { ...process.env, ...environment },
          });
          const output = `with ${limit}: ${signal ?? ''}\n${stdout}\n${stderr}`;
          const planned = Number(/^1\.\.(\d+)$/m.exec(stdout)?.[1]);
          expect(planned, output).to.be.greaterThan(0);
          expect(stdout.match(/^ok \d+/gm) ?? [], output).to.have.length(planned);
          expect(status, output).to.equal(0);
          expectCleanVolume(format, image);
        }
      });
    }
  }
});
