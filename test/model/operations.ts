// SPDX-License-Identifier: BSD-2-Clause
// operations.ts: random operations. They do not name files: they say where to go from the root, by numbers, so that
// an operation still means something when those before it are left out.
import fc from 'fast-check';
import { constants } from 'node:fs';
import { longestWrite, type Bytes } from './bytes.js';
import type { Calls } from './calls.js';

/** Steps down the tree, each the number of a child, a name after that, and how it is written. */
export interface PathSpec {
  steps: number[];
  tail: string | undefined;
  dress: (typeof dresses)[number];
}

/** The target of a symbolic link: a path in the tree, or any text. */
export interface TargetSpec {
  target: PathSpec | string;
}

/** One of the open files. */
export interface HandleSpec {
  handle: number;
}

/** A call, or that the file system is unmounted and mounted again. */
export interface Operation {
  name: keyof Calls | 'remount';
  args: readonly unknown[];
}

export const dresses = ['plain', 'slash', 'dot', 'dot-dot', 'double', 'there-and-back'] as const;

/** The number of a handle that is not open. */
export const noHandle = 30;

const shortNames = ['a', 'b', 'c', 'd', 'e', 'f'];
const otherNames = [
  'file.txt',
  'A',
  'B',
  'FILE.TXT',
  '.hidden',
  'two words',
  'grüße-имя-名前-🚀',
  'GRÜßE-ИМЯ-名前-🚀',
  '...',
  'n'.repeat(14),
  'n'.repeat(100),
  'n'.repeat(255),
  'n'.repeat(256),
  'ü'.repeat(127),
  'ü'.repeat(128),
];
const tails = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...shortNames) },
  { weight: 3, arbitrary: fc.constantFrom(...otherNames) },
);

const steps = fc.array(fc.nat(20), { maxLength: 5, size: 'max' });
const dress = fc.oneof(
  { weight: 40, arbitrary: fc.constant(dresses[0]) },
  { weight: 5, arbitrary: fc.constantFrom(...dresses) },
);
const pathTo = (tail: fc.Arbitrary<string | undefined>): fc.Arbitrary<PathSpec> =>
  fc.record({ steps, tail, dress }, { noNullPrototype: true });

const oldPath = pathTo(fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, tails));
const newPath = pathTo(
  fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, { weight: 8, arbitrary: tails }),
);
const anyPath = fc.oneof(
  { weight: 60, arbitrary: oldPath },
  { weight: 60, arbitrary: newPath },
  { weight: 1, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constant(`@/${'x/'.repeat(2200)}`) },
);
const target: fc.Arbitrary<TargetSpec> = fc.record({
  target: fc.oneof(
    { weight: 4, arbitrary: oldPath },
    { weight: 6, arbitrary: tails },
    { weight: 3, arbitrary: tails.map((name) => `../${name}`) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        '.',
        '..',
        'a/b',
        './c/../d',
        'a/',
        '',
        'long/'.repeat(150),
        'y'.repeat(5000),
      ),
    },
  ),
});

const handle: fc.Arbitrary<HandleSpec> = fc.record({ handle: fc.nat(noHandle) });
const length = fc.oneof(
  { weight: 6, arbitrary: fc.nat(200) },
  { weight: 4, arbitrary: fc.constantFrom(0, 1, 511, 512, 1024, 4095, 4096, 4097, 8192, 12_288) },
  { weight: 1, arbitrary: fc.constantFrom(16_384, 65_536, 65_537, 98_304, longestWrite) },
);
const bytes: fc.Arbitrary<Bytes> = fc.record({ length, seed: fc.nat(4095) });
const offset = fc.oneof(
  { weight: 5, arbitrary: fc.nat(1000) },
  { weight: 4, arbitrary: fc.constantFrom(0, 511, 512, 4096, 8191, 8192, 16_384, 65_536) },
  { weight: 2, arbitrary: fc.constantFrom(98_303, 98_304, 114_688, 300_000, 1_000_000) },
  { weight: 1, arbitrary: fc.constantFrom(20_000_000, 2 ** 31, 5_000_000_000) },
);
const position = fc.option(offset);
const mode = fc.constantFrom(0o666, 0o777, 0o644, 0o600, 0o700, 0o755, 0o444, 0o555, 0o711);
const owner = fc.constantFrom(0, 1, 1000, 65_534);
const seconds = fc.constantFrom(0, 1, 86_400, 1_000_000_000, 1_234_567_890.5, 1_700_000_001, 2 ** 31 - 1);
const flags = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('r', 'r+', 'w', 'w+', 'a', 'a+', 'wx', 'wx+', 'ax') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      constants.O_RDONLY | constants.O_DIRECTORY,
      constants.O_RDONLY | constants.O_NOFOLLOW,
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_DIRECTORY,
      constants.O_RDWR | constants.O_CREAT,
      constants.O_RDWR | constants.O_TRUNC,
    ),
  },
);

function calls(
  name: Operation['name'],
  weight: number,
  ...args: fc.Arbitrary<unknown>[]
): fc.WeightedArbitrary<Operation> {
  return { weight, arbitrary: fc.tuple(...args).map((values) => ({ name, args: values })) };
}

/** One operation. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  calls('mkdir', 24, anyPath, mode),
  calls('rmdir', 10, anyPath),
  calls('unlink', 20, anyPath),
  calls('rename', 24, anyPath, anyPath),
  calls('link', 12, oldPath, newPath),
  calls('symlink', 12, target, newPath),
  calls('readlink', 9, anyPath),
  calls('readdir', 15, anyPath),
  calls('stat', 15, anyPath),
  calls('lstat', 12, anyPath),
  calls('fstat', 9, handle),
  calls('chmod', 9, anyPath, mode),
  calls('fchmod', 3, handle, mode),
  calls('chown', 3, anyPath, owner, owner),
  calls('lchown', 3, anyPath, owner, owner),
  calls('utimes', 6, anyPath, seconds, seconds),
  calls('lutimes', 3, anyPath, seconds, seconds),
  calls('futimes', 3, handle, seconds, seconds),
  calls('access', 6, anyPath, fc.nat(7)),
  calls('exists', 3, anyPath),
  calls('open', 30, anyPath, flags, mode),
  calls('close', 21, handle),
  calls('read', 24, handle, length, position),
  calls('write', 30, handle, bytes, position),
  calls('readv', 3, handle, fc.array(length, { minLength: 1, maxLength: 4 }), position),
  calls('writev', 4, handle, fc.array(bytes, { minLength: 1, maxLength: 4 }), position),
  calls('truncate', 9, anyPath, offset),
  calls('ftruncate', 9, handle, offset),
  calls('fsync', 2, handle),
  calls('fdatasync', 2, handle),
  calls('readFile', 15, anyPath),
  calls('writeFile', 18, anyPath, bytes, fc.constantFrom('w', 'a', 'wx', 'r+')),
  calls('remount', 1),
);
