// SPDX-License-Identifier: BSD-2-Clause
// unikernel.config.ts: notes with the Berkeley fast file system; the disk is the root file system.
import { defineUnikernel } from 'rumpkit';

export default defineUnikernel({
  components: ['fs/ffs'],
  program: './notes',
  args: ['notes'],
  mounts: [{ type: 'ffs', device: 'vda', path: '/' }],
  output: './notes.elf',
  run: { machine: 'microvm', memory: '32M', disks: ['./notes.img'] },
});
