// SPDX-License-Identifier: BSD-2-Clause
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../ts/paths.js';

const read = (name: string): string => readFileSync(join(packageRoot, name), 'utf8');

describe('the package', () => {
  const manifest = JSON.parse(read('package.json')) as {
    files: string[];
    scripts: Record<string, string>;
    exports: Record<string, string | { types: string; default: string }>;
    bin: Record<string, string>;
    binary: { napi_versions: number[] };
    dependencies: Record<string, string>;
  };

  it('ships what builds components', () => {
    for (const name of manifest.files.filter((each) => each !== 'dist')) {
      expect(existsSync(join(packageRoot, name)), name).to.equal(true);
    }
    expect(manifest.files).to.include.members(['rump', 'glue', 'cmake', 'CMakeLists.txt', 'binding.gyp']);
    expect(manifest.binary.napi_versions).to.deep.equal([8]);
  });

  it('exports what it has sources for', () => {
    const targets = Object.values(manifest.exports).map((target) =>
      typeof target === 'string' ? target : target.default,
    );
    for (const target of [...targets, ...Object.values(manifest.bin)]) {
      const source = target.replace(/^(\.\/)?dist\/(.*)\.js$/, 'ts/$2.ts');
      expect(existsSync(join(packageRoot, source)), target).to.equal(true);
    }
  });

  it('records no download addresses in its lock file', () => {
    expect(read('package-lock.json')).to.not.include('"resolved"');
  });

  it('has the scripts that README.md names', () => {
    const named = [...read('README.md').matchAll(/npm (?:run )?(test|demo|docs|bench)\b/g)].map(
      ([, name]) => name!,
    );
    expect(named).to.include.members(['demo', 'test']);
    for (const name of named) expect(manifest.scripts, name).to.have.property(name);
  });
});
