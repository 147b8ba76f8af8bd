// SPDX-License-Identifier: BSD-2-Clause
// mapped-files.test.ts: files that a program has mapped agree with what its calls see of them.
import { expect } from 'chai';
import { compile, faultOf, runProgram } from './program-guests.js';

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

  it('an access behind the end of a mapped file is a fault of the program, and says so', async () => {
    const { reason, output } = await faultOf(runProgram(compile('beyond', 'musl-gcc')));
    expect(reason).to.equal('program: access to a mapped file beyond its end, or where it cannot be read');
    expect(output).to.match(/^before the end\n/);
  });
});
