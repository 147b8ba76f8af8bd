// SPDX-License-Identifier: BSD-2-Clause
// datagrams.test.ts: kernel.dgram where it is not as Node's; what both do alike is in test/parity.
import { expect } from 'chai';
import { boot, type Kernel } from '../../ts/kernel/index.js';
import { expectError } from '../helpers/expect-error.js';

describe('kernel.dgram', function () {
  this.timeout(120_000);
  let kernel: Kernel;
  before(async () => {
    kernel = await boot({ components: ['net/inet'] });
  });
  after(async () => {
    await kernel.shutdown();
  });

  it('says so if a version of Node hides the insides of its sockets', async () => {
    const symbols = Object.getOwnPropertySymbols.bind(Object);
    try {
      // As with private fields: nobody sees them from outside.
      Object.getOwnPropertySymbols = () => [];
      const error = await expectError('RUMP_NODE_UNKNOWN', () => kernel.dgram.createSocket('udp4'));
      expect(error.remedy).to.include(process.version);
    } finally {
      Object.getOwnPropertySymbols = symbols;
    }
    kernel.dgram.createSocket('udp4').close();
  });
});
