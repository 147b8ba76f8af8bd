// SPDX-License-Identifier: BSD-2-Clause
// find-program.ts: looks a program up in PATH without starting it.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The full path of a program, or undefined if PATH has none of that name. */
export function findProgram(name: string, path: string = process.env['PATH'] ?? ''): string | undefined {
  if (isAbsolute(name)) return isExecutableFile(name) ? name : undefined;
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutableFile);
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
