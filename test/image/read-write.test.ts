// SPDX-License-Identifier: BSD-2-Clause
// read-write.test.ts: programs that change files: every call, each with its errors, as on Linux.
import { expect } from 'chai';
import type { GuestResult } from '../../ts/run/run-guest.js';
import { compile, runProgram } from './program-guests.js';

describe('programs: calls that write', function () {
  this.timeout(240_000);

  for (const compiler of ['musl-gcc', 'gcc'] as const) {
    it(`write.c, linked with ${compiler}, finds everything in order in memory`, async () => {
      expectAllInOrder(await runProgram(compile('write', compiler), { args: ['write', '/tmp'] }));
    });
  }
});

function expectAllInOrder({ status, output }: GuestResult): void {
  expect(output.split('\n').filter((line) => line.startsWith('not ok'))).to.deep.equal([]);
  expect(output).to.match(/^1\.\.[1-9]\d+$/m);
  expect(status).to.equal(0);
}
