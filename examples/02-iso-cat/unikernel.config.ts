// SPDX-License-Identifier: BSD-2-Clause
// unikernel.config.ts: iso-cat with the ISO 9660 driver; the disk appears at /data.
import { defineUnikernel } from 'rumpkit';

export default defineUnikernel({
  components: ['fs/cd9660'],
  program: './iso-cat',
  args: ['iso-cat', '/data'],
  mounts: [{ type: 'cd9660', device: 'vda', path: '/data', readOnly: true }],
  output: './iso-cat.elf',
  run: { machine: 'microvm', memory: '32M', disks: ['./example.iso'] },
});
