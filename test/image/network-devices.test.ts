// SPDX-License-Identifier: BSD-2-Clause
// network-devices.test.ts: how a guest's network devices come up, and what it says when they cannot.
import { expect } from 'chai';
import type { RunGuestOptions } from '../../ts/run/run-guest.js';
import { testedMachines } from './guests.js';
import { compile, faultOf, runProgram } from './program-guests.js';

describe('images: network devices', function () {
  this.timeout(240_000);
  const components = ['net/inet', 'net/virtif'];
  const run = (
    options: RunGuestOptions,
    parts: readonly string[] = components,
  ): ReturnType<typeof runProgram> => runProgram(compile('args', 'musl-gcc'), options, [], parts);

  for (const machine of testedMachines) {
    it(`get an address by DHCP on ${machine}, and do without a device`, async () => {
      const up = await run({ machine, networks: ['user', 'user,net=10.9.0.0/24'], verbose: true });
      expect(up.output).to.match(/^rumpkit: net0 is up as virt0$/m);
      expect(up.output).to.not.include('net1');
      expect(up.status).to.equal(0);
      const none = await run({ machine, verbose: true });
      expect(none.output).to.not.include('is up');
      expect(none.status).to.equal(0);
    });
  }

  it('can be several, each with addresses of its own', async () => {
    const { output } = await run({
      networks: ['user', 'user,net=10.9.0.0/24'],
      network: [{ dhcp: true }, { addresses: ['10.9.0.15/24', 'fd00::9/64'], gateway: '10.9.0.2' }],
      verbose: true,
    });
    expect(output).to.match(/^rumpkit: net0 is up as virt0\r?\nrumpkit: net1 is up as virt1\r?$/m);
  });

  it('bring their name servers along, and the names of the machine itself', async () => {
    const program = compile('names', 'musl-gcc');
    const names = async (options: RunGuestOptions): Promise<string> =>
      (await runProgram(program, options, [], components)).output.replaceAll('\r', '');
    const local = 'localhost is 127.0.0.1\nlocalhost is ::1\n';
    expect(await names({ networks: ['user'] })).to.equal(`nameserver 10.0.2.3\n${local}`);
    const network = [{ addresses: ['10.0.2.15/24'], dns: ['10.0.2.1', 'fd00::1'] }];
    expect(await names({ networks: ['user'], network })).to.equal(
      `nameserver 10.0.2.1\nnameserver fd00::1\n${local}`,
    );
  });

  it('can be left alone', async () => {
    const { output, status } = await run({ networks: ['user'], network: [{ off: true }], verbose: true });
    expect(output).to.not.include('is up');
    expect(status).to.equal(0);
  });

  for (const [what, options, reason] of [
    ['a device that is not there', { network: [{ dhcp: true }] }, 'the machine has no such network device'],
    [
      'a gateway elsewhere',
      { networks: ['user'], network: [{ addresses: ['10.0.2.15/24'], gateway: '10.9.0.1' }] },
      'the gateway is in no network of this machine',
    ],
    [
      'an address that is none',
      { networks: ['user'], network: [{ addresses: ['10.0.2.256/24'] }] },
      'no such address',
    ],
    [
      'more addresses than there is room for',
      { networks: ['user'], network: [{ addresses: [1, 2, 3, 4, 5, 6, 7].map((n) => `fd00::${n}/64`) }] },
      'it has no room for more addresses',
    ],
  ] as const) {
    it(`say what is wrong: ${what}`, async () => {
      const fault = await faultOf(run(options));
      expect(fault.reason).to.equal(reason);
    });
  }

  it('say that the image has no driver', async () => {
    const fault = await faultOf(run({ networks: ['user'], network: [{ dhcp: true }] }, ['fs/cd9660']));
    expect(fault.reason).to.equal('the image has no network');
    expect(fault.output).to.include('net/virtif');
  });
});
