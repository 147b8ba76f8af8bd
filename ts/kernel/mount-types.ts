// SPDX-License-Identifier: BSD-2-Clause
// mount-types.ts: the file systems that can be mounted, and the data that each one's mount call takes.
import { structWithString } from '../native/kernel-calls.js';

/** A mount of an ISO 9660 image. */
export interface Cd9660Mount {
  type: 'cd9660';
  /** Use Rock Ridge names, modes and links where the image has them; true unless told otherwise. */
  rockRidge?: boolean;
  /** Use Joliet names where the image has them and no Rock Ridge; true unless told otherwise. */
  joliet?: boolean;
}

/** A mount of an image with the Berkeley fast file system (FFS, version 1). */
export interface FfsMount {
  type: 'ffs';
  /**
   * Order writes so that a crash never leaves more than blocks and inodes that nobody uses, instead of writing names
   * and inodes at once. True unless told otherwise; a read-only mount has no use for it.
   */
  softUpdates?: boolean;
}

/** What a mount call needs beside its paths. */
export interface MountType {
  /** The component that has the driver. */
  component: string;
  /** The call's data: a structure, then what it points to. */
  encode(device: string, options: object): Buffer[];
  /** Mount flags for options of its own. */
  flags?(options: object): number;
}

/* struct rump_iso_args of rumpdefs.h. */
const isoArgsBytes = 144;
const isoFlagsOffset = 136;
const isoNoRockRidge = 0x1;
const isoNoJoliet = 0x8;
/* struct rump_ufs_args. */
const ufsArgsBytes = 8;
const mountSoftUpdates = 0x80000000;

/** By type. */
export const mountTypes: ReadonlyMap<string, MountType> = new Map<string, MountType>([
  [
    'cd9660',
    {
      component: 'fs/cd9660',
      encode: (device: string, { rockRidge = true, joliet = true }: Partial<Cd9660Mount>) =>
        structWithString(device, isoArgsBytes, (bytes) => {
          bytes.writeInt32LE((rockRidge ? 0 : isoNoRockRidge) | (joliet ? 0 : isoNoJoliet), isoFlagsOffset);
        }),
    },
  ],
  [
    'ffs',
    {
      component: 'fs/ffs',
      encode: (device: string) => structWithString(device, ufsArgsBytes),
      flags: ({ softUpdates = true }: Partial<FfsMount>) => (softUpdates ? mountSoftUpdates : 0),
    },
  ],
]);
