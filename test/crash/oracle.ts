// SPDX-License-Identifier: BSD-2-Clause
// oracle.ts: what must be found after a power cut, known from the marks that h_workload.c left in its log.
//
// fsync(2) is the promise: a file that was fsynced is found, under a name that it had then or was given later, and has
// at least the bytes that it had then, unless it was told since to have fewer or to go. Nothing else must be there; but
// whatever is there has only bytes of its own, or zeroes, and no more than were ever written.

/** A file that was found after a cut. */
export interface FoundFile {
  path: string;
  bytes: Buffer;
}

interface FileState {
  size: number;
  /** Bytes that are promised; undefined without a promise. */
  promised: number | undefined;
  /** The largest size that it was ever given. */
  largest: number;
}

/** Follows the marks of a log, and judges what is found at any place of it. */
export class CrashOracle {
  readonly #files = new Map<number, FileState>();
  /** By path: the files that were renamed to it, in order. */
  readonly #targets = new Map<string, number[]>();
  #current: string[] = [];

  apply(words: string[]): void {
    const [phase, verb = ''] = words;
    if (phase === 'begin') {
      this.#current = words.slice(2);
      this.#begin(verb, Number(words[2]), words[3] ?? '');
    } else if (phase === 'end' && verb === 'fsync') {
      const file = this.#files.get(Number(this.#current[0]));
      if (file !== undefined) file.promised = file.size;
    }
  }

  #begin(verb: string, id: number, argument: string): void {
    const file = this.#files.get(id);
    if (verb === 'create') this.#files.set(id, { size: 0, promised: undefined, largest: 0 });
    else if (verb === 'size' && file !== undefined) resize(file, Number(argument));
    else if (verb === 'unlink' && file !== undefined) file.promised = undefined;
    else if (verb === 'replace') {
      const chain = this.#targets.get(argument) ?? [];
      this.#targets.set(argument, [...chain, id]);
    }
  }

  /** What is wrong with what was found: nothing, if all promises were kept. */
  judge(found: readonly FoundFile[]): string[] {
    const problems: string[] = [];
    const foundIds = new Set<number>();
    const byPath = new Map<string, number>();
    for (const file of found) {
      const id = idOf(file);
      if (id === undefined) continue;
      foundIds.add(id);
      byPath.set(file.path, id);
      problems.push(...this.#judgeFile(id, file));
    }
    for (const [id, { promised }] of this.#files)
      if (promised !== undefined && !foundIds.has(id) && !this.#wasReplaced(id, byPath))
        problems.push(`file ${id}, fsynced with ${promised} bytes, is gone`);
    return problems;
  }

  #judgeFile(id: number, { path, bytes }: FoundFile): string[] {
    const state = this.#files.get(id);
    if (state === undefined) return [`${path} holds file ${id}, which was never made`];
    const name = path.slice(path.lastIndexOf('/') + 1);
    const mayBeHere = name.startsWith('t')
      ? this.#targets.get(path)?.includes(id) === true
      : name.startsWith(`f${id}.`);
    const problems = mayBeHere ? [] : [`${path} holds file ${id}`];
    if (bytes.length > state.largest)
      problems.push(`${path} has ${bytes.length} bytes, of ${state.largest} ever written`);
    const promised = state.promised ?? 0;
    if (bytes.length < promised) problems.push(`${path} has ${bytes.length} bytes, ${promised} were fsynced`);
    const wrong = firstWrongByte(id, bytes, promised);
    if (wrong !== undefined)
      problems.push(`${path} has a wrong byte at ${wrong} (size ${bytes.length}, fsynced ${promised})`);
    return problems;
  }

  /** Whether a later file has taken the name that this one was renamed to. */
  #wasReplaced(id: number, byPath: ReadonlyMap<string, number>): boolean {
    for (const [path, chain] of this.#targets) {
      const holder = byPath.get(path);
      const place = chain.indexOf(id);
      if (place !== -1 && holder !== undefined && chain.indexOf(holder) > place) return true;
    }
    return false;
  }
}

function resize(file: FileState, size: number): void {
  file.size = size;
  file.largest = Math.max(file.largest, size);
  if (file.promised !== undefined) file.promised = Math.min(file.promised, size);
}

/** The file that the first bytes belong to; by its name where these were never written. */
export function idOf({ path, bytes }: FoundFile): number | undefined {
  if (bytes.length >= 4 && bytes.subarray(0, 4).every((byte) => byte >= 0x80))
    return [3, 2, 1, 0].reduce((id, at) => (id << 7) | ((bytes[at] ?? 0) & 0x7f), 0);
  const named = /\/f(\d+)\.\d+$/.exec(path);
  return named === null ? undefined : Number(named[1]);
}

const streams = new Map<number, Buffer>();

/** The first bytes of a file's stream, as h_workload.c makes it. */
function streamOf(id: number, length: number): Buffer {
  const known = streams.get(id);
  if (known !== undefined && known.length >= length) return known.subarray(0, length);
  const bytes = Buffer.alloc(Math.max(length, 4096) * 2);
  for (let at = 0; at < bytes.length; at++) {
    const place = Math.imul(Math.floor(at / 8), 0x9e37_79b1) >>> 0;
    bytes[at] = at % 8 < 4 ? 0x80 | (id >>> (7 * (at % 8))) : 1 | (place >>> (8 * (at % 4)));
  }
  streams.set(id, bytes);
  return bytes.subarray(0, length);
}

/** The first byte that is not of the file's stream; behind what was promised it may be zero. */
export function firstWrongByte(id: number, bytes: Buffer, promised: number): number | undefined {
  const stream = streamOf(id, bytes.length);
  if (stream.equals(bytes)) return undefined;
  for (const [at, byte] of bytes.entries())
    if (byte !== stream[at] && (at < promised || byte !== 0)) return at;
  return undefined;
}
