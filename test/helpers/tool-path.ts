// SPDX-License-Identifier: BSD-2-Clause
// tool-path.ts: runs something with a PATH that has only certain programs.
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../ts/exec/find-program.js';

/** A PATH folder with links to the named programs of this machine. */
export function makeToolFolder(folder: string, names: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    const path = findProgram(name);
    if (path === undefined) throw new Error(`this test needs ${name}`);
    if (!existsSync(join(folder, name))) symlinkSync(path, join(folder, name));
  }
  return folder;
}

/** Puts a shell script into a PATH folder. */
export function addScript(folder: string, name: string, body: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** Runs work with this PATH. */
export async function withPath<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = process.env['PATH'];
  process.env['PATH'] = path;
  try {
    return await work();
  } finally {
    process.env['PATH'] = before;
  }
}
