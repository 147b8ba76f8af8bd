// SPDX-License-Identifier: BSD-2-Clause
// busybox-write.test.ts: Debian's busybox changes files on a disk that is the root file system; each applet is a start of
// the machine, so that the next one sees what is on the disk.
import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFfs, describeFinding } from '../../ts/disk/index.js';
import { makeFfs } from '../helpers/ffs.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { runProgram } from './program-guests.js';

describe('programs: busybox on a root file system that can be written', function () {
  this.timeout(240_000);
  let disk = '';

  const busybox = async (...args: string[]): Promise<string> => {
    const mounts = [{ type: 'ffs', device: 'vda', path: '/' }];
    const options = { args: ['busybox', ...args], disks: [disk] };
    const { status, output } = await runProgram('/bin/busybox', options, mounts, ['fs/ffs']);
    expect(status, output).to.equal(0);
    return output;
  };

  before(() => {
    const tree = makeScratchFolder('tree');
    writeFileSync(join(tree, 'hello.txt'), 'hello, world\n');
    disk = makeFfs(tree);
  });

  it('mkdir, cp, ln, mv, touch, dd, tar and rm do what they should', async () => {
    const quiet = [
      ['mkdir', '-p', '/d/sub'],
      ['cp', '/hello.txt', '/d/copy'],
      ['cp', '-a', '/d', '/e'],
      ['ln', '/d/copy', '/d/hard'],
      ['ln', '-s', 'copy', '/d/soft'],
      ['mv', '/d/hard', '/d/sub/moved'],
      ['touch', '-d', '2001-02-03 04:05:06', '/d/copy'],
      ['tar', 'cf', '/d.tar', '/d'],
    ];
    for (const words of quiet)
      expect((await busybox(...words)).replace(/^tar: removing.*\n/, '')).to.equal('');
    await busybox('dd', 'if=/hello.txt', 'of=/d/sub/dd', 'bs=5', 'conv=fsync');
    expect(await busybox('cat', '/d/soft', '/d/sub/dd')).to.equal('hello, world\nhello, world\n');
    expect(await busybox('stat', '-c', '%h %Y', '/d/sub/moved')).to.equal('2 981173106\n');
    const names = (await busybox('tar', 'tf', '/d.tar')).trim().split('\n');
    expect(names.sort()).to.deep.equal(['d/', 'd/copy', 'd/soft', 'd/sub/', 'd/sub/moved']);
    await busybox('rm', '-r', '/d', '/e');
    const left = (await busybox('find', '/', '-xdev')).trim().split('\n');
    expect(left.sort()).to.deep.equal(['/', '/d.tar', '/hello.txt']);
    expect(checkFfs(disk).findings.map(describeFinding)).to.deep.equal([]);
  });
});
