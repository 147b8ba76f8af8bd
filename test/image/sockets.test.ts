// SPDX-License-Identifier: BSD-2-Clause
// sockets.test.ts: unmodified programs with sockets in an image, and the same programs on the Linux of this machine:
// they say the same.
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { makeScratchFolder } from '../helpers/scratch.js';
import { compile, runProgram } from './program-guests.js';

const components = ['net/inet', 'net/local'];
const connections = process.env['RUMPKIT_TEST_CONNECTIONS'] ?? '5000';

describe('programs: sockets', function () {
  this.timeout(240_000);

  const programs: [name: string, what: string, here: string, onLinux: () => string][] = [
    ['tcp', 'TCP and UDP on IPv4 and IPv6', '/', () => makeScratchFolder('empty')],
    ['local', 'AF_UNIX, and descriptors in messages', '/', () => makeScratchFolder('empty')],
    ['many', `${connections} connections, and threads that wait`, connections, () => '400'],
  ];
  for (const [name, what, here, onLinux] of programs) {
    it(`${name}.c: ${what}: as on Linux`, async () => {
      const program = compile(name, 'musl-gcc');
      const { status, output } = await runProgram(
        program,
        { args: [name, here], memory: 256, timeoutMs: 120_000 },
        [],
        components,
      );
      expect(output.split('\n').filter((line) => !/^(ok \d+ - .*|1\.\.[1-9]\d*|)$/.test(line))).to.deep.equal(
        [],
      );
      expect(status).to.equal(0);
      expect(execFileSync(program, [onLinux()], { encoding: 'utf8' })).to.equal(output);
    });
  }

  it('an image without them says once which component is missing', async () => {
    const program = compile('families', 'musl-gcc');
    const without = (await runProgram(program, {}, [], [])).output;
    expect(without.match(/: EAFNOSUPPORT$/gm)).to.have.length(6);
    expect(missingIn(without)).to.deep.equal(['net/local', 'net/inet']);
    const local = (await runProgram(program, {}, [], ['net/local'])).output;
    expect(local.match(/^AF_UNIX: yes$/gm)).to.have.length(2);
    expect(missingIn(local)).to.deep.equal(['net/inet']);
  });
});

function missingIn(output: string): string[] {
  const lines = output.matchAll(/^rumpkit: socket: the component (\S+) is not in the image$/gm);
  return [...lines].map((match) => match[1] ?? '');
}
