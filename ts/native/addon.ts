// SPDX-License-Identifier: BSD-2-Clause
// addon.ts: loads the Node-API addon, once per environment, and has it built first if it is not there.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { NativeError } from '../errors.js';
import { packageRoot } from '../paths.js';
import type { NativeAddon, NativeModule } from './addon-types.js';
import { runBuilder } from './builder-process.js';

const addonPath = join(packageRoot, 'build', 'Release', 'rumpkit.node');
let loaded: NativeAddon | undefined;

/** The addon. Package managers may leave out install scripts, so the first use may have to build it. */
export async function loadAddon(): Promise<NativeAddon> {
  if (loaded !== undefined) return loaded;
  if (!existsSync(addonPath)) await buildAddon();
  loaded ??= requireAddon();
  return loaded;
}

async function buildAddon(): Promise<void> {
  try {
    await runBuilder(['build', '--addon'], 'the Node-API addon');
  } catch (error) {
    throw new NativeError(
      'RUMP_NATIVE_ADDON_MISSING',
      'the Node-API addon is not built and could not be built now',
      {
        remedy: `Run: npm run build:native in ${packageRoot}`,
        details: { path: addonPath },
        cause: error,
      },
    );
  }
}

function requireAddon(): NativeAddon {
  try {
    const module = createRequire(import.meta.url)(addonPath) as NativeModule;
    return module.initialise(NativeError);
  } catch (error) {
    throw new NativeError('RUMP_NATIVE_LOAD_FAILED', `cannot load the addon ${addonPath}`, {
      remedy: `Run: npm run build:native in ${packageRoot}`,
      details: { path: addonPath },
      cause: error,
    });
  }
}
