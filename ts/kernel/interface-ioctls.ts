// SPDX-License-Identifier: BSD-2-Clause
// interface-ioctls.ts: interfaces by ioctl(2) on a socket: the structures of rump/include/rump/rumpnet.h, as bytes.
import { isIPv4 } from 'node:net';
import type { NativeKernel } from '../native/addon-types.js';
import type { InterfaceAddress } from './interface-options.js';

const datagram = 2;
const families = { inet: 2, link: 18, inet6: 24 } as const;
const commands = {
  setFlags: 0x80906910,
  flags: 0xc0906911,
  removeAddress: 0x80906919,
  setAddress: 0x8040691a,
  broadcast: 0xc0906923,
  netmask: 0xc0906925,
  setMtu: 0x8090697f,
  data: 0xc0986985,
  removeAddress6: 0x81206919,
  netmask6: 0xc1206925,
  flags6: 0xc1206949,
  setAddress6: 0x8080696b,
} as const;
const sizes = {
  name: 16,
  request: 144,
  alias: 64,
  request6: 288,
  alias6: 128,
  data: 152,
  address4: 16,
} as const;
const isUp = 1;
const flags6 = { tentative: 2, duplicated: 4, deprecated: 16, automatic: 64 } as const;

/** An address of an interface. */
export interface AddressState {
  address: string;
  family: 'IPv4' | 'IPv6';
  netmask: string;
  prefix: number;
  broadcast?: string;
  /** The interface's number, of addresses that mean something on its network only. */
  scopeid?: number;
  /** Not used yet: somebody else may have it (RFC 4862). */
  isTentative?: boolean;
  isDuplicated?: boolean;
  isDeprecated?: boolean;
  /** Of a router advertisement. */
  isAutomatic?: boolean;
}

/** What came and went by an interface. */
export interface InterfaceCounters {
  receivedPackets: number;
  receivedBytes: number;
  receivedDropped: number;
  sentPackets: number;
  sentBytes: number;
  sentErrors: number;
}

/** An interface as it is now. */
export interface InterfaceState {
  name: string;
  index: number;
  mac: string;
  mtu: number;
  isUp: boolean;
  isLoopback: boolean;
  addresses: AddressState[];
  counters: InterfaceCounters;
}

/** A failure is the negative errno of a call. */
type Call = (command: number, bytes: Buffer) => number;

/** Does something with a socket for ioctl(2); gives the failure if there is none. */
export function withSocket<T>(native: NativeKernel, work: (call: Call, fd: number) => T): T | number {
  const fd = native.socketOpen(4, datagram);
  if (fd < 0) return fd;
  try {
    return work((command, bytes) => native.socketIoctl(fd, command, bytes), fd);
  } finally {
    native.socketClose(fd);
  }
}

/** All interfaces; or a failure. */
export function listInterfaces(native: NativeKernel): InterfaceState[] | number {
  return withSocket(native, (call, fd) => {
    const list = native.socketInterfaces(fd);
    if (typeof list === 'number') return list;
    const found = new Map<string, InterfaceState>();
    for (let at = 0; at + sizes.request <= list.length; at += sizes.request) {
      const entry = list.subarray(at, at + sizes.request);
      const name = nameIn(entry);
      const state = found.get(name);
      if (state === undefined) found.set(name, linkState(call, name, entry.subarray(sizes.name)));
      else state.addresses.push(addressState(call, name, entry.subarray(sizes.name)));
    }
    return [...found.values()];
  });
}

/** Gives an interface an address; of IPv4 it has one. */
export function setAddress(call: Call, name: string, { family, address, prefix }: InterfaceAddress): number {
  if (family === 4) {
    const bytes = request(name, sizes.alias);
    socketAddress4(address).copy(bytes, sizes.name);
    const mask = prefix === 0 ? 0 : (0xffff_ffff << (32 - prefix)) >>> 0;
    socketAddress4('0.0.0.0').copy(bytes, sizes.name + 2 * sizes.address4);
    bytes.writeUInt32BE(mask, sizes.name + 2 * sizes.address4 + 4);
    return call(commands.setAddress, bytes);
  }
  const bytes = request(name, sizes.alias6);
  const mask = socketAddress6('ffff:ffff:ffff:ffff::');
  socketAddress6(address).copy(bytes, sizes.name);
  mask.copy(bytes, sizes.name + 2 * mask.length);
  return call(commands.setAddress6, bytes);
}

export function removeAddress(call: Call, name: string, address: string): number {
  const is4 = isIPv4(address);
  const bytes = request(name, is4 ? sizes.request : sizes.request6);
  (is4 ? socketAddress4(address) : socketAddress6(address)).copy(bytes, sizes.name);
  return call(is4 ? commands.removeAddress : commands.removeAddress6, bytes);
}

export function setUp(call: Call, name: string, isOn: boolean): number {
  const bytes = request(name);
  bytes.writeInt16LE(isOn ? isUp : 0, sizes.name);
  return call(commands.setFlags, bytes);
}

export function setMtu(call: Call, name: string, mtu: number): number {
  const bytes = request(name);
  bytes.writeInt32LE(mtu, sizes.name);
  return call(commands.setMtu, bytes);
}

function request(name: string, size: number = sizes.request): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.write(name, 0, sizes.name);
  return bytes;
}

function nameIn(bytes: Buffer): string {
  return bytes.toString('latin1', 0, sizes.name).replace(/\0.*/s, '');
}

const ethernet = 6;

function linkState(call: Call, name: string, link: Buffer): InterfaceState {
  const [index, type, nameLength, length] = [link.readUInt16LE(2), link[4], link[5] ?? 0, link[6] ?? 0];
  const hardware = link.subarray(8 + nameLength, 8 + nameLength + length);
  const data = request(name, sizes.data);
  call(commands.data, data);
  const flags = request(name);
  call(commands.flags, flags);
  // The numbers of struct if_data, from ifi_mtu on.
  const number = (which: number): number => Number(data.readBigUInt64LE(sizes.name + 8 + which * 8));
  return {
    name,
    index,
    mac: length === 0 ? '00:00:00:00:00:00' : Array.from(hardware, hex).join(':'),
    mtu: number(0),
    isUp: (flags.readInt16LE(sizes.name) & isUp) !== 0,
    isLoopback: type !== ethernet,
    addresses: [],
    counters: {
      receivedPackets: number(3),
      receivedBytes: number(8),
      receivedDropped: number(12),
      sentPackets: number(5),
      sentBytes: number(9),
      sentErrors: number(6),
    },
  };
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function addressState(call: Call, name: string, address: Buffer): AddressState {
  return address[1] === families.inet
    ? addressState4(call, name, address)
    : addressState6(call, name, address);
}

function addressState4(call: Call, name: string, address: Buffer): AddressState {
  const ask = (command: number): string | undefined => {
    const bytes = request(name);
    return call(command, bytes) < 0 ? undefined : text4(bytes.subarray(sizes.name));
  };
  const netmask = ask(commands.netmask) ?? '0.0.0.0';
  const broadcast = ask(commands.broadcast);
  return {
    address: text4(address),
    family: 'IPv4',
    netmask,
    prefix: bitsOf(netmask.split('.').map(Number)),
    ...(broadcast === undefined ? {} : { broadcast }),
  };
}

function addressState6(call: Call, name: string, address: Buffer): AddressState {
  const ask = (command: number): Buffer => {
    const bytes = request(name, sizes.request6);
    address.copy(bytes, sizes.name, 0, address[0]);
    call(command, bytes);
    return bytes.subarray(sizes.name);
  };
  const mask = ask(commands.netmask6);
  const flags = ask(commands.flags6).readInt32LE(0);
  return {
    address: text6(address),
    family: 'IPv6',
    netmask: text6(mask),
    prefix: bitsOf([...mask.subarray(8, 24)]),
    scopeid: address.readUInt32LE(24),
    isTentative: (flags & flags6.tentative) !== 0,
    isDuplicated: (flags & flags6.duplicated) !== 0,
    isDeprecated: (flags & flags6.deprecated) !== 0,
    isAutomatic: (flags & flags6.automatic) !== 0,
  };
}

function bitsOf(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
}

/** struct sockaddr_in: length, family, port, address. */
function socketAddress4(address: string): Buffer {
  return Buffer.from([
    sizes.address4,
    families.inet,
    0,
    0,
    ...address.split('.').map(Number),
    ...Array<number>(8).fill(0),
  ]);
}

function text4(bytes: Buffer): string {
  return bytes.subarray(4, 8).join('.');
}

/** struct sockaddr_in6: length, family, port, flow, address, scope. */
function socketAddress6(address: string): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.set([bytes.length, families.inet6]);
  const plain = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1);
  const [front = [], back = []] = plain
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  for (const [index, group] of front.entries()) bytes.writeUInt16BE(parseInt(group, 16), 8 + index * 2);
  for (const [index, group] of back.entries())
    bytes.writeUInt16BE(parseInt(group, 16), 24 - (back.length - index) * 2);
  return bytes;
}

function text6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(8 + index * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
