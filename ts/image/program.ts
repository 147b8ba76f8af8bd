// SPDX-License-Identifier: BSD-2-Clause
// program.ts: whether a file is a program that an image can hold: a static Linux executable for x86-64.
import { readFileSync } from 'node:fs';
import { elf, isElf, readElf } from '../component/elf.js';
import { ImageError } from '../errors.js';

/** Throws unless the file can be embedded. */
export function checkProgram(path: string): void {
  const bytes = readProgram(path);
  const reason = unsuitable(bytes, path);
  if (reason === undefined) return;
  throw new ImageError('RUMP_IMAGE_PROGRAM_UNSUITABLE', `${path} cannot be embedded: ${reason}`, {
    remedy: 'Link it statically for x86-64: musl-gcc -static -O2 program.c -o program',
    details: { path, reason },
  });
}

function readProgram(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ImageError('RUMP_IMAGE_PROGRAM_MISSING', `the program ${path} cannot be read${why(error)}`, {
      remedy: 'Build the program first, or correct its path.',
      details: { path },
      cause: error,
    });
  }
}

function why(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reasons: Partial<Record<string, string>> = {
    EISDIR: ': it is a folder',
    EACCES: ': permission denied',
  };
  return reasons[code] ?? '';
}

function unsuitable(bytes: Buffer, path: string): string | undefined {
  if (!isElf(bytes)) return 'it is not an ELF file';
  const file = readElf(bytes, path);
  if (file.machine !== elf.machineX86_64) return 'it is not for x86-64';
  if (file.type !== elf.typeExecutable && file.type !== elf.typeShared) return 'it is not an executable';
  if (file.segments.some(({ type }) => type === elf.segmentInterpreter)) return 'it is linked dynamically';
  return undefined;
}
