// SPDX-License-Identifier: BSD-2-Clause
// doctor-checks.ts: looks at the machine without changing or starting anything.
import { requireCache } from '../exec/cache-folder.js';
import { findProgram } from '../exec/find-program.js';
import { cacheRoot, findAddon } from '../paths.js';
import { defaultAccelerator } from '../run/guest-options.js';
import { readAptMirrors } from '../sources/apt-mirrors.js';

/** One thing that was looked at. */
export interface Check {
  name: string;
  purpose: string;
  state: 'ok' | 'missing' | 'optional';
  /** Where, or which. */
  found: string;
  /** Debian packages that bring it. */
  packages?: readonly string[];
  remedy?: string;
}

/** Everything that rumpkit uses. */
export function checkMachine(): Check[] {
  return [
    nodeCheck(),
    programCheck(['cc', 'gcc', 'clang'], 'compiling components', ['build-essential']),
    programCheck(['c++', 'g++'], 'compiling the addon', ['build-essential']),
    programCheck(['ld'], 'linking images', ['binutils']),
    programCheck(['objcopy'], 'naming kernel symbols', ['binutils']),
    programCheck(['cmake'], 'building components', ['cmake']),
    programCheck(['ninja', 'make'], 'building components', ['ninja-build']),
    programCheck(['python3'], 'node-gyp, which builds the addon', ['python3']),
    programCheck(['tar'], 'unpacking driver sources', ['tar']),
    programCheck(['apt-get'], 'fetching driver sources', ['apt'], 'optional'),
    mirrorCheck(),
    programCheck(['qemu-system-x86_64'], 'running images', ['qemu-system-x86']),
    programCheck(['musl-gcc'], 'building static programs', ['musl-tools'], 'optional'),
    kvmCheck(),
    addonCheck(),
    cacheCheck(),
  ];
}

function nodeCheck(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNew = major > 20 || (major === 20 && minor >= 19);
  return {
    name: 'node',
    purpose: 'everything',
    state: isNew ? 'ok' : 'missing',
    found: process.versions.node,
    remedy: 'Install Node.js 20.19 or newer.',
  };
}

function programCheck(
  names: readonly string[],
  purpose: string,
  packages: readonly string[],
  otherwise: Check['state'] = 'missing',
): Check {
  const found = names.map((name) => findProgram(name)).find((path) => path !== undefined);
  return {
    name: names[0] ?? '',
    purpose,
    packages,
    state: found === undefined ? otherwise : 'ok',
    found: found ?? '',
  };
}

function mirrorCheck(): Check {
  const count = readAptMirrors().length;
  return {
    name: 'Debian mirror',
    purpose: 'fetching driver sources',
    state: count > 0 ? 'ok' : 'optional',
    found: count > 0 ? "in the system's apt sources" : '',
  };
}

function kvmCheck(): Check {
  const isThere = defaultAccelerator() === 'kvm';
  return {
    name: 'KVM',
    purpose: 'running images fast',
    state: isThere ? 'ok' : 'optional',
    found: isThere ? '/dev/kvm' : 'emulation instead',
  };
}

function addonCheck(): Check {
  const found = findAddon();
  return {
    name: 'addon',
    purpose: 'kernels in a Node process',
    state: found === undefined ? 'optional' : 'ok',
    found: found ?? 'built on first use, or by: rumpkit build --addon',
  };
}

function cacheCheck(): Check {
  const folder = cacheRoot();
  const remedy = 'Point RUMPKIT_CACHE at a folder that can be written.';
  try {
    requireCache(folder);
    return { name: 'cache', purpose: 'sources and builds', state: 'ok', found: folder };
  } catch {
    return { name: 'cache', purpose: 'sources and builds', state: 'missing', found: folder, remedy };
  }
}
