// SPDX-License-Identifier: BSD-2-Clause
// h_replay.ts: a child process that cuts the power at many places of one recorded workload: h_replay.ts KERNEL BASE LOG
// SEED CUTS. Each cut's image is checked, mounted and read; some are repaired and written to. Prints one line of JSON.
import { openSync, readFileSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkFfs,
  describeFinding,
  memoryStorage,
  repairFfs,
  type Finding,
  type FindingCode,
} from '../../ts/disk/index.js';
import { boot, type Kernel } from '../../ts/kernel/index.js';
import { seededRandom } from '../helpers/random.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { parseLog, writePlaces, ReplayedDisk } from './log.js';
import { CrashOracle, type FoundFile } from './oracle.js';

/** What came of one recording. */
export interface ReplayResult {
  cuts: number;
  /** Cuts in the order of completion, and cuts that lost or tore what was not flushed. */
  prefixes: number;
  subsets: number;
  repaired: number;
  writes: number;
  flushes: number;
  fsyncs: number;
  /** The most writes that one cut could lose. */
  largestLoss: number;
  /** By finding that a power cut may leave: in how many cuts. */
  leftovers: Record<string, number>;
  problems: string[];
}

const [sharedObject = '', base = '', log = '', seed = '0', cutCount = '1'] = process.argv.slice(2);
/** RUMPKIT_CRASH_CUT=N looks at that cut only. */
const onlyCut = process.env['RUMPKIT_CRASH_CUT'];
const image = join(makeScratchFolder('crash'), 'cut.img');
const mountsPerKernel = 100;
const problemsMax = 10;

/** A group's counts and summaries lie in other sectors than its maps; who checks makes them anew from the maps. */
const tornGroup: ReadonlySet<FindingCode> = new Set([
  'FFS_GROUP_COUNT',
  'FFS_FRAGMENT_SUMMARY',
  'FFS_CLUSTER_MAP',
  'FFS_CLUSTER_SUMMARY',
  'FFS_ROTATION_TABLE',
] as const);

class Replay {
  readonly result: ReplayResult = {
    ...{ cuts: 0, prefixes: 0, subsets: 0, repaired: 0, writes: 0, flushes: 0, fsyncs: 0, largestLoss: 0 },
    ...{ leftovers: {}, problems: [] },
  };
  readonly #oracle = new CrashOracle();
  #kernel: Kernel | undefined;
  #mounts = 0;

  async run(): Promise<void> {
    const records = parseLog(readFileSync(log));
    const disk = new ReplayedDisk(readFileSync(base));
    const chosen = new Set(spread(writePlaces(records), Number(cutCount) / 2));
    for (const [at, record] of records.entries()) {
      if (record.kind === 'mark') this.#oracle.apply(record.words);
      else disk.apply(record);
      this.#count(record.kind, record.kind === 'mark' ? record.words : []);
      if (chosen.has(at)) await this.#cutAt(at, disk);
      if (this.result.problems.length >= problemsMax) break;
    }
    await this.#kernel?.shutdown();
  }

  #count(kind: string, words: readonly string[]): void {
    if (kind === 'write') this.result.writes++;
    else if (kind === 'flushed') this.result.flushes++;
    else if (words[0] === 'end' && words[1] === 'fsync') this.result.fsyncs++;
  }

  /** Two cuts at one place: all that was written is there; some of what was not flushed is lost. */
  async #cutAt(at: number, disk: ReplayedDisk): Promise<void> {
    this.result.largestLoss = Math.max(this.result.largestLoss, disk.pendingCount);
    if (onlyCut === undefined || onlyCut === `${at}`) {
      this.result.prefixes++;
      await this.#judge(`${at}`, disk.wholeImage());
    }
    if (disk.pendingCount === 0 || (onlyCut !== undefined && onlyCut !== `${at}s`)) return;
    this.result.subsets++;
    const isTorn = this.result.subsets % 4 === 0;
    const random = seededRandom(Number(seed) * 1_000_003 + at);
    await this.#judge(`${at}s`, disk.partialImage(random, isTorn), isTorn ? tornGroup : new Set());
  }

  async #judge(cut: string, bytes: Buffer, tolerated: ReadonlySet<FindingCode> = new Set()): Promise<void> {
    const complain = (text: string): void => {
      this.result.problems.push(`RUMPKIT_CRASH_SEED=${seed} RUMPKIT_CRASH_CUT=${cut}: ${text}`);
    };
    const findings = checkFfs(bytes).findings.filter(({ code }) => !tolerated.has(code));
    for (const finding of findings.filter(isDamage)) complain(describeFinding(finding));
    for (const code of new Set(findings.filter((each) => !isDamage(each)).map((each) => each.code)))
      this.result.leftovers[code] = (this.result.leftovers[code] ?? 0) + 1;
    try {
      for (const problem of this.#oracle.judge(await this.#readImage(bytes))) complain(problem);
      if (this.result.cuts++ % 20 === 0) await this.#useRepaired(bytes, complain);
    } catch (error) {
      complain(String(error));
    }
  }

  /** What is in an image, by the driver, which mounts it for reading although it is not clean. */
  async #readImage(bytes: Buffer): Promise<FoundFile[]> {
    save(bytes);
    const kernel = await this.#bootKernel();
    await kernel.mount({ type: 'ffs', image, at: '/mnt', readOnly: true });
    const found: FoundFile[] = [];
    const folders = ['/mnt'];
    for (const folder of folders) {
      for (const entry of kernel.fs.readdirSync(folder, { withFileTypes: true })) {
        const path = `${folder}/${entry.name}`;
        if (entry.isDirectory()) folders.push(path);
        else found.push({ path, bytes: kernel.fs.readFileSync(path) });
      }
    }
    await kernel.unmount('/mnt');
    return found;
  }

  /** After a repair nothing is left to find, nothing promised is lost, and the file system can be written to. */
  async #useRepaired(bytes: Buffer, complain: (text: string) => void): Promise<void> {
    this.result.repaired++;
    repairFfs(memoryStorage(bytes));
    for (const finding of checkFfs(bytes).findings) complain(`after the repair: ${describeFinding(finding)}`);
    const found = await this.#readImage(bytes);
    const named = found.filter(({ path }) => !path.startsWith('/mnt/lost+found/'));
    for (const problem of this.#oracle.judge(named)) complain(`after the repair: ${problem}`);
    const kernel = await this.#bootKernel();
    await kernel.mount({ type: 'ffs', image, at: '/mnt', readOnly: false });
    kernel.fs.writeFileSync('/mnt/after', Buffer.alloc(100_000, 'after '));
    for (const { path } of named) kernel.fs.unlinkSync(path);
    await kernel.unmount('/mnt');
    for (const finding of checkFfs(readFileSync(image)).findings)
      complain(`after more writing: ${describeFinding(finding)}`);
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

function isDamage(finding: Finding): boolean {
  return finding.severity === 'damage';
}

function save(bytes: Buffer): void {
  const fd = openSync(image, 'w');
  writeSync(fd, bytes);
  closeSync(fd);
}

/** So many of the places, evenly. */
function spread(places: readonly number[], count: number): number[] {
  const step = Math.max(1, places.length / count);
  return Array.from(
    { length: Math.min(places.length, Math.floor(count)) },
    (_, index) => places[Math.floor(index * step)] ?? 0,
  );
}

const replay = new Replay();
await replay.run();
process.stdout.write(`${JSON.stringify(replay.result)}\n`);
