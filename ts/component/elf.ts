// SPDX-License-Identifier: BSD-2-Clause
// elf.ts: reads sections and symbols of 64-bit little-endian ELF files (System V gABI, chapters 4 and 5).
import { GraphError } from '../errors.js';

/** A section header, its name resolved. */
export interface ElfSection {
  name: string;
  type: number;
  flags: number;
  address: number;
  offset: number;
  size: number;
  link: number;
  entrySize: number;
}

/** A symbol, its name resolved. */
export interface ElfSymbol {
  name: string;
  /** Its value, exactly. */
  address: bigint;
  /** Its value as a JavaScript number: rounded for addresses of a kernel. */
  value: number;
  size: number;
  binding: 'local' | 'global' | 'weak';
  type: 'none' | 'object' | 'function' | 'section' | 'file' | 'common' | 'tls' | 'other';
  /** Index of its section, or undefined for a symbol that this file does not define. */
  section: number | undefined;
}

/** What of an ELF file is of use here. */
export interface ElfFile {
  type: number;
  machine: number;
  entry: bigint;
  sections: readonly ElfSection[];
  symbols: readonly ElfSymbol[];
  segments: readonly ElfSegment[];
}

/** A program header. */
export interface ElfSegment {
  type: number;
  flags: number;
  offset: number;
  virtualAddress: bigint;
  physicalAddress: bigint;
  fileSize: number;
  memorySize: number;
}

/** Section flags and types that others ask about. */
export const elf = {
  machineX86_64: 62,
  typeExecutable: 2,
  typeShared: 3,
  sectionNoBits: 8,
  flagWrite: 1,
  flagAlloc: 2,
  flagExec: 4,
  segmentLoad: 1,
  segmentDynamic: 2,
  segmentInterpreter: 3,
  segmentNote: 4,
} as const;

const sectionSymbolTable = 2;
const headerSize = 64;
const sectionHeaderSize = 64;
const programHeaderSize = 56;
const symbolSize = 24;
const bindings = ['local', 'global', 'weak'] as const;
const types = ['none', 'object', 'function', 'section', 'file', 'common', 'tls'] as const;

/** Whether the bytes begin as an ELF file does. */
export function isElf(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32BE(0) === 0x7f454c46;
}

/** Reads an ELF file; throws RUMP_GRAPH_BAD_OBJECT if it is none, cut short or of another kind. */
export function readElf(bytes: Buffer, label: string): ElfFile {
  if (!isElf(bytes) || bytes.length < headerSize) throw badObject(label, 'it is not an ELF file');
  if (bytes[4] !== 2 || bytes[5] !== 1) throw badObject(label, 'it is not 64-bit little-endian');
  try {
    const sections = readSections(bytes);
    return {
      type: bytes.readUInt16LE(16),
      machine: bytes.readUInt16LE(18),
      entry: bytes.readBigUInt64LE(24),
      sections,
      symbols: readSymbols(bytes, sections),
      segments: readSegments(bytes),
    };
  } catch (error) {
    if (error instanceof RangeError) throw badObject(label, 'it is cut short or damaged', error);
    throw error;
  }
}

/** The bytes of a section; empty for one without contents. */
export function sectionBytes(bytes: Buffer, section: ElfSection): Buffer {
  if (section.type === elf.sectionNoBits) return Buffer.alloc(0);
  return bytes.subarray(section.offset, section.offset + section.size);
}

function readSections(bytes: Buffer): ElfSection[] {
  const offset = readNumber(bytes, 40);
  const count = bytes.readUInt16LE(60);
  const names = bytes.readUInt16LE(62);
  const raw = Array.from({ length: count }, (_, index) =>
    readSection(bytes, offset + index * sectionHeaderSize),
  );
  const strings = raw[names];
  return raw.map(({ nameOffset, ...section }) => ({
    ...section,
    name: strings === undefined ? '' : readString(bytes, strings.offset + nameOffset),
  }));
}

function readSection(bytes: Buffer, at: number): Omit<ElfSection, 'name'> & { nameOffset: number } {
  return {
    nameOffset: bytes.readUInt32LE(at),
    type: bytes.readUInt32LE(at + 4),
    flags: readNumber(bytes, at + 8),
    address: readNumber(bytes, at + 16),
    offset: readNumber(bytes, at + 24),
    size: readNumber(bytes, at + 32),
    link: bytes.readUInt32LE(at + 40),
    entrySize: readNumber(bytes, at + 56),
  };
}

function readSymbols(bytes: Buffer, sections: readonly ElfSection[]): ElfSymbol[] {
  const table = sections.find(({ type }) => type === sectionSymbolTable);
  if (table === undefined) return [];
  const strings = sections[table.link]?.offset ?? 0;
  const count = Math.floor(table.size / symbolSize);
  return Array.from({ length: Math.max(count - 1, 0) }, (_, index) =>
    readSymbol(bytes, table.offset + (index + 1) * symbolSize, strings),
  );
}

function readSymbol(bytes: Buffer, at: number, strings: number): ElfSymbol {
  const info = bytes.readUInt8(at + 4);
  const section = bytes.readUInt16LE(at + 6);
  return {
    name: readString(bytes, strings + bytes.readUInt32LE(at)),
    binding: bindings[info >> 4] ?? 'global',
    type: types[info & 15] ?? 'other',
    section: section === 0 ? undefined : section,
    address: bytes.readBigUInt64LE(at + 8),
    value: readNumber(bytes, at + 8),
    size: readNumber(bytes, at + 16),
  };
}

function readSegments(bytes: Buffer): ElfSegment[] {
  const offset = readNumber(bytes, 32);
  const count = bytes.readUInt16LE(56);
  return Array.from({ length: count }, (_, index) => {
    const at = offset + index * programHeaderSize;
    return {
      type: bytes.readUInt32LE(at),
      flags: bytes.readUInt32LE(at + 4),
      offset: readNumber(bytes, at + 8),
      virtualAddress: bytes.readBigUInt64LE(at + 16),
      physicalAddress: bytes.readBigUInt64LE(at + 24),
      fileSize: readNumber(bytes, at + 32),
      memorySize: readNumber(bytes, at + 40),
    };
  });
}

/** A 64-bit number as a JavaScript one: offsets are exact, kernel addresses lose their lowest bits. */
function readNumber(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}

function readString(bytes: Buffer, at: number): string {
  if (at >= bytes.length) throw new RangeError('string outside the file');
  const end = bytes.indexOf(0, at);
  return bytes.toString('utf8', at, end < 0 ? bytes.length : end);
}

function badObject(label: string, reason: string, cause?: unknown): GraphError {
  return new GraphError('RUMP_GRAPH_BAD_OBJECT', `${label} cannot be read as an object file: ${reason}`, {
    remedy: 'Build again; if it stays so, delete the build folder in the cache (rumpkit doctor names it).',
    details: { file: label, reason },
    cause,
  });
}
