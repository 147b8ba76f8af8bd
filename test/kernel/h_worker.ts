// SPDX-License-Identifier: BSD-2-Clause
// h_worker.ts: a worker thread that boots a kernel, reads a file, and then only waits to be stopped.
import { parentPort, workerData } from 'node:worker_threads';
import { boot } from '../../ts/kernel/index.js';

const { image, sharedObject } = workerData as { image: string; sharedObject: string };
const kernel = await boot({ sharedObject });
await kernel.mount({ type: 'cd9660', image, at: '/mnt' });
parentPort?.postMessage(kernel.fs.readFileSync('/mnt/hello.txt', 'utf8'));
setInterval(() => undefined, 1000);
