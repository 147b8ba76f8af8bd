// SPDX-License-Identifier: BSD-2-Clause
// command-line.test.ts: rumpkit as a command, with real guests: statuses, signals, and nothing left running.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../ts/paths.js';
import { useTemporaryFolder } from '../helpers/temporary-folder.js';

/** A command under way: its streams, and how it will end. */
interface RunningCommand {
  process: ChildProcess;
  ended: Promise<{ exitCode: number | null; stdout: string; stderr: string }>;
}

function start(words: string[]): RunningCommand {
  const child = spawn(process.execPath, ['--import', 'tsx', join(packageRoot, 'ts/cli/main.ts'), ...words], {
    cwd: packageRoot,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const ended = once(child, 'close').then(([exitCode]) => ({
    exitCode: exitCode as number | null,
    stdout: stdout.trimEnd(),
    stderr,
  }));
  return { process: child, ended };
}

const rumpkit = (words: string[]): RunningCommand['ended'] => start(words).ended;

/** Processes whose command line names a file. */
function processesNaming(path: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return false;
    const file = `/proc/${name}/cmdline`;
    try {
      const words = readFileSync(file, 'utf8').split('\0');
      return words[0]?.includes('qemu') === true && words.includes(path);
    } catch {
      return false;
    }
  });
}

/** Waits until the command has printed a text; throws if it ends before. */
async function waitForOutput(command: RunningCommand, text: string): Promise<void> {
  let seen = '';
  await new Promise<void>((resolve, reject) => {
    command.process.stdout?.on('data', (chunk: string) => {
      seen += chunk;
      if (seen.includes(text)) resolve();
    });
    command.process.once('exit', () => reject(new Error(`ended without saying "${text}": ${seen}`)));
  });
}

describe('rumpkit run', function () {
  this.timeout(120_000);
  const temporary = useTemporaryFolder();
  const compile = (code: string): string => {
    const path = join(temporary(), 'program');
    writeFileSync(`${path}.c`, `#include <stdio.h>\n#include <unistd.h>\n${code}\n`);
    execFileSync('musl-gcc', ['-static', '-O1', '-w', `${path}.c`, '-o', path]);
    return path;
  };
  const bake = async (code: string): Promise<string> => {
    const image = join(temporary(), 'image.elf');
    const result = await rumpkit(['bake', '--program', compile(code), '-o', image, '--arg', 'program']);
    expect(result.exitCode, result.stderr).to.equal(0);
    return image;
  };
  const flags = ['--accel', 'tcg', '--timeout', '60'];

  for (const machine of ['microvm', 'q35']) {
    it(`ends with the status of the program on ${machine}`, async () => {
      const image = await bake('int main(int n, char **v) { printf("%s %s\\n", v[1], v[2]); return 3; }');
      const words = ['run', image, '--machine', machine, ...flags, '--', 'program', 'two words', '--flag'];
      const { exitCode, stdout } = await rumpkit(words);
      expect({ exitCode, stdout }).to.deep.equal({ exitCode: 3, stdout: 'two words --flag' });
    });
  }

  for (const [signal, what] of [
    ['SIGINT', 'Ctrl-C'],
    ['SIGTERM', 'SIGTERM'],
  ] as const) {
    it(`stops the guest on ${what}, and leaves nothing behind`, async () => {
      const image = await bake('int main(void) { puts("up"); fflush(stdout); for (;;) sleep(1000); }');
      const left = (): string[] => readdirSync(tmpdir()).filter((name) => /^rumpkit-run-\w{6}$/.test(name));
      const before = left();
      const command = start(['run', image, ...flags]);
      await waitForOutput(command, 'up');
      expect(processesNaming(image)).to.have.length(1);
      command.process.kill(signal);
      const { exitCode, stderr } = await command.ended;
      expect(exitCode).to.equal(130);
      expect(stderr).to.include('RUMP_RUN_INTERRUPTED');
      expect(processesNaming(image)).to.deep.equal([]);
      expect(left()).to.deep.equal(before);
    });
  }

  it('ends with 124 when the guest takes too long', async () => {
    const image = await bake('int main(void) { for (;;) sleep(1000); }');
    const { exitCode, stderr } = await rumpkit(['run', image, '--accel', 'tcg', '--timeout', '2']);
    expect(exitCode).to.equal(124);
    expect(stderr).to.include('RUMP_RUN_TIMED_OUT');
    expect(processesNaming(image)).to.deep.equal([]);
  });

  it('names the fault of a program that dereferences NULL', async () => {
    const image = await bake('int main(void) { *(volatile int *)0 = 1; return 0; }');
    const { exitCode, stderr } = await rumpkit(['run', image, ...flags]);
    expect(exitCode).to.equal(1);
    expect(stderr).to.include('RUMP_RUN_GUEST_FAULT');
  });

  it('says that a machine has too little memory, whether the image fits or not', async () => {
    const image = await bake('int main(void) { puts("up"); return 0; }');
    for (const memory of ['1', '2']) {
      const { exitCode, stderr, stdout } = await rumpkit(['run', image, ...flags, '--memory', memory]);
      if (exitCode === 0 && memory === '2') continue;
      expect(exitCode, stdout).to.equal(1);
      expect(stderr).to.include('RUMP_RUN_LOW_MEMORY').and.include('--memory');
    }
  });

  it('bakes and boots a configuration', async () => {
    const program = compile('int main(int n, char **v) { puts(v[1]); return 0; }');
    const config = join(temporary(), 'unikernel.config.ts');
    const contents = {
      components: [],
      program,
      args: ['program', 'from the configuration'],
      run: { memory: '16M' },
    };
    writeFileSync(
      config,
      `import { defineUnikernel } from 'rumpkit';\nexport default defineUnikernel(${JSON.stringify(contents)});\n`,
    );
    const { exitCode, stdout, stderr } = await rumpkit(['run', config, ...flags]);
    expect({ exitCode, stdout }, stderr).to.deep.equal({ exitCode: 0, stdout: 'from the configuration' });
    expect(existsSync(join(temporary(), 'unikernel.img'))).to.equal(false);
  });

  it('gives its result as JSON', async () => {
    const image = await bake('int main(void) { puts("hello"); return 5; }');
    const { exitCode, stdout } = await rumpkit(['run', image, ...flags, '--json']);
    expect(exitCode).to.equal(5);
    expect(JSON.parse(stdout)).to.include({ status: 5, output: 'hello\n' });
  });
});
