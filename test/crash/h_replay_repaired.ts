// SPDX-License-Identifier: BSD-2-Clause
// h_replay_repaired.ts: a child process that cuts the power at many places of a recorded workload on a file system that
// orders no writes: h_replay_repaired.ts FORMAT KERNEL BASE LOG SEED CUTS. Each cut's image is mounted and read as it is;
// then its format's own program repairs it, and what was synced must be there. Prints one line of JSON.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { boot, type Kernel } from '../../ts/kernel/index.js';
import { seededRandom } from '../helpers/random.js';
import { makeMemoryFolder } from '../helpers/scratch.js';
import { parseLog, writePlaces, ReplayedDisk } from './log.js';
import type { FoundFile } from './oracle.js';
import { SyncedOracle } from './synced-oracle.js';

/** What came of one recording. */
export interface RepairedResult {
  cuts: number;
  /** Cuts that lost or tore what was not flushed. */
  subsets: number;
  /** Images that the program had something to repair in. */
  repaired: number;
  /** Files that were promised, over all cuts. */
  promises: number;
  largestLoss: number;
  problems: string[];
}

const formats = {
  ext2fs: { type: 'ext2fs', repair: ['e2fsck', '-fy'], check: ['e2fsck', '-fn'] },
  msdos: { type: 'msdos', repair: ['fsck.fat', '-a', '-w'], check: ['fsck.fat', '-n'] },
  exfat: { type: 'msdos', repair: ['fsck.exfat', '-y'], check: ['fsck.exfat', '-n'] },
} as const;

const [format, sharedObject = '', base = '', log = '', seed = '0', cutCount = '1'] = process.argv.slice(2);
const { type, repair, check } = formats[format as keyof typeof formats];
/** RUMPKIT_CRASH_CUT=N looks at that cut only. */
const onlyCut = process.env['RUMPKIT_CRASH_CUT'];
const folder = makeMemoryFolder('crash');
const image = join(folder, 'cut.img');
const mountsPerKernel = 100;
const repairsMax = 4;
const problemsMax = 10;

class Replay {
  readonly result: RepairedResult = {
    ...{ cuts: 0, subsets: 0, repaired: 0, promises: 0, largestLoss: 0 },
    problems: [],
  };
  readonly #oracle = new SyncedOracle();
  #kernel: Kernel | undefined;
  #mounts = 0;

  async run(): Promise<void> {
    const records = parseLog(readFileSync(log));
    const disk = new ReplayedDisk(readFileSync(base));
    const places = writePlaces(records);
    const step = Math.max(1, places.length / Number(cutCount));
    const chosen = new Set(
      places.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step)),
    );
    for (const [at, record] of records.entries()) {
      if (record.kind === 'mark') this.#oracle.apply(record.words);
      else disk.apply(record);
      if (chosen.has(at)) await this.#cutAt(at, disk);
      if (this.result.problems.length >= problemsMax) break;
    }
    await this.#kernel?.shutdown();
  }

  /** Every other cut loses, and every fourth tears, some of what was not flushed. */
  async #cutAt(at: number, disk: ReplayedDisk): Promise<void> {
    if (onlyCut !== undefined && onlyCut !== `${at}`) return;
    this.result.largestLoss = Math.max(this.result.largestLoss, disk.pendingCount);
    const random = seededRandom(Number(seed) * 1_000_003 + at);
    const isSubset = random() % 2 === 0 && disk.pendingCount > 0;
    if (isSubset) this.result.subsets++;
    const bytes = isSubset ? disk.partialImage(random, random() % 2 === 0) : disk.wholeImage();
    try {
      await this.#judge(bytes);
    } catch (error) {
      this.#complain(at, String(error));
    }
    for (const text of this.#problems.splice(0)) this.#complain(at, text);
    this.result.cuts++;
  }

  readonly #problems: string[] = [];

  #complain(at: number, text: string): void {
    this.result.problems.push(`RUMPKIT_CRASH_SEED=${seed} RUMPKIT_CRASH_CUT=${at}: ${text}`);
  }

  async #judge(bytes: Buffer): Promise<void> {
    writeFileSync(image, bytes);
    // as it is there may be anything in it, but it can be looked at
    await this.#read(true);
    if (runChecker(repair) !== 0) this.result.repaired++;
    // fsck.fat takes one more run for a folder whose only cluster it has found to be free
    for (let run = 1; run < repairsMax && runChecker(repair) !== 0; run++) continue;
    const left = runChecker(check);
    if (left !== 0) this.#problems.push(`${check.join(' ')} ends with ${left} after the repair`);
    this.#problems.push(...this.#oracle.judge(await this.#read(false)));
    this.result.promises += this.#oracle.promises;
    if (this.result.cuts % 10 === 0) await this.#write();
  }

  /** Every file that there is. In a damaged image calls may fail, with an error of the file system. */
  async #read(isDamaged: boolean): Promise<FoundFile[]> {
    const kernel = await this.#bootKernel();
    const found: FoundFile[] = [];
    const folders = ['/mnt'];
    const attempt = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        if (!isDamaged || (error as NodeJS.ErrnoException).errno === undefined) throw error;
      }
    };
    await kernel.mount({ type, image, at: '/mnt', readOnly: true });
    for (const folder of folders) {
      attempt(() => {
        for (const entry of kernel.fs.readdirSync(folder, { withFileTypes: true })) {
          const path = `${folder}/${entry.name}`;
          if (entry.isDirectory()) folders.push(path);
          else attempt(() => found.push({ path, bytes: kernel.fs.readFileSync(path) }));
        }
      });
    }
    await kernel.unmount('/mnt');
    return found;
  }

  /** What was repaired can be written to. */
  async #write(): Promise<void> {
    const kernel = await this.#bootKernel();
    await kernel.mount({ type, image, at: '/mnt', readOnly: false });
    kernel.fs.mkdirSync('/mnt/after');
    kernel.fs.writeFileSync('/mnt/after/file', Buffer.alloc(100_000, 'after '));
    await kernel.unmount('/mnt');
    if (runChecker(check) !== 0) this.#problems.push('after more writing there is something to repair');
  }

  async #bootKernel(): Promise<Kernel> {
    if (this.#kernel === undefined || this.#mounts++ >= mountsPerKernel) {
      await this.#kernel?.shutdown();
      this.#kernel = await boot({ sharedObject });
      this.#mounts = 0;
    }
    return this.#kernel;
  }
}

function runChecker([command = '', ...words]: readonly string[]): number {
  const { status, stdout } = spawnSync(command, [...words, image], { encoding: 'utf8' });
  // 1: something was repaired, 0: nothing was found
  if (status !== 0 && status !== 1)
    throw new Error(`${command} ${words.join(' ')} ends with ${status}:\n${stdout}`);
  return status;
}

const replay = new Replay();
try {
  await replay.run();
} finally {
  rmSync(folder, { recursive: true });
}
process.stdout.write(`${JSON.stringify(replay.result)}\n`);
