// SPDX-License-Identifier: BSD-2-Clause
import { expect } from 'chai';
import { toFsError } from '../../../ts/cli/fs/fs-error.js';
import { RumpError } from '../../../ts/errors.js';

describe('errors of files in images', () => {
  const refused = (code: string): unknown =>
    toFsError(Object.assign(new Error(code), { code, syscall: 'open' }), 'disk.img:/file');
  const cases = [
    ['EPERM', 'RUMP_FS_DENIED'],
    ['EACCES', 'RUMP_FS_DENIED'],
    ['EIO', 'RUMP_DISK_IO'],
    ['EMFILE', 'RUMP_FS_FAILED'],
  ] as const;

  for (const [errno, code] of cases) {
    it(`tell ${errno} as ${code}, with the name and the cause`, () => {
      const error = refused(errno);
      expect(error).to.be.instanceOf(RumpError);
      expect(error).to.include({ code });
      expect((error as RumpError).message)
        .to.include('disk.img:/file')
        .and.include(errno);
      expect((error as RumpError).cause).to.include({ code: errno });
    });
  }

  it('leave errors alone that no call on a file made', () => {
    const error = new TypeError('not a file');
    expect(toFsError(error, 'disk.img')).to.equal(error);
  });
});
