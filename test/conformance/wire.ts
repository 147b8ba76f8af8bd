// SPDX-License-Identifier: BSD-2-Clause
// wire.ts: a kernel and a station on one bus, for each file of the set. KTEST_KERNEL is the
// shared object of another kernel, as one that was built with sanitizers.
import { join } from 'node:path';
import type { Socket } from 'node:net';
import { boot, type Kernel } from '../../ts/kernel/index.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { Station } from '../helpers/wire/station.js';
import { TcpPeer } from '../helpers/wire/tcp-peer.js';

export interface Wire {
  kernel: Kernel;
  station: Station;
}

const sharedObject = process.env['KTEST_KERNEL'];
const kernelAddresses = { ip4: '10.0.0.1', ip6: 'fd00::1' };
export const stationAddresses = { mac: '02:00:00:00:00:02', ip4: '10.0.0.2', ip6: 'fd00::2' };

/** Registers hooks; the function gives the kernel and the station. */
export function useWire(): () => Wire {
  let wire: Wire | undefined;
  before(async function () {
    this.timeout(300_000);
    const kernel = await boot(
      sharedObject === undefined ? { components: ['net/inet', 'net/virtif'] } : { sharedObject },
    );
    const path = join(makeScratchFolder('wire'), 'bus');
    const { ip4, ip6 } = kernelAddresses;
    await kernel.interfaces.add({ type: 'bus', path, addresses: [`${ip4}/24`, `${ip6}/64`] });
    const station = await Station.join(path, stationAddresses, kernelAddresses);
    await station.learn6();
    wire = { kernel, station };
  });
  after(async () => {
    wire?.station.leave();
    await wire?.kernel.shutdown();
  });
  return () => {
    if (wire === undefined) throw new Error('there is no wire yet');
    return wire;
  };
}

let nextPort = 3000;

/** A server's connection: both of its ends. */
export interface Connection {
  peer: TcpPeer;
  socket: Socket;
  /** What the socket has read, as text. */
  text: () => string;
  /** Waits until the socket has read so much. */
  read: (length: number) => Promise<string>;
  /** Errors of the socket, and its end. */
  events: string[];
}

/** What a socket does, noted. */
export function follow(socket: Socket): Pick<Connection, 'text' | 'read' | 'events'> {
  let bytes = '';
  const events: string[] = [];
  socket.on('data', (piece: Buffer) => (bytes += piece.toString('latin1')));
  socket.on('error', (error: NodeJS.ErrnoException) => events.push(error.code ?? error.message));
  socket.on('end', () => events.push('end'));
  socket.on('close', () => events.push('close'));
  const read = async (length: number): Promise<string> => {
    while (bytes.length < length && !events.includes('close'))
      await new Promise((resolve) => setTimeout(resolve, 2));
    return bytes;
  };
  return { text: () => bytes, read, events };
}

/** Waits for an event that follow() notes. */
export async function happens(events: readonly string[], what: string): Promise<void> {
  const end = Date.now() + 30_000;
  while (!events.includes(what)) {
    if (Date.now() > end) throw new Error(`${what} did not happen, but ${events.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A server of the kernel that nobody else uses; its port. */
export async function serve(kernel: Kernel, onSocket: (socket: Socket) => void): Promise<number> {
  const port = nextPort++;
  await new Promise<void>((resolve) => {
    kernel.net.createServer({ allowHalfOpen: true }, onSocket).listen(port, '::', resolve);
  });
  return port;
}

/** Opens a connection by hand to a server of the kernel. */
export async function connection(
  { kernel, station }: Wire,
  how: { options?: Buffer; version?: 4 | 6; window?: number } = {},
): Promise<Connection> {
  let socket: Socket | undefined;
  let notes: Pick<Connection, 'text' | 'read' | 'events'> | undefined;
  const port = await serve(kernel, (made) => {
    socket = made;
    notes = follow(made);
  });
  const peer = new TcpPeer(station, port, how.version === undefined ? {} : { version: how.version });
  if (how.window !== undefined) peer.window = how.window;
  await peer.open(how.options);
  while (socket === undefined || notes === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
  return { peer, socket, ...notes };
}

/** A connection that the kernel makes, to a port of the station that answers. */
export async function called({ kernel, station }: Wire, options?: Buffer): Promise<Connection> {
  const port = nextPort++;
  const socket = kernel.net.connect({ port, host: station.addresses.ip4, allowHalfOpen: true });
  const notes = follow(socket);
  const peer = await TcpPeer.accept(station, port, options);
  return { peer, socket, ...notes };
}
