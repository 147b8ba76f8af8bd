// SPDX-License-Identifier: BSD-2-Clause
// iso-edit.ts: changes an ISO 9660 image in place: where a file of the root folder lies, so that data can be put far
// out in a sparse image without writing gigabytes. ECMA-119 6.8 and 9.1 describe the records.
import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

/** The size of a logical sector, in bytes. */
export const sectorBytes = 2048;

const primaryDescriptor = 16 * sectorBytes;
const spaceSizeAt = 80;
const rootRecordAt = 156;
const extentAt = 2;
const lengthAt = 10;
const nameLengthAt = 32;
const nameAt = 33;

/** Moves the data of a file in the root folder to another sector; the image becomes sparse. */
export function moveFile(image: string, isoName: string, toSector: number): void {
  const fd = openSync(image, 'r+');
  try {
    const descriptor = readAt(fd, primaryDescriptor, sectorBytes);
    const rootSector = descriptor.readUInt32LE(rootRecordAt + extentAt);
    const rootBytes = descriptor.readUInt32LE(rootRecordAt + lengthAt);
    const folder = readAt(fd, rootSector * sectorBytes, rootBytes);
    const record = findRecord(folder, isoName);
    const length = folder.readUInt32LE(record + lengthAt);
    const data = readAt(fd, folder.readUInt32LE(record + extentAt) * sectorBytes, length);
    writeSync(fd, data, 0, data.length, toSector * sectorBytes);
    writeBoth(fd, rootSector * sectorBytes + record + extentAt, toSector);
    const sectors = toSector + Math.ceil(length / sectorBytes);
    writeBoth(fd, primaryDescriptor + spaceSizeAt, sectors);
    ftruncateSync(fd, sectors * sectorBytes);
  } finally {
    closeSync(fd);
  }
}

function findRecord(folder: Buffer, isoName: string): number {
  for (let at = 0; at < folder.length;) {
    const recordLength = folder[at] ?? 0;
    if (recordLength === 0) {
      at = (Math.floor(at / sectorBytes) + 1) * sectorBytes;
      continue;
    }
    const name = folder.toString('latin1', at + nameAt, at + nameAt + (folder[at + nameLengthAt] ?? 0));
    if (name === isoName) return at;
    at += recordLength;
  }
  throw new Error(`the image has no ${isoName} in its root folder`);
}

function readAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  readSync(fd, bytes, 0, length, position);
  return bytes;
}

/** A number in both byte orders, as ISO 9660 stores it. */
function writeBoth(fd: number, position: number, value: number): void {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(value, 0);
  bytes.writeUInt32BE(value, 4);
  writeSync(fd, bytes, 0, 8, position);
}
