// SPDX-License-Identifier: BSD-2-Clause
// client.ts: starts a guest whose words are in GUEST (JSON), measures it as its clients see it, prints the rates as JSON.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandPlan } from '../../ts/exec/command-plan.js';

const address = '10.0.2.15';
const seconds = Number(process.env['RUMPKIT_BENCH_SECONDS'] ?? 3);

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, address);
  await once(socket, 'connect');
  return socket;
}

async function untilItServes(): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    try {
      (await connected(80)).destroy();
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error('the guest does not serve');
}

/** MB/s that the guest sends. */
async function download(): Promise<number> {
  const socket = await connected(5002);
  let bytes = 0;
  socket.on('data', (piece) => (bytes += piece.length));
  await sleep(300);
  bytes = 0;
  const from = performance.now();
  await sleep(seconds * 1000);
  const rate = bytes / 1e6 / ((performance.now() - from) / 1000);
  socket.destroy();
  return rate;
}

/** MB/s that the guest takes. */
async function upload(): Promise<number> {
  const socket = await connected(5001);
  const piece = Buffer.alloc(65_536, 7);
  const send = (): void => {
    if (!socket.destroyed) socket.write(piece, send);
  };
  send();
  await sleep(300);
  const before = socket.bytesWritten;
  const from = performance.now();
  await sleep(seconds * 1000);
  const rate = (socket.bytesWritten - before) / 1e6 / ((performance.now() - from) / 1000);
  socket.destroy();
  return rate;
}

/** HTTP requests per second on so many kept connections, by wrk. */
function requests(connections: number): number {
  const words = ['-t1', `-c${connections}`, `-d${seconds}`, '--timeout', '10', `http://${address}/`];
  const output = execFileSync('wrk', words, { encoding: 'utf8' });
  if (/Socket errors|Non-2xx/.test(output)) throw new Error(output);
  return Number(/Requests\/sec:\s*([\d.]+)/.exec(output)?.[1]);
}

const plan = JSON.parse(process.env['GUEST'] ?? '') as CommandPlan;
const guest = spawn(plan.command, plan.args, { stdio: ['ignore', 'ignore', 'inherit'] });
try {
  await untilItServes();
  const rates = [requests(1), requests(64), await download(), await upload()];
  process.stdout.write(`${JSON.stringify(rates)}\n`);
} finally {
  guest.kill('SIGKILL');
}
