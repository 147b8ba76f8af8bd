// SPDX-License-Identifier: BSD-2-Clause
// command-table.ts: the commands of `rumpkit fs` that work on mounted images; the shell has the same ones.
import type { FsCommand } from './command.js';
import { cp, mv } from './commands/copy-command.js';
import { ls, tree } from './commands/list.js';
import { cat, df, du, find, stat } from './commands/look.js';
import { chmod, ln, mkdir, touch } from './commands/make.js';
import { rm } from './commands/remove.js';

/** By name. */
export const fsCommands: Readonly<Record<string, FsCommand>> = {
  ls,
  tree,
  cat,
  cp,
  mv,
  rm,
  mkdir,
  ln,
  touch,
  chmod,
  stat,
  find,
  du,
  df,
};
