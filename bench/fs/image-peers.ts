// SPDX-License-Identifier: BSD-2-Clause
// image-peers.ts: the npm libraries that read and write images of a format: ext2fs and fatfs. Neither has synchronous
// calls. fatfs has no unlink and an fsync that does nothing, ext2fs has no fsync at all: these rows they do not do.
import * as nodeFs from 'node:fs';
import { createRequire } from 'node:module';
import { promiseFiles, type Files, type PromisesFs } from './files.js';
import type { Subject } from './measure.js';

const require = createRequire(import.meta.url);

interface Ext2fs {
  mount: (disk: object, offset: number) => Promise<PromisesFs>;
  umount: (fs: PromisesFs) => Promise<void>;
}

/** ext2fs on an image. */
export async function ext2fsSubject(image: string): Promise<Subject> {
  const { mount, umount } = require('ext2fs') as Ext2fs;
  const handle = await nodeFs.promises.open(image, 'r+');
  const disk = {
    read: (bytes: Buffer, offset: number, length: number, position: number) =>
      handle.read(bytes, offset, length, position),
    write: (bytes: Buffer, offset: number, length: number, position: number) =>
      handle.write(bytes, offset, length, position),
    flush: () => handle.datasync(),
    discard: () => Promise.resolve(),
  };
  const fs = await mount(disk, 0);
  const promises = promiseFiles(fs);
  delete promises.fsync;
  return {
    name: 'ext2fs (npm)',
    root: '',
    promises,
    end: async () => {
      await umount(fs);
      await handle.close();
    },
  };
}

interface Fatfs {
  createFileSystem: (volume: object, options: object, callback: (error?: Error) => void) => object;
}

const sectorBytes = 512;

/** fatfs on an image. */
export async function fatfsSubject(image: string): Promise<Subject> {
  const { createFileSystem } = require('fatfs') as Fatfs;
  const fd = nodeFs.openSync(image, 'r+');
  type Done = (error: Error | null, bytes?: Buffer) => void;
  const volume = {
    sectorSize: sectorBytes,
    numSectors: nodeFs.fstatSync(fd).size / sectorBytes,
    readSectors: (sector: number, bytes: Buffer, done: Done) => {
      nodeFs.read(fd, bytes, 0, bytes.length, sector * sectorBytes, (error) => done(error, bytes));
    },
    writeSectors: (sector: number, bytes: Buffer, done: Done) => {
      nodeFs.write(fd, bytes, 0, bytes.length, sector * sectorBytes, (error) => done(error));
    },
  };
  const fs = await new Promise<object>((resolve, reject) => {
    const made = createFileSystem(volume, {}, (error) => (error ? reject(error) : resolve(made)));
  });
  return {
    name: 'fatfs (npm)',
    root: '',
    promises: callbackFiles(fs),
    end: () => {
      nodeFs.closeSync(fd);
      return Promise.resolve();
    },
  };
}

type Callback = (error: Error | null, answer: unknown) => void;

/** Callbacks as promises. */
function callbackFiles(fs: object): Files {
  const call = (name: string, ...args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const done: Callback = (error, answer) => (error ? reject(error) : resolve(answer));
      (fs as Record<string, (...all: unknown[]) => void>)[name]!(...args, done);
    });
  return {
    open: (path, flags) => call('open', path, flags),
    close: (handle) => call('close', handle),
    read: (handle, bytes, position) => call('read', handle, bytes, 0, bytes.length, position),
    write: (handle, bytes, position) => call('write', handle, bytes, 0, bytes.length, position),
    stat: (path) => call('stat', path),
    readdir: (path) => call('readdir', path),
    mkdir: (path) => call('mkdir', path),
  };
}
