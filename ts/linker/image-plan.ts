// SPDX-License-Identifier: BSD-2-Clause
// image-plan.ts: links a bootable image in two passes. The first lays everything out; from its map come the symbol
// table for backtraces and the bill of materials, which the second pass puts where they move nothing: the one into
// the last segment, the other into a section that is not loaded.
import { join } from 'node:path';
import type { CommandPlan } from '../exec/command-plan.js';
import { linkSetScript, placedLinkSets } from './link-sets.js';
import type { GeneratedFile, LinkUnit } from './link-plan.js';

/** What an image is linked from. */
export interface ImageLinkInput {
  units: readonly LinkUnit[];
  linkSets: ReadonlySet<string>;
  /** Path and text of the linker script that lays images out. */
  script: { path: string; contents: string };
  /** The POSIX program to embed. */
  program?: string;
  /** The boot configuration to embed. */
  configuration: string;
  /** Where intermediate files go. */
  folder: string;
  output: string;
}

/** The link of an image as data. */
export interface ImageLinkPlan {
  units: readonly LinkUnit[];
  files: readonly GeneratedFile[];
  /** Assembles program and configuration; links without tables. */
  firstPass: readonly CommandPlan[];
  /** Assembles the tables (whose contents are known only then); links for good. */
  secondPass: readonly CommandPlan[];
  /** What the first pass leaves. */
  layout: string;
  map: string;
  /** Where the tables are to be written between the passes. */
  symbolTable: string;
  billOfMaterials: string;
  output: string;
}

/** Plans the link of an image. */
export function planImageLink(input: ImageLinkInput): ImageLinkPlan {
  const { folder } = input;
  const at = (name: string): string => join(folder, name);
  const sets = [...input.linkSets].filter((name) => !placedLinkSets(input.script.contents).has(name));
  const files: GeneratedFile[] = [
    { path: at('linksets.ld'), contents: linkSetScript(sets, '.rodata') },
    { path: at('configuration'), contents: input.configuration },
    { path: at('payload.s'), contents: payloadAssembly(input, at('configuration')) },
    { path: at('tables.s'), contents: tablesAssembly(at('symbols.bin'), at('materials.json')) },
  ];
  const scripts = [...(sets.length > 0 ? ['-T', at('linksets.ld')] : []), '-T', input.script.path];
  const link = (extra: readonly string[], objects: readonly string[], output: string): CommandPlan => ({
    command: 'ld',
    args: [...commonFlags, ...scripts, ...extra, ...wholeArchives(input.units), ...objects, '-o', output],
  });
  return {
    units: input.units,
    files,
    firstPass: [
      assemble(at('payload.s'), at('payload.o')),
      link([`-Map=${at('layout.map')}`], [at('payload.o')], at('layout.elf')),
    ],
    secondPass: [
      assemble(at('tables.s'), at('tables.o')),
      link(['--strip-all'], [at('payload.o'), at('tables.o')], input.output),
    ],
    layout: at('layout.elf'),
    map: at('layout.map'),
    symbolTable: at('symbols.bin'),
    billOfMaterials: at('materials.json'),
    output: input.output,
  };
}

const commonFlags = [
  '-static',
  '-nostdlib',
  '--gc-sections',
  '--build-id=none',
  // The loader copies segments to where they belong: nothing is gained by pages of padding in the file.
  '--nmagic',
  '-z',
  'noexecstack',
];

function wholeArchives(units: readonly LinkUnit[]): string[] {
  return ['--whole-archive', ...units.map(({ archive }) => archive), '--no-whole-archive'];
}

function assemble(source: string, object: string): CommandPlan {
  return { command: 'cc', args: ['-c', source, '-o', object] };
}

function payloadAssembly({ program, configuration }: ImageLinkInput, configurationFile: string): string {
  const sections = [
    ...(configuration === '' ? [] : [includedSection('.rumpkit.config', '"a"', 1, configurationFile)]),
    ...(program === undefined ? [] : [includedSection('.rumpkit.program', '"a"', 4096, program)]),
  ];
  return [...sections, stackNote].join('');
}

function tablesAssembly(symbolTable: string, billOfMaterials: string): string {
  return [
    includedSection('.rumpkit.symtab', '"a"', 16, symbolTable),
    includedSection('.rumpkit.bom', '""', 1, billOfMaterials),
    stackNote,
  ].join('');
}

const stackNote = '\t.section .note.GNU-stack,"",@progbits\n';

function includedSection(name: string, flags: string, alignment: number, path: string): string {
  const quoted = path.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return `\t.section ${name},${flags},@progbits\n\t.balign ${alignment}\n\t.incbin "${quoted}"\n`;
}
