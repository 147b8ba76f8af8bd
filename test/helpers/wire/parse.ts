// SPDX-License-Identifier: BSD-2-Clause
// parse.ts: what is in a frame.
import { addressText, checksum, pseudoHeader } from './bytes.js';
import { etherTypes, flagBits, protocols, type Flag } from './packets.js';

export interface Segment {
  sourcePort: number;
  targetPort: number;
  seq: number;
  ack: number;
  flags: readonly Flag[];
  window: number;
  options: ReadonlyMap<number, Buffer>;
  data: Buffer;
  isSumRight: boolean;
}

export interface Packet {
  version: 4 | 6;
  source: string;
  target: string;
  protocol: number;
  ttl: number;
  id: number;
  /** In bytes. */
  offset: number;
  hasMore: boolean;
  mayFragment: boolean;
  payload: Buffer;
}

export interface Frame {
  bytes: Buffer;
  target: string;
  source: string;
  type: number;
  payload: Buffer;
  packet: Packet | undefined;
  segment: Segment | undefined;
}

function macText(bytes: Buffer): string {
  return (bytes.toString('hex').match(/../g) ?? []).join(':');
}

export function parseFrame(bytes: Buffer): Frame {
  const type = bytes.readUInt16BE(12);
  const payload = bytes.subarray(14);
  const packet =
    type === etherTypes.ip4
      ? parseIp4(payload)
      : type === etherTypes.ip6 && payload.length >= 40
        ? parseIp6(payload)
        : undefined;
  const isTcp = packet?.protocol === protocols.tcp && packet.offset === 0 && packet.payload.length >= 20;
  return {
    bytes,
    target: macText(bytes.subarray(0, 6)),
    source: macText(bytes.subarray(6, 12)),
    type,
    payload,
    packet,
    segment: isTcp ? parseTcp(packet) : undefined,
  };
}

function parseIp4(bytes: Buffer): Packet {
  const flags = bytes.readUInt16BE(6);
  return {
    version: 4,
    source: addressText(bytes.subarray(12, 16)),
    target: addressText(bytes.subarray(16, 20)),
    protocol: bytes[9] ?? 0,
    ttl: bytes[8] ?? 0,
    id: bytes.readUInt16BE(4),
    offset: (flags & 0x1fff) * 8,
    hasMore: (flags & 0x2000) !== 0,
    mayFragment: (flags & 0x4000) === 0,
    payload: bytes.subarray(((bytes[0] ?? 0) & 15) * 4, bytes.readUInt16BE(2)),
  };
}

function parseIp6(bytes: Buffer): Packet {
  return {
    version: 6,
    source: addressText(bytes.subarray(8, 24)),
    target: addressText(bytes.subarray(24, 40)),
    protocol: bytes[6] ?? 0,
    ttl: bytes[7] ?? 0,
    id: 0,
    offset: 0,
    hasMore: false,
    mayFragment: false,
    payload: bytes.subarray(40, 40 + bytes.readUInt16BE(4)),
  };
}

function parseTcp(packet: Packet): Segment {
  const bytes = packet.payload;
  const headerBytes = ((bytes[12] ?? 0) >> 4) * 4;
  const bits = bytes[13] ?? 0;
  const pseudo = pseudoHeader(packet.source, packet.target, protocols.tcp, bytes.length);
  return {
    sourcePort: bytes.readUInt16BE(0),
    targetPort: bytes.readUInt16BE(2),
    seq: bytes.readUInt32BE(4),
    ack: bytes.readUInt32BE(8),
    flags: (Object.keys(flagBits) as Flag[]).filter((flag) => (bits & flagBits[flag]) !== 0),
    window: bytes.readUInt16BE(14),
    options: parseOptions(bytes.subarray(20, headerBytes)),
    data: bytes.subarray(headerBytes),
    isSumRight: checksum(pseudo, bytes) === 0,
  };
}

function parseOptions(bytes: Buffer): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length;) {
    const kind = bytes[at] ?? 0;
    if (kind === 0) break;
    const length = kind === 1 ? 1 : Math.max(2, bytes[at + 1] ?? 0);
    if (kind !== 1) options.set(kind, bytes.subarray(at + 2, at + length));
    at += length;
  }
  return options;
}
