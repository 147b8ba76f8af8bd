// SPDX-License-Identifier: BSD-2-Clause
// iso-tree.ts: a tree of files that is not easy on a file system, its checksums, and the ISO image made of it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What there is in a tree, by path inside of it. */
export interface TreeContents {
  /** SHA-256 of each file. */
  files: ReadonlyMap<string, string>;
  /** Target of each symbolic link. */
  links: ReadonlyMap<string, string>;
}

const largeFileBytes = 32 * 1024 * 1024;
const links = {
  'to-file': 'docs/read me.txt',
  'docs/up': '../bücher/Ünïcödé – 日本語.txt',
  dangling: 'no/such/file',
};

/** Makes the tree in a folder: deep folders, long names, UTF-8, links, an empty and a large file. */
export function makeTree(folder: string): void {
  const deep = Array.from({ length: 12 }, (_, level) => `level-${level}`).join('/');
  const files: Record<string, string | Buffer> = {
    empty: '',
    'docs/read me.txt': 'Read by a BSD file-system driver.\n',
    'docs/one-block': Buffer.alloc(2048, 'b'),
    'docs/one-block-and-a-byte': Buffer.alloc(2049, 'c'),
    'bücher/Ünïcödé – 日本語.txt': 'Names are UTF-8.\n',
    [`${deep}/bottom.txt`]: 'Deeper than ISO 9660 allows without Rock Ridge.\n',
    [`names/${'long-'.repeat(40)}name.txt`]: 'A name of 208 bytes.\n',
    'large.bin': pseudoRandomBytes(largeFileBytes),
  };
  for (let number = 0; number < 60; number++) files[`many/file-${number}.txt`] = `file ${number}\n`;
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), contents);
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder, name));
}

/** Makes an ISO image with Rock Ridge of a tree. */
export function makeIso(tree: string, iso: string): void {
  execFileSync('xorriso', ['-as', 'mkisofs', '-quiet', '-R', '-V', 'RUMPKIT', '-o', iso, tree], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** What the tree holds, as the host sees it. */
export function readTree(folder: string): TreeContents {
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(path.slice(folder.length + 1), sha256(readFileSync(path)));
  }
  return { files, links: new Map(Object.entries(links)) };
}

/** SHA-256 in hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Bytes that no compression or read-ahead guesses, the same each time (xorshift32). */
function pseudoRandomBytes(length: number): Buffer {
  const words = new Uint32Array(length / 4);
  let state = 0x9e3779b9;
  for (let index = 0; index < words.length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  return Buffer.from(words.buffer);
}
