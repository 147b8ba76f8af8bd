// SPDX-License-Identifier: BSD-2-Clause
// flush.test.ts: a flush that the kernel asks for reaches the device, once and in its place; none is sent in vain.
import { expect } from 'chai';
import { guestImage, makePatternDisk, testedMachines } from './guests.js';
import { runLogged, type LoggedRequest } from './write-log.js';

describe('bare metal: flushes', function () {
  this.timeout(120_000);

  for (const machine of testedMachines) {
    it(`${machine}: a disk with a cache is flushed once after what was written, and not otherwise`, async () => {
      const disk = makePatternDisk(`${machine}.flushed`, 1024 * 1024);
      const { record, requests } = await runLogged(await guestImage('flush'), disk, { machine });
      expect(record).to.deep.equal({ kind: 'exit', status: 0 });
      expect(requests.map(describeRequest)).to.deep.equal(['a', 'b', 'flush', 'c', 'flush', 'd']);
    });
  }

  // QEMU then flushes its own file, which the log shows as well; the device has completed four writes and no more.
  it('a disk that writes through is sent no flush', async () => {
    const disk = makePatternDisk('through.flushed', 1024 * 1024);
    const { requests, completed } = await runLogged(await guestImage('flush'), disk, {}, false);
    expect(requests.map(describeRequest).filter((each) => each !== 'flush')).to.deep.equal([
      'a',
      'b',
      'c',
      'd',
    ]);
    expect(completed).to.equal(4);
    const cached = makePatternDisk('cached.flushed', 1024 * 1024);
    expect((await runLogged(await guestImage('flush'), cached)).completed).to.equal(6);
  });
});

function describeRequest(request: LoggedRequest): string {
  if (request.kind === 'flush') return 'flush';
  const letter = String.fromCharCode(request.data[0] ?? 0);
  const position = letter.charCodeAt(0) - 'a'.charCodeAt(0);
  expect(request.offset).to.equal(position * 512);
  expect(request.data.equals(Buffer.alloc(512, letter))).to.equal(true);
  return letter;
}
