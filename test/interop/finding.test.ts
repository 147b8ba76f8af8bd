// SPDX-License-Identifier: BSD-2-Clause
// finding.test.ts: libraries that look for files through the fs that they are given find on kernel.fs on FFS what they
// find on node:fs: glob, and enhanced-resolve, by which webpack finds modules.
import { expect } from 'chai';
import enhancedResolve from 'enhanced-resolve';
import { glob, globSync, globStreamSync, type GlobOptionsWithFileTypesUnset } from 'glob';
import * as nodeFs from 'node:fs';
import { dirname, join } from 'node:path';
import type { KernelFs } from '../../ts/kernel/index.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { bootOnFfs, type FfsKernel } from './ffs-kernel.js';

const { CachedInputFileSystem, ResolverFactory } = enhancedResolve;

const files: Readonly<Record<string, string>> = {
  'app/index.ts': '',
  'app/parts/button.ts': '',
  'app/parts/index.js': '',
  'app/.hidden/settings.json': '{}',
  'app/package.json': '{ "imports": { "#parts/*": "./parts/*.ts" } }',
  'app/node_modules/plain/package.json': '{ "main": "lib/main.js" }',
  'app/node_modules/plain/lib/main.js': '',
  'app/node_modules/modern/package.json':
    '{ "exports": { ".": { "import": "./esm.js", "require": "./common.cjs" }, "./parts/*": "./parts/*.js" } }',
  'app/node_modules/modern/esm.js': '',
  'app/node_modules/modern/common.cjs': '',
  'app/node_modules/modern/parts/one.js': '',
  'app/node_modules/modern/private.js': '',
  'shared/package.json': '{ "name": "@org/shared", "module": "shared.mjs" }',
  'shared/shared.mjs': '',
  'docs/Größe.md': '',
  'docs/a [b].md': '',
};

const links: Readonly<Record<string, string>> = {
  'app/node_modules/@org/shared': '../../../shared',
  'docs/loop': '.',
  'docs/nowhere': 'missing',
};

describe('libraries that find files', () => {
  let ffs: FfsKernel;
  let subjects: readonly [KernelFs, string][];

  before(async () => {
    ffs = await bootOnFfs(16 * 1024 ** 2, 512);
    subjects = [
      [nodeFs, join(nodeFs.realpathSync(makeScratchFolder('finding')), 'tree')],
      [ffs.kernel.fs, '/mnt/tree'],
    ];
    for (const [fs, root] of subjects) makeTree(fs, root);
  });

  after(() => ffs.end());

  /** What a library finds, by paths in the tree; it must find the same on both. */
  const found = async (find: (fs: KernelFs, root: string) => Promise<string[]>): Promise<string[]> => {
    const [expected, got] = await Promise.all(
      subjects.map(async ([fs, root]) =>
        (await find(fs, root)).map((path) => path.replaceAll(root, '@')).sort(),
      ),
    );
    expect(got).to.deep.equal(expected);
    return got ?? [];
  };

  describe('glob', () => {
    const globs: readonly [string, GlobOptionsWithFileTypesUnset, number][] = [
      ['**/*.ts', {}, 2],
      ['**', {}, 0],
      ['**', { dot: true, nodir: true, absolute: true }, 0],
      ['**/*.mjs', { follow: true }, 2],
      ['docs/*', { mark: true }, 4],
      ['*/{package.json,*.mjs}', { realpath: true }, 3],
      ['docs/Gr*.md', { nocase: true }, 1],
      ['docs/a \\[b\\].md', {}, 1],
      ['app/node_modules/*/*', { ignore: '**/*.cjs', stat: true }, 6],
      ['missing/**', {}, 0],
    ];

    for (const [pattern, options, least] of globs) {
      it(`finds ${pattern} ${JSON.stringify(options)}`, async () => {
        const names = await found((fs, cwd) => glob(pattern, { ...options, cwd, fs }));
        expect(names).to.have.length.of.at.least(least);
        const inOneGo = await found((fs, cwd) => Promise.resolve(globSync(pattern, { ...options, cwd, fs })));
        const streamed = await found((fs, cwd) => globStreamSync(pattern, { ...options, cwd, fs }).collect());
        expect([inOneGo, streamed]).to.deep.equal([names, names]);
      });
    }
  });

  describe('enhanced-resolve', () => {
    const requests: readonly [request: string, expected: string | undefined][] = [
      ['./parts/button', '@/app/parts/button.ts'],
      ['./parts', '@/app/parts/index.js'],
      ['plain', '@/app/node_modules/plain/lib/main.js'],
      ['modern', '@/app/node_modules/modern/esm.js'],
      ['modern/parts/one', '@/app/node_modules/modern/parts/one.js'],
      ['modern/private.js', undefined],
      ['#parts/button', '@/app/parts/button.ts'],
      ['@org/shared', '@/shared/shared.mjs'],
      ['missing', undefined],
    ];

    for (const [request, expected] of requests) {
      it(`resolves ${request}`, async () => {
        const names = await found(async (fs, root) => [await resolve(fs, root, request)]);
        if (expected === undefined) expect(names[0]).to.include('Error: ');
        else expect(names).to.deep.equal([expected]);
      });
    }
  });
});

function makeTree(fs: KernelFs, root: string): void {
  for (const [name, contents] of Object.entries(files)) {
    fs.mkdirSync(dirname(join(root, name)), { recursive: true });
    fs.writeFileSync(join(root, name), contents);
  }
  for (const [name, target] of Object.entries(links)) {
    fs.mkdirSync(dirname(join(root, name)), { recursive: true });
    fs.symlinkSync(target, join(root, name));
  }
}

/** The path of a module, or what is wrong with it. */
function resolve(fs: KernelFs, root: string, request: string): Promise<string> {
  const resolver = ResolverFactory.createResolver({
    fileSystem: new CachedInputFileSystem(fs, 4000),
    extensions: ['.ts', '.js'],
    conditionNames: ['import'],
    mainFields: ['module', 'main'],
  });
  return new Promise((done) => {
    resolver.resolve({}, join(root, 'app'), request, {}, (error, path) => {
      done(error ? `Error: ${error.message}` : String(path));
    });
  });
}
