// SPDX-License-Identifier: BSD-2-Clause
// interfaces.test.ts: kernel.interfaces: what it refuses, and that nothing is left of what failed.
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
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

/** Waits for a frame of this kind on a bus: lengths of 4 bytes, and frames. */
async function firstFrame(member: Socket, is: (frame: Buffer) => boolean): Promise<boolean> {
  let bytes = Buffer.alloc(0);
  for await (const piece of member) {
    bytes = Buffer.concat([bytes, piece as Buffer]);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
      const length = bytes.readUInt32BE(0);
      if (is(bytes.subarray(4, 4 + length))) return true;
      bytes = bytes.subarray(4 + length);
    }
  }
  return false;
}

/** Is it to everybody, IPv4, UDP, to port 67? */
function isDhcpRequest(frame: Buffer): boolean {
  return (
    frame.subarray(0, 6).equals(Buffer.alloc(6, 0xff)) &&
    frame.readUInt16BE(12) === 0x0800 &&
    frame[23] === 17 &&
    frame.readUInt16BE(36) === 67
  );
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

  it('says which library is missing', async () => {
    process.env['RUMPKIT_LIBSLIRP'] = '/nowhere/libslirp.so.0';
    try {
      expect(await codeOf(() => kernel.interfaces.add({ type: 'user' }))).to.equal('RUMP_NET_NO_LIBRARY');
    } finally {
      delete process.env['RUMPKIT_LIBSLIRP'];
    }
  });

  it('gives up where nobody gives addresses', async () => {
    const path = join(temporary(), 'bus');
    expect(await codeOf(() => kernel.interfaces.add({ type: 'bus', path, dhcp: true }))).to.equal(
      'RUMP_NET_NO_ADDRESS',
    );
  });

  it('says what to link where a kernel has no interfaces', async () => {
    const files = await bootForTests();
    expect(await codeOf(() => files.interfaces.add({ type: 'user' }))).to.equal('RUMP_NET_NO_DRIVER');
    await files.shutdown();
  });

  it('is on the same bus as a QEMU guest', async () => {
    const path = join(temporary(), 'bus');
    await using port = await kernel.interfaces.add({ type: 'bus', path, addresses: ['10.0.0.1/24'] });
    expect(port.name).to.match(/^virt/);
    const member = connect(path);
    await once(member, 'connect');
    // Its firmware asks for an address, as it finds nothing to boot from.
    const guest = spawn('qemu-system-x86_64', [
      ...['-machine', 'q35', '-accel', 'tcg', '-display', 'none', '-boot', 'n'],
      ...[
        '-netdev',
        `stream,id=bus,addr.type=unix,addr.path=${path}`,
        '-device',
        'virtio-net-pci,netdev=bus',
      ],
    ]);
    try {
      expect(await firstFrame(member, isDhcpRequest)).to.equal(true);
    } finally {
      guest.kill('SIGKILL');
      await once(guest, 'exit');
      member.destroy();
    }
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
