// SPDX-License-Identifier: BSD-2-Clause
// scratch.ts: one temporary folder per test process, removed when it ends.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let root: string | undefined;

/** A new empty folder inside of this process's temporary folder. */
export function makeScratchFolder(name: string): string {
  root ??= makeRoot();
  return mkdtempSync(join(root, `${name}-`));
}

function makeRoot(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rumpkit-test-'));
  mkdirSync(folder, { recursive: true });
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A new empty folder in memory where the host has such a file system; the caller removes it. */
export function makeMemoryFolder(name: string): string {
  const memory = '/dev/shm';
  return existsSync(memory) ? mkdtempSync(join(memory, `rumpkit-${name}-`)) : makeScratchFolder(name);
}
