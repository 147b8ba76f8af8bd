// SPDX-License-Identifier: BSD-2-Clause
// h_runaway.ts SHARED_OBJECT: boots a kernel and shuts it down; prints the code of the error, and ends although a
// thread of the kernel does not.
import { RumpError } from '../../ts/errors.js';
import { boot } from '../../ts/kernel/index.js';

const kernel = await boot({ sharedObject: process.argv[2] ?? '' });
try {
  await kernel.shutdown();
  process.stdout.write('stopped\n');
} catch (error) {
  if (!(error instanceof RumpError)) throw error;
  process.stdout.write(`${error.code} ${JSON.stringify(error.details)}\n`);
}
process.exit(0);
