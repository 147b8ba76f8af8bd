// SPDX-License-Identifier: BSD-2-Clause
// unikernel.config.ts: hello, with no file system but the kernel's own in memory.
import { defineUnikernel } from 'rumpkit';

export default defineUnikernel({
  components: [],
  program: './hello',
  args: ['hello', 'one', 'two words'],
  hostname: 'rumpkit',
  output: './hello.elf',
  run: { machine: 'microvm', memory: '16M' },
});
