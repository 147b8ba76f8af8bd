// SPDX-License-Identifier: BSD-2-Clause
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { hostsOf, parseManifest, readManifest } from '../../../ts/component/manifest.js';
import { findComponent, loadRegistry } from '../../../ts/component/registry.js';
import { componentSchemaText } from '../../../scripts/docs/component-schema.js';
import { readFileSync } from 'node:fs';
import { packageRoot } from '../../../ts/paths.js';
import { expectError } from '../../helpers/expect-error.js';
import { toyRegistry } from '../../helpers/fixtures.js';
import { useTemporaryFolder } from '../../helpers/temporary-folder.js';

const minimal = {
  name: 'fs/one',
  faction: 'vfs',
  summary: 'One',
  requires: [],
  files: [],
  licence: { spdx: 'BSD-2-Clause' },
};

describe('manifests', () => {
  const temporary = useTemporaryFolder();
  const write = (folder: string, contents: unknown): string => {
    mkdirSync(join(temporary(), folder), { recursive: true });
    const path = join(temporary(), folder, 'component.json');
    writeFileSync(path, typeof contents === 'string' ? contents : JSON.stringify(contents));
    return path;
  };

  it('are read with the folder that they lie in', () => {
    const { manifest, folder } = readManifest(write('one', minimal));
    expect(manifest.name).to.equal('fs/one');
    expect(folder).to.equal(join(temporary(), 'one'));
    expect(hostsOf(manifest)).to.deep.equal(['posix', 'baremetal']);
  });

  it('that are not JSON name the file', async () => {
    const path = write('one', '{ "name": ');
    const error = await expectError('RUMP_MANIFEST_UNREADABLE', () => readManifest(path));
    expect(error.message).to.include(path);
  });

  it('that break the schema name every field that is wrong', async () => {
    const contents = { ...minimal, faction: 'fish', licence: {}, colour: 'red' };
    const error = await expectError('RUMP_MANIFEST_INVALID', () => parseManifest(contents, 'x.json'));
    expect(error.message).to.include('faction').and.include('licence.spdx').and.include('colour');
  });

  for (const [what, change] of Object.entries({
    'a name with capitals': { name: 'FS/one' },
    'a name with two slashes': { name: 'a/b/c' },
    'an absolute file': { files: ['/etc/passwd'] },
    'a source file outside the tarball': { sourceFiles: ['../x.c'] },
    'an unknown host': { hosts: ['toaster'] },
    'no host at all': { hosts: [] },
    'a short checksum': { source: { package: 'p1', version: '1', file: 'f', sha256: 'abc' } },
  })) {
    it(`may not have ${what}`, async () => {
      await expectError('RUMP_MANIFEST_INVALID', () => parseManifest({ ...minimal, ...change }, 'x.json'));
    });
  }

  it('may not name files that do not exist', async () => {
    const path = write('one', { ...minimal, files: ['gone.c'] });
    const error = await expectError('RUMP_MANIFEST_FILE_MISSING', () => readManifest(path));
    expect(error.details).to.include({ missing: 'gone.c' });
  });

  it('have the schema that is published', () => {
    const published = readFileSync(join(packageRoot, 'rump/component.schema.json'), 'utf8');
    expect(published).to.equal(componentSchemaText());
  });

  it('are found below folders, at any depth', () => {
    write('a/b/c', minimal);
    write('d', { ...minimal, name: 'two' });
    expect([...loadRegistry([temporary()]).keys()].sort()).to.deep.equal(['fs/one', 'two']);
  });

  it('may not define the same name twice', async () => {
    write('a', minimal);
    write('b', minimal);
    const error = await expectError('RUMP_MANIFEST_DUPLICATE', () => loadRegistry([temporary()]));
    expect(error.message).to.include(join(temporary(), 'a')).and.include(join(temporary(), 'b'));
  });
});

describe('findComponent', () => {
  it('says what may have been meant', async () => {
    for (const typed of ['fs/tyo', 'toy', 'fs/toyy']) {
      const error = await expectError('RUMP_GRAPH_UNKNOWN_COMPONENT', () =>
        findComponent(toyRegistry(), typed),
      );
      expect(error.remedy, typed).to.include('fs/toy');
    }
  });

  it('has no suggestion for something quite different', async () => {
    const error = await expectError('RUMP_GRAPH_UNKNOWN_COMPONENT', () =>
      findComponent(toyRegistry(), 'quux'),
    );
    expect(error.details['suggestions']).to.deep.equal([]);
  });
});
