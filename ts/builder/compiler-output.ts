// SPDX-License-Identifier: BSD-2-Clause
// compiler-output.ts: finds in a build's output what a person wants to see first.

const limit = 5;

/** The first errors of the compiler, CMake or the linker; if none is recognised, the last lines. */
export function compilerErrors(output: string): string[] {
  const lines = output.split('\n').map((line) => line.trimEnd());
  const errors = lines.filter((line) => /(^|\s)(fatal )?error:|^CMake Error|undefined reference/.test(line));
  if (errors.length > 0) return [...new Set(errors)].slice(0, limit);
  return lines.filter((line) => line !== '' && !line.startsWith('ERROR OMG')).slice(-limit);
}
