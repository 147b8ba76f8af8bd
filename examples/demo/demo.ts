// SPDX-License-Identifier: BSD-2-Clause
// demo.ts: npm run demo: an unmodified BSD driver reads a disk, in two booted images and in this process.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderError } from '../../ts/cli/render/error.js';
import { renderTable } from '../../ts/cli/render/table.js';
import { composeKernel, type BakedImage } from '../../ts/index.js';
import { bakeGuests, bootGuest, type DemoBoot, type DemoGuest } from './guests.js';
import { readInNode } from './in-node.js';
import { makeIso, makeTree, readTree } from './iso-tree.js';

const machines = ['microvm', 'q35'] as const;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Bytes that components add to the file. */
function bytesOf(image: BakedImage, isCounted: (component: string) => boolean): number {
  return image.layout.sizes
    .filter(({ component }) => isCounted(component))
    .reduce((sum, { text, rodata, data }) => sum + text + rodata + data, 0);
}

function imageTable(guests: readonly DemoGuest[]): string {
  const base = new Set(['kern', 'vfs', 'dev']);
  const rows = guests.map(({ name, image }) => [
    name,
    image.bytes,
    bytesOf(image, (component) => component === 'fs/cd9660'),
    bytesOf(image, (component) => base.has(component)),
    bytesOf(image, (component) => component.startsWith('glue/')),
    bytesOf(image, (component) => component === 'program'),
  ]);
  return renderTable(['image', 'bytes', 'driver', 'base', 'host', 'program'], rows);
}

function bootTable(boots: readonly DemoBoot[]): string {
  const rows = boots.map(({ guest, machine, bootMs, filesVerified }) => [
    guest,
    machine,
    `${bootMs.toFixed(0)} ms`,
    filesVerified,
  ]);
  return renderTable(['booted', 'on', 'to first output', 'files verified'], rows);
}

async function demo(folder: string): Promise<void> {
  const tree = join(folder, 'tree');
  const iso = join(folder, 'data.iso');
  say('Making an ISO image with xorriso');
  makeTree(tree);
  makeIso(tree, iso);
  const contents = readTree(tree);
  say('Baking iso-cat and busybox with fs/cd9660');
  const guests = await bakeGuests(folder, contents);
  const boots: DemoBoot[] = [];
  for (const machine of machines) {
    for (const guest of guests) {
      say(`Booting ${guest.name} on ${machine}`);
      boots.push(await bootGuest(guest, machine, iso, contents));
    }
  }
  say('Reading the same files in Node');
  await composeKernel({ components: ['fs/cd9660'] });
  const reading = await readInNode(iso, contents);
  const { filesVerified, linksVerified, bootMs, readMs } = reading;
  say(`\n${imageTable(guests)}\n${bootTable(boots)}`);
  say(
    `in Node: kernel up and disk mounted in ${bootMs.toFixed(0)} ms; ${filesVerified} files and ${linksVerified} links verified in ${readMs.toFixed(0)} ms`,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'rumpkit-demo-'));
try {
  await demo(folder);
} catch (error) {
  process.stderr.write(renderError(error, false));
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
