// SPDX-License-Identifier: BSD-2-Clause
// model.test.ts: random calls on each file system, compared one by one with a model of what they should do.
import { expect } from 'chai';
import { callsOn, checkAgainstModel, firstSeed } from './check.js';
import { imageKinds, rootKind, tmpfsKind } from './image-kinds.js';
import { hostKind } from './subjects.js';

describe('a file system beside the model', function () {
  this.timeout(30 * 60_000);
  const seed = firstSeed();

  for (const kind of [hostKind, rootKind, tmpfsKind, ...imageKinds]) {
    it(`${kind.name}: ${callsOn(kind)} calls, seed ${seed}`, async () => {
      expect(await checkAgainstModel(kind, seed)).to.be.at.least(callsOn(kind));
    });
  }
});
