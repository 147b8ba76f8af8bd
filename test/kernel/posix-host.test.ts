// SPDX-License-Identifier: BSD-2-Clause
// posix-host.test.ts: compiles and runs the C tests of glue/posix, plainly and with sanitizers. Each prints TAP.
import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../ts/paths.js';
import { makeScratchFolder } from '../helpers/scratch.js';

const variants: Readonly<Record<string, readonly string[]>> = {
  optimised: ['-O2'],
  sanitized: ['-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
};
/** The others are the kernel's. */
const programs = ['t_rumpuser.c', 't_teardown.c', 't_threads.c'];
const host = join(packageRoot, 'glue', 'posix');

describe('the posix host', function () {
  this.timeout(120_000);

  for (const [variant, flags] of Object.entries(variants)) {
    for (const program of programs) {
      it(`passes ${program} (${variant})`, () => {
        const { status, stdout, stderr } = spawnSync(compile(program, flags), {
          encoding: 'utf8',
          timeout: 60_000,
          env: { ...process.env, ASAN_OPTIONS: 'allocator_may_return_null=1' },
        });
        const output = `${stdout}\n${stderr}`;
        const planned = Number(/^1\.\.(\d+)$/m.exec(stdout)?.[1]);
        expect(planned, output).to.be.greaterThan(0);
        expect(stdout.match(/^ok \d+/gm) ?? [], output).to.have.length(planned);
        expect(status, output).to.equal(0);
      });
    }
  }
});

function compile(program: string, flags: readonly string[]): string {
  const output = join(makeScratchFolder('c'), program.replace(/\.c$/, ''));
  const sources = readdirSync(host)
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(host, name));
  execFileSync('cc', [
    ...[
      '-std=c11',
      '-D_GNU_SOURCE',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-pthread',
      '-mtls-dialect=gnu2',
      ...flags,
    ],
    ...[join(import.meta.dirname, program), ...sources, join(packageRoot, 'glue', 'common', 'errtrans.c')],
    ...['-o', output],
  ]);
  return output;
}
