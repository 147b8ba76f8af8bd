// SPDX-License-Identifier: BSD-2-Clause
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { buildAddonIn, planAddonBuild } from '../../../ts/builder/build-addon.js';
import { planBuild } from '../../../ts/builder/build-plan.js';
import { compilerErrors } from '../../../ts/builder/compiler-output.js';
import { executeBuild } from '../../../ts/builder/execute-build.js';
import { fetchGraphSources } from '../../../ts/builder/fetch-graph-sources.js';
import { loadRegistry } from '../../../ts/component/registry.js';
import { resolveGraph } from '../../../ts/component/resolve.js';
import { expectError } from '../../helpers/expect-error.js';
import { buildToys, fixtures, toyRegistry, toySource } from '../../helpers/fixtures.js';
import { useTemporaryFolder } from '../../helpers/temporary-folder.js';
import { makeToolFolder, withPath } from '../../helpers/tool-path.js';

describe('planBuild', () => {
  const graph = resolveGraph(toyRegistry(), ['fs/toy', 'glue/toy'], 'posix');

  it('is plain data: units, places and commands', () => {
    const plan = planBuild(graph, { host: 'posix', cache: '/cache', sources: new Map([['fs/toy', '/src']]) });
    expect(plan.folder).to.match(/^\/cache\/build\/posix-[0-9a-f]{12}$/);
    expect(plan.units.map(({ component }) => component)).to.deep.equal(['base', 'fs/toy', 'glue/toy']);
    expect(plan.units[1]).to.include({ sources: '/src', archive: join(plan.folder, 'lib', 'libfs_toy.a') });
    expect(plan.configure.args).to.include('--CDRUMPKIT_SOURCES_fs_toy=/src');
    expect(structuredClone(plan)).to.deep.equal(plan);
  });

  it('keeps hosts and sanitizers apart', () => {
    const folder = (options: { host: 'posix' | 'baremetal'; sanitize?: boolean }): string =>
      planBuild(graph, { ...options, cache: '/c' }).folder;
    const folders = [
      folder({ host: 'posix' }),
      folder({ host: 'baremetal' }),
      folder({ host: 'posix', sanitize: true }),
    ];
    expect(new Set(folders).size).to.equal(3);
    expect(folder({ host: 'baremetal', sanitize: true })).to.equal(folders[1]);
  });

  it('configures anew when sources lie elsewhere', () => {
    const key = (place: string): string =>
      planBuild(graph, { host: 'posix', cache: '/c', sources: new Map([['fs/toy', place]]) }).configureKey;
    expect(key('/one')).to.not.equal(key('/two'));
    expect(key('/one')).to.equal(key('/one'));
  });
});

describe('executeBuild', () => {
  const temporary = useTemporaryFolder();
  const symbols = (archive: string): string[] =>
    execFileSync('nm', ['-P', '-g', archive], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => / [TUDRW] /.test(`${line} `))
      .map((line) => line.split(' ').slice(0, 2).join(' '));

  it('gives kernel symbols their prefix, and leaves edges and glue alone', async () => {
    const { plan } = await buildToys(['fs/toy', 'glue/toy'], temporary());
    const [base, toy, glue] = plan.units.map(({ archive }) => symbols(archive));
    expect(base)
      .to.include('rumpns_malloc T')
      .and.include('rump_init T')
      .and.include('__start_link_set_attach U');
    expect(toy).to.include('rumpns_driver_answer T').and.include('rumpns_malloc U');
    expect(glue).to.include('rump_init U').and.include('toy_private T');
  });

  it('does nothing the second time, and only what changed the third', async () => {
    const folder = join(temporary(), 'components');
    cpSync(join(fixtures, 'components'), folder, { recursive: true });
    const graph = resolveGraph(loadRegistry([folder]), ['fs/toy'], 'posix');
    const plan = planBuild(graph, {
      host: 'posix',
      cache: temporary(),
      sources: new Map([['fs/toy', toySource]]),
    });
    const times = (): number[] => plan.units.map(({ archive }) => statSync(archive).mtimeMs);
    await executeBuild(plan);
    const first = times();
    await executeBuild(plan);
    expect(times()).to.deep.equal(first);
    writeFileSync(
      join(folder, 'base/base.c'),
      `${readFileSync(join(folder, 'base/base.c'), 'utf8')}\nint more(void);\n`,
    );
    await executeBuild(plan);
    expect(times()[0]).to.be.greaterThan(first[0]!);
    expect(times()[1]).to.equal(first[1]);
  });

  it('recovers from a build folder that was left half-made', async () => {
    const plan = planBuild(resolveGraph(loadRegistry([join(fixtures, 'components')]), ['base']), {
      host: 'posix',
      cache: temporary(),
    });
    await executeBuild(plan);
    for (const name of ['build.ninja', 'Makefile']) rmSync(join(plan.folder, name), { force: true });
    await executeBuild(plan);
    expect(existsSync(plan.units[0]!.archive)).to.equal(true);
  });

  it("shows the compiler's first errors", async () => {
    const folder = join(temporary(), 'components');
    cpSync(join(fixtures, 'components'), folder, { recursive: true });
    writeFileSync(join(folder, 'base/base.c'), 'int f(void) { return wrong; }\n');
    const plan = planBuild(resolveGraph(loadRegistry([folder]), ['base']), {
      host: 'posix',
      cache: temporary(),
    });
    const error = await expectError('RUMP_BUILD_COMPILE_FAILED', () => executeBuild(plan));
    expect(error.message).to.include('base.c').and.include('wrong');
    expect(existsSync(plan.units[0]!.archive)).to.equal(false);
  });

  it('says which tool is missing, and how to install it', async () => {
    const plan = planBuild(resolveGraph(toyRegistry(), ['base']), { host: 'posix', cache: temporary() });
    const cases = [
      { tools: ['sh', 'cmake', 'ninja'], code: 'RUMP_BUILD_NO_COMPILER', remedy: 'build-essential' },
      { tools: ['sh', 'cc', 'ninja'], code: 'RUMP_BUILD_NO_CMAKE', remedy: 'cmake' },
      { tools: ['sh', 'cc', 'cmake'], code: 'RUMP_BUILD_NO_CMAKE', remedy: 'ninja-build' },
    ] as const;
    for (const { tools, code, remedy } of cases) {
      const path = makeToolFolder(join(temporary(), `bin-${tools.join('-')}`), tools);
      const error = await withPath(path, () => expectError(code, () => executeBuild(plan)));
      expect(error.remedy).to.include(`apt-get install ${remedy}`);
    }
  });
});

describe('fetchGraphSources', () => {
  it('gives the folders of the components that have foreign sources', async () => {
    const { components } = resolveGraph(toyRegistry(), ['fs/toy']);
    const folders = await fetchGraphSources(components, { overrides: { toysource: toySource } });
    expect([...folders]).to.deep.equal([['fs/toy', toySource]]);
  });

  it('notices sources without a file that the manifest names', async () => {
    const { components } = resolveGraph(toyRegistry(), ['fs/toy']);
    const error = await expectError('RUMP_MANIFEST_FILE_MISSING', () =>
      fetchGraphSources(components, { overrides: { toysource: fixtures } }),
    );
    expect(error.message).to.include('src/driver.c');
  });
});

describe('compilerErrors', () => {
  it('prefers errors to commands and notes', () => {
    const output =
      'cc -Werror=x -c a.c\na.c:1:1: error: bad\na.c:2:1: note: see\na.c:3:1: fatal error: worse\n';
    expect(compilerErrors(output)).to.deep.equal(['a.c:1:1: error: bad', 'a.c:3:1: fatal error: worse']);
  });

  it('falls back to the last lines', () => {
    expect(compilerErrors('1\n2\n3\n4\n5\n6\n7\n')).to.deep.equal(['3', '4', '5', '6', '7']);
  });
});

describe('building the addon', () => {
  const temporary = useTemporaryFolder();

  it('runs node-gyp in the folder', () => {
    const plan = planAddonBuild('/somewhere', '/npm/node-gyp.js');
    expect(plan).to.include({ command: process.execPath, cwd: '/somewhere' });
    expect(plan.args.slice(0, 2)).to.deep.equal(['/npm/node-gyp.js', 'rebuild']);
  });

  it('says what went wrong', async () => {
    writeFileSync(join(temporary(), 'package.json'), '{}');
    writeFileSync(join(temporary(), 'binding.gyp'), '{ "targets": [');
    const error = await expectError('RUMP_BUILD_ADDON_FAILED', () => buildAddonIn(temporary()));
    expect(error.remedy).to.include('apt-get install');
  });
});
