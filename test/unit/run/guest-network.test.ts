// SPDX-License-Identifier: BSD-2-Clause
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkBus, networkArguments, parseGuestNetwork } from '../../../ts/run/guest-network.js';
import { expectError } from '../../helpers/expect-error.js';
import { useTemporaryFolder } from '../../helpers/temporary-folder.js';

describe('network devices of a guest', () => {
  const temporary = useTemporaryFolder();
  const words = (text: string, onPci = false): string =>
    networkArguments(parseGuestNetwork(text), 0, onPci).join(' ');

  it('on the user network, with forwarded ports', () => {
    expect(words('user')).to.equal('-netdev user,id=net0 -device virtio-net-device,netdev=net0');
    expect(words('user,hostfwd=8080:80', true)).to.equal(
      '-netdev user,id=net0,hostfwd=tcp:127.0.0.1:8080-:80 ' +
        '-device virtio-net-pci,disable-legacy=on,romfile=,netdev=net0',
    );
    expect(words('user,restrict,net=10.9.0.0/24,hostfwd=udp:0.0.0.0:53:53')).to.include(
      'user,id=net0,restrict=on,net=10.9.0.0/24,hostfwd=udp:0.0.0.0:53-:53',
    );
    expect(words('user,hostfwd=udp:53:53')).to.include('hostfwd=udp:127.0.0.1:53-:53');
  });

  it('on a bus and on a tap device, with an address that no other guest has', () => {
    expect(words('bus,/tmp/bus')).to.match(
      /^-netdev stream,id=net0,server=off,addr.type=unix,addr.path=\/tmp\/bus -device \S+,mac=52:54(:[0-9a-f]{2}){4}$/,
    );
    expect(words('tap,tap0')).to.include('tap,id=net0,ifname=tap0,script=no,downscript=no');
    expect(words('bus,/tmp/bus')).to.not.equal(words('bus,/tmp/bus'));
    expect(words('bus,/b,mac=02:00:00:00:00:01')).to.include('mac=02:00:00:00:00:01');
  });

  it('refused: a bus that is not there', async () => {
    const path = join(temporary(), 'bus');
    const error = await expectError('RUMP_RUN_BUS_MISSING', () => checkBus(`bus,${path}`));
    expect(error.message).to.include(path);
    writeFileSync(path, 'no socket');
    await expectError('RUMP_RUN_BUS_MISSING', () => checkBus(`bus,${path},mac=02:00:00:00:00:01`));
    rmSync(path);
    const server = createServer().listen(path);
    await once(server, 'listening');
    checkBus(`bus,${path}`);
    server.close();
    checkBus('user');
  });

  for (const text of [
    '',
    'wifi',
    'user,hostfwd=80',
    'user,hostfwd=8080:0',
    'user,hostfwd=70000:80',
    'user,hostfwd=1.2.3:80:80',
    'user,color=red',
    'user,mac=01:00:00:00:00:01',
    'user,mac=xyz',
    'bus',
    'bus,',
    'bus,/a,/b',
    'tap,',
  ]) {
    it(`refused: "${text}"`, async () => {
      const error = await expectError('RUMP_CLI_USAGE', () => parseGuestNetwork(text));
      expect(error.remedy).to.include('hostfwd');
    });
  }
});
