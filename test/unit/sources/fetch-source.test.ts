// SPDX-License-Identifier: BSD-2-Clause
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { RumpError } from '../../../ts/errors.js';
import { aptError } from '../../../ts/sources/apt-errors.js';
import { fetchSource, sourceFolder } from '../../../ts/sources/fetch-source.js';
import { findOverride, overrideVariable } from '../../../ts/sources/overrides.js';
import { unpackTarball } from '../../../ts/sources/tarball.js';
import { expectError } from '../../helpers/expect-error.js';
import { fixtures, toySource } from '../../helpers/fixtures.js';
import { makeArchive, makeTarball, tamper } from '../../helpers/source-archive.js';
import { useTemporaryFolder } from '../../helpers/temporary-folder.js';
import { makeToolFolder, withPath } from '../../helpers/tool-path.js';

const driver = 'src/driver.c';
const original = readFileSync(join(fixtures, 'toysource', driver), 'utf8');

/** A port of this machine that nothing listens on. */
async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('fetchSource', () => {
  const temporary = useTemporaryFolder();
  const cache = (): string => join(temporary(), 'cache');
  const archive = (): string => join(temporary(), 'archive');

  it('fetches a package with apt-get, checks it and unpacks it without its top folder', async () => {
    const { mirror, spec } = makeArchive(archive());
    const folder = await fetchSource(spec, { cache: cache(), mirrors: [mirror] });
    expect(folder).to.equal(sourceFolder(cache(), spec));
    expect(readFileSync(join(folder, driver), 'utf8')).to.equal(original);
  });

  it('needs neither apt nor a mirror afterwards', async () => {
    const { mirror, spec } = makeArchive(archive());
    const first = await fetchSource(spec, { cache: cache(), mirrors: [mirror] });
    rmSync(archive(), { recursive: true });
    const second = await withPath('/nonexistent', () => fetchSource(spec, { cache: cache(), mirrors: [] }));
    expect(second).to.equal(first);
  });

  it('can be asked by several at once', async () => {
    const { mirror, spec } = makeArchive(archive());
    const folders = await Promise.all(
      [1, 2, 3].map(() => fetchSource(spec, { cache: cache(), mirrors: [mirror] })),
    );
    expect(new Set(folders).size).to.equal(1);
    expect(readdirSync(join(cache(), 'sources'))).to.have.length(1);
  });

  it('goes to the next mirror, suite and fallback when the first has no such package', async () => {
    const { mirror, spec } = makeArchive(archive(), 'trixie');
    const wanted = {
      ...spec,
      version: '9.9-9',
      file: 'x',
      suites: ['trixie'],
      fallbacks: [{ ...spec, suites: ['trixie'] }],
    };
    const folder = await fetchSource(wanted, { cache: cache(), mirrors: [mirror] });
    expect(existsSync(join(folder, driver))).to.equal(true);
  });

  it('says what the mirror does not have', async () => {
    const { mirror, spec } = makeArchive(archive());
    const options = { cache: cache(), mirrors: [mirror] };
    for (const change of [{ version: '2.0-1' }, { package: 'nothing' }]) {
      const error = await expectError('RUMP_SOURCE_NOT_IN_INDEX', () =>
        fetchSource({ ...spec, ...change }, options),
      );
      expect(error.remedy).to.include('--source');
    }
  });

  it('refuses a tarball that is not the pinned one, names both sums and leaves nothing behind', async () => {
    const { mirror, spec } = makeArchive(archive());
    const wrong = { ...spec, sha256: 'f'.repeat(64) };
    const error = await expectError('RUMP_SOURCE_WRONG_CHECKSUM', () =>
      fetchSource(wrong, { cache: cache(), mirrors: [mirror] }),
    );
    expect(error.message).to.include('f'.repeat(64)).and.include(spec.sha256);
    const left = execFileSync('find', [cache(), '-name', '*.tar.gz*'], { encoding: 'utf8' });
    expect(left).to.equal('');
    expect(existsSync(join(cache(), 'sources'))).to.equal(false);
  });

  it('refuses a tarball that was changed after the index was made', async () => {
    const { mirror, spec } = makeArchive(archive());
    tamper(archive(), spec.file);
    await expectError('RUMP_SOURCE_WRONG_CHECKSUM', () =>
      fetchSource(spec, { cache: cache(), mirrors: [mirror] }),
    );
    expect(existsSync(sourceFolder(cache(), spec))).to.equal(false);
  });

  it('says that there is no network', async () => {
    const { spec } = makeArchive(archive());
    const mirror = { uris: [`http://127.0.0.1:${await unusedPort()}/debian`], trusted: true };
    const error = await expectError('RUMP_SOURCE_NO_NETWORK', () =>
      fetchSource(spec, { cache: cache(), mirrors: [mirror] }),
    );
    expect(error.message).to.include('toysource 1.0-1');
    expect(error.remedy).to.include('--source toysource=PATH');
  });

  it('says that there is no apt-get', async () => {
    const { mirror, spec } = makeArchive(archive());
    const path = makeToolFolder(join(temporary(), 'bin'), ['tar', 'gzip']);
    await withPath(path, () =>
      expectError('RUMP_SOURCE_NO_APT', () => fetchSource(spec, { cache: cache(), mirrors: [mirror] })),
    );
  });

  it('says that the system has no Debian mirror', async () => {
    const { spec } = makeArchive(archive());
    await expectError('RUMP_SOURCE_NO_MIRROR', () => fetchSource(spec, { cache: cache(), mirrors: [] }));
  });

  describe('with an override', () => {
    it('takes a folder as it is', async () => {
      const { spec } = makeArchive(archive());
      const folder = await fetchSource(spec, {
        cache: cache(),
        mirrors: [],
        overrides: { toysource: toySource },
      });
      expect(folder).to.equal(toySource);
    });

    it('unpacks a tarball that has the right sum', async () => {
      const { spec } = makeArchive(archive());
      const tarball = join(archive(), 'pool', spec.file);
      const folder = await fetchSource(spec, {
        cache: cache(),
        mirrors: [],
        overrides: { toysource: tarball },
      });
      expect(readFileSync(join(folder, driver), 'utf8')).to.equal(original);
    });

    it('refuses a tarball that has not', async () => {
      const { spec } = makeArchive(archive());
      const tarball = join(temporary(), 'other.tar.gz');
      writeFileSync(tarball, 'something else');
      await expectError('RUMP_SOURCE_WRONG_CHECKSUM', () =>
        fetchSource(spec, { cache: cache(), overrides: { toysource: tarball } }),
      );
    });

    it('says that its path leads nowhere', async () => {
      const error = await expectError('RUMP_SOURCE_OVERRIDE_MISSING', () =>
        findOverride('toysource', { toysource: join(temporary(), 'gone') }),
      );
      expect(error.message).to.include('gone');
    });

    it('prefers what was given to the environment', () => {
      const variable = overrideVariable('toysource');
      expect(variable).to.equal('RUMPKIT_SOURCE_TOYSOURCE');
      expect(findOverride('toysource', {}, { [variable]: fixtures })?.path).to.equal(fixtures);
      expect(findOverride('toysource', { toysource: toySource }, { [variable]: fixtures })?.path).to.equal(
        toySource,
      );
      expect(findOverride('toysource', {}, {})).to.equal(undefined);
    });
  });
});

describe('unpackTarball', () => {
  const temporary = useTemporaryFolder();

  it('leaves nothing behind when the file is no tarball', async () => {
    const path = join(temporary(), 'x.tar.gz');
    writeFileSync(path, 'no tarball');
    await expectError('RUMP_SOURCE_UNPACK_FAILED', () => unpackTarball(path, join(temporary(), 'out')));
    expect(readdirSync(temporary())).to.deep.equal(['x.tar.gz']);
  });

  it('leaves nothing behind when the tarball is cut', async () => {
    const path = join(temporary(), 'x.tar.gz');
    writeFileSync(path, makeTarball(path).subarray(0, 200));
    await expectError('RUMP_SOURCE_UNPACK_FAILED', () => unpackTarball(path, join(temporary(), 'out')));
    expect(readdirSync(temporary())).to.deep.equal(['x.tar.gz']);
  });

  it('unpacks only the folders that are asked for', async () => {
    const path = join(temporary(), 'x.tar.gz');
    mkdirSync(join(temporary(), 'top-1.0', 'lib', 'wanted'), { recursive: true });
    mkdirSync(join(temporary(), 'top-1.0', 'other', 'lib', 'wanted'), { recursive: true });
    writeFileSync(join(temporary(), 'top-1.0', 'lib', 'wanted', 'a.c'), 'int a;\n');
    writeFileSync(join(temporary(), 'top-1.0', 'other', 'lib', 'wanted', 'b.c'), 'int b;\n');
    execFileSync('tar', ['-czf', path, '-C', temporary(), 'top-1.0']);
    const target = join(temporary(), 'out');
    await unpackTarball(path, target, ['lib/wanted']);
    expect(readdirSync(target, { recursive: true }).sort()).to.deep.equal([
      'lib',
      'lib/wanted',
      'lib/wanted/a.c',
    ]);
  });

  it('says so when the tarball has no such folder', async () => {
    const path = join(temporary(), 'x.tar.gz');
    makeTarball(path);
    await expectError('RUMP_SOURCE_UNPACK_FAILED', () =>
      unpackTarball(path, join(temporary(), 'out'), ['no/such']),
    );
    expect(readdirSync(temporary())).to.deep.equal(['x.tar.gz']);
  });

  it('keeps what is in place already', async () => {
    const path = join(temporary(), 'x.tar.gz');
    makeTarball(path);
    const target = join(temporary(), 'out');
    mkdirSync(target);
    writeFileSync(join(target, 'mark'), '');
    await unpackTarball(path, target);
    expect(readdirSync(target)).to.deep.equal(['mark']);
  });
});

describe('aptError', () => {
  it('recognises a full disk', async () => {
    const failure = new RumpError('RUMP_EXEC_FAILED', 'apt-get failed', {
      details: { stdout: '', stderr: 'E: Write error - write (28: No space left on device)' },
    });
    const error = await expectError('RUMP_SOURCE_DISK_FULL', () => {
      throw aptError(failure, 'toysource', '1.0-1');
    });
    expect(error.remedy).to.include('RUMPKIT_CACHE');
  });
});
