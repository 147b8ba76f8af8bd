// SPDX-License-Identifier: BSD-2-Clause
// addon.ts: loads the Node-API addon, once per environment, and has it built first if it is not there.
import { createRequire } from 'node:module';
import { NativeError, RumpError } from '../errors.js';
import { findAddon, packageRoot } from '../paths.js';
import type { NativeAddon, NativeModule } from './addon-types.js';
import { runBuilder } from './builder-process.js';

let loaded: NativeAddon | undefined;

/** The addon. Package managers may leave out install scripts, so the first use may have to build it. */
export async function loadAddon(): Promise<NativeAddon> {
  if (loaded !== undefined) return loaded;
  const path = findAddon() ?? (await buildAddon());
  loaded ??= requireAddon(path);
  return loaded;
}

async function buildAddon(): Promise<string> {
  try {
    const answer = await runBuilder(['build', '--addon'], 'the Node-API addon');
    return String(answer['addon']);
  } catch (error) {
    throw addonMissing(error);
  }
}

/** Says in one line what the builder says, and its remedy: mostly a package that is not installed. */
function addonMissing(cause: unknown): NativeError {
  const [reason = ''] = cause instanceof Error ? cause.message.split('\n') : [String(cause)];
  const remedy = cause instanceof RumpError ? cause.remedy : undefined;
  return new NativeError(
    'RUMP_NATIVE_ADDON_MISSING',
    `the Node-API addon is not built and could not be built now: ${reason}`,
    { remedy: remedy ?? `Run: npm run build:native in ${packageRoot}`, cause },
  );
}

function requireAddon(path: string): NativeAddon {
  try {
    const module = createRequire(import.meta.url)(path) as NativeModule;
    const addon = module.initialise(NativeError);
    process.once('exit', () => addon.leave());
    return addon;
  } catch (error) {
    throw new NativeError('RUMP_NATIVE_LOAD_FAILED', `cannot load the addon ${path}`, {
      remedy: `Run: npm run build:native in ${packageRoot}`,
      details: { path },
      cause: error,
    });
  }
}
