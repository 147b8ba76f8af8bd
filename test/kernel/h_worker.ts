// SPDX-License-Identifier: BSD-2-Clause
// h_worker.ts: a worker thread that boots a kernel, reads a file, and then waits to be stopped or ends
// with calls under way.
import { parentPort, workerData } from 'node:worker_threads';
import { boot } from '../../ts/kernel/index.js';

const { image, sharedObject, end } = workerData as Record<'image' | 'sharedObject' | 'end', string>;
const kernel = await boot({ sharedObject });
await kernel.mount({ type: 'cd9660', image, at: '/mnt' });
parentPort?.postMessage(kernel.fs.readFileSync('/mnt/hello.txt', 'utf8'));
if (end !== 'wait') {
  for (let call = 0; call < 50; call++)
    void kernel.fs.promises.readFile('/mnt/hello.txt').catch(() => undefined);
}
if (end === 'exit') process.exit(4);
if (end === 'throw') throw new Error('on purpose');
setInterval(() => end === 'read' && kernel.fs.readdirSync('/mnt'), 1);
