// SPDX-License-Identifier: BSD-2-Clause
// power-cut.ts: disks as a power cut leaves them, made from the log of a run: all that was flushed, and of the rest any
// part. What programs/database.c must have on such a disk follows from the log alone: it appends a record only when
// everything before has been made sure of.
import { FfsImage } from '../helpers/ffs-image.js';
import type { LoggedRequest } from './write-log.js';

/** A disk after a cut, and the number of the last step that had been finished. */
export interface CutDisk {
  /** Which request of the log was the last. */
  at: number;
  bytes: Buffer;
  finished: number;
}

const recordBytes = 64;
const recordMagic = 0x72656321;

/** Cuts at some requests of a log, chosen by the generator, as many as wanted on average. */
export function* cutDisks(
  before: Buffer,
  requests: readonly LoggedRequest[],
  wanted: number,
  random: () => number,
): Generator<CutDisk> {
  const safe = Buffer.from(before);
  let pending: Extract<LoggedRequest, { kind: 'write' }>[] = [];
  let newest = 0;
  for (const [at, request] of requests.entries()) {
    if (request.kind === 'flush') {
      for (const { data, offset } of pending) data.copy(safe, offset);
      pending = [];
    } else {
      pending.push(request);
      newest = Math.max(newest, newestRecord(request.data));
    }
    if (random() % requests.length >= wanted) continue;
    const bytes = Buffer.from(safe);
    for (const { data, offset } of pending) if (random() % 2 === 0) data.copy(bytes, offset);
    yield { at, bytes, finished: Math.max(newest - 1, 0) };
  }
}

function newestRecord(data: Buffer): number {
  let newest = 0;
  for (let at = 0; at + recordBytes <= data.length; at += recordBytes)
    if (data.readUInt32LE(at) === recordMagic) newest = Math.max(newest, data.readUInt32LE(at + 4));
  return newest;
}

/** What the database lacks on a disk after so many finished steps; undefined if nothing. */
export function whatIsLost(bytes: Buffer, finished: number): string | undefined {
  if (finished === 0) return undefined;
  const image = new FfsImage(bytes);
  const log = readFile(image, 'db/log');
  for (let number = 1; number <= finished; number++) {
    const at = (number - 1) * recordBytes;
    const isThere = log.length >= at + recordBytes && log.readUInt32LE(at) === recordMagic;
    if (!isThere || log.readUInt32LE(at + 4) !== number) return `record ${number} of ${finished}`;
  }
  const stateAtLeast = finished - (finished % 3);
  return stateAtLeast === 0 ? undefined : whatIsWrongWithState(readFile(image, 'db/state'), stateAtLeast);
}

/** The contents that database.c writes for a number follow from the number. */
function whatIsWrongWithState(state: Buffer, atLeast: number): string | undefined {
  const number = state.length < 4 ? 0 : state.readUInt32LE(0);
  if (number < atLeast) return `state ${atLeast}: it is ${number}`;
  const words = 100 + ((number * 37) % 6000);
  if (state.length !== words * 4) return `state ${number}: it has ${state.length} bytes`;
  for (let index = 1; index < words; index++)
    if (state.readUInt32LE(index * 4) !== sumOf(number + index * 7919))
      return `word ${index} of state ${number}`;
  return undefined;
}

function sumOf(value: number): number {
  return (Math.imul(value, 2654435761) ^ 0xa5a5a5a5) >>> 0;
}

/** A file that is so small that its inode names all blocks. */
function readFile(image: FfsImage, path: string): Buffer {
  const inode = image.inode(path);
  const { bsize } = image.superblock;
  const size = image.field(inode, 'sizeLow');
  const parts: Buffer[] = [];
  for (let index = 0; index * bsize < size; index++) {
    const at = image.geometry.bytesAt(image.field(inode, 'direct', index));
    parts.push(image.bytes.subarray(at, at + Math.min(bsize, size - index * bsize)));
  }
  return Buffer.concat(parts);
}
