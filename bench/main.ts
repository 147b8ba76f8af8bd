// SPDX-License-Identifier: BSD-2-Clause
// main.ts: all benchmarks, one after the other: `npm run bench`, with --json for scripts and --markdown for the page
// docs/performance.md.
import { benchBoot, formatBootResults } from './boot.js';
import { benchFs, formatFsResults } from './fs.js';
import { markdownPage } from './markdown.js';
import { benchNetImage } from './net-image.js';
import { benchNet, formatNetResults } from './net.js';

const isJson = process.argv.includes('--json');
const files = await benchFs();
const net = await benchNet();
const netImage = await benchNetImage();
const boot = await benchBoot();
if (isJson) {
  process.stdout.write(`${JSON.stringify({ fs: files, net, netImage, boot })}\n`);
} else if (process.argv.includes('--markdown')) {
  process.stdout.write(markdownPage(files, net, netImage, boot));
} else {
  process.stdout.write(`kernel.fs, one run\n\n${formatFsResults(files)}\n\n`);
  process.stdout.write(`kernel.net, one run\n\n${formatNetResults(net)}\n\n`);
  process.stdout.write(
    `A server in an image and on Linux\n\n${formatNetResults(netImage, ['image', 'Linux'])}\n\n`,
  );
  process.stdout.write(`QEMU (tcg) to the program's first output\n\n${formatBootResults(boot)}\n`);
}
