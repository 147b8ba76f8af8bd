// SPDX-License-Identifier: BSD-2-Clause
// net-subjects.ts: what the network suites run on: node:net on the host's loopback, kernel.net on a kernel's. An
// expectation that Node does not meet is wrong.
import { expect } from 'chai';
import { once } from 'node:events';
import * as nodeDgram from 'node:dgram';
import * as nodeNet from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { boot, type Kernel, type KernelDgram, type KernelNet } from '../../ts/kernel/index.js';

/** Boots a kernel with TCP/IP. */
export function bootNetwork(): Promise<Kernel> {
  return boot({ components: ['net/inet'] });
}

/** Declares a suite for both. */
export function describeNetworks(title: string, declare: (getNet: () => KernelNet) => void): void {
  describe(`${title}: node:net`, () => {
    declare(() => nodeNet);
  });
  describe(`${title}: kernel.net`, () => {
    let kernel: Kernel;
    before(async function () {
      this.timeout(300_000);
      kernel = await bootNetwork();
    });
    after(() => kernel.shutdown());
    declare(() => kernel.net);
  });
}

/** Declares a suite for sockets of UDP of both. */
export function describeDatagrams(title: string, declare: (getDgram: () => KernelDgram) => void): void {
  describe(`${title}: node:dgram`, () => {
    declare(() => nodeDgram);
  });
  describe(`${title}: kernel.dgram`, () => {
    let kernel: Kernel;
    before(async function () {
      this.timeout(300_000);
      kernel = await bootNetwork();
    });
    after(() => kernel.shutdown());
    declare(() => kernel.dgram);
  });
}

/** Starts a server on the loopback; gives its port. */
export async function listenOn(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Two ends of a connection, and the server that took it. */
export interface Pair {
  client: Socket;
  server: Socket;
  listener: Server;
  /** Ends what is left. */
  end: () => Promise<void>;
}

/** Connects. */
export async function makePair(
  net: KernelNet,
  options: { server?: nodeNet.ServerOpts; client?: object } = {},
): Promise<Pair> {
  const listener = net.createServer(options.server ?? {});
  const port = await listenOn(listener);
  const accepted = once(listener, 'connection') as Promise<[Socket]>;
  const client = net.connect({ port, host: '127.0.0.1', ...options.client });
  await once(client, 'connect');
  const [server] = await accepted;
  const end = async (): Promise<void> => {
    const closed = once(listener, 'close');
    client.on('error', () => undefined).destroy();
    server.on('error', () => undefined).destroy();
    listener.close();
    await closed;
  };
  return { client, server, listener, end };
}

/** The error that an emitter emits. */
export async function errorOf(
  emitter: NodeJS.EventEmitter,
): Promise<NodeJS.ErrnoException & Record<string, unknown>> {
  const [error] = (await once(emitter, 'error')) as [NodeJS.ErrnoException & Record<string, unknown>];
  return error;
}

/** The arguments of a close, whether or not there is an error before. */
export function closeOf(emitter: NodeJS.EventEmitter): Promise<unknown[]> {
  return new Promise((resolve) => {
    emitter.once('close', (...args: unknown[]) => {
      resolve(args);
    });
  });
}

/** What a stream gives until its end. */
export async function textOf(socket: Socket): Promise<string> {
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  await once(socket, 'end');
  return Buffer.concat(pieces).toString();
}

/** Writes down which events come, in which order. */
export function record(
  name: string,
  emitter: NodeJS.EventEmitter,
  events: readonly string[],
  log: string[],
): void {
  for (const event of events) {
    emitter.on(event, (...args: unknown[]) => {
      const shown = args.filter((arg) => typeof arg === 'boolean' || arg instanceof Error);
      log.push(
        [
          name,
          event,
          ...shown.map((arg) => (arg instanceof Error ? (arg as NodeJS.ErrnoException).code : arg)),
        ].join(' '),
      );
    });
  }
}

/** Does something on both networks; expects the same of both, and gives it. */
export async function onBoth<T>(kernel: Kernel, work: (net: KernelNet) => Promise<T>): Promise<T> {
  const expected = await work(nodeNet);
  expect(await work(kernel.net)).to.deep.equal(expected);
  return expected;
}
