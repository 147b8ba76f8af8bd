// SPDX-License-Identifier: BSD-2-Clause
// calls.ts: a list of calls to compare one by one, as data: names and arguments, the same for both file systems.
import { longName, unicodeNames } from '../helpers/trees.js';

/** One call: the function's name without "Sync", and its arguments; "@/x" is x in the tree. */
export interface Call {
  name: string;
  args: readonly unknown[];
}

const paths: readonly unknown[] = [
  '@',
  '@/',
  '@/hello.txt',
  '@/hello.txt/',
  '@/hello.txt/below',
  '@/.',
  '@/deep/..',
  '@//deep//level-0/',
  '@/empty',
  '@/many',
  '@/sizes/0.bin',
  '@/sizes/2049.bin',
  `@/${longName}`,
  `@/${'x'.repeat(256)}`,
  `@/${'deep/../'.repeat(60)}hello.txt`,
  `@/unicode/${unicodeNames[3] ?? ''}`,
  Buffer.from('@/unicode/grüße.txt'),
  '@/links',
  '@/links/to-file',
  '@/links/to-folder',
  '@/links/to-folder/',
  '@/links/to-folder/1.bin',
  '@/links/to-link',
  '@/links/dangling',
  '@/links/loop-a',
  '@/links/loop-a/x',
  '@/links/up-and-down',
  '@/private.txt',
  '@/script.sh',
  '@/missing',
  '@/missing/below',
  '',
];

const wrongPaths: readonly unknown[] = [
  undefined,
  null,
  987_654,
  {},
  [],
  true,
  '@/with\0nul',
  Buffer.from('/with\0nul'),
  new URL('http://example.org/x'),
  new URL('file:///a%2fb'),
];

const wrongDescriptors: readonly unknown[] = [
  undefined,
  null,
  -1,
  1.5,
  'x',
  2 ** 31,
  Number.NaN,
  1_000_000,
  {},
];

const onPaths: readonly (readonly unknown[])[] = [
  ['stat'],
  ['stat', { bigint: true }],
  ['lstat'],
  ['lstat', { bigint: true }],
  ['access'],
  ['access', 4],
  ['readlink'],
  ['readlink', 'buffer'],
  ['realpath'],
  ['readdir'],
  ['readdir', { encoding: 'buffer' }],
  ['readdir', { withFileTypes: true }],
  ['readFile'],
  ['readFile', 'base64'],
  ['opendir'],
];

const others: readonly (readonly unknown[])[] = [
  ['exists', '@/hello.txt'],
  ['exists', '@/missing'],
  ['exists', undefined],
  ['exists', '@/with\0nul'],
  ['readdir', '@/deep', { recursive: true }],
  ['readdir', '@/deep', { recursive: true, withFileTypes: true }],
  ['readdir', '@/deep', { recursive: true, encoding: 'utf8' }],
  ['readdir', '@/unicode', 'hex'],
  ['readdir', '@/unicode', 'no-such-encoding'],
  ['readdir', '@', 5],
  ['readFile', '@/hello.txt', { encoding: 'no-such-encoding' }],
  ['readFile', '@/hello.txt', 7],
  ['readFile', '@/hello.txt', { flag: 'zz' }],
  ['readFile', '@/hello.txt', { flag: 'r', encoding: 'utf8' }],
  ['readFile', '@/hello.txt', null],
  ['readFile', '@/hello.txt', { encoding: 'buffer' }],
  ['realpath', '@/links/to-file', 'buffer'],
  ['realpath', '@/links/to-file', { encoding: 'hex' }],
  ['access', '@/hello.txt', 'x'],
  ['access', '@/hello.txt', 8],
  ['access', '@/hello.txt', -1],
  ['access', '@/hello.txt', 1],
  ['open', '@/hello.txt', 'zz'],
  ['open', '@/hello.txt', {}],
  ['open', '@/hello.txt', 1.5],
  ['open', '@/hello.txt', 'r', 'zz'],
  ['open', '@/hello.txt', 'r', -1],
  ['open', '@/missing', 'r'],
  ['open', '@/missing', 0],
  ['stat', '@/missing', { throwIfNoEntry: false }],
  ['lstat', '@/missing', { throwIfNoEntry: false }],
  ['stat', '@/hello.txt/below', { throwIfNoEntry: false }],
];

/** All of them. */
export const calls: readonly Call[] = [
  ...onPaths.flatMap(([name, ...rest]) =>
    [...paths, ...wrongPaths].map((path) => ({ name: name as string, args: [path, ...rest] })),
  ),
  ...['fstat', 'close'].flatMap((name) => wrongDescriptors.map((fd) => ({ name, args: [fd] }))),
  ...others.map(([name, ...args]) => ({ name: name as string, args })),
];

/** Arguments of read after the descriptor of a file of 13 bytes; null stands for a new buffer of 20. */
export const reads: readonly (readonly unknown[])[] = [
  [null],
  [null, 0, 20, 0],
  [null, 5, 10, null],
  [null, 5, 10, 3n],
  [null, 0, 0, 0],
  [null, 20, 1, 0],
  [null, 0, 21, 0],
  [null, -1, 1, 0],
  [null, 0, -1, 0],
  [null, 1.5, 1, 0],
  [null, 'x', 1, 0],
  [null, 0, 5, -1],
  [null, 0, 5, -2],
  [null, 0, 5, 1.5],
  [null, 0, 5, 'x'],
  [null, 0, 5, 2n ** 63n],
  [null, 0, 5, 2n ** 40n],
  [null, { offset: 2, length: 3, position: 4 }],
  [null, { offset: 19 }],
  [null, { position: 13 }],
  [null, {}],
  [null, null],
  [null, 0, 5, undefined],
  [undefined],
  ['text', 0, 1, 0],
  [[], 0, 1, 0],
  [Buffer.alloc(0), 0, 1, 0],
  [Buffer.alloc(0), 0, 0, 0],
];
