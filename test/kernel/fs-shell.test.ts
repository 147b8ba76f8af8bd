// SPDX-License-Identifier: BSD-2-Clause
// fs-shell.test.ts: rumpkit fs shell by hand: on a terminal, which script(1) makes.
import { expect } from 'chai';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { checkFfs, formatFfs } from '../../ts/disk/index.js';
import { fsOutput } from '../helpers/run-fs.js';
import { useTemporaryFolder } from '../helpers/temporary-folder.js';

const controlC = '\x03';
const controlD = '\x04';

/** A program on a terminal. */
class Terminal {
  readonly #child: ChildProcessWithoutNullStreams;
  #output = '';
  #isOver = false;
  #wake: () => void = () => undefined;

  constructor(command: string) {
    this.#child = spawn('script', ['-qefc', command, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm' },
    });
    this.#child.stdout.on('data', (bytes: Buffer) => {
      this.#output += bytes.toString();
      this.#wake();
    });
    this.#child.on('close', () => {
      this.#isOver = true;
      this.#wake();
    });
  }

  type(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Waits for a text, and gives what came before it. */
  async until(text: string): Promise<string> {
    for (;;) {
      const shown = stripVTControlCharacters(this.#output);
      const at = shown.indexOf(text);
      if (at >= 0) {
        this.#output = shown.slice(at + text.length);
        return shown.slice(0, at);
      }
      if (this.#isOver) throw new Error(`it ended, without ${text}: ${shown}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Waits for the end, and gives the exit status. */
  async end(): Promise<number | null> {
    if (!this.#isOver) await once(this.#child, 'close');
    return this.#child.exitCode;
  }
}

describe('rumpkit fs shell on a terminal', function () {
  this.timeout(60_000);
  const temporary = useTemporaryFolder();
  let image: string;
  let shell: Terminal;
  const prompt = (folder: string): string => `${image}:${folder}> `;

  beforeEach(async () => {
    image = join(temporary(), 'disk.img');
    formatFfs(image, { size: 16 * 1024 ** 2 });
    await fsOutput('mkdir', `${image}:/documents`);
    shell = new Terminal(`${process.execPath} --import tsx ts/cli/main.ts fs shell ${image}`);
    await shell.until(prompt('/'));
  });

  it('shows where it is, does what it is told, and goes on after a mistake', async () => {
    writeFileSync(join(temporary(), 'note.txt'), 'from the host');
    shell.type(`cp host:${join(temporary(), 'note.txt')} documents\n`);
    await shell.until(prompt('/'));
    shell.type('cd documents\n');
    await shell.until(prompt('/documents'));
    shell.type('cat note.txt\n');
    expect(await shell.until(prompt('/documents'))).to.include('from the host');
    shell.type('cd nowhere\n');
    expect(await shell.until(prompt('/documents'))).to.include('RUMP_FS_NO_SUCH_PATH');
    shell.type('nonsense\n');
    expect(await shell.until(prompt('/documents'))).to.include('there is no command nonsense');
    shell.type('help\n');
    expect(await shell.until(prompt('/documents'))).to.include('host:PATH is a path of the host');
    shell.type('exit\n');
    expect(await shell.end()).to.equal(0);
    expect(await fsOutput('cat', `${image}:/documents/note.txt`)).to.equal('from the host');
    expect(checkFfs(image).findings).to.deep.equal([]);
  });

  it('completes commands and names', async () => {
    shell.type('mkd\t');
    await shell.until('mkdir ');
    shell.type('docu\t');
    await shell.until('documents/');
    shell.type('inside\n');
    await shell.until(prompt('/'));
    shell.type('touch documents/file\n');
    await shell.until(prompt('/'));
    shell.type('ls documents/f\t');
    await shell.until('documents/file ');
    shell.type('-l\n');
    expect(await shell.until(prompt('/')))
      .to.include('-rw-')
      .and.include('file');
    shell.type(controlD);
    expect(await shell.end()).to.equal(0);
  });

  it('forgets the line at control-C, and stops a command', async () => {
    shell.type('rm -r docu');
    await shell.until('docu');
    shell.type(controlC);
    await shell.until('^C');
    await shell.until(prompt('/'));
    shell.type('ls\n');
    expect(await shell.until(prompt('/'))).to.include('documents');
    const large = join(temporary(), 'large');
    writeFileSync(large, Buffer.alloc(12 * 1024 ** 2));
    shell.type(`cp host:${large} large\n`);
    await shell.until('large large');
    shell.type(controlC);
    await shell.until(prompt('/'));
    shell.type('pwd\n');
    await shell.until(prompt('/'));
    shell.type('exit\n');
    expect(await shell.end()).to.equal(0);
    expect(checkFfs(image).findings).to.deep.equal([]);
  });
});
