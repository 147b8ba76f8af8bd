// SPDX-License-Identifier: BSD-2-Clause
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { errorCodes, ManifestError, RumpError, RunError } from '../../ts/errors.js';
import { packageRoot } from '../../ts/paths.js';

/** Text of all TypeScript files below a folder, the table of codes itself left out. */
function sourceText(folder: string): string {
  return readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== 'error-codes.ts')
    .map((name) => readFileSync(join(packageRoot, folder, name), 'utf8'))
    .join('\n');
}

describe('errors', () => {
  it('carry code, remedy, details and cause, and are named after their class', () => {
    const cause = new Error('underneath');
    const error = new RunError('RUMP_RUN_NO_QEMU', 'no QEMU', {
      remedy: 'install it',
      details: { a: 1 },
      cause,
    });
    expect(error).to.be.instanceOf(RumpError).and.instanceOf(Error);
    expect(error).to.include({
      name: 'RunError',
      code: 'RUMP_RUN_NO_QEMU',
      message: 'no QEMU',
      remedy: 'install it',
    });
    expect(error.details).to.deep.equal({ a: 1 });
    expect(error.cause).to.equal(cause);
  });

  it('have no remedy and empty details unless given', () => {
    const error = new ManifestError('RUMP_MANIFEST_INVALID', 'bad');
    expect(error.remedy).to.equal(undefined);
    expect(error.details).to.deep.equal({});
    expect('cause' in error).to.equal(false);
  });

  it('use every code of the table somewhere in ts/', () => {
    const text = sourceText('ts');
    const unused = Object.keys(errorCodes).filter((code) => !text.includes(`'${code}'`));
    expect(unused).to.deep.equal([]);
  });

  it('have a test for every code', () => {
    const text = sourceText('test');
    const untested = Object.keys(errorCodes).filter((code) => !text.includes(`'${code}'`));
    expect(untested).to.deep.equal([]);
  });
});
