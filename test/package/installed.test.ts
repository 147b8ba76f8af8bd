// SPDX-License-Identifier: BSD-2-Clause
// installed.test.ts: the installed package does what docs/getting-started.md says, with the files and commands that
// stand there; what its install script did not build is built when it is needed.
import { expect } from 'chai';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../ts/paths.js';
import { installPackage, type Ended, type Project } from '../helpers/installed-package.js';
import { codeBlocks } from '../helpers/markdown.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { makeToolFolder } from '../helpers/tool-path.js';

describe('the installed package', function () {
  this.timeout(300_000);
  const blocks = codeBlocks(readFileSync(join(packageRoot, 'docs/getting-started.md'), 'utf8'));
  let project: Project;

  before(async () => {
    project = await installPackage();
    for (const { name, body } of namedFiles()) writeFileSync(join(project.folder, name), body);
    expect(shell(commandsWith('xorriso')).status).to.equal(0);
  });

  /** The files of the guide: their first line is a comment with the name. */
  const namedFiles = (): { name: string; body: string }[] =>
    blocks.flatMap(({ body }) => {
      const name = /^(?:\/\/|\/\*) ([\w.]+)(?: \*\/)?\n/.exec(body)?.[1];
      return name === undefined ? [] : [{ name, body }];
    });
  const commandsWith = (word: string): string => {
    const block = blocks.find(({ language, body }) => language === 'sh' && body.includes(word));
    if (block === undefined) throw new Error(`the guide has no commands with ${word}`);
    return block.body;
  };
  const shell = (commands: string): Ended => project.run('sh', ['-eu', '-c', commands]);
  const addon = (): string => join(project.folder, 'node_modules/rumpkit/build/Release/rumpkit.node');

  it('comes with the files of the guide, and without an addon', () => {
    expect(namedFiles().map(({ name }) => name)).to.include.members([
      'read.mjs',
      'cat.c',
      'unikernel.config.ts',
    ]);
    expect(existsSync(addon())).to.equal(false);
  });

  it('says what is missing where nothing can be built', () => {
    const path = makeToolFolder(makeScratchFolder('bin'), ['sh']);
    const booted = project.run(process.execPath, ['read.mjs'], path);
    expect(booted.status).to.equal(1);
    expect(booted.stderr).to.match(
      /^NativeError: the Node-API addon is not built .*: PATH has no C\+\+ compiler/m,
    );
    expect(booted.stderr).to.include('apt-get install build-essential');
    const command = ['node_modules/rumpkit/dist/cli/main.js', 'build', 'fs/cd9660'];
    expect(project.run(process.execPath, command, path)).to.deep.equal({
      status: 1,
      stdout: '',
      stderr: [
        'error there is no C compiler (looked for cc, gcc, clang in PATH) [RUMP_BUILD_NO_COMPILER]',
        'remedy Install it: apt-get install build-essential',
        '',
      ].join('\n'),
    });
  });

  it('builds addon and kernel on first use, says so, and reads a disk', () => {
    const expected = `[ 'docs', 'docs/hello.txt' ]\nHello from a disk\n\n`;
    const first = project.run(process.execPath, ['read.mjs']);
    expect(first.stdout, first.stderr).to.equal(expected);
    expect(first.stderr).to.match(/^rumpkit: building the Node-API addon$/m);
    expect(first.stderr).to.match(/^rumpkit: building a kernel with fs\/cd9660$/m);
    expect(existsSync(addon())).to.equal(true);
    const second = project.run(process.execPath, ['read.mjs']);
    expect(second).to.deep.equal({ status: 0, stdout: expected, stderr: '' });
  });

  it('has a doctor who finds nothing missing', () => {
    const { status, stdout, stderr } = shell('npx rumpkit doctor');
    expect(status, stdout + stderr).to.equal(0);
    expect(stdout).to.match(/^ok +addon +\S+rumpkit\.node /m);
  });

  it('bakes and boots the program of the guide', () => {
    const run = shell(commandsWith('rumpkit run'));
    expect(run.stdout, run.stderr).to.equal(outputAfter(commandsWith('rumpkit run')));
    expect(run.status).to.equal(0);
    expect(shell('npx rumpkit bake').status).to.equal(0);
    const missing = shell('npx rumpkit run cat.elf --disk data.iso --accel tcg -- cat /data/none');
    expect(missing.stdout).to.equal('/data/none: No such file or directory\n');
    expect(missing.status).to.equal(3);
  });

  it('shows what is in the image', () => {
    const { status, stdout, stderr } = shell(commandsWith('rumpkit inspect'));
    expect(status, stderr).to.equal(0);
    expect(stdout)
      .to.match(/fs\/cd9660/)
      .and.include('fs/cd9660 -> vfs -> kern');
    expect(readFileSync(join(project.folder, 'graph.svg'), 'utf8')).to.match(/<svg [^]*fs\/cd9660/);
  });

  const outputAfter = (commands: string): string =>
    blocks[blocks.findIndex(({ body }) => body === commands) + 1]?.body ?? '';
});
