// SPDX-License-Identifier: BSD-2-Clause
// folder-lock.ts: lets one process at a time work in a cache folder.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RumpError } from '../errors.js';

const pollMs = 50;
const waitMs = 10 * 60_000;
/** A lock without an owner's number is being made; after this it is a left-over. */
const ownerlessMs = 5000;

/** Runs work while holding the folder's lock. A lock whose owner is dead is taken over. */
export async function withFolderLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = `${folder}.lock`;
  await acquire(lock);
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function acquire(lock: string): Promise<void> {
  const deadline = Date.now() + waitMs;
  while (!(await tryAcquire(lock))) {
    if (Date.now() > deadline) {
      throw new RumpError('RUMP_EXEC_TIMED_OUT', `another process holds ${lock}`, {
        remedy: `If none is running any more: rm -r ${lock}`,
        details: { lock },
      });
    }
    if (await isAbandoned(lock)) await removeAbandoned(lock);
    else await delay(pollMs);
  }
}

async function tryAcquire(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  await writeFile(join(lock, 'owner'), String(process.pid));
  return true;
}

/** Moves the lock aside first: of several who found it abandoned, one removes it, and nobody a newer one. */
async function removeAbandoned(lock: string): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch {
    return;
  }
  if (await isAbandoned(aside)) await rm(aside, { recursive: true, force: true });
  else await rename(aside, lock);
}

async function isAbandoned(lock: string): Promise<boolean> {
  const owner = Number(await readFile(join(lock, 'owner'), 'utf8').catch(() => ''));
  if (owner > 0) return !isAlive(owner);
  const made = await stat(lock).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs > ownerlessMs;
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
