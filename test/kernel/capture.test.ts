// SPDX-License-Identifier: BSD-2-Clause
// capture.test.ts: frames of an interface as pcap files, read by tcpdump.
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { boot, type Kernel, type NetworkInterface } from '../../ts/kernel/index.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { useTemporaryFolder } from '../helpers/temporary-folder.js';

const pcapHeaderBytes = 24;

function dump(path: string, ...words: string[]): string[] {
  const text = execFileSync('tcpdump', ['-n', '-r', path, ...words], { encoding: 'utf8', stdio: 'pipe' });
  return text.split('\n').filter((line) => line !== '');
}

describe('capture of frames', function () {
  this.timeout(120_000);
  const temporary = useTemporaryFolder();
  let near: Kernel;
  let far: Kernel;
  let port: NetworkInterface;
  let bus: string;
  before(async () => {
    near = await boot({ components: ['net/inet', 'net/virtif'] });
    far = await boot({ components: ['net/inet', 'net/virtif'] });
    bus = join(makeScratchFolder('capture'), 'bus');
    port = await near.interfaces.add({ type: 'bus', path: bus, addresses: ['10.0.0.1/24'] });
    await far.interfaces.add({ type: 'bus', path: bus, addresses: ['10.0.0.2/24'] });
    far.net.createServer((socket) => socket.pipe(socket)).listen(7);
  });
  after(async () => {
    await near.shutdown();
    await far.shutdown();
  });

  /** Sends bytes to the echo of the other kernel, and waits until they are back. */
  async function echo(bytes: Buffer): Promise<void> {
    const socket = near.net.connect(7, '10.0.0.2');
    let back = 0;
    socket.on('data', (piece) => (back += piece.length));
    socket.end(bytes);
    await once(socket, 'close');
    expect(back).to.equal(bytes.length);
  }

  it('has what comes and what goes, as tcpdump reads it', async () => {
    const path = join(temporary(), 'all.pcap');
    const capture = await port.capture(path);
    await echo(Buffer.from('here and back'));
    const { received, dropped } = await capture.stop();
    const lines = dump(path);
    expect(lines).to.have.length(received);
    expect(dropped).to.equal(0);
    expect(lines.join('\n'))
      .to.match(/10\.0\.0\.1\.\d+ > 10\.0\.0\.2\.7: Flags \[S\]/)
      .and.match(/10\.0\.0\.2\.7 > 10\.0\.0\.1\.\d+: Flags \[S\.\]/)
      .and.match(/10\.0\.0\.2\.7 > 10\.0\.0\.1\.\d+: .*length 13/);
    const sums = dump(path, '-vv', 'tcp').join('\n');
    expect(sums)
      .to.match(/\(correct\)/)
      .and.not.match(/incorrect/);
    const seconds = Number(dump(path, '-tt')[0]?.split(' ')[0]);
    expect(Math.abs(seconds - Date.now() / 1000)).to.be.lessThan(600);
  });

  it('keeps as much of each frame as it is told', async () => {
    const path = join(temporary(), 'short.pcap');
    const capture = await port.capture(path, { snaplen: 60 });
    await echo(Buffer.alloc(1000, 'x'));
    await capture.stop();
    const bytes = readFileSync(path);
    expect(dump(path).join('\n')).to.match(/length 1000/);
    for (let at = pcapHeaderBytes; at < bytes.length;) {
      expect(bytes.readUInt32LE(at + 8)).to.be.at.most(60);
      at += 16 + bytes.readUInt32LE(at + 8);
    }
  });

  it('keeps the frames that a filter lets through', async () => {
    const path = join(temporary(), 'some.pcap');
    const isReset = (frame: Buffer): boolean => frame[23] === 6 && ((frame[47] ?? 0) & 2) !== 0;
    const capture = await port.capture(path, { filter: isReset });
    await echo(Buffer.alloc(100_000));
    const { received } = await capture.stop();
    expect(received).to.be.greaterThan(70);
    expect(dump(path)).to.have.length(2);
  });

  it('tells of a filter that throws', async () => {
    const capture = await port.capture(new PassThrough().resume(), {
      filter: () => {
        throw new Error('what a frame');
      },
    });
    await echo(Buffer.from('x'));
    let message = '';
    await capture.stop().catch((error: unknown) => (message = (error as Error).message));
    expect(message).to.equal('what a frame');
  });

  it('counts what a slow stream loses', async () => {
    let go: () => void = () => undefined;
    const slow = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => (go = done),
    });
    const capture = await port.capture(slow);
    await echo(Buffer.alloc(3_000_000));
    const stopping = capture.stop();
    go();
    const { received, dropped } = await stopping;
    expect(dropped).to.be.greaterThan(0).and.lessThan(received);
  });

  it('serves several at a time, and ends with the interface and the kernel', async () => {
    const other = await boot({ components: ['net/inet', 'net/virtif'] });
    const first = await other.interfaces.add({ type: 'bus', path: bus, addresses: ['10.0.0.3/24'] });
    const second = await other.interfaces.add({ type: 'bus', path: bus, addresses: ['10.0.1.4/24'] });
    const files = ['a', 'b', 'c'].map((name) => join(temporary(), `${name}.pcap`));
    const [a = '', b = '', c = ''] = files;
    const captures = [await first.capture(a), await first.capture(b), await second.capture(c)];
    const socket = other.net.connect(7, '10.0.0.2');
    await once(socket.resume(), 'connect');
    socket.end();
    await once(socket, 'close');
    await first.remove();
    await Promise.all(captures.slice(0, 2).map((capture) => capture.stop()));
    await other.shutdown();
    expect(other.usage()).to.deep.equal({ bytes: 0, files: 0, threads: 0 });
    expect(dump(a).join('\n')).to.match(/ARP/);
    expect(dump(a, 'tcp')).to.deep.equal(dump(b, 'tcp'));
    // The question of the first went to everybody.
    expect(dump(c).join('\n')).to.match(/ARP, Request who-has 10.0.0.2/);
  });

  it('refuses what it cannot do', async () => {
    const codes: unknown[] = [];
    const note = (error: unknown): void => void codes.push((error as { code: unknown }).code);
    await port.capture(new PassThrough(), { snaplen: -1 }).catch(note);
    const gone = await near.interfaces.add({ type: 'bus', path: bus });
    await gone.remove();
    await gone.capture(new PassThrough()).catch(note);
    const nowhere = await port.capture('/nowhere/x.pcap');
    await nowhere.stop().catch(note);
    expect(codes).to.deep.equal(['RUMP_NET_USAGE', 'RUMP_NET_FAILED', 'ENOENT']);
  });
});
