// SPDX-License-Identifier: BSD-2-Clause
// log.ts: the log of h_recorder.c, and what a disk may hold when the power is cut at any place of it.

/** The next number, from 0 to 2^32-1. */
export type Random = () => number;

/** What happened, in the order of completion. */
export type LogRecord =
  | { kind: 'write'; offset: number; bytes: Buffer }
  | { kind: 'flush'; flush: number }
  | { kind: 'flushed'; flush: number }
  | { kind: 'mark'; words: string[] };

const headerBytes = 16;
const sectorBytes = 512;
const kinds = ['write', 'flush', 'flushed', 'mark'] as const;

/** Reads a whole log. */
export function parseLog(log: Buffer): LogRecord[] {
  const records: LogRecord[] = [];
  for (let at = 0; at < log.length;) {
    const kind = kinds[log.readUInt32LE(at)];
    const length = log.readUInt32LE(at + 4);
    const offset = Number(log.readBigUInt64LE(at + 8));
    const bytes = log.subarray(at + headerBytes, at + headerBytes + length);
    if (kind === undefined || bytes.length !== length) throw new Error(`the log is cut short at byte ${at}`);
    if (kind === 'write') records.push({ kind, offset, bytes });
    else if (kind === 'mark') records.push({ kind, words: bytes.toString().split('\t') });
    else records.push({ kind, flush: offset });
    at += headerBytes + length;
  }
  return records;
}

/** Where in a log something was written after the disk was mounted. */
export function writePlaces(records: readonly LogRecord[]): number[] {
  const start = records.findIndex((record) => record.kind === 'mark' && record.words[0] === 'mounted');
  return records.flatMap(({ kind }, at) => (at > start && kind === 'write' ? [at] : []));
}

type Write = Extract<LogRecord, { kind: 'write' }>;

/**
 * The disk while a log is replayed. A write that was completed before the begin of a flush is safe when the flush has
 * ended; any other may be lost, or be there in part, by whole sectors.
 */
export class ReplayedDisk {
  /** With everything that is safe. */
  readonly #safe: Buffer;
  /** With everything that was written. */
  readonly #whole: Buffer;
  readonly #pending: Write[] = [];
  #writeCount = 0;
  #safeCount = 0;
  /** By flush under way: how many writes had completed when it began. */
  readonly #flushes = new Map<number, number>();

  constructor(image: Buffer) {
    this.#safe = Buffer.from(image);
    this.#whole = Buffer.from(image);
  }

  /** The number of writes that may be lost. */
  get pendingCount(): number {
    return this.#pending.length;
  }

  apply(record: LogRecord): void {
    if (record.kind === 'write') {
      this.#pending.push(record);
      this.#writeCount++;
      record.bytes.copy(this.#whole, record.offset);
    } else if (record.kind === 'flush') {
      this.#flushes.set(record.flush, this.#writeCount);
    } else if (record.kind === 'flushed') {
      this.#makeSafe(this.#flushes.get(record.flush) ?? 0);
      this.#flushes.delete(record.flush);
    }
  }

  #makeSafe(count: number): void {
    const writes = this.#pending.splice(0, Math.max(0, count - this.#safeCount));
    for (const { bytes, offset } of writes) bytes.copy(this.#safe, offset);
    this.#safeCount += writes.length;
  }

  /** The image if nothing that was written is lost. */
  wholeImage(): Buffer {
    return Buffer.from(this.#whole);
  }

  /** The image if of what is pending some writes are lost and, if tearing, some are there in part. */
  partialImage(random: Random, tearing: boolean): Buffer {
    const image = Buffer.from(this.#safe);
    const lossPercent = [10, 50, 90][random() % 3] ?? 50;
    for (const { bytes, offset } of this.#pending) {
      if (random() % 100 < lossPercent) continue;
      if (tearing && bytes.length > sectorBytes && random() % 4 === 0) tear(image, bytes, offset, random);
      else bytes.copy(image, offset);
    }
    return image;
  }
}

function tear(image: Buffer, bytes: Buffer, offset: number, random: Random): void {
  for (let at = 0; at < bytes.length; at += sectorBytes)
    if (random() % 2 === 0) bytes.copy(image, offset + at, at, at + sectorBytes);
}
