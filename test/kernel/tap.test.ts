// SPDX-License-Identifier: BSD-2-Clause
// tap.test.ts: a kernel on a tap device, in a network namespace that the test makes: ping and curl of the host reach it.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const fixture = (name: string): string => join(import.meta.dirname, '../fixtures', name);

/** What a program prints in other namespaces. */
function runIn(namespaces: readonly string[], name: string): unknown {
  const words = [...namespaces, process.execPath, '--import', 'tsx', fixture(name)];
  const { stdout, stderr } = spawnSync('unshare', words, { encoding: 'utf8', timeout: 250_000 });
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch {
    throw new Error(`${stdout}\n${stderr}`);
  }
}

describe('tap', function () {
  this.timeout(300_000);

  before(function () {
    const probe = 'ip tuntap add dev probe0 mode tap';
    const { status, stderr, error } = spawnSync('unshare', ['-Urn', 'sh', '-c', probe], { encoding: 'utf8' });
    if (status === 0) return;
    process.stderr.write(
      `tap: not tested, as this machine has no namespaces or no /dev/net/tun: ${error?.message ?? stderr}\n`,
    );
    this.skip();
  });

  it('the host pings the kernel and fetches a page', () => {
    expect(runIn(['-Urn'], 'tap-server.ts')).to.deep.equal({
      received: '3',
      isWhole: true,
      again: 'Somebody else uses this device: name another.',
      isGone: true,
    });
  });

  it('without rights it is refused, and the remedy is named', () => {
    const { code, remedy } = runIn(['-U'], 'tap-refused.ts') as { code: string; remedy: string };
    expect(code).to.equal('RUMP_NET_NO_LINK');
    expect(remedy).to.match(/unshare -Urn/);
  });
});
