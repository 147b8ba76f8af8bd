// SPDX-License-Identifier: BSD-2-Clause
// unikernel.config.ts: the server with the Berkeley fast file system and TCP/IP; it serves what is on the disk.
import { defineUnikernel } from 'rumpkit';

export default defineUnikernel({
  components: ['fs/ffs', 'net/inet', 'net/virtif'],
  program: './server',
  args: ['server', '/www'],
  mounts: [{ type: 'ffs', device: 'vda', path: '/www', readOnly: true }],
  network: [{ dhcp: true }],
  output: './server.elf',
  run: { machine: 'microvm', disks: ['./www.img'], networks: ['user,hostfwd=8088:80'] },
});
