// SPDX-License-Identifier: BSD-2-Clause
// inet.test.ts: compiles and runs the C tests of TCP/IP (t_inet_*.c) against a kernel with net/inet and net/virtif,
// with as much memory as it likes, with little, and with sanitizers. Each prints TAP.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { runBuilder } from '../../ts/native/builder-process.js';
import { findComposition } from '../../ts/native/composition.js';
import { compileKernelTest } from '../helpers/compile-kernel-test.js';
import { useTemporaryFolder } from '../helpers/temporary-folder.js';

const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'];
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
      for (const limit of ['4g', '64m']) run(executable, limit);
    });
  }

  describe('with sanitizers', () => {
    before(async () => {
      const words = ['build', '--host', 'posix', '--sanitize', 'net/inet', 'net/virtif', 'vfs'];
      kernel = String((await runBuilder(words, 'a kernel with sanitizers'))['sharedObject']);
    });

    for (const program of programs)
      it(`passes ${program}`, () => {
        run(compileKernelTest(program, kernel, sanitizers), '4g');
      });
  });

  /** Runs a program: all that it planned is to be well. */
  function run(executable: string, limit: string): void {
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
