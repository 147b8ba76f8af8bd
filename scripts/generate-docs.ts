// SPDX-License-Identifier: BSD-2-Clause
// generate-docs.ts: writes what is made from the code: the component schema and the pages about it, about errors,
// about the components and about system calls. With --check it only compares, and fails if something is out of date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { componentSchemaText } from './docs/component-schema.js';
import { componentSchemaPage } from './docs/component-schema-page.js';
import { componentsPage } from './docs/components-page.js';
import { errorsPage } from './docs/errors-page.js';
import { linuxCallsPage } from './docs/linux-calls-page.js';

const root = dirname(import.meta.dirname);

/** Generated files by path relative to the package. */
export const generatedFiles: Readonly<Record<string, () => string>> = {
  'rump/component.schema.json': componentSchemaText,
  'docs/component-schema.md': componentSchemaPage,
  'docs/components.md': componentsPage,
  'docs/errors.md': errorsPage,
  'docs/linux-system-calls.md': linuxCallsPage,
};

function isCurrent(path: string, contents: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8') === contents;
}

function main(checkOnly: boolean): void {
  for (const [name, generate] of Object.entries(generatedFiles)) {
    const path = join(root, name);
    const contents = generate();
    if (isCurrent(path, contents)) continue;
    if (checkOnly) {
      process.stderr.write(`${relative(root, path)} is out of date: npm run docs\n`);
      process.exitCode = 1;
    } else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, contents);
      process.stdout.write(`${relative(root, path)}\n`);
    }
  }
}

if (process.argv[1] === import.meta.filename) main(process.argv.includes('--check'));
