// SPDX-License-Identifier: BSD-2-Clause
// kernel-subjects.ts: kernel.fs, on memory and on images of each format.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MountOptions } from '../../ts/kernel/index.js';
import { promiseFiles, syncFiles, type PromisesFs, type SyncFs } from './files.js';
import type { Subject } from './measure.js';
import { boot } from './package.js';

const imageBytes = 2 ** 30;

/** An image to measure on: sparse, empty, in a folder that goes with it. */
export interface Image {
  path: string;
  remove: () => void;
}

/** Makes an image with a program: its arguments for an image and an empty folder. */
export function makeImage(program: string, argumentsFor: (image: string, empty: string) => string[]): Image {
  const folder = mkdtempSync(join(tmpdir(), 'rumpkit-bench-'));
  const [path, empty] = [join(folder, 'bench.img'), join(folder, 'empty')];
  mkdirSync(empty);
  writeFileSync(path, '');
  truncateSync(path, imageBytes);
  execFileSync(program, argumentsFor(path, empty), { stdio: 'ignore', env: environmentWithTools() });
  return {
    path,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Programs that format are where root looks for programs. */
function environmentWithTools(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
}

/** kernel.fs with something mounted. */
export async function kernelSubject(
  name: string,
  component: string,
  mount: MountOptions,
  remove: () => void = () => undefined,
): Promise<Subject> {
  const kernel = await boot({ components: [component] });
  await kernel.mount(mount);
  const fs = kernel.fs as unknown as SyncFs & PromisesFs;
  return {
    name: `kernel.fs, ${name}`,
    root: mount.at,
    sync: syncFiles(fs),
    promises: promiseFiles(fs),
    end: async () => {
      await kernel.shutdown();
      remove();
    },
  };
}
