// SPDX-License-Identifier: BSD-2-Clause
// sockets.test.ts: compiles and runs the C tests of sockets, pipes and poll (t_net_*.c) on the posix host: with plenty of
// memory, with hardly any, and with sanitizers. Each prints TAP.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBuilder } from '../../ts/native/builder-process.js';
import { findComposition } from '../../ts/native/composition.js';
import { compileKernelTest } from '../helpers/compile-kernel-test.js';
import { makeExt2 } from '../helpers/ext2.js';
import { makeFfs } from '../helpers/ffs.js';
import { makeScratchFolder } from '../helpers/scratch.js';

const programs = [
  't_net_socket.c',
  't_net_transfer.c',
  't_net_ends.c',
  't_net_local.c',
  't_net_rights.c',
  't_net_poll.c',
  't_net_stress.c',
];
const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'];

describe('sockets and pipes', function () {
  this.timeout(600_000);

  for (const limit of ['1g', '8m']) {
    for (const program of programs) {
      it(`pass ${program} with ${limit} of memory`, async () => {
        const kernel = await findComposition(['net/local', 'fs/tmpfs']);
        run(compileKernelTest(program, kernel), { RUMP_MEMLIMIT: limit });
      });
    }
  }

  it('have names on disks', async () => {
    const kernel = await findComposition(['net/local', 'fs/ffs', 'fs/ext2']);
    const tree = join(makeScratchFolder('net'), 'tree');
    mkdirSync(tree);
    writeFileSync(join(tree, 'file'), 'hello\n');
    const images = { KTEST_FFS: makeFfs(tree, { size: '4m' }), KTEST_EXT2: makeExt2([], 4) };
    run(compileKernelTest('t_net_disk.c', kernel), images);
  });

  describe('with sanitizers', () => {
    let kernel: string;

    before(async () => {
      const words = ['build', '--host', 'posix', '--sanitize', 'net/local', 'fs/tmpfs'];
      kernel = String((await runBuilder(words, 'a kernel with sanitizers'))['sharedObject']);
    });

    for (const program of programs) {
      it(`pass ${program}`, () => {
        run(compileKernelTest(program, kernel, sanitizers), { RUMP_MEMLIMIT: '1g' });
      });
    }
  });
});

/** Runs a program: all that it planned is to be well. */
function run(executable: string, environment: Readonly<Record<string, string>>): void {
  const { status, signal, stdout, stderr } = spawnSync(executable, {
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, ...environment },
  });
  const output = `${signal ?? ''}\n${stdout}\n${stderr}`;
  const planned = Number(/^1\.\.(\d+)$/m.exec(stdout)?.[1]);
  expect(planned, output).to.be.greaterThan(0);
  expect(stdout.match(/^ok \d+/gm) ?? [], output).to.have.length(planned);
  expect(status, output).to.equal(0);
}
