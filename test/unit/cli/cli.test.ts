// SPDX-License-Identifier: BSD-2-Clause
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { parseMount } from '../../../ts/cli/image-options.js';
import { parsePairs, positionals, repeatedOption, wordsAfterSeparator } from '../../../ts/cli/options.js';
import { exitCodeOf, renderError } from '../../../ts/cli/render/error.js';
import { renderTable } from '../../../ts/cli/render/table.js';
import { BuildError, RunError } from '../../../ts/errors.js';
import { packageRoot } from '../../../ts/paths.js';
import { expectError } from '../../helpers/expect-error.js';
import { fixtures, toySource } from '../../helpers/fixtures.js';
import { useTemporaryFolder } from '../../helpers/temporary-folder.js';

interface CommandResult {
  status: number | undefined;
  stdout: string;
  stderr: string;
}

describe('rumpkit', () => {
  const temporary = useTemporaryFolder();
  const toys = ['--component-folder', join(fixtures, 'components'), '--source', `toysource=${toySource}`];
  const guests = ['--component-folder', join(fixtures, 'guests')];
  const rumpkit = async (words: string[], env: Record<string, string> = {}): Promise<CommandResult> => {
    const result = await execa(
      process.execPath,
      ['--import', 'tsx', join(packageRoot, 'ts/cli/main.ts'), ...words],
      { reject: false, cwd: packageRoot, env: { NO_COLOR: '1', ...env } },
    );
    return { status: result.exitCode, stdout: result.stdout, stderr: result.stderr };
  };

  it('shows its commands', async () => {
    const { status, stdout } = await rumpkit(['--help']);
    expect(status).to.equal(0);
    for (const command of ['doctor', 'components', 'build', 'bake', 'run', 'inspect', 'fs']) {
      expect(stdout).to.include(command);
    }
    expect((await rumpkit(['--version'])).stdout).to.match(/^\d+\.\d+\.\d+/);
    expect((await rumpkit(['bake', '--help'])).stdout).to.include('--program');
  });

  it('shows help without colours where there is no terminal', async () => {
    const { stdout } = await rumpkit(['run', '-h'], { NO_COLOR: '', FORCE_COLOR: '1' });
    expect(stdout).to.include('--machine').and.not.include('\u001b');
  });

  it('says that the cache cannot be used, whatever is wrong with it', async () => {
    const file = join(temporary(), 'a-file');
    writeFileSync(file, '');
    for (const cache of [file, join(file, 'below'), '/proc/self/nowhere']) {
      const { status, stderr } = await rumpkit(['build', 'kern'], { RUMPKIT_CACHE: cache });
      expect(status, cache).to.equal(1);
      expect(stderr).to.include('RUMP_CACHE_UNUSABLE').and.include('remedy Point RUMPKIT_CACHE');
    }
  });

  it('ends with 2 and a suggestion for a wrong command line', async () => {
    const cases = [
      [['componets'], 'components'],
      [['components', '--jsno'], '--json'],
      [['run', '--machine', 'vax', 'x'], 'microvm'],
      [['inspect'], 'IMAGE'],
      [['inspect', 'one', 'two'], 'one image'],
      [['bake', 'other.config.ts'], '--config FILE'],
      [['bake', '-o'], '-o VALUE'],
      [['run', '-m', '64M', 'x'], '--help'],
      [['components', '--graph', 'png'], 'svg'],
      [['build', '--host', 'toaster'], 'baremetal'],
    ] as const;
    const results = await Promise.all(cases.map(([words]) => rumpkit([...words])));
    results.forEach(({ status, stdout, stderr }, index) => {
      const [words, remedy] = cases[index]!;
      expect({ status, stdout }, words.join(' ')).to.deep.equal({ status: 2, stdout: '' });
      expect(stderr).to.include('RUMP_CLI_USAGE').and.include(remedy);
    });
  });

  it('shows the stack only with --verbose', async () => {
    const plain = await rumpkit(['inspect', '/nonexistent']);
    expect(plain.status).to.equal(1);
    expect(plain.stderr).to.include('RUMP_IMAGE_UNREADABLE').and.include('remedy').and.not.include('    at ');
    expect((await rumpkit(['inspect', '/nonexistent', '--verbose'])).stderr).to.include('    at ');
  });

  it('doctor names everything that is missing and one command that installs it', async () => {
    const { status, stdout } = await rumpkit(['doctor'], { PATH: '/nonexistent' });
    expect(status).to.equal(1);
    expect(stdout)
      .to.match(/missing +cc/)
      .and.match(/apt-get install .*build-essential.*cmake/);
    const json = JSON.parse((await rumpkit(['doctor', '--json'])).stdout) as {
      name: string;
      state: string;
    }[];
    expect(json.find(({ name }) => name === 'node')).to.include({ state: 'ok' });
  });

  it('components answers what, why, and under which licence', async () => {
    const folder = toys.slice(0, 2);
    const ask = async (...words: string[]): Promise<string> =>
      (await rumpkit(['components', ...words, ...folder])).stdout;
    const [table, why, licences, svg, json] = await Promise.all([
      ask('fs/toy'),
      ask('--why', 'base', 'fs/toy'),
      ask('fs/toy', '--licenses', ...toys.slice(2)),
      ask('fs/toy', '--graph', 'svg'),
      ask('fs/toy', '--json'),
    ]);
    expect(table)
      .to.match(/^fs\/toy +vfs/m)
      .and.match(/^base +kern/m)
      .and.not.include('needy');
    expect(why).to.equal('fs/toy -> base');
    expect(licences).to.match(/fs\/toy +BSD-3-Clause +toysource 1\.0-1 +1 files/);
    expect(licences).to.include('fs/toy: src/driver.c\n\nCopyright (c) 1993 The Toy Maker\nAll rights');
    expect(svg).to.include('<svg');
    expect((JSON.parse(json) as { name: string }[]).map(({ name }) => name)).to.deep.equal([
      'base',
      'fs/toy',
    ]);
  });

  it('build --dry-run prints commands and builds nothing', async () => {
    const cache = join(temporary(), 'cache');
    const { stdout } = await rumpkit(['build', 'fs/toy', '--dry-run', ...toys], { RUMPKIT_CACHE: cache });
    expect(stdout).to.include('cmake-js').and.include('RUMPKIT_HOST=posix');
    expect(existsSync(join(cache, 'build'))).to.equal(false);
  });

  it('refuses an option that a command does not have, before it does anything', async () => {
    const image = join(temporary(), 'hello.img');
    const words = ['bake', '--component', 'guest/hello', '-o', image, ...guests, '--colour', 'red'];
    const { status, stderr } = await rumpkit(words);
    expect(status).to.equal(2);
    expect(stderr).to.include('--colour');
    expect(existsSync(image)).to.equal(false);
  });

  it('run checks its image even when it runs dry', async () => {
    const file = join(temporary(), 'text');
    writeFileSync(file, 'no image');
    const { status, stderr } = await rumpkit(['run', file, '--dry-run']);
    expect(status).to.equal(1);
    expect(stderr).to.include('RUMP_RUN_NOT_AN_IMAGE');
  });
});

describe('command lines', () => {
  it('have options that may be repeated, up to --', () => {
    const words = ['--arg', 'a', 'file', '--arg=b=c', '--other', 'x', '--', '--arg', 'd'];
    expect(repeatedOption(words, 'arg')).to.deep.equal(['a', 'b=c']);
    expect(wordsAfterSeparator(words)).to.deep.equal(['--arg', 'd']);
    expect(positionals(words, { arg: { type: 'string' }, other: { type: 'boolean' } })).to.deep.equal([
      'file',
      'x',
    ]);
  });

  it('have pairs and mounts that are checked', async () => {
    expect(parsePairs(['A=1', 'B=2=3'], 'env')).to.deep.equal({ A: '1', B: '2=3' });
    await expectError('RUMP_CLI_USAGE', () => parsePairs(['A'], 'env'));
    await expectError('RUMP_CLI_USAGE', () => repeatedOption(['--arg'], 'arg'));
    expect(parseMount('cd9660,vda,/mnt,ro')).to.deep.equal({
      type: 'cd9660',
      device: 'vda',
      path: '/mnt',
      readOnly: true,
    });
    for (const wrong of ['cd9660', 'cd9660,vda,mnt', 'cd9660,vda,/mnt,rw']) {
      await expectError('RUMP_CLI_USAGE', () => parseMount(wrong));
    }
  });
});

describe('rendering', () => {
  it('gives exit codes by the kind of error', () => {
    expect(exitCodeOf(new BuildError('RUMP_BUILD_NO_COMPILER', 'x'))).to.equal(1);
    expect(exitCodeOf(new RunError('RUMP_RUN_TIMED_OUT', 'x'))).to.equal(124);
    expect(exitCodeOf(new RunError('RUMP_RUN_INTERRUPTED', 'x'))).to.equal(130);
    expect(exitCodeOf(new Error('x'))).to.equal(1);
  });

  it('shows what an unexpected error was', () => {
    expect(renderError(new TypeError('odd'), false))
      .to.include('unexpected')
      .and.include('odd');
  });

  it('shows what the system refused without a stack', () => {
    const refused = (): unknown => {
      try {
        return readFileSync('/nonexistent');
      } catch (error) {
        return error;
      }
    };
    expect(renderError(refused(), false)).to.include('ENOENT').and.not.include('    at ');
    expect(renderError(refused(), true)).to.include('    at ');
  });

  it('aligns columns, numbers to the right', () => {
    const lines = renderTable(
      ['name', 'bytes'],
      [
        ['a', 5],
        ['long name', 12345],
      ],
    ).split('\n');
    expect(lines.slice(1, 3)).to.deep.equal(['a              5', 'long name  12345']);
  });
});
