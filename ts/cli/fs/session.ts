// SPDX-License-Identifier: BSD-2-Clause
// session.ts: what a command of `rumpkit fs` works with: its images, its words as places, and whether it may go on.
import { RumpError } from '../../errors.js';
import { printRemark } from '../output.js';
import { renderError } from '../render/error.js';
import { fsError, isFatal } from './fs-error.js';
import { expandPattern, hasPattern } from './glob.js';
import { hostLocation, volumeLocation, type Location } from './location.js';
import { parseReference } from './reference.js';
import type { Volume, Volumes } from './volumes.js';

/** One run of a command, or of the shell. */
export class FsSession {
  readonly volumes: Volumes;
  readonly signal: AbortSignal;
  readonly isVerbose: boolean;
  /** In the shell: the image that plain words are paths of, and the folder they begin in. */
  readonly home: Volume | undefined;
  folder = '/';
  /** 1 once something could not be done. */
  status = 0;

  constructor(volumes: Volumes, options: { signal: AbortSignal; isVerbose?: boolean; home?: Volume }) {
    this.volumes = volumes;
    this.signal = options.signal;
    this.isVerbose = options.isVerbose ?? false;
    this.home = options.home;
  }

  /** The one place that a word means. A link at the end is followed unless told otherwise. */
  async locate(word: string, followLast = true): Promise<Location> {
    const [volume, path] = this.#split(word);
    return volume === undefined ? hostLocation(path) : volumeLocation(volume, path, followLast, word);
  }

  /** All places that a word means; patterns are expanded in images (on the host the shell has done so). */
  async expand(word: string, followLast = true): Promise<Location[]> {
    const [volume, path] = this.#split(word);
    if (volume === undefined || !hasPattern(path)) return [await this.locate(word, followLast)];
    const shown = this.home === undefined ? `${volume.name}:/` : '/';
    const found = await expandPattern({ ...(await volumeLocation(volume, '/', true)), shown }, path);
    if (found.length === 0) throw fsError('ENOENT', word);
    return found;
  }

  /** All places of several words. What a word does not mean is complained about, and the others go on. */
  async expandAll(words: readonly string[], followLast = true): Promise<Location[]> {
    const found: Location[] = [];
    for (const word of words)
      await this.attempt(async () => void found.push(...(await this.expand(word, followLast))));
    return found;
  }

  /** Does a part of the work; a failure is told, and the rest goes on, unless the rest cannot succeed either. */
  async attempt(work: () => Promise<unknown>): Promise<void> {
    this.throwIfStopped();
    try {
      await work();
    } catch (error) {
      if (isFatal(error)) throw error;
      this.complain(error);
    }
  }

  /** Tells a failure that does not end the command. */
  complain(error: unknown): void {
    this.status = 1;
    printRemark(renderError(error, this.isVerbose));
  }

  /** Throws RUMP_FS_INTERRUPTED once the user has pressed Ctrl-C. */
  throwIfStopped(detail = ''): void {
    if (!this.signal.aborted) return;
    throw new RumpError(
      'RUMP_FS_INTERRUPTED',
      `interrupted${detail}; what was written before is on the image, which is consistent`,
    );
  }

  #split(word: string): [Volume | undefined, string] {
    if (this.home !== undefined) {
      if (word.startsWith('host:')) return [undefined, word.slice(5)];
      return [this.home, word.startsWith('/') ? word : `${this.folder}/${word}`];
    }
    const reference = parseReference(word);
    return reference === undefined ? [undefined, word] : [this.volumes.find(reference), reference.path];
  }
}
