// SPDX-License-Identifier: BSD-2-Clause
// workloads.ts: what is measured: whole files in calls of two sizes, many small files, and calls here and there.
import { seededRandom } from '../../test/helpers/random.js';
import type { Files, Work } from './files.js';

const mebi = 1024 * 1024;

/** How much of everything; some peers would take hours for what others do in a second. */
export interface Amounts {
  fileBytes: number;
  /** Of the sequential rows with calls of 4 KiB. */
  smallCallBytes: number;
  files: number;
  randomReads: number;
  syncedWrites: number;
}

/** Where a round works: in a folder that is new, beside a file that is kept. */
export interface Place {
  files: Files;
  /** The large file. */
  large: string;
  folder: string;
  amounts: Amounts;
}

/** One row: what comes before and after does not count. */
export interface Workload {
  what: string;
  kind: 'sequential' | 'metadata' | 'random' | 'synced';
  unit: 'MB/s' | '/s';
  /** In the unit's terms: megabytes, or calls. */
  amount(amounts: Amounts): number;
  /** A call that not every library has. */
  needs?: 'fsync' | 'unlink';
  before?(place: Place): Work;
  run(place: Place): Work;
  after?(place: Place): Work;
}

function* writeWhole({ files, large }: Place, total: number, pieceBytes: number): Work {
  const piece = Buffer.alloc(pieceBytes, 'rumpkit ');
  const handle = yield files.open(large, 'w');
  for (let at = 0; at < total; at += pieceBytes) yield files.write(handle, piece, null);
  yield files.close(handle);
}

function* readWhole({ files, large }: Place, total: number, pieceBytes: number): Work {
  const piece = Buffer.alloc(pieceBytes);
  const handle = yield files.open(large, 'r');
  for (let at = 0; at < total; at += pieceBytes) yield files.read(handle, piece, null);
  yield files.close(handle);
  checkBytes(piece);
}

function checkBytes(piece: Buffer): void {
  if (piece.toString('latin1', piece.length - 8) !== 'rumpkit ') throw new Error('not what was written');
}

function* createMany({ files, folder, amounts }: Place): Work {
  yield files.mkdir(folder);
  yield* openMany(files, folder, amounts.files);
}

function* makeFolder({ files, folder }: Place): Work {
  yield files.mkdir(folder);
}

function* openMany(files: Files, folder: string, count: number): Work {
  for (let index = 0; index < count; index++)
    yield files.close(yield files.open(`${folder}/file-${index}.txt`, 'w'));
}

function* unlinkMany({ files, folder, amounts }: Place): Work {
  if (files.unlink === undefined) return;
  for (let index = 0; index < amounts.files; index++) yield files.unlink(`${folder}/file-${index}.txt`);
}

function* statMany({ files, folder, amounts }: Place): Work {
  for (let index = 0; index < amounts.files; index++) yield files.stat(`${folder}/file-${index}.txt`);
}

function* listMany({ files, folder, amounts }: Place): Work {
  const names = (yield files.readdir(folder)) as string[];
  if (names.length !== amounts.files) throw new Error(`${names.length} names of ${amounts.files}`);
}

function* readAnywhere({ files, large, amounts }: Place): Work {
  const next = seededRandom(4);
  const piece = Buffer.alloc(4096);
  const handle = yield files.open(large, 'r');
  for (let count = 0; count < amounts.randomReads; count++)
    yield files.read(handle, piece, (next() % (amounts.fileBytes / 4096)) * 4096);
  yield files.close(handle);
  checkBytes(piece);
}

function* writeSynced({ files, large, amounts }: Place): Work {
  const next = seededRandom(5);
  const piece = Buffer.alloc(4096, 'rumpkit ');
  const handle = yield files.open(large, 'r+');
  for (let count = 0; count < amounts.syncedWrites; count++) {
    yield files.write(handle, piece, (next() % (amounts.fileBytes / 4096)) * 4096);
    yield files.fsync?.(handle);
  }
  yield files.close(handle);
}

function sequential(
  what: string,
  amount: 'fileBytes' | 'smallCallBytes',
  run: (place: Place, total: number) => Work,
): Workload {
  return {
    what,
    kind: 'sequential',
    unit: 'MB/s',
    amount: (amounts) => amounts[amount] / 1e6,
    run: (place) => run(place, place.amounts[amount]),
  };
}

const metadata = {
  kind: 'metadata',
  unit: '/s',
  amount: ({ files }: Amounts) => files,
  before: createMany,
  after: unlinkMany,
} as const;

/** The rows, in an order in which one leaves what the next needs. */
export const workloads: readonly Workload[] = [
  sequential('write, calls of 4 KiB', 'smallCallBytes', (place, total) => writeWhole(place, total, 4096)),
  sequential('read, calls of 4 KiB', 'smallCallBytes', (place, total) => readWhole(place, total, 4096)),
  sequential('write, calls of 1 MiB', 'fileBytes', (place, total) => writeWhole(place, total, mebi)),
  sequential('read, calls of 1 MiB', 'fileBytes', (place, total) => readWhole(place, total, mebi)),
  {
    what: 'read 4 KiB anywhere',
    kind: 'random',
    unit: '/s',
    amount: ({ randomReads }) => randomReads,
    run: readAnywhere,
  },
  {
    what: 'write 4 KiB anywhere, fsync',
    kind: 'synced',
    unit: '/s',
    amount: ({ syncedWrites }) => syncedWrites,
    needs: 'fsync',
    run: writeSynced,
  },
  {
    ...metadata,
    what: 'create',
    before: makeFolder,
    run: ({ files, folder, amounts }) => openMany(files, folder, amounts.files),
  },
  { ...metadata, what: 'stat', run: statMany },
  { ...metadata, what: 'readdir, names', run: listMany },
  {
    what: 'unlink',
    kind: 'metadata',
    unit: '/s',
    amount: ({ files }) => files,
    needs: 'unlink',
    before: createMany,
    run: unlinkMany,
  },
];
