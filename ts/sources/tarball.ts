// SPDX-License-Identifier: BSD-2-Clause
// tarball.ts: checks a tarball against its pinned SHA-256 and unpacks it into place, whole or not at all.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RumpError, SourceError } from '../errors.js';
import { runCommand } from '../exec/run-command.js';

/** SHA-256 of a file, in hexadecimal. */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Throws RUMP_SOURCE_WRONG_CHECKSUM, naming both sums, unless the file has the pinned one. */
export async function verifyTarball(path: string, expected: string): Promise<void> {
  const got = await sha256File(path);
  if (got === expected) return;
  throw new SourceError(
    'RUMP_SOURCE_WRONG_CHECKSUM',
    `${basename(path)} has the wrong SHA-256\n  expected ${expected}\n  got      ${got}`,
    {
      remedy:
        'Do not use this file. If the upstream tarball really changed, pin its new sum in the manifest.',
      details: { file: path, expected, got },
    },
  );
}

/**
 * Unpacks a tarball, its top folder stripped, so that target appears in one step. With folders only these, named below
 * the top folder.
 */
export async function unpackTarball(
  path: string,
  target: string,
  folders: readonly string[] = [],
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const temporary = await mkdtemp(`${target}.unpacking-`);
  try {
    await extract(path, temporary, folders);
    await moveIntoPlace(temporary, target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function extract(path: string, folder: string, wanted: readonly string[]): Promise<void> {
  try {
    await runCommand({
      command: 'tar',
      args: [
        '--extract',
        '--file',
        path,
        '--strip-components=1',
        '--no-same-owner',
        '--directory',
        folder,
        ...(wanted.length === 0 ? [] : ['--wildcards', '--no-wildcards-match-slash']),
        ...wanted.map((each) => `*/${each}`),
      ],
      env: { LC_ALL: 'C' },
    });
  } catch (error) {
    throw unpackError(path, error);
  }
}

/** Another process may have been quicker; what it put there came from the same verified tarball. */
async function moveIntoPlace(temporary: string, target: string): Promise<void> {
  try {
    await rename(temporary, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}

function unpackError(path: string, error: unknown): unknown {
  if (!(error instanceof RumpError)) return error;
  const reason = String(error.details['stderr']).split('\n')[0] ?? '';
  const options = { details: { file: path, reason }, cause: error };
  if (reason.includes('No space left on device')) {
    return new SourceError('RUMP_SOURCE_DISK_FULL', `no room to unpack ${join(path)}`, {
      ...options,
      remedy: 'Free some space, or point RUMPKIT_CACHE at a folder on another disk.',
    });
  }
  return new SourceError(
    'RUMP_SOURCE_UNPACK_FAILED',
    `${path} cannot be unpacked: ${reason || error.message}`,
    {
      ...options,
      remedy: 'Check that the file is a tarball, and that tar and its decompressor are installed.',
    },
  );
}
