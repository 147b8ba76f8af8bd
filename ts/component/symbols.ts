// SPDX-License-Identifier: BSD-2-Clause
// symbols.ts: what a component's archive defines and what it leaves to others.
import { readFileSync } from 'node:fs';
import { GraphError } from '../errors.js';
import { readArchive } from './archive.js';
import { readElf, type ElfFile } from './elf.js';

/** The global symbols of one archive, and the link sets that it adds to or walks. */
export interface ArchiveSymbols {
  /** Strong definitions. */
  defined: ReadonlySet<string>;
  /** Weak definitions. */
  weak: ReadonlySet<string>;
  /** Symbols that must come from elsewhere (weak references need not). */
  undefined: ReadonlySet<string>;
  /** Names of link sets, without `link_set_`. */
  linkSets: ReadonlySet<string>;
}

/** Reads an archive's global symbols. */
export function readArchiveSymbols(path: string): ArchiveSymbols {
  const members = readArchive(readBytes(path), path);
  const files = members.map(({ name, bytes }) => readElf(bytes, `${path}(${name})`));
  const defined = new Set<string>();
  const weak = new Set<string>();
  const wanted = new Set<string>();
  const linkSets = new Set(files.flatMap(linkSetsOf));
  for (const symbol of files.flatMap(({ symbols }) => symbols)) {
    if (symbol.binding === 'local' || symbol.name === '') continue;
    if (symbol.section === undefined) {
      if (symbol.binding === 'global') wanted.add(symbol.name);
    } else {
      (symbol.binding === 'weak' ? weak : defined).add(symbol.name);
    }
  }
  const missing = [...wanted].filter((name) => !defined.has(name) && !weak.has(name));
  return { defined, weak, undefined: new Set(missing), linkSets };
}

/** A kernel symbol as its source spells it. */
export function displayName(symbol: string): string {
  return symbol.replace(/^rumpns_/, '');
}

function linkSetsOf(file: ElfFile): string[] {
  const fromSections = file.sections.map(({ name }) => /^link_set_(.+)$/.exec(name)?.[1]);
  const fromSymbols = file.symbols.map(({ name }) => /^__(?:start|stop)_link_set_(.+)$/.exec(name)?.[1]);
  return [...fromSections, ...fromSymbols].filter((name) => name !== undefined);
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new GraphError('RUMP_GRAPH_BAD_OBJECT', `${path} cannot be read`, {
      remedy: 'Build the component first: rumpkit build',
      details: { file: path },
      cause: error,
    });
  }
}
