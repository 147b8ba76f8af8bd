// SPDX-License-Identifier: BSD-2-Clause
// reading.test.ts: the suite on node:fs and on kernel.fs with images of the same tree that other programs made, and the
// calls one by one.
import { expect } from 'chai';
import { inspect } from 'node:util';
import type { Kernel } from '../../ts/kernel/index.js';
import { makeFullTree } from '../helpers/trees.js';
import { calls, reads } from './calls.js';
import { functionOf, outcomeOf, type Form } from './compare.js';
import { describeFileSystem } from './suite.js';
import { imageKinds, kernelSubject, nodeSubject, type Subject } from './subjects.js';

for (const kind of imageKinds) {
  describe(`an image with ${kind.name}`, function () {
    this.timeout(300_000);
    let kernel: Kernel;
    let ours: Subject;
    let nodes: Subject;

    before(async () => {
      const tree = makeFullTree();
      nodes = nodeSubject(tree);
      ({ subject: ours, kernel } = await kernelSubject(tree, kind));
    });
    after(() => kernel.shutdown());

    describeFileSystem('node:fs', () => nodes);
    describeFileSystem('kernel.fs', () => ours);

    for (const form of ['sync', 'promise', 'callback'] satisfies Form[]) {
      it(`gives what node:fs gives, call by call (${form})`, async () => {
        const differences: string[] = [];
        let compared = 0;
        for (const call of calls) {
          if (
            functionOf(nodes.fs, form, call.name) === undefined ||
            functionOf(ours.fs, form, call.name) === undefined
          )
            continue;
          // Node 20 leaves the path out of opendirSync's errors, and only there.
          if (form === 'sync' && call.name === 'opendir') continue;
          // Node 20 has nothing good to say about a callback for a descriptor that is not open.
          if (form === 'callback' && call.name === 'readFile' && typeof call.args[0] === 'number') continue;
          const [expected, got] = [await outcomeOf(nodes, form, call), await outcomeOf(ours, form, call)];
          compared++;
          if (inspect(expected, { depth: 9 }) !== inspect(got, { depth: 9 })) {
            differences.push(
              `${inspect(call)}\n  node:fs   ${inspect(expected)}\n  kernel.fs ${inspect(got)}`,
            );
          }
        }
        expect(compared).to.be.greaterThan(300);
        expect(differences, differences.join('\n')).to.deep.equal([]);
      });
    }

    it('reads into buffers as node:fs does, argument by argument', () => {
      const differences: string[] = [];
      for (const args of reads) {
        const [expected, got] = [readOutcome(nodes, args), readOutcome(ours, args)];
        if (inspect(expected) !== inspect(got)) {
          differences.push(
            `read ${inspect(args)}\n  node:fs   ${inspect(expected)}\n  kernel.fs ${inspect(got)}`,
          );
        }
      }
      expect(differences, differences.join('\n')).to.deep.equal([]);
    });
  });
}

function readOutcome({ fs, root }: Subject, args: readonly unknown[]): unknown {
  const fd = fs.openSync(`${root}/hello.txt`, 'r');
  const buffer = Buffer.alloc(20);
  const given = args.map((arg, index) => (index === 0 && arg === null ? buffer : arg));
  try {
    const count = (fs.readSync as (...all: unknown[]) => number)(fd, ...given);
    return { count, bytes: buffer.toString('latin1') };
  } catch (error) {
    const { name, message, code } = error as NodeJS.ErrnoException;
    return { name, message, code };
  } finally {
    fs.closeSync(fd);
  }
}
