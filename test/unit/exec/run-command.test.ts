// SPDX-License-Identifier: BSD-2-Clause
import { expect } from 'chai';
import { formatCommand } from '../../../ts/exec/command-plan.js';
import { findProgram } from '../../../ts/exec/find-program.js';
import { runCommand } from '../../../ts/exec/run-command.js';
import { expectError } from '../../helpers/expect-error.js';

const shell = (script: string): { command: string; args: string[] } => ({
  command: 'sh',
  args: ['-c', script],
});

describe('runCommand', () => {
  it('gives both outputs of a command that succeeds', async () => {
    const output = await runCommand(shell('echo out; echo err >&2'));
    expect(output).to.deep.equal({ stdout: 'out', stderr: 'err' });
  });

  it('passes the environment and folder of the plan', async () => {
    const { stdout } = await runCommand({
      ...shell('echo "$WORD in $PWD"'),
      env: { WORD: 'here' },
      cwd: '/',
    });
    expect(stdout).to.equal('here in /');
  });

  it('reports every line as it comes', async () => {
    const lines: string[] = [];
    await runCommand(shell('echo one; echo two; echo three >&2'), { onLine: (line) => lines.push(line) });
    expect(lines.sort()).to.deep.equal(['one', 'three', 'two']);
  });

  it('throws with exit code and output when the command fails', async () => {
    const error = await expectError('RUMP_EXEC_FAILED', () => runCommand(shell('echo why >&2; exit 4')));
    expect(error.message).to.include('exit code 4').and.include('why');
    expect(error.details).to.include({ exitCode: 4, stderr: 'why' });
  });

  it('throws when the program does not exist', async () => {
    const error = await expectError('RUMP_EXEC_NOT_FOUND', () =>
      runCommand({ command: 'no-such-tool', args: [] }),
    );
    expect(error.message).to.include('no-such-tool');
  });

  it('kills a command that takes too long', async () => {
    await expectError('RUMP_EXEC_TIMED_OUT', () => runCommand(shell('exec sleep 30'), { timeoutMs: 50 }));
  });
});

describe('formatCommand', () => {
  it('makes a line that a shell reads back as the same words', async () => {
    const words = ['plain', 'two words', "it's", '$HOME', 'a;b', ''];
    const plan = { command: 'printf', args: ['%s\\n', ...words] };
    const { stdout } = await runCommand(shell(formatCommand(plan)));
    expect(stdout).to.equal(words.join('\n'));
  });

  it('shows folder and environment', () => {
    const line = formatCommand({ command: 'make', args: [], cwd: '/a b', env: { X: '1 2' } });
    expect(line).to.equal("cd '/a b' && X='1 2' make");
  });
});

describe('findProgram', () => {
  it('finds what is in PATH and nothing else', () => {
    expect(findProgram('sh')).to.match(/\/sh$/);
    expect(findProgram('no-such-tool')).to.equal(undefined);
    expect(findProgram('sh', '')).to.equal(undefined);
    expect(findProgram('/bin/sh')).to.equal('/bin/sh');
    expect(findProgram('/etc')).to.equal(undefined);
  });
});
