// SPDX-License-Identifier: BSD-2-Clause
// damaged-images.test.ts: disks with damage in booted guests: the guest says that it cannot mount the disk, or the
// program ends with a status; nothing faults and nothing hangs. test/kernel has the many.
import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { RunError } from '../../ts/errors.js';
import type { RunGuestOptions } from '../../ts/run/run-guest.js';
import { makeDamager } from '../helpers/damage.js';
import { sectorBytes } from '../helpers/iso-edit.js';
import { makeIso } from '../helpers/iso.js';
import { makeSmallTree } from '../helpers/trees.js';
import { scratchPath } from './guests.js';
import { compile, compileIsoCat, dataMount, runProgram } from './program-guests.js';

/** Seeds that test/kernel does not use. */
const firstSeed = 100_000;
const seedsPerImage = 15;
const machines = ['microvm', 'q35'] as const;

/** How a guest with a damaged disk may end. */
interface Outcome {
  /** Undefined if the disk could not be mounted. */
  status: number | undefined;
  reason: string;
  output: string;
}

describe('guests: damaged disks', function () {
  this.timeout(240_000);
  const images: Record<string, Buffer> = {};
  before(() => {
    const tree = makeSmallTree();
    for (const kind of ['rock-ridge', 'rock-ridge-and-joliet'] as const)
      images[kind] = readFileSync(makeIso(tree, kind));
  });

  for (const kind of ['rock-ridge', 'rock-ridge-and-joliet']) {
    it(`survives ${seedsPerImage} of them (${kind})`, async () => {
      const damage = makeDamager(images[kind]!);
      let mounted = 0;
      for (let seed = firstSeed; seed < firstSeed + seedsPerImage; seed++) {
        const machine = machines[seed % machines.length]!;
        const { status, reason, output } = await tryDisk(damage(seed), walker(), { machine });
        const where = `seed ${seed} on ${machine}: ${reason} ${output}`;
        if (status === undefined) expect(reason, where).to.match(/^the disk |^E[A-Z]+$/);
        else expect(output, where).to.match(/^\d+ names, \d+ failures$/m);
        if (status !== undefined) expect(status, where).to.equal(/ 0 failures$/m.test(output) ? 0 : 1);
        mounted += status === undefined ? 0 : 1;
      }
      expect(mounted).to.be.greaterThan(seedsPerImage / 3);
    });
  }

  it('finds nothing wrong with what is not damaged', async () => {
    const { status, output } = await tryDisk(images['rock-ridge']!, walker());
    expect(output).to.match(/^[1-9]\d+ names, 0 failures$/m);
    expect(status).to.equal(0);
  });

  it('says that a disk ends within its descriptors', async () => {
    const { status, reason, output } = await tryDisk(
      images['rock-ridge']!.subarray(0, 17 * sectorBytes),
      isoCat(),
    );
    expect(status).to.equal(undefined);
    expect(reason).to.equal('the disk cannot be read, or it ends too early');
    expect(output).to.include(`rumpkit: cannot mount vda on /data as cd9660: ${reason}\n`);
  });

  for (const [part, cutAt, unreadable] of [
    ['folders', (whole: Buffer) => rootFolderAt(whole) + sectorBytes, '/data/MANY'],
    ['data', (whole: Buffer) => whole.length - 200 * sectorBytes, '/data/data.bin'],
  ] as [string, (whole: Buffer) => number, string][]) {
    it(`names what cannot be read of a disk that ends within its ${part}`, async () => {
      const whole = images['rock-ridge']!;
      const { status, output } = await tryDisk(whole.subarray(0, cutAt(whole)), isoCat());
      expect(output.split('\n')).to.include(`iso-cat: ${unreadable}: I/O error`);
      expect(status).to.equal(1);
    });
  }

  it('says that a disk is no ISO 9660 image', async () => {
    const { status, output } = await tryDisk(Buffer.alloc(100_000, 'noise'), isoCat());
    expect(status).to.equal(undefined);
    expect(output).to.match(/^rumpkit: cannot mount vda on \/data as cd9660: the disk does not hold such a/m);
  });
});

const walker = (): [program: string, ...args: string[]] => [compile('walk', 'musl-gcc'), 'walk', '/data'];
const isoCat = (): [program: string, ...args: string[]] => [compileIsoCat(), 'iso-cat', '-s', '/data'];

/** Where the root folder lies: ECMA-119 8.4.18 and 9.1.2. */
function rootFolderAt(image: Buffer): number {
  return image.readUInt32LE(16 * sectorBytes + 156 + 2) * sectorBytes;
}

/** Boots a program with a disk; a fault of the kernel or the program, or a hang, is an error. */
async function tryDisk(
  disk: Buffer,
  [program, ...args]: [program: string, ...args: string[]],
  options: RunGuestOptions = {},
): Promise<Outcome> {
  const path = scratchPath('damaged.iso');
  writeFileSync(path, disk);
  try {
    const result = await runProgram(program, { disks: [path], args, timeoutMs: 20_000, ...options }, [
      dataMount,
    ]);
    return { status: result.status, reason: '', output: result.output };
  } catch (error) {
    if (!(error instanceof RunError) || error.code !== 'RUMP_RUN_GUEST_FAULT') throw error;
    const { reason, output } = error.details as { reason: string; output: string };
    if (!output.includes('rumpkit: cannot mount vda')) throw error;
    return { status: undefined, reason, output };
  }
}
