// SPDX-License-Identifier: BSD-2-Clause
// trees.ts: folders of the host with known contents, from which images are made.
import { chmodSync, lutimesSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeScratchFolder } from './scratch.js';
import { seededBytes } from './random.js';

/** The size of the large file of the full tree, in bytes. */
export const largeFileBytes = 32 * 1024 * 1024;

/** A name as long as Rock Ridge and Linux allow, nearly. */
export const longName = `long-${'n'.repeat(200)}.txt`;

/** Names beyond ASCII, of one to four bytes per character. */
export const unicodeNames = ['grüße.txt', 'имя файла.txt', '名前.txt', 'rocket-🚀.txt'];

const deepFolder = 'deep/' + Array.from({ length: 12 }, (_, level) => `level-${level}`).join('/');
const sizes = [0, 1, 2047, 2048, 2049, 65_535, 65_537];

/** Whole seconds, because that is what Rock Ridge keeps. */
const fixedTimeSeconds = 1_700_000_000;

/** Deep folders, long names, links, UTF-8 names, sizes around the block size, and unless told otherwise a large file. */
export function makeFullTree(withLargeFile = true): string {
  const root = makeScratchFolder('tree');
  write(root, 'hello.txt', 'hello, world\n');
  write(root, `${deepFolder}/bottom.txt`, 'deep down\n');
  write(root, longName, 'a long name\n');
  for (const name of unicodeNames) write(root, `unicode/${name}`, `${name}\n`);
  for (const size of sizes) write(root, `sizes/${size}.bin`, seededBytes(size, size));
  for (let index = 0; index < 300; index++)
    write(root, `many/file-${index}-with-a-longer-name.txt`, `${index}\n`);
  mkdirSync(join(root, 'empty'));
  makeLinks(root);
  writeFileSync(join(root, 'private.txt'), 'mine\n');
  chmodSync(join(root, 'private.txt'), 0o600);
  writeFileSync(join(root, 'script.sh'), '#!/bin/sh\n');
  chmodSync(join(root, 'script.sh'), 0o755);
  if (withLargeFile) write(root, 'large.bin', seededBytes(32, largeFileBytes));
  fixTimes(root);
  return root;
}

function makeLinks(root: string): void {
  mkdirSync(join(root, 'links'));
  const links: [string, string][] = [
    ['to-file', '../hello.txt'],
    ['to-folder', '../sizes'],
    ['to-link', 'to-file'],
    ['dangling', '../nothing-here'],
    ['loop-a', 'loop-b'],
    ['loop-b', 'loop-a'],
    ['up-and-down', '../links/../deep/level-0/../level-0'],
    ['long', `../${longName}`],
  ];
  for (const [name, target] of links) symlinkSync(target, join(root, 'links', name));
}

/** Only what ISO 9660 itself can say: short lower-case names, few levels, no links. */
export function makePlainTree(): string {
  const root = makeScratchFolder('plain');
  write(root, 'hello.txt', 'hello, world\n');
  write(root, 'dir1/dir2/dir3/inner.txt', 'inside\n');
  write(root, 'dir1/data.bin', seededBytes(7, 100_000));
  write(root, 'empty.dat', '');
  for (let index = 0; index < 100; index++) write(root, `many/f${index}.txt`, `${index}\n`);
  fixTimes(root);
  return root;
}

function write(root: string, name: string, contents: string | Buffer): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), contents);
}

function fixTimes(root: string): void {
  for (const name of readdirSync(root, { withFileTypes: true })) {
    const path = join(root, name.name);
    if (name.isDirectory()) fixTimes(path);
    lutimesSync(path, fixedTimeSeconds, fixedTimeSeconds);
  }
  lutimesSync(root, fixedTimeSeconds, fixedTimeSeconds);
}

/** A little of everything, for images that are to be damaged: nearly all that is not zero is structure. */
export function makeSmallTree(): string {
  const root = makeScratchFolder('small');
  write(root, 'hello.txt', 'hello, world\n');
  write(root, 'deep/a/b/c/d/e/f/g/h/i/bottom.txt', 'deep down\n');
  write(root, longName, 'a long name\n');
  write(root, `unicode/${unicodeNames[1] ?? ''}`, 'name\n');
  write(root, 'data.bin', Buffer.alloc(70_000));
  for (let index = 0; index < 40; index++)
    write(root, `many/file-${index}-with-a-longer-name.txt`, `${index}\n`);
  makeLinks(root);
  fixTimes(root);
  return root;
}
