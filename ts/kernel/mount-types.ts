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

/** What a mount call needs beside its paths. */
export interface MountType {
  /** The component that has the driver. */
  component: string;
  /** The call's data: a structure, then what it points to. */
  encode(device: string, options: object): Buffer[];
}

/* struct rump_iso_args of rumpdefs.h. */
const isoArgsBytes = 144;
const isoFlagsOffset = 136;
const isoNoRockRidge = 0x1;
const isoNoJoliet = 0x8;

/** By type. */
export const mountTypes: ReadonlyMap<string, MountType> = new Map([
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
]);
