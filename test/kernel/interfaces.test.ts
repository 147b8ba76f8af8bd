// SPDX-License-Identifier: BSD-2-Clause
// interfaces.test.ts: kernel.interfaces: what it refuses, and that nothing is left of what failed.
import { expect } from 'chai';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { boot, type Kernel } from '../../ts/kernel/index.js';
import type { RumpErrorCode } from '../../ts/errors.js';
import { bootForTests } from '../helpers/kernel.js';
import { useTemporaryFolder } from '../helpers/temporary-folder.js';

async function codeOf(call: () => Promise<unknown>): Promise<RumpErrorCode | undefined> {
  try {
    await call();
  } catch (error) {
    return (error as { code: RumpErrorCode }).code;
  }
  return undefined;
}

describe('kernel.interfaces', function () {
  this.timeout(300_000);
  const temporary = useTemporaryFolder();
  let kernel: Kernel;
  before(async () => {
    kernel = await boot({ components: ['net/inet', 'net/virtif'] });
  });
  after(() => kernel.shutdown());

  it('makes, names and ends interfaces', async () => {
    const path = join(temporary(), 'bus');
    const first = await kernel.interfaces.add({
      type: 'bus',
      path,
      addresses: ['10.0.0.1/24', 'fd00::1/64'],
    });
    await using second = await kernel.interfaces.add({ type: 'user' });
    expect(first.name)
      .to.match(/^virt\d+$/)
      .and.not.equal(second.name);
    expect(readdirSync(temporary())).to.include('bus');
    await first.remove();
    expect(readdirSync(temporary())).to.not.include('bus');
  });

  it('refuses wrong descriptions, and says where', async () => {
    const wrong: [object, RegExp][] = [
      [{ type: 'tokenring' }, /type/],
      [{ type: 'bus' }, /path/],
      [{ type: 'bus', path: 'x', addresses: ['10.0.0.1'] }, /addresses/],
      [{ type: 'bus', path: 'x', addresses: ['10.0.0.1/33'] }, /addresses/],
      [{ type: 'bus', path: 'x', addresses: ['fd00::1/48'] }, /addresses/],
      [{ type: 'user', forwards: ['80:80'] }, /forwards/],
      [{ type: 'user', surprise: 1 }, /surprise/],
    ];
    for (const [options, where] of wrong) {
      let message = '';
      try {
        await kernel.interfaces.add(options as never);
      } catch (error) {
        message = (error as Error).message;
        expect(error).to.include({ code: 'RUMP_NET_USAGE' });
      }
      expect(message).to.match(where);
    }
  });

  it('says why a connection cannot be made', async () => {
    expect(await codeOf(() => kernel.interfaces.add({ type: 'bus', path: '/nowhere/bus' }))).to.equal(
      'RUMP_NET_NO_LINK',
    );
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    expect(
      await codeOf(() => kernel.interfaces.add({ type: 'user', forwards: [`tcp:127.0.0.1:${port}-:80`] })),
    ).to.equal('RUMP_NET_NO_LINK');
    taken.close();
    const path = join(temporary(), 'bus');
    expect(await codeOf(() => kernel.interfaces.add({ type: 'bus', path, gateway: '10.9.9.9' }))).to.equal(
      'RUMP_NET_FAILED',
    );
    expect(readdirSync(temporary())).to.not.include('bus');
  });

  it('says what to link where a kernel has no interfaces', async () => {
    const files = await bootForTests();
    expect(await codeOf(() => files.interfaces.add({ type: 'user' }))).to.equal('RUMP_NET_NO_DRIVER');
    await files.shutdown();
  });

  it('leaves no thread, memory or file behind', async () => {
    const other = await boot({ components: ['net/inet', 'net/virtif'] });
    await other.interfaces.add({ type: 'user' });
    await other.interfaces.add({ type: 'bus', path: join(temporary(), 'bus') });
    await other.shutdown();
    expect(other.usage()).to.deep.equal({ bytes: 0, files: 0, threads: 0 });
    expect(readdirSync(temporary())).to.not.include('bus');
  });
});
