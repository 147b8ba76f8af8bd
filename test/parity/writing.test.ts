// SPDX-License-Identifier: BSD-2-Clause
// writing.test.ts: the writing half of node:fs, call by call, on a folder of the host and on each file system that a
// kernel writes.
import { expect } from 'chai';
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import { makeScratchFolder } from '../helpers/scratch.js';
import { changes } from './changes.js';
import { copies } from './copies.js';
import type { Form } from './compare.js';
import { kinds, type MadeKind } from './kinds.js';
import { compareChange } from './writing.js';

for (const kind of kinds) {
  describe(`writing to ${kind.name}`, function () {
    this.timeout(120_000);
    let made: MadeKind;
    let host: string;
    before(async () => {
      made = await kind.make();
      host = makeScratchFolder('writing');
    });
    after(() => made.end());

    for (const form of ['sync', 'promise', 'callback'] satisfies Form[]) {
      for (const change of [...changes, copies]) {
        it(`does what node:fs does: ${change.title} (${form})`, async () => {
          const nodes = { fs: nodeFs, root: join(host, 'tree') };
          const { compared, differences } = await compareChange(
            nodes,
            made.subject,
            form,
            change,
            kind.traits,
          );
          expect(differences, differences.join('\n')).to.deep.equal([]);
          expect(compared).to.be.greaterThan(10);
        });
      }
    }
  });
}
