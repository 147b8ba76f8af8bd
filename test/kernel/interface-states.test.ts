// SPDX-License-Identifier: BSD-2-Clause
// interface-states.test.ts: kernel.interfaces and kernel.networkInterfaces(): what there is, and what can be changed.
import { expect } from 'chai';
import { once } from 'node:events';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import { join } from 'node:path';
import { boot, type Kernel } from '../../ts/kernel/index.js';
import { useTemporaryFolder } from '../helpers/temporary-folder.js';

describe('states of interfaces', function () {
  this.timeout(300_000);
  const temporary = useTemporaryFolder();
  let kernel: Kernel;
  let other: Kernel;
  before(async () => {
    const path = join(temporary(), 'bus');
    kernel = await boot({ components: ['net/inet', 'net/virtif'] });
    other = await boot({ components: ['net/inet', 'net/virtif'] });
    await kernel.interfaces.add({ type: 'bus', path, addresses: ['10.0.0.1/24', 'fd00::1/64'] });
    await other.interfaces.add({ type: 'bus', path, addresses: ['10.0.0.2/24'] });
  });
  after(async () => {
    await kernel.shutdown();
    await other.shutdown();
  });

  it('lists them, the loopback first', () => {
    const [loopback, virt] = kernel.interfaces.list();
    expect(loopback).to.deep.include({ name: 'lo0', index: 1, isUp: true, isLoopback: true });
    expect(loopback?.addresses.map(({ address, prefix }) => `${address}/${prefix}`)).to.deep.equal([
      '127.0.0.1/8',
      '::1/128',
    ]);
    expect(virt).to.deep.include({ name: 'virt0', index: 2, mtu: 1500, isUp: true, isLoopback: false });
    expect(virt?.mac).to.match(/^b2(:[0-9a-f]{2}){5}$/);
    const [four, local, six] = virt?.addresses ?? [];
    expect(four).to.deep.equal({
      address: '10.0.0.1',
      family: 'IPv4',
      netmask: '255.255.255.0',
      prefix: 24,
      broadcast: '10.0.0.255',
    });
    expect(local?.address).to.match(/^fe80::/);
    expect(local?.scopeid).to.equal(2);
    expect(six).to.include({ address: 'fd00::1', netmask: 'ffff:ffff:ffff:ffff::', prefix: 64, scopeid: 0 });
    expect(kernel.interfaces.get('virt7')).to.equal(undefined);
  });

  it('networkInterfaces() has the shape of node:os', () => {
    const shape = (all: NodeJS.Dict<NetworkInterfaceInfo[]>): string[] =>
      Object.keys(
        Object.values(all)
          .flat()
          .find((each) => each?.family === 'IPv4' && each.internal) ?? {},
      ).sort();
    expect(shape(kernel.networkInterfaces())).to.deep.equal(shape(networkInterfaces()));
    expect(kernel.networkInterfaces()['lo0']?.[0]).to.deep.equal({
      address: '127.0.0.1',
      netmask: '255.0.0.0',
      mac: '00:00:00:00:00:00',
      internal: true,
      cidr: '127.0.0.1/8',
      family: 'IPv4',
    });
  });

  it('addresses come and go, and packets with them', async () => {
    const server = kernel.dgram.createSocket('udp4');
    server.bind(7);
    await once(server, 'listening');
    const heard = async (address: string): Promise<string> => {
      const client = other.dgram.createSocket('udp4');
      const message = once(server, 'message');
      client.send('x', 7, address);
      await message;
      client.close();
      return address;
    };
    expect(await heard('10.0.0.1')).to.equal('10.0.0.1');
    const before = kernel.interfaces.get('virt0')?.counters;
    kernel.interfaces.setAddress('virt0', '10.0.0.77/24');
    expect(await heard('10.0.0.77')).to.equal('10.0.0.77');
    const after = kernel.interfaces.get('virt0')?.counters;
    expect(after?.receivedPackets).to.be.greaterThan(before?.receivedPackets ?? Infinity);
    expect(after?.sentBytes).to.be.greaterThan(before?.sentBytes ?? Infinity);
    kernel.interfaces.removeAddress('virt0', '10.0.0.77');
    kernel.interfaces.setAddress('virt0', 'fd00:0:0:7::1/64');
    kernel.interfaces.removeAddress('virt0', 'fd00::1');
    expect(
      kernel.interfaces
        .get('virt0')
        ?.addresses.map(({ address }) => address)
        .slice(1),
    ).to.deep.equal(['fd00:0:0:7::1']);
    server.close();
  });

  it('up, down and the MTU', () => {
    kernel.interfaces.setUp('virt0', false);
    kernel.interfaces.setMtu('virt0', 1280);
    expect(kernel.interfaces.get('virt0')).to.include({ isUp: false, mtu: 1280 });
    expect(kernel.networkInterfaces()).to.have.all.keys('lo0');
    kernel.interfaces.setUp('virt0', true);
    expect(kernel.interfaces.get('virt0')).to.include({ isUp: true });
  });

  it('what is wrong is refused', () => {
    const { interfaces } = kernel;
    const codes = [
      () => {
        interfaces.setAddress('virt0', '10.0.0.1');
      },
      () => {
        interfaces.removeAddress('virt0', 'nothing');
      },
      () => {
        interfaces.setMtu('virt0', 1.5);
      },
      () => {
        interfaces.setMtu('virt0', 10);
      },
      () => {
        interfaces.setUp('virt9', true);
      },
      () => {
        interfaces.removeAddress('virt0', '10.99.0.1');
      },
    ].map((call) => {
      try {
        call();
        return 'nothing';
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    expect(codes).to.deep.equal([
      'RUMP_NET_USAGE',
      'RUMP_NET_USAGE',
      'RUMP_NET_USAGE',
      'EINVAL',
      'ENXIO',
      'EADDRNOTAVAIL',
    ]);
  });
});
