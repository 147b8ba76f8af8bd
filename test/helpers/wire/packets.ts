// SPDX-License-Identifier: BSD-2-Clause
// packets.ts: packets made by hand, right unless a test wants them wrong.
import { addressBytes, checksum, macBytes, pseudoHeader, sequence } from './bytes.js';

export const etherTypes = { ip4: 0x0800, arp: 0x0806, ip6: 0x86dd } as const;
export const protocols = { icmp: 1, tcp: 6, udp: 17, fragment: 44, icmp6: 58 } as const;

export function ethernet(target: string, source: string, type: number, payload: Buffer): Buffer {
  const head = Buffer.concat([macBytes(target), macBytes(source), Buffer.alloc(2)]);
  head.writeUInt16BE(type, 12);
  // A frame on an Ethernet has 60 bytes at least.
  const frame = Buffer.concat([head, payload]);
  return frame.length >= 60 ? frame : Buffer.concat([frame, Buffer.alloc(60 - frame.length)]);
}

/** What of an IPv4 header is not as usual. */
export interface Ip4Fields {
  id?: number;
  ttl?: number;
  /** In bytes. */
  offset?: number;
  hasMore?: boolean;
  options?: Buffer;
  checksum?: number;
  length?: number;
  version?: number;
  headerWords?: number;
}

let lastId = 0;

export function ip4(
  source: string,
  target: string,
  protocol: number,
  payload: Buffer,
  fields: Ip4Fields = {},
): Buffer {
  const { options = Buffer.alloc(0), offset = 0 } = fields;
  const head = Buffer.alloc(20 + options.length);
  const words = fields.headerWords ?? head.length / 4;
  lastId = (lastId + 1) & 0xffff;
  head[0] = ((fields.version ?? 4) << 4) | words;
  head.writeUInt16BE(fields.length ?? head.length + payload.length, 2);
  head.writeUInt16BE(fields.id ?? lastId, 4);
  head.writeUInt16BE((fields.hasMore === true ? 0x2000 : 0) | (offset >> 3), 6);
  head[8] = fields.ttl ?? 64;
  head[9] = protocol;
  addressBytes(source).copy(head, 12);
  addressBytes(target).copy(head, 16);
  options.copy(head, 20);
  head.writeUInt16BE(fields.checksum ?? checksum(head), 10);
  return Buffer.concat([head, payload]);
}

export function ip6(source: string, target: string, next: number, payload: Buffer, hopLimit = 64): Buffer {
  const head = Buffer.alloc(40);
  head[0] = 0x60;
  head.writeUInt16BE(payload.length, 4);
  head[6] = next;
  head[7] = hopLimit;
  addressBytes(source).copy(head, 8);
  addressBytes(target).copy(head, 24);
  return Buffer.concat([head, payload]);
}

/** Puts the checksum of a message with a pseudo header in its place. */
function withChecksum(
  bytes: Buffer,
  at: number,
  protocol: number,
  source: string,
  target: string,
  wrong = 0,
): Buffer {
  const sum = checksum(pseudoHeader(source, target, protocol, bytes.length), bytes);
  bytes.writeUInt16BE((sum === 0 && protocol === protocols.udp ? 0xffff : sum) ^ wrong, at);
  return bytes;
}

export function udp(
  source: string,
  target: string,
  from: number,
  to: number,
  data: Buffer,
  wrong = 0,
): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(from, 0);
  head.writeUInt16BE(to, 2);
  head.writeUInt16BE(8 + data.length, 4);
  return withChecksum(Buffer.concat([head, data]), 6, protocols.udp, source, target, wrong);
}

export function icmp(type: number, code: number, rest: Buffer, wrong = 0): Buffer {
  const bytes = Buffer.concat([Buffer.from([type, code, 0, 0]), rest]);
  bytes.writeUInt16BE(checksum(bytes) ^ wrong, 2);
  return bytes;
}

export function icmp6(source: string, target: string, type: number, code: number, rest: Buffer): Buffer {
  const bytes = Buffer.concat([Buffer.from([type, code, 0, 0]), rest]);
  return withChecksum(bytes, 2, protocols.icmp6, source, target);
}

/** Identifier and number of an echo, and its data. */
export function echo(id: number, number: number, data = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(number, 2);
  return Buffer.concat([head, data]);
}

export const flagBits = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 } as const;
export type Flag = keyof typeof flagBits;

/** A segment of TCP. */
export interface SegmentFields {
  sourcePort: number;
  targetPort: number;
  seq: number;
  ack?: number;
  flags: readonly Flag[];
  window?: number;
  urgent?: number;
  options?: Buffer;
  data?: Buffer;
  /** What the checksum is off by. */
  wrong?: number;
  headerWords?: number;
}

export function tcp(source: string, target: string, fields: SegmentFields): Buffer {
  const { options = Buffer.alloc(0), data = Buffer.alloc(0) } = fields;
  const padded = Buffer.concat([options, Buffer.alloc((4 - (options.length % 4)) % 4)]);
  const head = Buffer.alloc(20);
  head.writeUInt16BE(fields.sourcePort, 0);
  head.writeUInt16BE(fields.targetPort, 2);
  head.writeUInt32BE(sequence(fields.seq), 4);
  head.writeUInt32BE(sequence(fields.ack ?? 0), 8);
  head[12] = (fields.headerWords ?? (20 + padded.length) / 4) << 4;
  head[13] = fields.flags.reduce((bits, flag) => bits | flagBits[flag], 0);
  head.writeUInt16BE(fields.window ?? 65_535, 14);
  head.writeUInt16BE(fields.urgent ?? 0, 18);
  const bytes = Buffer.concat([head, padded, data]);
  return withChecksum(bytes, 16, protocols.tcp, source, target, fields.wrong);
}

export const tcpOptions = {
  mss: (value: number): Buffer => Buffer.from([2, 4, value >> 8, value & 0xff]),
  windowScale: (shift: number): Buffer => Buffer.from([1, 3, 3, shift]),
  sackPermitted: Buffer.from([1, 1, 4, 2]),
} as const;

/** A request for an address, or its answer. */
export function arp(
  operation: 1 | 2,
  sender: { mac: string; ip: string },
  target: { mac: string; ip: string },
): Buffer {
  return Buffer.concat([
    Buffer.from([0, 1, 8, 0, 6, 4, 0, operation]),
    macBytes(sender.mac),
    addressBytes(sender.ip),
    macBytes(target.mac),
    addressBytes(target.ip),
  ]);
}
