// SPDX-License-Identifier: BSD-2-Clause
// completeness.test.ts: kernel.fs has everything that node:fs has, in name, kind and type.
import { expect } from 'chai';
import * as nodeFs from 'node:fs';
import type { Kernel } from '../../ts/kernel/index.js';
import { bootForTests } from '../helpers/kernel.js';

/** Compiles only if kernel.fs may stand wherever node:fs may. */
export const replaceable = (kernel: Kernel): typeof nodeFs => kernel.fs;

describe('kernel.fs beside node:fs', () => {
  let kernel: Kernel;
  before(async () => {
    kernel = await bootForTests();
  });
  after(() => kernel.shutdown());

  const missingIn = (ours: object, nodes: object): string[] =>
    Object.keys(nodes).filter(
      (name) => typeof ours[name as keyof object] !== typeof nodes[name as keyof object],
    );

  it('has all of its exports', () => {
    expect(missingIn(kernel.fs, (nodeFs as unknown as { default: object }).default)).to.deep.equal([]);
  });

  it('has all of its promises', () => {
    expect(missingIn(kernel.fs.promises, nodeFs.promises)).to.deep.equal([]);
  });

  it('has all methods of its file handles, folders and streams', async () => {
    const nodes = await nodeFs.promises.open('/dev/null');
    kernel.fs.writeFileSync('/handle', '');
    const ours = await kernel.fs.promises.open('/handle');
    const namesOf = (object: object): string[] => Object.getOwnPropertyNames(Object.getPrototypeOf(object));
    for (const name of [...namesOf(nodes), 'close', 'on', 'fd'])
      if (name !== 'getAsyncId') expect(ours, name).to.have.property(name);
    await nodes.close();
    await ours.close();
    const folder = kernel.fs.opendirSync('/');
    for (const name of ['path', 'read', 'readSync', 'close', 'closeSync'])
      expect(folder, name).to.have.property(name);
    folder.closeSync();
    const stream = kernel.fs.createReadStream('/handle');
    expect(stream).to.be.instanceOf(kernel.fs.ReadStream).and.to.be.instanceOf(nodeFs.ReadStream);
    stream.destroy();
  });
});
