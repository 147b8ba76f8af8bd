// SPDX-License-Identifier: BSD-2-Clause
// other-images.test.ts: images of other shapes: no Rock Ridge, Joliet, both, and data beyond 2 and 4 GiB.
import { expect } from 'chai';
import { createHash } from 'node:crypto';
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import type { Kernel, KernelFs } from '../../ts/kernel/index.js';
import { bootForTests } from '../helpers/kernel.js';
import { makeIso, type IsoKind } from '../helpers/iso.js';
import { moveFile, sectorBytes } from '../helpers/iso-edit.js';
import { seededBytes } from '../helpers/random.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { makeFullTree, makePlainTree } from '../helpers/trees.js';

describe('images of other shapes', function () {
  this.timeout(300_000);
  let kernel: Kernel;

  before(async () => {
    kernel = await bootForTests();
  });
  after(() => kernel.shutdown());

  const comparedOn = async (tree: string, image: string, options: CompareOptions = {}): Promise<void> => {
    const { rockRidge = true, nameOf = (name: string) => name } = options;
    await kernel.mount({ type: 'cd9660', image, at: '/mnt', rockRidge });
    try {
      const expected = hashTree(nodeFs, tree, nameOf);
      expect(hashTree(kernel.fs, '/mnt')).to.deep.equal(expected);
    } finally {
      await kernel.unmount('/mnt');
    }
  };
  /** ISO 9660 itself has capital letters only. */
  const isoNames = { nameOf: (name: string) => name.toUpperCase() };

  for (const kind of ['joliet', 'rock-ridge-and-joliet'] satisfies IsoKind[]) {
    it(`shows a small tree as it is (${kind})`, async () => {
      const tree = makePlainTree();
      await comparedOn(tree, makeIso(tree, kind));
    });
  }

  it('shows ISO names where there are no others, and finds them in any case', async () => {
    const tree = makePlainTree();
    const image = makeIso(tree, 'plain');
    await comparedOn(tree, image, isoNames);
    await kernel.mount({ type: 'cd9660', image, at: '/mnt' });
    expect(kernel.fs.readFileSync('/mnt/dir1/Dir2/DIR3/inner.txt', 'utf8')).to.equal('inside\n');
    await kernel.unmount('/mnt');
  });

  it('prefers Rock Ridge where Joliet stands beside it', async () => {
    const tree = makeFullTree(false);
    await comparedOn(tree, makeIso(tree, 'rock-ridge-and-joliet'));
  });

  it('shows ISO names of a Rock Ridge image when told to', async () => {
    const tree = makePlainTree();
    await comparedOn(tree, makeIso(tree, 'rock-ridge'), { ...isoNames, rockRidge: false });
  });

  for (const [title, position] of [
    ['across 2 GiB', 2 ** 31 - sectorBytes],
    ['beyond 4 GiB', 2 ** 32 + 10 * sectorBytes],
  ] as const) {
    it(`reads data ${title} in a sparse image`, async () => {
      const tree = makeScratchFolder('far');
      const contents = seededBytes(position % 1000, 200_000);
      nodeFs.writeFileSync(join(tree, 'far.bin'), contents);
      nodeFs.writeFileSync(join(tree, 'near.txt'), 'near\n');
      const image = makeIso(tree, 'rock-ridge');
      moveFile(image, 'FAR.BIN;1', position / sectorBytes);
      expect(nodeFs.statSync(image).size).to.be.greaterThan(2 ** 31);
      await comparedOn(tree, image);
    });
  }
});

interface CompareOptions {
  rockRidge?: boolean;
  /** The name that an image has for a name of the tree. */
  nameOf?: (name: string) => string;
}

/** Every file below a folder with the hash of its contents, every link with its target. */
function hashTree(fs: KernelFs, root: string, nameOf = (name: string) => name): Record<string, string> {
  const result: Record<string, string> = {};
  const folders = [''];
  for (const folder of folders) {
    for (const entry of fs.readdirSync(join(root, folder), { withFileTypes: true })) {
      const name = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(name);
      result[nameOf(name)] = entry.isDirectory()
        ? 'folder'
        : describeFile(fs, join(root, name), entry.isSymbolicLink());
    }
  }
  return Object.fromEntries(Object.entries(result).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function describeFile(fs: KernelFs, path: string, isLink: boolean): string {
  if (isLink) return `link to ${fs.readlinkSync(path)}`;
  return createHash('sha256').update(fs.readFileSync(path)).digest('hex');
}
