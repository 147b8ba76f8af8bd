// SPDX-License-Identifier: BSD-2-Clause
// pcap-filter.ts: lets some of the frames of a pcap file through. Its bytes come in pieces of any size.

const headerBytes = 24;
const recordHeaderBytes = 16;

/** The bytes of a pcap file, less the frames that are not wanted. */
export class PcapFilter {
  readonly #isWanted: (frame: Buffer) => boolean;
  #rest = Buffer.alloc(0);
  #hasHeader = false;

  constructor(isWanted: (frame: Buffer) => boolean) {
    this.#isWanted = isWanted;
  }

  /** What is let through of what has come whole. */
  take(piece: Buffer): Buffer {
    const bytes = Buffer.concat([this.#rest, piece]);
    const kept: Buffer[] = [];
    let at = 0;
    if (!this.#hasHeader) {
      if (bytes.length < headerBytes) {
        this.#rest = bytes;
        return Buffer.alloc(0);
      }
      this.#hasHeader = true;
      at = headerBytes;
      kept.push(bytes.subarray(0, at));
    }
    while (bytes.length - at >= recordHeaderBytes) {
      const end = at + recordHeaderBytes + bytes.readUInt32LE(at + 8);
      if (end > bytes.length) break;
      if (this.#isWanted(bytes.subarray(at + recordHeaderBytes, end))) kept.push(bytes.subarray(at, end));
      at = end;
    }
    this.#rest = bytes.subarray(at);
    return Buffer.concat(kept);
  }
}
