// SPDX-License-Identifier: BSD-2-Clause
// fetch-source.ts: from a pinned source package to an unpacked folder in the per-user cache.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SourceError } from '../errors.js';
import { withFolderLock } from '../exec/folder-lock.js';
import { runCommand } from '../exec/run-command.js';
import { cacheRoot } from '../paths.js';
import { aptError, overrideRemedy } from './apt-errors.js';
import { readAptMirrors, type AptMirror } from './apt-mirrors.js';
import { findOverride, type SourceOverrides } from './overrides.js';
import { planDownload, planUpdate, preparePrivateApt, type PrivateApt } from './private-apt.js';
import type { SourceSpec } from './source-spec.js';
import { unpackTarball, verifyTarball } from './tarball.js';

/** How sources are looked for. */
export interface FetchSourceOptions {
  overrides?: SourceOverrides;
  cache?: string;
  /** Instead of the mirrors in the system's apt configuration. */
  mirrors?: readonly AptMirror[];
  /** Told what is going on, one line at a time. */
  onLine?: (line: string) => void;
}

type Pin = Omit<SourceSpec, 'fallbacks'>;

const defaultSuites = ['bookworm'];
/** An index that is younger is not fetched again. */
const indexMaxAgeMs = 24 * 3600_000;
const aptTimeoutMs = 5 * 60_000;

/** The folder of a package's unpacked sources: an override's, the cache's, or one fetched now. */
export async function fetchSource(spec: SourceSpec, options: FetchSourceOptions = {}): Promise<string> {
  const override = findOverride(spec.package, options.overrides);
  if (override?.kind === 'folder') return override.path;
  const cache = options.cache ?? cacheRoot();
  const pins: readonly Pin[] = [spec, ...(spec.fallbacks ?? [])];
  if (override !== undefined) return await unpackOverride(override.path, spec, cache);
  const cached = pins.map((pin) => sourceFolder(cache, pin)).find((folder) => existsSync(folder));
  return cached ?? (await fetchFirst(pins, cache, options));
}

/** Where a pinned tarball is unpacked to. */
export function sourceFolder(cache: string, pin: Pick<Pin, 'package' | 'sha256' | 'folders'>): string {
  const whole = `${pin.package}-${pin.sha256.slice(0, 16)}`;
  if (pin.folders === undefined) return join(cache, 'sources', whole);
  const part = createHash('sha256').update(pin.folders.join('\n')).digest('hex').slice(0, 8);
  return join(cache, 'sources', `${whole}-${part}`);
}

async function unpackOverride(tarball: string, pin: Pin, cache: string): Promise<string> {
  await verifyTarball(tarball, pin.sha256);
  const target = sourceFolder(cache, pin);
  if (!existsSync(target)) await unpackTarball(tarball, target, pin.folders);
  return target;
}

/** Tries every pin in every suite it names; only "not there" moves on to the next. */
async function fetchFirst(pins: readonly Pin[], cache: string, options: FetchSourceOptions): Promise<string> {
  const mirrors = options.mirrors ?? readAptMirrors();
  let missing: SourceError | undefined;
  for (const pin of pins) {
    for (const suite of pin.suites ?? defaultSuites) {
      for (const mirror of requireMirrors(mirrors, pin)) {
        try {
          return await fetchFrom(privateApt(cache, suite, mirror), pin, cache, options);
        } catch (error) {
          if (!(error instanceof SourceError) || error.code !== 'RUMP_SOURCE_NOT_IN_INDEX') throw error;
          missing ??= error;
        }
      }
    }
  }
  throw missing ?? new Error('a source specification has at least one pin');
}

function requireMirrors(mirrors: readonly AptMirror[], pin: Pin): readonly AptMirror[] {
  if (mirrors.length > 0) return mirrors;
  throw new SourceError(
    'RUMP_SOURCE_NO_MIRROR',
    `no Debian mirror to fetch ${pin.package} ${pin.version} from`,
    {
      remedy: overrideRemedy(pin.package),
      details: { package: pin.package },
    },
  );
}

async function fetchFrom(
  apt: PrivateApt,
  pin: Pin,
  cache: string,
  options: FetchSourceOptions,
): Promise<string> {
  return await withFolderLock(await preparedFolder(apt), async () => {
    const target = sourceFolder(cache, pin);
    if (existsSync(target)) return target;
    const tarball = join(apt.folder, 'download', pin.file);
    try {
      await download(apt, pin, options);
      await verifyTarball(tarball, pin.sha256);
      await unpackTarball(tarball, target, pin.folders);
    } finally {
      await rm(tarball, { force: true });
    }
    return target;
  });
}

async function preparedFolder(apt: PrivateApt): Promise<string> {
  await preparePrivateApt(apt);
  return apt.folder;
}

async function download(apt: PrivateApt, pin: Pin, options: FetchSourceOptions): Promise<void> {
  const run = {
    timeoutMs: aptTimeoutMs,
    ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
  };
  try {
    if (!(await isIndexFresh(apt))) {
      await runCommand(planUpdate(apt), run);
      await writeFile(indexStamp(apt), '');
    }
    await runCommand(planDownload(apt, pin.package, pin.version), run);
  } catch (error) {
    throw aptError(error, pin.package, pin.version);
  }
  if (existsSync(join(apt.folder, 'download', pin.file))) return;
  throw new SourceError('RUMP_SOURCE_NOT_IN_INDEX', `${pin.package} ${pin.version} has no file ${pin.file}`, {
    remedy: 'Correct "file" in the manifest.',
    details: { package: pin.package, version: pin.version, file: pin.file },
  });
}

/** One apt for each suite of each mirror: they share nothing. */
function privateApt(cache: string, suite: string, mirror: AptMirror): PrivateApt {
  const hash = createHash('sha256').update(JSON.stringify(mirror)).digest('hex').slice(0, 8);
  return { folder: join(cache, 'apt', `${suite}-${hash}`), suite, mirror };
}

async function isIndexFresh(apt: PrivateApt): Promise<boolean> {
  const updated = await stat(indexStamp(apt)).catch(() => undefined);
  return updated !== undefined && Date.now() - updated.mtimeMs < indexMaxAgeMs;
}

function indexStamp(apt: PrivateApt): string {
  return join(apt.folder, 'index-updated');
}
