// SPDX-License-Identifier: BSD-2-Clause
// mapped-files.test.ts: files that a program has mapped agree with what its calls see of them.
import { expect } from 'chai';
import { compile, runProgram } from './program-guests.js';

describe('programs: mapped files', function () {
  this.timeout(240_000);

  for (const compiler of ['musl-gcc', 'gcc'] as const) {
    it(`mmap.c, linked with ${compiler}, finds everything in order`, async () => {
      const { status, output } = await runProgram(compile('mmap', compiler));
      expect(output.split('\n').filter((line) => line.startsWith('not ok'))).to.deep.equal([]);
      expect(output).to.match(/^1\.\.[1-9]\d+$/m);
      expect(status).to.equal(0);
    });
  }
});
