// SPDX-License-Identifier: BSD-2-Clause
// read-write.test.ts: programs that change files: every call, each with its errors, as on Linux; in memory, and on a
// disk that is the root file system and is sound when the program has ended.
import { expect } from 'chai';
import { checkFfs, describeFinding, openStorage } from '../../ts/disk/index.js';
import type { MountConfiguration } from '../../ts/image/boot-configuration.js';
import type { GuestResult } from '../../ts/run/run-guest.js';
import { makeFfs } from '../helpers/ffs.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { compile, runProgram } from './program-guests.js';

const root: MountConfiguration = { type: 'ffs', device: 'vda', path: '/' };

describe('programs: calls that write', function () {
  this.timeout(240_000);

  it('write.c, linked with gcc, finds everything in order on a tmpfs with a limit', async () => {
    const mount: MountConfiguration = { type: 'tmpfs', path: '/t', size: 4 * 1024 * 1024 };
    const run = runProgram(compile('write', 'gcc'), { args: ['write', '/t'] }, [mount], ['fs/tmpfs']);
    expectAllInOrder(await run);
  });

  for (const softUpdates of [true, false]) {
    for (const name of ['write', 'mmap']) {
      it(`${name}.c finds everything in order on FFS ${softUpdates ? 'with' : 'without'} soft updates as root`, async () => {
        const disk = makeFfs(makeScratchFolder('empty'), { size: '32m' });
        const mounts = [{ ...root, softUpdates }];
        const run = runProgram(compile(name, 'musl-gcc'), { args: [name, '/'], disks: [disk] }, mounts, [
          'fs/ffs',
        ]);
        expectAllInOrder(await run);
        expectSound(disk);
      });
    }
  }
});

function expectAllInOrder({ status, output }: GuestResult): void {
  expect(output.split('\n').filter((line) => line.startsWith('not ok'))).to.deep.equal([]);
  expect(output).to.match(/^1\.\.[1-9]\d+$/m);
  expect(status).to.equal(0);
}

function expectSound(disk: string): void {
  const storage = openStorage(disk);
  try {
    const { findings, isClean } = checkFfs(storage);
    expect(findings.map(describeFinding)).to.deep.equal([]);
    expect(isClean).to.equal(true);
  } finally {
    storage.close();
  }
}
