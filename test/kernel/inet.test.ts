// SPDX-License-Identifier: BSD-2-Clause
// inet.test.ts: compiles and runs the C tests of TCP/IP (t_inet_*.c) against a kernel with net/inet and net/virtif,
// with as much memory as it likes and with little. Each prints TAP.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { findComposition } from '../../ts/native/composition.js';
import { compileKernelTest } from '../helpers/compile-kernel-test.js';
import { useTemporaryFolder } from '../helpers/temporary-folder.js';

const programs = readdirSync(import.meta.dirname).filter((name) => /^t_inet_.*\.c$/.test(name));

describe('TCP/IP', function () {
  this.timeout(300_000);
  const temporary = useTemporaryFolder();
  let kernel: string;
  before(async () => {
    kernel = await findComposition(['net/inet', 'net/virtif']);
  });

  for (const program of programs) {
    it(`passes ${program}`, () => {
      const executable = compileKernelTest(program, kernel);
      for (const limit of ['4g', '64m']) {
        const { status, signal, stdout, stderr } = spawnSync(executable, {
          encoding: 'utf8',
          timeout: 120_000,
          env: { ...process.env, TMPDIR: temporary(), RUMP_MEMLIMIT: limit },
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
