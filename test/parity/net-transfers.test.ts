// SPDX-License-Identifier: BSD-2-Clause
// net-transfers.test.ts: many bytes, both ways, between a fast side and a slow one. RUMPKIT_TRANSFER_MIB says how many
// in the largest transfer.
import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { KernelNet } from '../../ts/kernel/index.js';
import { seededBytes } from '../helpers/random.js';
import { describeNetworks, listenOn, makePair } from './net-subjects.js';

const mebibyte = 1024 * 1024;
const largestMebibytes = Number(process.env['RUMPKIT_TRANSFER_MIB'] ?? 256);

describeNetworks('transfers', (getNet) => {
  let net: KernelNet;
  before(() => {
    net = getNet();
  });

  /** Pieces of all sizes, so many bytes in all, and their hash. */
  const makeSource = (length: number): { source: Readable; digest: () => string } => {
    const bytes = seededBytes(7, 4 * mebibyte);
    const hash = createHash('sha256');
    const pieces = function* (): Generator<Buffer> {
      for (let done = 0, round = 1; done < length; round++) {
        const size = Math.min(((round * 7919) % 200_000) + 1, length - done);
        const from = (round * 104_729) % (bytes.length - 200_000);
        const piece = bytes.subarray(from, from + size);
        hash.update(piece);
        done += size;
        yield piece;
      }
    };
    return { source: Readable.from(pieces(), { objectMode: false }), digest: () => hash.digest('hex') };
  };
  // An iterator would destroy the socket, which still has something to send.
  const hashOf = async (socket: Readable): Promise<string> => {
    const hash = createHash('sha256');
    socket.on('data', (piece: Buffer) => hash.update(piece));
    await once(socket, 'end');
    return hash.digest('hex');
  };

  it(`carry ${largestMebibytes} MiB both ways at once`, async function () {
    this.timeout(300_000);
    const { client, server, end } = await makePair(net, {
      server: { allowHalfOpen: true },
      client: { allowHalfOpen: true },
    });
    const there = makeSource(largestMebibytes * mebibyte);
    const back = makeSource((largestMebibytes * mebibyte) / 2);
    const [, , got, gotBack] = await Promise.all([
      pipeline(there.source, client as Writable, { end: true }).catch(ignorePremature),
      pipeline(back.source, server as Writable, { end: true }).catch(ignorePremature),
      hashOf(server),
      hashOf(client),
    ]);
    expect([got, gotBack]).to.deep.equal([there.digest(), back.digest()]);
    await end();
  });

  it('stop the writer when nobody reads, and lose nothing', async () => {
    const { client, server, end } = await makePair(net);
    const piece = Buffer.alloc(mebibyte, 'y');
    let accepted = 0;
    let isOver = false;
    for (let round = 0; round < 64; round++) client.write(piece, () => !isOver && accepted++);
    await new Promise((resolve) => setTimeout(resolve, 100));
    isOver = true;
    expect(accepted).to.be.lessThan(40);
    expect(client.writableNeedDrain).to.equal(true);
    const drained = once(client, 'drain');
    let got = 0;
    server.on('data', (bytes: Buffer) => (got += bytes.length));
    await drained;
    client.end();
    await once(server, 'end');
    expect([got, client.bytesWritten, server.bytesRead]).to.deep.equal(Array(3).fill(64 * mebibyte));
    await end();
  });

  it('go through pipes to a slow reader', async function () {
    this.timeout(60_000);
    const listener = net.createServer({ allowHalfOpen: true }, (socket) => {
      pipeline(socket, new PassThrough({ highWaterMark: 100 }), socket).catch(() => undefined);
    });
    const port = await listenOn(listener);
    const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const { source, digest } = makeSource(8 * mebibyte);
    source.pipe(client);
    const hash = createHash('sha256');
    const slow = new Writable({
      highWaterMark: 1000,
      write: (piece: Buffer, _encoding, done) => {
        hash.update(piece);
        setImmediate(done);
      },
    });
    await pipeline(client as Readable, slow);
    expect(hash.digest('hex')).to.equal(digest());
    listener.close();
  });

  it('tell a pipeline that the other side broke off', async () => {
    const { client, server, end } = await makePair(net);
    const piped = pipeline(client as Readable, new PassThrough().resume());
    server.write('some');
    await new Promise((resolve) => setTimeout(resolve, 20));
    server.resetAndDestroy();
    const error = await piped.then(
      () => undefined,
      (failure: unknown) => failure as NodeJS.ErrnoException,
    );
    expect(error?.code).to.equal('ECONNRESET');
    await end();
  });

  it('keep small pieces in order on many connections', async function () {
    this.timeout(60_000);
    const listener = net.createServer((socket) => socket.pipe(socket));
    const port = await listenOn(listener);
    const talk = async (name: number): Promise<void> => {
      const client: Socket = net.connect(port, '127.0.0.1');
      client.setNoDelay();
      for (let round = 0; round < 50; round++) {
        const text = `${name}.${round};`;
        client.write(text.slice(0, 2));
        client.write(text.slice(2));
        let answer = '';
        while (answer.length < text.length) answer += String((await once(client, 'data'))[0]);
        expect(answer).to.equal(text);
      }
      client.end();
      await once(client.resume(), 'close');
    };
    await Promise.all(Array.from({ length: 40 }, (_, name) => talk(name)));
    listener.close();
  });
});

/** A pipeline into a half of a socket ends before the other half does. */
function ignorePremature(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}
