// SPDX-License-Identifier: BSD-2-Clause
// workloads.ts: what is measured of a network in the shape of node:net. Both sides are in this process, for all alike.
import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { KernelNet } from '../../ts/kernel/index.js';

/** One thing to measure; gives how much was done in about so many seconds, per second. */
export interface NetWorkload {
  name: string;
  unit: string;
  run: (net: KernelNet, seconds: number) => Promise<number>;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function connected(net: KernelNet, port: number): Promise<Socket> {
  const client = net.connect(port, '127.0.0.1');
  await once(client, 'connect');
  return client.setNoDelay();
}

async function close(server: Server, sockets: readonly Socket[]): Promise<void> {
  const closed = once(server, 'close');
  for (const socket of sockets) socket.destroy();
  server.close();
  await closed;
}

const mebi = 1024 * 1024;
const pieceBytes = 65_536;

/** MB of pieces of 64 KiB that arrive. */
async function throughput(net: KernelNet, seconds: number): Promise<number> {
  const accepted: Socket[] = [];
  let received = 0;
  const server = net.createServer((socket) => {
    accepted.push(socket);
    socket.on('data', (piece: Buffer) => (received += piece.length));
  });
  const client = await connected(net, await listen(server));
  const piece = Buffer.alloc(pieceBytes, 7);
  const from = performance.now();
  const until = from + seconds * 1000;
  while (performance.now() < until) {
    for (let sent = 0; sent < 4 * mebi; sent += pieceBytes)
      if (!client.write(piece)) await once(client, 'drain');
  }
  const rate = received / 1e6 / ((performance.now() - from) / 1000);
  await close(server, [client, ...accepted]);
  return rate;
}

/** Messages of 64 bytes there and back, on so many connections at once. */
function roundTrips(connections: number) {
  return async (net: KernelNet, seconds: number): Promise<number> => {
    const accepted: Socket[] = [];
    const server = net.createServer((socket) => {
      accepted.push(socket.setNoDelay());
      socket.on('data', (piece: Buffer) => socket.write(piece));
    });
    const port = await listen(server);
    const clients = await Promise.all(Array.from({ length: connections }, () => connected(net, port)));
    const message = Buffer.alloc(64, 1);
    const from = performance.now();
    const until = from + seconds * 1000;
    const counts = await Promise.all(
      clients.map(
        (client) =>
          new Promise<number>((resolve) => {
            let count = 0;
            client.on('data', () => {
              count++;
              if (performance.now() < until) client.write(message);
              else resolve(count);
            });
            client.write(message);
          }),
      ),
    );
    const rate = counts.reduce((sum, count) => sum + count, 0) / ((performance.now() - from) / 1000);
    await close(server, [...clients, ...accepted]);
    return rate;
  };
}

/** Requests of HTTP, answered with 100 bytes, on 16 connections that are kept. */
async function requests(net: KernelNet, seconds: number): Promise<number> {
  const body = Buffer.alloc(100, 'x');
  const httpServer = http.createServer((_request, response) => response.end(body));
  const server = net.createServer({ noDelay: true }, (socket) => httpServer.emit('connection', socket));
  const port = await listen(server);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
  Object.assign(agent, { createConnection: net.connect });
  const get = (): Promise<void> =>
    new Promise((resolve, reject) => {
      http
        .get({ port, host: '127.0.0.1', agent }, (response) => {
          response.resume().on('end', resolve);
        })
        .on('error', reject);
    });
  const from = performance.now();
  const until = from + seconds * 1000;
  let count = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < until) {
      await get();
      count++;
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  const rate = count / ((performance.now() - from) / 1000);
  agent.destroy();
  const closed = once(server, 'close');
  server.close();
  httpServer.closeAllConnections();
  await closed;
  return rate;
}

/** Connections that are made, say one byte and are closed, one after the other. */
async function connections(net: KernelNet, seconds: number): Promise<number> {
  const server = net.createServer((socket) => socket.end('x'));
  const port = await listen(server);
  const from = performance.now();
  const until = from + seconds * 1000;
  let count = 0;
  for (; performance.now() < until; count++) {
    const client = net.connect(port, '127.0.0.1');
    await once(client.resume(), 'close');
  }
  const rate = count / ((performance.now() - from) / 1000);
  await close(server, []);
  return rate;
}

export const netWorkloads: readonly NetWorkload[] = [
  { name: 'throughput', unit: 'MB/s', run: throughput },
  { name: '64-byte round trips, one connection', unit: '/s', run: roundTrips(1) },
  { name: '64-byte round trips, 64 connections', unit: '/s', run: roundTrips(64) },
  { name: 'HTTP requests, 16 kept connections', unit: '/s', run: requests },
  { name: 'connections made and closed', unit: '/s', run: connections },
];
