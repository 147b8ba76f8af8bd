// SPDX-License-Identifier: BSD-2-Clause
// fs.ts: rumpkit fs, as the overview of all commands shows it. Its own commands read their options as POSIX has them.
import { defineCommand } from 'citty';
import { runFs } from '../fs/run-fs.js';

export default defineCommand({
  meta: {
    name: 'fs',
    description: 'Work with files in disk images: ls, cat, cp, mv, rm, mkdir, ln, mkfs, check, shell ...',
  },
  run: ({ rawArgs }) => runFs(rawArgs),
});
