// SPDX-License-Identifier: BSD-2-Clause
// examples.test.ts: the commands in the README of each example, as they stand there, print what it says they print.
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../ts/paths.js';
import { codeBlocks } from '../helpers/markdown.js';
import { useTemporaryFolder } from '../helpers/temporary-folder.js';
import { addScript } from '../helpers/tool-path.js';

const examples = join(packageRoot, 'examples');

describe('examples', function () {
  this.timeout(240_000);
  const temporary = useTemporaryFolder();

  const names = readdirSync(examples).filter((name) => /^\d\d-/.test(name));

  it('are there', () => {
    expect(names).to.include.members([
      '01-hello',
      '02-iso-cat',
      '03-ffs-root',
      '04-web-server',
      '05-http-in-node',
    ]);
  });

  for (const name of names) {
    it(`${name} does what its README says`, () => {
      const folder = join(temporary(), name);
      cpSync(join(examples, name), folder, { recursive: true });
      mkdirSync(join(folder, 'node_modules'));
      symlinkSync(packageRoot, join(folder, 'node_modules/rumpkit'));
      const path = commandFolder(join(temporary(), 'bin'));
      const steps = readSteps(readFileSync(join(folder, 'README.md'), 'utf8'));
      expect(steps).to.not.be.empty;
      for (const { commands, output } of steps) {
        expect(output, commands).to.not.equal('');
        const printed = execFileSync('sh', ['-eu', '-c', commands], {
          cwd: folder,
          encoding: 'utf8',
          env: { ...process.env, PATH: `${path}:${process.env['PATH'] ?? ''}`, NO_COLOR: '1' },
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        expect(withoutBaking(printed), commands).to.equal(output);
      }
    });
  }
});

/** Commands, and what they print. */
interface Step {
  commands: string;
  output: string;
}

/** The blocks of commands, each with the block of output behind it. */
function readSteps(text: string): Step[] {
  const blocks = codeBlocks(text);
  return blocks.flatMap(({ language, body }, index) => {
    const next = blocks[index + 1];
    return language === 'sh' ? [{ commands: body, output: next?.language === '' ? next.body : '' }] : [];
  });
}

/** The line that says how large the image has become varies. */
function withoutBaking(output: string): string {
  return output.replaceAll(/^.*\.elf {2}\d+ KB\n/gm, '');
}

/** npx finds nothing in a folder that has installed nothing: here rumpkit is the command line of this checkout. */
function commandFolder(folder: string): string {
  const [tsx, main] = ['node_modules/.bin/tsx', 'ts/cli/main.ts'].map((file) => join(packageRoot, file));
  addScript(
    folder,
    'npx',
    `command=$1\nshift\ncase $command in\nrumpkit) exec "${tsx}" "${main}" "$@";;\ntsx) exec "${tsx}" "$@";;\nesac\nexit 97`,
  );
  return folder;
}
