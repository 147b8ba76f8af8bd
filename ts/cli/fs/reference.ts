// SPDX-License-Identifier: BSD-2-Clause
// reference.ts: how words name images, partitions and paths in them: disk.img, disk.img@2, disk.img@2a:/path.
import { existsSync } from 'node:fs';
import { DiskError } from '../../errors.js';

/** An image, or a partition of it. */
export interface ImageName {
  image: string;
  partition?: string;
}

/** A path in an image. */
export interface ImageReference extends ImageName {
  path: string;
}

/** Reads IMAGE[@PARTITION]:[/PATH]; undefined for a path of the host. A file of the host with that very name wins. */
export function parseReference(word: string): ImageReference | undefined {
  const match = /^(.+?):(\/.*)?$/s.exec(word);
  const [, image, path = '/'] = match ?? [];
  if (image === undefined || existsSync(word)) return undefined;
  return { ...parseImageName(image), path };
}

/** Reads IMAGE[@PARTITION]. */
export function parseImageName(word: string): ImageName {
  const match = /^(.+)@([^@/]*)$/s.exec(word.replace(/:\/?$/, ''));
  const [, image, partition] = match ?? [];
  if (image === undefined || partition === undefined || existsSync(word))
    return { image: word.replace(/:\/?$/, '') };
  if (partition === '')
    throw new DiskError('RUMP_DISK_USAGE', `"${word}" ends where the name of a partition should be`, {
      remedy: 'Write for example disk.img@2 or disk.img@a.',
      details: { word },
    });
  return { image, partition };
}

/** The name as it is written. */
export function formatImageName({ image, partition }: ImageName): string {
  return partition === undefined ? image : `${image}@${partition}`;
}
