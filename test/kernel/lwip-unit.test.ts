// SPDX-License-Identifier: BSD-2-Clause
// lwip-unit.test.ts: the unit tests that lwIP's source package brings along, on the sources that net/inet is made of.
// They are built with options of their own, which they need; asserts of the stack are failures.
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { manifestSchema } from '../../ts/component/manifest-schema.js';
import { packageRoot } from '../../ts/paths.js';
import { fetchSource } from '../../ts/sources/fetch-source.js';
import { useTemporaryFolder } from '../helpers/temporary-folder.js';

/** Folders of the package whose files the tests need beside themselves. */
const folders = [
  'core',
  'core/ipv4',
  'core/ipv6',
  'api',
  'netif',
  'netif/ppp',
  'netif/ppp/polarssl',
  'apps/mdns',
  'apps/mqtt',
];
/** Wants a serial line. */
const left = new Set(['slipif.c']);

describe('lwIP', function () {
  this.timeout(600_000);
  const temporary = useTemporaryFolder();

  it('passes its own unit tests', async () => {
    const text = readFileSync(join(packageRoot, 'rump/drivers/net/inet/component.json'), 'utf8');
    const { source, sourceFiles = [] } = v.parse(manifestSchema, JSON.parse(text));
    if (source === undefined) throw new Error('net/inet has no source package');
    const root = await fetchSource(source);
    const inFolder = (folder: string): string[] =>
      readdirSync(join(root, folder))
        .filter((name) => name.endsWith('.c') && !left.has(name))
        .map((name) => join(root, folder, name));
    const tests = readdirSync(join(root, 'test/unit'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.c'))
      .map((name) => join(root, 'test/unit', name));
    const sources = folders.flatMap((folder) => inFolder(`src/${folder}`));
    expect(sources).to.include.members(sourceFiles.map((file) => join(root, file)));
    const includes = [
      'test/unit',
      'src/include',
      'contrib',
      'contrib/ports/unix/port/include',
      'contrib/ports/unix/check',
    ];
    const program = join(temporary(), 'unit');
    execFileSync('cc', [
      ...['-O1', '-w', '-DLWIP_NOASSERT_ON_ERROR', ...includes.map((folder) => `-I${join(root, folder)}`)],
      ...[...tests, ...sources, '-lcheck', '-lsubunit', '-lm', '-lrt', '-pthread', '-o', program],
    ]);
    const output = execFileSync(program, { encoding: 'utf8', cwd: temporary() });
    const [, checks, failures, errors] = /Checks: (\d+), Failures: (\d+), Errors: (\d+)/.exec(output) ?? [];
    expect(Number(checks), output).to.be.at.least(137);
    expect([failures, errors], output).to.deep.equal(['0', '0']);
  });
});
