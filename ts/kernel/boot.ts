// SPDX-License-Identifier: BSD-2-Clause
// boot.ts: starts a kernel in this process.
import { NativeError } from '../errors.js';
import { loadAddon } from '../native/addon.js';
import { findComposition } from '../native/composition.js';
import { systemError } from './fs/system-error.js';
import { Kernel } from './kernel.js';

/** What to boot. */
export interface BootOptions {
  /** The components that the kernel shall have; what they require comes along. */
  components?: readonly string[];
  /** A shared object that `rumpkit build --host posix` made, instead of components. */
  sharedObject?: string;
  /** Show the kernel's console on standard error. */
  verbose?: boolean;
}

/**
 * Boots a kernel. What is not built yet is built first, with progress on standard error.
 *
 * @example
 * const kernel = await boot({ components: ['fs/cd9660'] });
 */
export async function boot(options: BootOptions): Promise<Kernel> {
  const {
    components = [],
    sharedObject: given,
    verbose = false,
  } = (options as BootOptions | undefined) ?? {};
  if (given === undefined && (!Array.isArray(components) || components.length === 0)) {
    throw new NativeError('RUMP_NATIVE_USAGE', 'boot() needs components', {
      remedy: "Name at least one, as in boot({ components: ['fs/cd9660'] }).",
    });
  }
  const addon = await loadAddon();
  const sharedObject = given ?? (await findComposition(withFiles(components)));
  const native = new addon.Kernel(sharedObject, verbose);
  const answer = await native.boot();
  if (answer !== 0) {
    const console = native.consoleTail();
    await native.close();
    const cause = answer === addon.ended ? undefined : systemError(answer, 'rump_init');
    throw new NativeError(
      'RUMP_NATIVE_BOOT_FAILED',
      `the kernel did not start${console && `: ${console.trim()}`}`,
      {
        details: { sharedObject, console },
        cause,
      },
    );
  }
  native.attach();
  return new Kernel(addon, native);
}

/** The addon cannot do without files, which the components of file systems bring along. */
function withFiles(components: readonly string[]): readonly string[] {
  const hasFiles = components.some((name) => name === 'vfs' || name.startsWith('fs/'));
  return hasFiles ? components : [...components, 'vfs'];
}
