// SPDX-License-Identifier: BSD-2-Clause
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { formatBootConfiguration } from '../../../ts/image/boot-configuration.js';
import { loadUnikernelConfig } from '../../../ts/image/unikernel-config.js';
import { expectError } from '../../helpers/expect-error.js';
import { useTemporaryFolder } from '../../helpers/temporary-folder.js';

describe('boot configuration', () => {
  it('is words of key and encoded value', () => {
    const text = formatBootConfiguration({
      args: ['cat', 'a b', 'ü=%'],
      env: { HOME: '/', X: '1=2' },
      cwd: '/mnt',
      hostname: 'box',
      verbose: true,
    });
    expect(text).to.equal(
      'arg=cat arg=a%20b arg=%C3%BC%3D%25 env=HOME%3D/ env=X%3D1%3D2 cwd=/mnt hostname=box verbose=1',
    );
  });

  it('encodes the fields of a mount twice where it must', () => {
    const mounts = [
      { type: 'cd9660', device: 'vda', path: '/plain', readOnly: true },
      { type: 'ffs', device: 'vdb', path: '/a,b%' },
    ];
    expect(formatBootConfiguration({ mounts })).to.equal(
      'mount=cd9660,vda,/plain,ro mount=ffs,vdb,/a%252Cb%2525',
    );
  });

  it('names the options of a mount, and a tmpfs has no device', () => {
    const mounts = [
      { type: 'ffs', device: 'vda', path: '/', softUpdates: false, noAccessTimes: true },
      { type: 'ffs', device: 'vdb', path: '/b', softUpdates: true, synchronous: true },
      { type: 'tmpfs', path: '/tmp', size: 65536 },
    ];
    expect(formatBootConfiguration({ mounts })).to.equal(
      'mount=ffs,vda,/,nosoftdep,noatime mount=ffs,vdb,/b,sync mount=tmpfs,none,/tmp,size%3D65536',
    );
  });

  it('gives the network devices their addresses, in their order', () => {
    const network = [
      { dhcp: true, ifPresent: true },
      { addresses: ['10.0.0.2/24', 'fd00::2/64'], gateway: '10.0.0.1', dns: ['10.0.0.1', '::1'] },
      { off: true },
    ];
    expect(formatBootConfiguration({ network })).to.equal(
      'net=net0,ifpresent,dhcp ' +
        'net=net1,address%3D10.0.0.2/24,address%3Dfd00::2/64,gateway%3D10.0.0.1,dns%3D10.0.0.1,dns%3D::1 ' +
        'net=net2,off',
    );
  });

  it('is nothing when nothing is said', () => {
    expect(formatBootConfiguration({ args: [], verbose: false })).to.equal('');
  });
});

describe('unikernel.config.ts', () => {
  const temporary = useTemporaryFolder();
  const write = (text: string): string => {
    const path = join(temporary(), 'unikernel.config.ts');
    writeFileSync(path, text);
    return path;
  };

  it('is loaded wherever it lies, with the package under its own name', async () => {
    const path = write(`
      import { defineUnikernel } from 'rumpkit';
      const components: string[] = ['fs/cd9660'];
      export default defineUnikernel({ components, program: 'bin/cat', run: { disks: ['/abs.iso', 'rel.iso'] } });
    `);
    expect(await loadUnikernelConfig(path)).to.deep.equal({
      components: ['fs/cd9660'],
      program: join(temporary(), 'bin/cat'),
      run: { disks: ['/abs.iso', join(temporary(), 'rel.iso')] },
    });
  });

  for (const [mount, reason] of [
    ["{ type: 'ffs', path: '/' }", /others need one/],
    ["{ type: 'tmpfs', device: 'vda', path: '/' }", /a tmpfs has no device/],
    ["{ type: 'cd9660', device: 'vda', path: '/', softUpdates: true }", /only ffs has softUpdates/],
    ["{ type: 'ffs', device: 'vda', path: '/', size: 5 }", /only tmpfs takes a size/],
  ] as const) {
    it(`refuses the mount ${mount}`, async () => {
      const path = write(`export default { components: [], mounts: [${mount}] };`);
      const error = await expectError('RUMP_CONFIG_INVALID', () => loadUnikernelConfig(path));
      expect(error.message).to.match(reason);
    });
  }

  for (const [network, reason] of [
    ["{ addresses: ['10.0.0.2'] }", /ADDRESS\/PREFIX/],
    ["{ addresses: ['fd00::2/48'] }", /ADDRESS\/PREFIX/],
    ["{ dhcp: true, gateway: 'router' }", /IPv4 address/],
    ["{ dhcp: true, dns: ['one.example'] }", /expected an address/],
    ["{ gateway: '10.0.0.1' }", /dhcp: true/],
    ['{ dhcp: true, wifi: 1 }', /wifi/],
  ] as const) {
    it(`refuses the network ${network}`, async () => {
      const path = write(`export default { components: [], network: [${network}] };`);
      const error = await expectError('RUMP_CONFIG_INVALID', () => loadUnikernelConfig(path));
      expect(error.message).to.match(reason);
    });
  }

  it('is read anew when it changed', async () => {
    const path = write(`export default { components: ['one'] };`);
    await loadUnikernelConfig(path);
    write(`export default { components: ['two'] };`);
    expect((await loadUnikernelConfig(path)).components).to.deep.equal(['two']);
  });

  it('must exist', async () => {
    const error = await expectError('RUMP_CONFIG_MISSING', () =>
      loadUnikernelConfig(join(temporary(), 'none.ts')),
    );
    expect(error.message).to.include('none.ts');
  });

  it('names every value that is wrong', async () => {
    const path = write(
      `export default { components: 'fs', mounts: [{ type: 'x', device: 'sda', path: 'rel' }] };`,
    );
    const error = await expectError('RUMP_CONFIG_INVALID', () => loadUnikernelConfig(path));
    expect(error.message)
      .to.include('components')
      .and.include('mounts.0.device')
      .and.include('mounts.0.path');
  });

  it('reports errors in itself', async () => {
    await expectError('RUMP_CONFIG_INVALID', () => loadUnikernelConfig(write('export default {')));
    const error = await expectError('RUMP_CONFIG_INVALID', () =>
      loadUnikernelConfig(write(`throw new Error('mine');`)),
    );
    expect(error.message).to.include('mine');
  });
});
