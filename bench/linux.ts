// SPDX-License-Identifier: BSD-2-Clause
// linux.ts: the Linux guest that images are compared with: Debian's cloud kernel, taken by its package name, with the
// machine's static busybox in an initramfs.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheRoot } from '../ts/paths.js';

/** The unpacked kernel package. */
const packageFolder = (): string => join(cacheRoot(), 'bench/linux-cloud');

/** The kernel's file. */
export function linuxKernel(): string {
  fetchLinux();
  const boot = join(packageFolder(), 'boot');
  const image = readdirSync(boot).find((file) => file.startsWith('vmlinuz-'));
  if (image === undefined) throw new Error(`${boot} holds no kernel`);
  return join(boot, image);
}

/** The file of a kernel module. */
export function linuxModule(name: string): string {
  fetchLinux();
  const modules = join(packageFolder(), 'lib/modules');
  const path = readdirSync(modules, { recursive: true, encoding: 'utf8' }).find((file) =>
    file.endsWith(`/${name}.ko`),
  );
  if (path === undefined) throw new Error(`there is no kernel module ${name}`);
  return join(modules, path);
}

/** An initramfs of busybox, an init and other files; gives its path. */
export function makeInitramfs(folder: string, init: string, files: ReadonlyMap<string, string>): string {
  const root = join(folder, 'initramfs');
  const all = new Map([['bin/busybox', '/bin/busybox'], ['init', init], ...files]);
  for (const [name, from] of all) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    copyFileSync(from, join(root, name));
  }
  chmodSync(join(root, 'init'), 0o755);
  const initrd = join(folder, 'initramfs.cpio');
  execFileSync('sh', ['-c', `find . | cpio --quiet -o -H newc > "$1"`, 'sh', initrd], { cwd: root });
  return initrd;
}

/** Bytes of what the guest is made of. */
export function linuxBytes(initrd: string): number {
  return statSync(linuxKernel()).size + statSync(initrd).size;
}

function fetchLinux(): void {
  const folder = packageFolder();
  if (existsSync(folder)) return;
  mkdirSync(dirname(folder), { recursive: true });
  const depends = execFileSync('apt-cache', ['depends', 'linux-image-cloud-amd64'], { encoding: 'utf8' });
  const name = /Depends: (linux-image-\S+)/.exec(depends)?.[1];
  if (name === undefined)
    throw new Error('no linux-image-cloud-amd64 is known here: run apt-get update first');
  const work = `${folder}-${process.pid}`;
  mkdirSync(work);
  try {
    execFileSync('apt-get', ['download', name], { cwd: work, stdio: 'ignore' });
    execFileSync('sh', ['-c', 'dpkg-deb -x ./*.deb root'], { cwd: work });
    renameSync(join(work, 'root'), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
