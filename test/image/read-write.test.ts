// SPDX-License-Identifier: BSD-2-Clause
// read-write.test.ts: programs that change files: every call, each with its errors, as on Linux; in memory, and on a
// disk that is the root file system and is sound when the program has ended.
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { superblockBytesAt, superblockOffset } from '../../ts/disk/ffs/layout.js';
import { checkFfs, describeFinding, openStorage } from '../../ts/disk/index.js';
import type { MountConfiguration } from '../../ts/image/boot-configuration.js';
import type { GuestResult } from '../../ts/run/run-guest.js';
import { makeFfs } from '../helpers/ffs.js';
import { FfsImage } from '../helpers/ffs-image.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { compile, faultOf, runProgram } from './program-guests.js';

const root: MountConfiguration = { type: 'ffs', device: 'vda', path: '/' };

describe('programs: calls that write', function () {
  this.timeout(240_000);

  it('write.c, linked with gcc, finds everything in order on a tmpfs with a limit', async () => {
    const mount: MountConfiguration = { type: 'tmpfs', path: '/t', size: 4 * 1024 * 1024 };
    const run = runProgram(compile('write', 'gcc'), { args: ['write', '/t'] }, [mount], ['fs/tmpfs']);
    expectAllInOrder(await run);
  });

  for (const softUpdates of [true, false]) {
    for (const name of ['write', 'mmap', 'fifo']) {
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

  const others: [type: string, component: string, format: string[], lacking: string[], check: string[]][] = [
    ['ext2fs', 'fs/ext2', ['mkfs.ext4', '-q', '-F'], [], ['e2fsck', '-fn']],
    ['msdos', 'fs/msdos', ['mkfs.fat'], ['links'], ['fsck.fat', '-n']],
  ];
  for (const [type, component, format, lacking, check] of others) {
    it(`write.c finds everything in order on ${type} as root, and ${check[0] ?? ''} has no complaint`, async () => {
      const disk = join(makeScratchFolder(type), 'disk');
      writeFileSync(disk, '');
      truncateSync(disk, 32 * 1024 * 1024);
      execute([...format, disk]);
      const options = { args: ['write', '/', ...lacking], disks: [disk] };
      const mounts = [{ ...root, type }];
      expectAllInOrder(await runProgram(compile('write', 'musl-gcc'), options, mounts, [component]));
      execute([...check, disk]);
    });
  }
});

describe('programs: disks that were not unmounted', function () {
  this.timeout(120_000);

  const bootWith = async (
    flags: number,
    disk = makeFfs(makeScratchFolder('empty')),
  ): Promise<GuestResult> => {
    const image = new FfsImage(disk);
    image.bytes[superblockOffset + superblockBytesAt.clean] = 0;
    image.bytes[superblockOffset + superblockBytesAt.flags] = flags;
    writeFileSync(disk, image.bytes);
    const options = { args: ['database', '/db', '3'], disks: [disk] };
    return await runProgram(compile('database', 'musl-gcc'), options, [root], ['fs/ffs']);
  };

  it('with soft updates are mounted, and it is said', async () => {
    const { status, output } = await bootWith(2);
    expect(output).to.match(/^rumpkit: vda was not unmounted; soft updates kept it in order/m);
    expect(status).to.equal(0);
  });

  it('without soft updates are refused, with the remedy', async () => {
    const { output, reason } = await faultOf(bootWith(0));
    expect(output).to.match(/^rumpkit: vda was not unmounted, and it had no soft updates: repair it first/m);
    expect(reason).to.match(/can only be read/);
  });
});

function execute([command = '', ...args]: string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

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
