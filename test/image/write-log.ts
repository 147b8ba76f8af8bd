// SPDX-License-Identifier: BSD-2-Clause
// write-log.ts: what a guest's first disk was told, in order: QEMU keeps the log (its driver blklogwrites, in the format
// of Linux's dm-log-writes), so that a flush counts only if it has left the guest.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess } from '../../ts/exec/start-process.js';
import { parseExitRecord, type ExitRecord } from '../../ts/run/exit-record.js';
import { prepareGuest, type GuestOptions } from '../../ts/run/guest-options.js';
import { planQemu } from '../../ts/run/qemu-plan.js';
import { scratchPath } from './guests.js';

/** A write with its bytes, or a flush. */
export type LoggedRequest = { kind: 'write'; offset: number; data: Buffer } | { kind: 'flush' };

/** A run whose first disk was logged. */
export interface LoggedRun {
  record: ExitRecord | undefined;
  output: string;
  requests: LoggedRequest[];
  /** Of the device's own: flushes of QEMU's are not among them. */
  completed: number;
}

const sectorSize = 512;
const logMagic = 0x6a736677736872n;
const flushFlag = 1n;

/** Boots an image with the disk (a file, which is changed) behind a log. */
export async function runLogged(
  image: string,
  disk: string,
  options: GuestOptions = {},
  writeCache = true,
): Promise<LoggedRun> {
  const folder = mkdtempSync(scratchPath('log-'));
  const log = join(folder, 'log');
  const statusPath = join(folder, 'status');
  const guest = prepareGuest(image, { accelerator: 'tcg', ...options, disks: [disk] });
  const drive = [
    `if=none,id=disk0,driver=blklogwrites,file.driver=file,file.filename=${disk}`,
    `log.driver=file,log.filename=${log},log-super-update-interval=1`,
  ].join(',');
  try {
    await startProcess({ command: 'truncate', args: ['-s', '0', log] }, { console: 'capture' });
    const plan = planQemu(guest, statusPath);
    const args = [...plan.args, '-trace', 'virtio_blk_req_complete'].map((word) => {
      if (word.startsWith('if=none,id=disk0,')) return drive;
      return word.endsWith(',drive=disk0') && !writeCache ? `${word},write-cache=off` : word;
    });
    const ended = await startProcess({ ...plan, args }, { console: 'capture', timeoutMs: 60_000 });
    if (ended.timedOut) throw new Error(`the guest did not end: ${ended.stdout}${ended.stderr}`);
    const record = parseExitRecord(readFileSync(statusPath, 'utf8'));
    const completed = ended.stderr.split('\n').filter((line) => line.includes('virtio_blk_req_complete'));
    return {
      record,
      output: ended.stdout,
      requests: parseLog(readFileSync(log)),
      completed: completed.length,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The requests of a log. */
export function parseLog(log: Buffer): LoggedRequest[] {
  if (log.readBigUInt64LE(0) !== logMagic) throw new Error('this is not a log of writes');
  const count = Number(log.readBigUInt64LE(16));
  const requests: LoggedRequest[] = [];
  let at = sectorSize;
  for (let n = 0; n < count; n++) {
    const offset = Number(log.readBigUInt64LE(at)) * sectorSize;
    const length = Number(log.readBigUInt64LE(at + 8)) * sectorSize;
    const flags = log.readBigUInt64LE(at + 16);
    at += sectorSize;
    if (length > 0)
      requests.push({ kind: 'write', offset, data: Buffer.from(log.subarray(at, at + length)) });
    if ((flags & flushFlag) !== 0n) requests.push({ kind: 'flush' });
    at += length;
  }
  return requests;
}
