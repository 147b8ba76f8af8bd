// SPDX-License-Identifier: BSD-2-Clause
// pipes.test.ts: named pipes, on a folder of the host and on images that other programs made of it: calls wait for the
// other end as node:fs's do, on whatever file system the pipe has its name.
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import * as nodeFs from 'node:fs';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Kernel } from '../../ts/kernel/index.js';
import { seededBytes } from '../helpers/random.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { imageKinds, kernelSubject, nodeSubject, type Subject } from './subjects.js';

const contents = seededBytes(9, 1_000_000);

describe('named pipes', function () {
  this.timeout(120_000);
  const tree = makeScratchFolder('pipes');
  before(() => {
    nodeFs.writeFileSync(join(tree, 'file'), '');
    execFileSync('mkfifo', ['-m', '640', join(tree, 'pipe')]);
  });

  describePipes('node:fs', () => Promise.resolve({ subject: nodeSubject(tree) }));
  for (const kind of imageKinds) describePipes(`kernel.fs on ${kind.name}`, () => kernelSubject(tree, kind));
});

function describePipes(title: string, make: () => Promise<{ subject: Subject; kernel?: Kernel }>): void {
  describe(title, () => {
    let fs: Subject['fs'];
    let pipe: string;
    let kernel: Kernel | undefined;
    before(async () => {
      const made = await make();
      ({ fs } = made.subject);
      ({ kernel } = made);
      pipe = join(made.subject.root, 'pipe');
    });
    after(() => kernel?.shutdown());

    it('say what they are', () => {
      const stats = fs.statSync(pipe);
      expect([stats.isFIFO(), stats.isFile(), stats.size, stats.mode & 0o7777]).to.deep.equal([
        true,
        false,
        0,
        0o640,
      ]);
    });

    it('bring what is written at one end to the other', async () => {
      const [read] = await Promise.all([fs.promises.readFile(pipe), fs.promises.writeFile(pipe, contents)]);
      expect(read.equals(contents)).to.equal(true);
    });

    it('join streams', async () => {
      const pieces: Buffer[] = [];
      const reader = fs.createReadStream(pipe);
      const writer = fs.createWriteStream(pipe);
      await Promise.all([
        pipeline(reader, async (source: AsyncIterable<Buffer>) => {
          for await (const piece of source) pieces.push(piece);
        }),
        pipeline([contents.subarray(0, 300_000), contents.subarray(300_000)], writer),
      ]);
      expect(Buffer.concat(pieces).equals(contents)).to.equal(true);
    });

    it('do not wait where that is asked for', () => {
      const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
      expect(() => fs.openSync(pipe, O_WRONLY | O_NONBLOCK)).to.throw('ENXIO');
      const reader = fs.openSync(pipe, O_RDONLY | O_NONBLOCK);
      const writer = fs.openSync(pipe, O_WRONLY | O_NONBLOCK);
      const bytes = Buffer.alloc(10);
      expect(() => fs.readSync(reader, bytes)).to.throw('EAGAIN');
      expect(fs.writeSync(writer, 'text')).to.equal(4);
      expect(() => fs.readSync(reader, bytes, 0, 10, 0)).to.throw('ESPIPE');
      expect(fs.readSync(reader, bytes)).to.equal(4);
      fs.closeSync(reader);
      expect(() => fs.writeSync(writer, 'text')).to.throw('EPIPE');
      fs.closeSync(writer);
    });
  });
}

describe('a named pipe when its kernel ends', () => {
  it('fails whoever waits for the other end', async () => {
    const tree = makeScratchFolder('pipes');
    execFileSync('mkfifo', [join(tree, 'pipe')]);
    const [kind] = imageKinds;
    if (kind === undefined) throw new Error('there are no images');
    const { subject, kernel } = await kernelSubject(tree, kind);
    const opening = subject.fs.promises.open(`${subject.root}/pipe`).catch((error: unknown) => error);
    await subject.fs.promises.stat(subject.root);
    await kernel.shutdown();
    expect(await opening).to.be.instanceOf(Error);
  });
});
