// SPDX-License-Identifier: BSD-2-Clause
// bytes.ts: addresses and checksums, as packets have them.

/** The Internet checksum (RFC 1071) of some pieces, each of an even length but the last. */
export function checksum(...pieces: readonly Buffer[]): number {
  let sum = 0;
  for (const piece of pieces) {
    for (let at = 0; at + 1 < piece.length; at += 2) sum += piece.readUInt16BE(at);
    if (piece.length % 2 === 1) sum += (piece.at(-1) ?? 0) << 8;
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** '02:00:00:00:00:01' as 6 bytes. */
export function macBytes(text: string): Buffer {
  return Buffer.from(text.replaceAll(':', ''), 'hex');
}

/** '10.0.0.1' as 4 bytes, 'fd00::1' as 16. */
export function addressBytes(text: string): Buffer {
  if (!text.includes(':')) return Buffer.from(text.split('.').map(Number));
  const [front = '', back] = text.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const head = groups(front);
  const tail = back === undefined ? [] : groups(back);
  const words = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return Buffer.from(words.map((word) => word.padStart(4, '0')).join(''), 'hex');
}

export function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.');
  const words = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  // The first run of zeros is left out: enough for the addresses of tests.
  return words.join(':').replace(/(^|:)0(:0)+(:|$)/, '::');
}

/** The pseudo header that TCP, UDP and ICMPv6 count in their checksums. */
export function pseudoHeader(source: string, target: string, protocol: number, length: number): Buffer {
  const from = addressBytes(source);
  const rest = Buffer.alloc(from.length === 4 ? 4 : 8);
  if (from.length === 4) {
    rest[1] = protocol;
    rest.writeUInt16BE(length, 2);
  } else {
    rest.writeUInt32BE(length, 0);
    rest[7] = protocol;
  }
  return Buffer.concat([from, addressBytes(target), rest]);
}

/** Sequence numbers wrap. */
export function sequence(value: number): number {
  return value >>> 0;
}
