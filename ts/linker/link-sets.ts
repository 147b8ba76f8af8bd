// SPDX-License-Identifier: BSD-2-Clause
// link-sets.ts: a linker script for link sets: kept under garbage collection, and with start and stop symbols even
// where a set is empty.

/** A script that augments the linker's main one: each set goes after the given output section. */
export function linkSetScript(names: Iterable<string>, after: string): string {
  const sections = [...names].sort().map(
    (name) => `  link_set_${name} : {
    . = ALIGN(8);
    __start_link_set_${name} = .;
    KEEP(*(link_set_${name}))
    __stop_link_set_${name} = .;
  }`,
  );
  if (sections.length === 0) return '';
  return `SECTIONS\n{\n${sections.join('\n')}\n}\nINSERT AFTER ${after};\n`;
}

/** The sets that a linker script of somebody else's places already. */
export function placedLinkSets(script: string): Set<string> {
  return new Set([...script.matchAll(/__start_link_set_(\w+)/g)].map((match) => match[1] ?? ''));
}
