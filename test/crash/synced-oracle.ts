// SPDX-License-Identifier: BSD-2-Clause
// synced-oracle.ts: what must be found after a power cut and a repair on a file system that orders no writes, known from
// the marks that h_workload.c left in its log.
//
// The promise is that of fsync(2), and no more: a file that was fsynced, and not touched since, is there under its name,
// with just the bytes that it had. Names that have changed since then are promised when any fsync has come after
// them; a file that is written to, cut, removed or replaced has no promise any more.
import { firstWrongByte, idOf, type FoundFile } from './oracle.js';

interface FileState {
  size: number;
  /** Bytes that it has for certain. */
  synced: number | undefined;
  /** Its name has changed since: it is promised again after the next fsync of any file. */
  isMoving: boolean;
}

/** Follows the marks of a log, and judges what is found at any place of it. */
export class SyncedOracle {
  readonly #files = new Map<number, FileState>();
  /** By path: the file that was renamed to it. */
  readonly #targets = new Map<string, number>();
  #current = 0;

  apply(words: readonly string[]): void {
    const [phase, verb = '', id = '', argument = ''] = words;
    if (phase === 'begin') this.#begin(verb, Number(id), argument);
    else if (phase === 'end' && verb === 'fsync') this.#synced();
  }

  #begin(verb: string, id: number, argument: string): void {
    this.#current = id;
    if (verb === 'create') this.#files.set(id, { size: 0, synced: undefined, isMoving: false });
    if (verb === 'move') for (const file of this.#files.values()) file.isMoving = true;
    const file = this.#files.get(id);
    if (file === undefined) return;
    if (verb === 'size') Object.assign(file, { size: Number(argument), synced: undefined });
    else if (verb === 'unlink') file.synced = undefined;
    else if (/^(rename|replace|link|unlink-other)$/.test(verb)) file.isMoving = true;
    if (verb !== 'replace') return;
    const victim = this.#files.get(this.#targets.get(argument) ?? -1);
    if (victim !== undefined) victim.synced = undefined;
    this.#targets.set(argument, id);
  }

  #synced(): void {
    for (const file of this.#files.values()) file.isMoving = false;
    const file = this.#files.get(this.#current);
    if (file !== undefined) file.synced = file.size;
  }

  /** How many files are promised. */
  get promises(): number {
    return [...this.#promised()].length;
  }

  *#promised(): Generator<[id: number, bytes: number]> {
    for (const [id, { synced, isMoving }] of this.#files)
      if (synced !== undefined && !isMoving) yield [id, synced];
  }

  /** What is wrong with what was found: nothing, if all promises were kept. */
  judge(found: readonly FoundFile[]): string[] {
    const byId = new Map<number, FoundFile[]>();
    for (const file of found) {
      const id = idOf(file);
      if (id !== undefined) byId.set(id, [...(byId.get(id) ?? []), file]);
    }
    const problems: string[] = [];
    for (const [id, bytes] of this.#promised()) {
      const candidates = (byId.get(id) ?? []).filter(({ path }) => this.#isNameOf(path, id));
      const complaints = candidates.map((file) => complaintAbout(file, id, bytes));
      if (complaints.length === 0) problems.push(`file ${id}, fsynced with ${bytes} bytes, is gone`);
      else if (complaints.every((text) => text !== undefined)) problems.push(complaints.join('; '));
    }
    return problems;
  }

  #isNameOf(path: string, id: number): boolean {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return name.startsWith(`f${id}.`) || this.#targets.get(path) === id;
  }
}

function complaintAbout({ path, bytes }: FoundFile, id: number, promised: number): string | undefined {
  if (bytes.length !== promised) return `${path} has ${bytes.length} bytes, ${promised} were fsynced`;
  const wrong = firstWrongByte(id, bytes, promised);
  return wrong === undefined
    ? undefined
    : `${path} has a wrong byte at ${wrong} of ${promised} that were fsynced`;
}
