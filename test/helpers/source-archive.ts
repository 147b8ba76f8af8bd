// SPDX-License-Identifier: BSD-2-Clause
// source-archive.ts: a Debian archive on disk with one source package, for apt-get itself to fetch from.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AptMirror } from '../../ts/sources/apt-mirrors.js';
import type { SourceSpec } from '../../ts/sources/source-spec.js';
import { toySource } from './fixtures.js';

const hash = (name: string, bytes: Buffer): string => createHash(name).update(bytes).digest('hex');

/** Packs the toy driver's sources as an upstream tarball. */
export function makeTarball(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true });
  const [parent, name] = [dirname(toySource), 'toysource'];
  execFileSync('tar', [
    '-czf',
    path,
    '--sort=name',
    '--mtime=@0',
    '--owner=0',
    '--group=0',
    '-C',
    parent,
    name,
  ]);
  return readFileSync(path);
}

/** An archive with toysource 1.0-1, and the specification that fits it. */
export function makeArchive(folder: string, suite = 'bookworm'): { mirror: AptMirror; spec: SourceSpec } {
  const file = 'toysource_1.0.orig.tar.gz';
  const bytes = makeTarball(join(folder, 'pool', file));
  const description = `Format: 1.0\nSource: toysource\nVersion: 1.0-1\n`;
  writeFileSync(join(folder, 'pool', 'toysource_1.0-1.dsc'), description);
  const dsc = readFileSync(join(folder, 'pool', 'toysource_1.0-1.dsc'));
  const files = [
    ['toysource_1.0-1.dsc', dsc],
    [file, bytes],
  ] as const;
  const list = (algorithm: string): string =>
    files.map(([name, contents]) => ` ${hash(algorithm, contents)} ${contents.length} ${name}\n`).join('');
  const index = `Package: toysource\nFormat: 1.0\nBinary: toysource\nArchitecture: any\nVersion: 1.0-1\nDirectory: pool\nFiles:\n${list('md5')}Checksums-Sha256:\n${list('sha256')}\n`;
  writeRelease(folder, suite, index);
  return {
    mirror: { uris: [`file:${folder}`], trusted: true },
    spec: { package: 'toysource', version: '1.0-1', file, sha256: hash('sha256', bytes) },
  };
}

function writeRelease(folder: string, suite: string, index: string): void {
  const place = join(folder, 'dists', suite, 'main', 'source');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'Sources'), index);
  const size = statSync(join(place, 'Sources')).size;
  writeFileSync(
    join(folder, 'dists', suite, 'Release'),
    `Origin: Test\nSuite: ${suite}\nCodename: ${suite}\nDate: ${new Date().toUTCString()}\nArchitectures: amd64\nComponents: main\nSHA256:\n ${hash('sha256', Buffer.from(index))} ${size} main/source/Sources\n`,
  );
}

/** Replaces the tarball in an archive behind the index's back. */
export function tamper(folder: string, file: string): void {
  const path = join(folder, 'pool', file);
  copyFileSync(path, `${path}.good`);
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}
