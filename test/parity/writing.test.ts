// SPDX-License-Identifier: BSD-2-Clause
// writing.test.ts: the writing half of node:fs, call by call, on a folder of the host and on a kernel's memory.
import { expect } from 'chai';
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import type { Kernel } from '../../ts/kernel/index.js';
import { bootForTests } from '../helpers/kernel.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { changes } from './changes.js';
import { copies } from './copies.js';
import type { Form } from './compare.js';
import { compareChange } from './writing.js';

describe('writing', function () {
  this.timeout(120_000);
  let kernel: Kernel;
  let host: string;
  before(async () => {
    kernel = await bootForTests();
    host = makeScratchFolder('writing');
  });
  after(() => kernel.shutdown());

  for (const form of ['sync', 'promise', 'callback'] satisfies Form[]) {
    for (const change of [...changes, copies]) {
      it(`does what node:fs does: ${change.title} (${form})`, async () => {
        const { compared, differences } = await compareChange(
          { fs: nodeFs, root: join(host, 'tree') },
          { fs: kernel.fs, root: '/writing' },
          form,
          change,
        );
        expect(differences, differences.join('\n')).to.deep.equal([]);
        expect(compared).to.be.greaterThan(10);
      });
    }
  }
});
