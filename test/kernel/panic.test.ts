// SPDX-License-Identifier: BSD-2-Clause
// panic.test.ts: a kernel that panics ends alone: the call that was inside fails, later calls fail with the reason,
// and all it held is given back.
import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { NativeError } from '../../ts/errors.js';
import { Kernel } from '../../ts/kernel/index.js';
import { loadAddon } from '../../ts/native/addon.js';
import { endedError, KernelCalls } from '../../ts/native/kernel-calls.js';
import { bootForTests, testKernel } from '../helpers/kernel.js';

/** RUMPUSER_PANIC of rumpuser.h. */
const panicValue = -1;

describe('a kernel that panics', function () {
  this.timeout(60_000);

  const withPanic = async (work: (kernel: Kernel, calls: KernelCalls) => Promise<void>): Promise<void> => {
    const addon = await loadAddon();
    const native = new addon.Kernel(await testKernel(), false);
    expect(await native.boot()).to.equal(0);
    native.attach();
    const calls = new KernelCalls(native.path());
    const kernel = new Kernel(addon, native);
    try {
      await work(kernel, calls);
    } finally {
      calls.unload();
      await kernel.shutdown();
    }
  };
  const panic = async (calls: KernelCalls): Promise<void> => {
    await calls.call('rumpuser_dprintf', 'panic: for the test\n');
    const { error } = await calls.call('rumpuser_exit', panicValue);
    expect(error).to.equal(endedError);
  };

  it('fails later calls with its last words', () =>
    withPanic(async (kernel, calls) => {
      expect(kernel.fs.readdirSync('/')).to.be.an('array');
      await panic(calls);
      for (const call of [
        () => kernel.fs.statSync('/'),
        () => kernel.fs.readdirSync('/'),
        () => kernel.fs.readFileSync('/x'),
        () => kernel.fs.existsSync('/'),
      ]) {
        expect(call)
          .to.throw(NativeError, /for the test/)
          .with.property('code', 'RUMP_KERNEL_DEAD');
      }
      const later = await kernel.fs.promises.stat('/').catch((error: unknown) => error);
      expect(later).to.have.property('code', 'RUMP_KERNEL_DEAD');
      const mounting = await kernel
        .mount({ type: 'cd9660', image: process.execPath, at: '/mnt' })
        .catch((error: unknown) => error);
      expect(mounting).to.have.property('code', 'RUMP_KERNEL_DEAD');
    }));

  it('still says why after it was shut down', async () => {
    let dead: Kernel | undefined;
    await withPanic(async (kernel, calls) => {
      dead = kernel;
      await panic(calls);
    });
    expect(() => dead?.fs.statSync('/')).to.throw(NativeError, /for the test/);
  });

  it('leaves other kernels alone', () =>
    withPanic(async (_kernel, calls) => {
      await using other = await bootForTests();
      await panic(calls);
      expect(other.fs.readdirSync('/')).to.be.an('array');
    }));

  it('gives back what it held', async () => {
    const cycle = (): Promise<void> => withPanic((_kernel, calls) => panic(calls));
    await cycle();
    const before = [readdirSync('/proc/self/fd').length, readdirSync('/proc/self/task').length];
    for (let index = 0; index < 20; index++) await cycle();
    expect([readdirSync('/proc/self/fd').length, readdirSync('/proc/self/task').length]).to.deep.equal(
      before,
    );
  });
});
