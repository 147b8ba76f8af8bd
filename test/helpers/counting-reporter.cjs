// SPDX-License-Identifier: BSD-2-Clause
// counting-reporter.cjs: mocha's spec reporter, which also adds its numbers to the file RUMPKIT_TEST_COUNTS, so that
// several runs can be summed.
'use strict';
const { appendFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.RUMPKIT_TEST_COUNTS;
    if (file === undefined) return;
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      appendFileSync(file, `${passes} ${failures} ${pending}\n`);
    });
  }
}

module.exports = CountingReporter;
