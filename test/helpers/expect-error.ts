// SPDX-License-Identifier: BSD-2-Clause
// expect-error.ts: waits for a RumpError of a certain code.
import { AssertionError, expect } from 'chai';
import { RumpError, type RumpErrorCode } from '../../ts/errors.js';

/** Runs work that must throw a RumpError of this code; gives the error for further checks. */
export async function expectError(code: RumpErrorCode, work: () => unknown): Promise<RumpError> {
  let result: unknown;
  try {
    result = await work();
  } catch (error) {
    if (!(error instanceof RumpError)) throw error;
    expect(error.code, error.message).to.equal(code);
    return error;
  }
  throw new AssertionError(`expected ${code}, but it succeeded with ${JSON.stringify(result)}`);
}
