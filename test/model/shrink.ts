// SPDX-License-Identifier: BSD-2-Clause
// shrink.ts: of operations that fail, those that it takes.

/** Leaves out ever smaller pieces, as long as what is left still fails and there is time. */
export async function shrink<T>(
  all: readonly T[],
  fails: (some: readonly T[]) => Promise<boolean>,
  milliseconds: number,
): Promise<readonly T[]> {
  const end = Date.now() + milliseconds;
  let kept = all;
  for (let size = Math.ceil(all.length / 2); ; size = Math.ceil(size / 2)) {
    for (let at = kept.length - size; at > -size; at -= size) {
      if (Date.now() > end) return kept;
      const start = Math.max(0, at);
      const rest = [...kept.slice(0, start), ...kept.slice(at + size)];
      if (rest.length < kept.length && (await fails(rest))) kept = rest;
    }
    if (size === 1) return kept;
  }
}
