// SPDX-License-Identifier: BSD-2-Clause
// A shell script stands in for QEMU here, so that each way to end can be brought about; test/image boots real guests.
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { bakeImage } from '../../../ts/image/bake.js';
import { parseExitRecord } from '../../../ts/run/exit-record.js';
import { defaultAccelerator, parseMachine, prepareGuest } from '../../../ts/run/guest-options.js';
import { planQemu } from '../../../ts/run/qemu-plan.js';
import { runGuest, type GuestResult, type RunGuestOptions } from '../../../ts/run/run-guest.js';
import { expectError } from '../../helpers/expect-error.js';
import { fixtures } from '../../helpers/fixtures.js';
import { useTemporaryFolder } from '../../helpers/temporary-folder.js';
import { addScript, makeToolFolder, withPath } from '../../helpers/tool-path.js';

describe('runs', () => {
  const temporary = useTemporaryFolder();
  let image = '';

  before(async function () {
    const folder = join(tmpdir(), `rumpkit-run-test-${process.pid}`);
    image = join(folder, 'hello.img');
    await bakeImage({
      components: ['guest/hello'],
      hosts: ['glue/baremetal'],
      componentFolders: [join(fixtures, 'guests')],
      output: image,
    });
  });

  after(() => {
    rmSync(dirname(image), { recursive: true, force: true });
  });

  /** Runs the image with a script as QEMU; the script finds the status file in $status. */
  const runWith = (script: string, options: RunGuestOptions = {}): Promise<GuestResult> => {
    const folder = makeToolFolder(join(temporary(), 'bin'), ['sh', 'sed', 'sleep', 'cat']);
    const findStatus = `status=$(echo "$*" | sed 's/.*id=status,path=\\([^ ]*\\).*/\\1/')`;
    addScript(folder, 'qemu-system-x86_64', `${findStatus}\n${script}`);
    return withPath(folder, () => runGuest(image, { accelerator: 'tcg', ...options }));
  };

  it("give the guest's status and output, whatever QEMU's own status is", async () => {
    const result = await runWith('echo "rumpkit-exit 7" >"$status"; echo hello; exit 83');
    expect(result).to.include({ status: 7, output: 'hello\n' });
  });

  it('find the record at the end of the console where there is no debug console', async () => {
    expect(await runWith('echo output; printf "rumpkit-exit 0\\r\\n"')).to.include({ status: 0 });
  });

  it('pass on what comes, while it comes', async () => {
    const chunks: string[] = [];
    await runWith('echo one; sleep 0.1; echo two; echo "rumpkit-exit 0" >"$status"', {
      onOutput: (chunk) => chunks.push(chunk),
    });
    expect(chunks.join('')).to.equal('one\ntwo\n');
    expect(chunks.length).to.be.greaterThan(1);
  });

  it('report a fault with its reason', async () => {
    const error = await expectError('RUMP_RUN_GUEST_FAULT', () =>
      runWith('echo "rumpkit-fault page fault" >"$status"'),
    );
    expect(error.message).to.include('page fault');
  });

  it('report too little memory', async () => {
    const script = 'echo "rumpkit-fault out of memory: 900 KiB" >"$status"';
    const error = await expectError('RUMP_RUN_LOW_MEMORY', () => runWith(script, { memory: 2 }));
    expect(error.remedy).to.include('--memory 8');
  });

  it('report a guest that said nothing', async () => {
    await expectError('RUMP_RUN_NO_STATUS', () => runWith('exit 0'));
  });

  it("report QEMU's own complaint, its warnings left out", async () => {
    const script =
      'echo "qemu-system-x86_64: warning: odd" >&2; echo "qemu-system-x86_64: no such machine" >&2; exit 1';
    const error = await expectError('RUMP_RUN_QEMU_FAILED', () => runWith(script));
    expect(error.message).to.include('no such machine');
  });

  it('stop a guest that takes too long', async () => {
    const startedAt = performance.now();
    await expectError('RUMP_RUN_TIMED_OUT', () => runWith('exec sleep 30', { timeoutMs: 100 }));
    expect(performance.now() - startedAt).to.be.lessThan(5000);
  });

  it('stop when they are interrupted, even a QEMU that does not listen', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    await expectError('RUMP_RUN_INTERRUPTED', () => runWith('exec sleep 30', { signal: stop.signal }));
  });

  it('leave no files behind', async () => {
    const left = (): string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith('rumpkit-run-') && !name.includes('test'));
    const before = left();
    await runWith('echo "rumpkit-exit 0" >"$status"');
    await runWith('exit 0').catch(() => undefined);
    expect(left()).to.deep.equal(before);
  });

  it('say that there is no QEMU', async () => {
    const path = makeToolFolder(join(temporary(), 'bin'), ['sh']);
    const error = await withPath(path, () => expectError('RUMP_RUN_NO_QEMU', () => runGuest(image)));
    expect(error.remedy).to.include('qemu-system-x86');
  });

  it('refuse what cannot be booted', async () => {
    const text = join(temporary(), 'text');
    writeFileSync(text, 'hello');
    for (const file of [text, join(temporary(), 'none'), temporary()]) {
      await expectError('RUMP_RUN_NOT_AN_IMAGE', () => prepareGuest(file));
    }
  });

  it('refuse a machine that is smaller than the image', async () => {
    const error = await expectError('RUMP_RUN_LOW_MEMORY', () => prepareGuest(image, { memory: 1 }));
    expect(error.message).to.include('1 MiB');
  });

  it('refuse a disk that does not exist', async () => {
    const disks = [join(temporary(), 'gone.iso')];
    await expectError('RUMP_RUN_DISK_MISSING', () => prepareGuest(image, { disks }));
  });

  it('read amounts of memory and names of machines', async () => {
    const memory = (amount: string): number => prepareGuest(image, { memory: amount }).memoryMiB;
    expect(['64', '64M', '64 MiB', '1G'].map(memory)).to.deep.equal([64, 64, 64, 1024]);
    await expectError('RUMP_CLI_USAGE', () => prepareGuest(image, { memory: 'lots' }));
    await expectError('RUMP_CLI_USAGE', () => parseMachine('vax'));
  });

  it('plan disks for each machine, an ISO read-only, commas escaped', () => {
    mkdirSync(join(temporary(), 'a,b'));
    const iso = join(temporary(), 'a,b', 'x.iso');
    const raw = join(temporary(), 'raw');
    copyFileSync(image, iso);
    copyFileSync(image, raw);
    const words = (machine: 'microvm' | 'q35', disks: string[]): string =>
      planQemu(prepareGuest(image, { machine, disks, accelerator: 'tcg' }), '/status').args.join(' ');
    const escaped = iso.replace('a,b', 'a,,b');
    expect(words('microvm', [iso])).to.include(
      `file=${escaped},readonly=on -device virtio-blk-device,drive=disk0`,
    );
    expect(words('q35', [raw])).to.include(`file=${raw} -device virtio-blk-pci`);
    expect(words('q35', [`${raw},ro`])).to.include(`file=${raw},readonly=on`);
  });

  it('emulate where there is no KVM', () => {
    expect(defaultAccelerator(join(temporary(), 'kvm'))).to.equal('tcg');
  });
});

describe('parseExitRecord', () => {
  it('takes the last record, on a line of its own', () => {
    expect(parseExitRecord('rumpkit-exit 1\nrumpkit-exit 2\n')).to.deep.equal({ kind: 'exit', status: 2 });
    expect(parseExitRecord('say rumpkit-exit 1\n')).to.equal(undefined);
    expect(parseExitRecord('rumpkit-fault a b c\n')).to.deep.equal({ kind: 'fault', reason: 'a b c' });
    expect(parseExitRecord('')).to.equal(undefined);
  });
});
