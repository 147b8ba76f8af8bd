// SPDX-License-Identifier: BSD-2-Clause
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { withFolderLock } from '../../../ts/exec/folder-lock.js';
import { useTemporaryFolder } from '../../helpers/temporary-folder.js';

describe('withFolderLock', () => {
  const temporary = useTemporaryFolder();

  it('lets one at a time in', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside--;
    };
    await Promise.all([1, 2, 3, 4].map(() => withFolderLock(join(temporary(), 'folder'), work)));
    expect(most).to.equal(1);
  });

  it('gives the lock back when the work fails', async () => {
    const folder = join(temporary(), 'folder');
    await withFolderLock(folder, () => Promise.reject(new Error('boom'))).catch(() => undefined);
    expect(existsSync(`${folder}.lock`)).to.equal(false);
  });

  it('takes over the lock of a process that is dead', async () => {
    const folder = join(temporary(), 'folder');
    mkdirSync(`${folder}.lock`);
    writeFileSync(join(`${folder}.lock`, 'owner'), '999999999');
    expect(await withFolderLock(folder, () => Promise.resolve('done'))).to.equal('done');
  });
});
