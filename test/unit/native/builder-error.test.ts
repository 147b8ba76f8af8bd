// SPDX-License-Identifier: BSD-2-Clause
import { expect } from 'chai';
import { BuildError, NativeError, RumpError, SourceError } from '../../../ts/errors.js';
import { readBuilderError } from '../../../ts/native/builder-error.js';

const failed = (stderr: string): RumpError =>
  new RumpError('RUMP_EXEC_FAILED', 'node failed with exit code 1', { details: { stderr } });

describe('what the builder prints when it fails', () => {
  it('becomes the error that it was', () => {
    const error = readBuilderError(
      failed('noise\nerror it is not there [RUMP_SOURCE_NO_NETWORK]\nremedy Try again.\n'),
    ) as SourceError;
    expect(error).to.be.instanceOf(SourceError);
    expect(error).to.include({
      code: 'RUMP_SOURCE_NO_NETWORK',
      message: 'it is not there',
      remedy: 'Try again.',
    });
  });

  it('may have a message of several lines, and no remedy', () => {
    const error = readBuilderError(
      failed('error the build failed\n/x.c:1: bad [-Werror]\n/y.c:2: worse [RUMP_BUILD_COMPILE_FAILED]\n'),
    ) as BuildError;
    expect(error).to.be.instanceOf(BuildError);
    expect(error.message).to.equal('the build failed\n/x.c:1: bad [-Werror]\n/y.c:2: worse');
    expect(error.remedy).to.equal(undefined);
  });

  it('is a NativeError where the area has no class of its own', () => {
    expect(readBuilderError(failed('error x [RUMP_CLI_USAGE]\n'))).to.be.instanceOf(NativeError);
  });

  it('stays what it is if it says nothing clear', () => {
    for (const stderr of ['', 'Segmentation fault', 'error odd [RUMP_NO_SUCH_CODE]\n']) {
      const failure = failed(stderr);
      expect(readBuilderError(failure)).to.equal(failure);
    }
    const other = new Error('other');
    expect(readBuilderError(other)).to.equal(other);
  });
});
