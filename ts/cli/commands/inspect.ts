// SPDX-License-Identifier: BSD-2-Clause
// inspect.ts: rumpkit inspect: what an image holds and what each component costs.
import { defineCommand } from 'citty';
import { inspectImage, type ImageInspection } from '../../image/inspect.js';
import { positionals, refuseExtraWords, refuseUnknownOptions, usage } from '../options.js';
import { print, printJson } from '../output.js';
import { paint } from '../render/colours.js';
import { renderTable } from '../render/table.js';
import { outputArgs } from '../shared-args.js';

const args = { ...outputArgs } as const;

export default defineCommand({
  meta: {
    name: 'inspect',
    description: 'Show components, sections, largest symbols and licences of an image',
  },
  args,
  run({ rawArgs, args: options }) {
    refuseUnknownOptions(rawArgs, args);
    const [image, ...extra] = positionals(rawArgs, args);
    if (image === undefined) throw usage('inspect wants an image', 'rumpkit inspect IMAGE');
    refuseExtraWords(extra, 'Inspect one image at a time.');
    const inspection = inspectImage(image);
    if (options.json === true) printJson(inspection);
    else print(describe(inspection));
  },
});

function describe(inspection: ImageInspection): string {
  const { path, bytes, memory, functions } = inspection;
  const title = `${path}: ${bytes} bytes, ${memory} bytes of memory when loaded, ${functions} functions`;
  return [
    paint.heading(title),
    programLine(inspection),
    componentTable(inspection),
    sectionTable(inspection),
    symbolTable(inspection),
    licenceTable(inspection),
  ].join('\n');
}

function programLine({ materials: { program, configuration } }: ImageInspection): string {
  const name =
    program === undefined
      ? 'no program'
      : `program ${program.name}, ${program.bytes} bytes, SHA-256 ${program.sha256}`;
  return `${name}\nconfiguration ${configuration === '' ? '(empty)' : configuration}\n`;
}

function componentTable({ materials }: ImageInspection): string {
  const rows = materials.sizes.map(({ component, text, rodata, data, bss }) => [
    component,
    text,
    rodata,
    data,
    bss,
    text + rodata + data,
  ]);
  const total = [1, 2, 3, 4, 5].map((column) => rows.reduce((sum, row) => sum + Number(row[column]), 0));
  return renderTable(
    ['component', 'text', 'rodata', 'data', 'bss', 'in file'],
    [...rows, ['total', ...total]],
  );
}

function sectionTable({ sections }: ImageInspection): string {
  return renderTable(
    ['section', 'bytes', 'loaded'],
    sections.map(({ name, bytes, loaded }) => [name, bytes, loaded ? 'yes' : 'no']),
  );
}

function symbolTable({ materials }: ImageInspection): string {
  return renderTable(
    ['largest symbols', 'component', 'section', 'bytes'],
    materials.largestSymbols.map(({ name, component, section, size }) => [name, component, section, size]),
  );
}

function licenceTable({ materials }: ImageInspection): string {
  return renderTable(
    ['component', 'licence', 'sources', 'notices'],
    materials.components.map(({ name, licence, source, notices }) => [
      name,
      licence,
      source === undefined ? 'own files' : `${source.package} ${source.version}`,
      notices.length > 0 ? `${notices.length} files` : '',
    ]),
  );
}
