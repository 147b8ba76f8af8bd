// SPDX-License-Identifier: BSD-2-Clause
// iso-shapes.test.ts: images of every shape in booted guests: iso-cat must see in the guest what the same program sees
// of the tree on the host, and its sums must be the host's.
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { moveFile, sectorBytes } from '../helpers/iso-edit.js';
import { makeIso } from '../helpers/iso.js';
import { seededBytes } from '../helpers/random.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { makeFullTree, makePlainTree } from '../helpers/trees.js';
import { compileIsoCat, runProgram } from './program-guests.js';

/** An image, and the tree that it must look like. */
interface Shape {
  image: string;
  tree: string;
}

/** Too long for ISO 9660 itself, with characters that it does not allow. */
const jolietName = `A Name with Capitals, spaces & signs ${'x'.repeat(40)}.text`;

const shapes: Readonly<Record<string, () => Shape>> = {
  'Rock Ridge: deep folders, long names, links, UTF-8, 32 MiB': () => {
    const tree = makeFullTree();
    return { image: makeIso(tree, 'rock-ridge'), tree };
  },
  'Rock Ridge with Joliet beside it': () => {
    const tree = makeFullTree(false);
    return { image: makeIso(tree, 'rock-ridge-and-joliet'), tree };
  },
  'Joliet only': () => {
    const tree = makePlainTree();
    // The driver shows no more of Joliet's Unicode than Latin-1.
    writeFileSync(join(tree, jolietName), 'joliet\n');
    return { image: makeIso(tree, 'joliet'), tree };
  },
  'no names but those of ISO 9660': () => {
    const tree = makePlainTree();
    return { image: makeIso(tree, 'plain'), tree: capitalised(tree) };
  },
  'data across 2 GiB': () => makeFarShape(2 ** 31 - sectorBytes),
  'data beyond 4 GiB': () => makeFarShape(2 ** 32 + 10 * sectorBytes),
};

describe('guests: images of every shape', function () {
  this.timeout(240_000);

  for (const [title, makeShape] of Object.entries(shapes)) {
    describe(title, () => {
      let shape: Shape;
      before(() => {
        shape = makeShape();
      });
      for (const machine of ['microvm', 'q35'] as const) {
        it(`is as on the host, on ${machine}`, async () => {
          const inGuest = async (...words: string[]): Promise<string[]> => {
            const args = ['iso-cat', ...words, '/data'];
            const disks = [`${shape.image},ro`];
            const { status, output } = await runProgram(compileIsoCat(), { machine, args, disks });
            expect(status, output).to.equal(0);
            return output.trimEnd().split('\n');
          };
          expect(await inGuest()).to.deep.equal(namesOnHost(shape.tree));
          expect((await inGuest('-s')).sort()).to.deep.equal(sumsOnHost(shape.tree));
        });
      }
    });
  }
});

/** Names, sizes and targets of links, as the same program shows them on the host. */
function namesOnHost(tree: string): string[] {
  const lines = execFileSync(compileIsoCat(), [tree], { encoding: 'utf8' }).trimEnd().split('\n');
  expect(lines[0]).to.equal(`${tree}/`);
  return ['/data/', ...lines.slice(1)];
}

/** Sums that owe nothing to the program. */
function sumsOnHost(tree: string): string[] {
  const lines = filesOf(tree).map((file) => {
    const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
    return `${sum}  ${join('/data', relative(tree, file))}`;
  });
  return lines.sort();
}

function filesOf(tree: string): string[] {
  return readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The tree with the names that ISO 9660 allows: capital letters. */
function capitalised(tree: string): string {
  const copy = makeScratchFolder('capitals');
  for (const file of filesOf(tree)) {
    const target = join(copy, relative(tree, file).toUpperCase());
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, readFileSync(file));
  }
  return copy;
}

/** A sparse image with the data of one file far out. */
function makeFarShape(position: number): Shape {
  const tree = makeScratchFolder('far');
  writeFileSync(join(tree, 'far.bin'), seededBytes(position % 1000, 200_000));
  writeFileSync(join(tree, 'near.txt'), 'near\n');
  const image = makeIso(tree, 'rock-ridge');
  moveFile(image, 'FAR.BIN;1', position / sectorBytes);
  expect(statSync(image).size).to.be.greaterThan(position);
  return { image, tree };
}
