// SPDX-License-Identifier: BSD-2-Clause
// symbol-table.ts: the table in .rumpkit.symtab by which a guest names the functions of a backtrace.
//
// Little endian: u32 magic "RSYM", u32 symbols, u32 components, u32 bytes of strings; then for each symbol, by
// address, { u32 address - kernel base, u32 size in the low 24 bits and component in the high 8, u32 name };
// then a u32 name for each component; then the strings, each ended by a zero.
import { ImageError } from '../errors.js';

/** The address that kernels are linked at, physical address zero. */
export const kernelBase = 0xffffffff80000000n;

/** One function. */
export interface TableSymbol {
  /** Offset from the kernel base. */
  offset: number;
  size: number;
  name: string;
  component: string;
}

const magic = 0x4d595352;
const headerSize = 16;
const symbolSize = 12;
const maximumSize = 0xffffff;

/** Writes the table. */
export function encodeSymbolTable(symbols: readonly TableSymbol[]): Buffer {
  const sorted = [...symbols].sort((a, b) => a.offset - b.offset || a.name.localeCompare(b.name));
  const components = [...new Set(sorted.map(({ component }) => component))].slice(0, 256);
  const strings = new StringPool();
  const body = Buffer.alloc(sorted.length * symbolSize + components.length * 4);
  sorted.forEach(({ offset, size, name, component }, index) => {
    const owner = Math.max(components.indexOf(component), 0);
    body.writeUInt32LE(offset, index * symbolSize);
    body.writeUInt32LE(((owner << 24) | Math.min(size, maximumSize)) >>> 0, index * symbolSize + 4);
    body.writeUInt32LE(strings.add(name), index * symbolSize + 8);
  });
  components.forEach((name, index) => {
    body.writeUInt32LE(strings.add(name), sorted.length * symbolSize + index * 4);
  });
  const text = strings.bytes();
  const header = Buffer.alloc(headerSize);
  [magic, sorted.length, components.length, text.length].forEach((value, index) => {
    header.writeUInt32LE(value, index * 4);
  });
  return Buffer.concat([header, body, text]);
}

/** Reads the table back; empty for an empty section. */
export function decodeSymbolTable(bytes: Buffer): TableSymbol[] {
  if (bytes.length === 0) return [];
  if (bytes.length < headerSize || bytes.readUInt32LE(0) !== magic) throw damaged();
  const symbolCount = bytes.readUInt32LE(4);
  const componentsAt = headerSize + symbolCount * symbolSize;
  const stringsAt = componentsAt + bytes.readUInt32LE(8) * 4;
  if (stringsAt + bytes.readUInt32LE(12) > bytes.length) throw damaged();
  const text = (at: number): string =>
    bytes.toString('utf8', stringsAt + at, bytes.indexOf(0, stringsAt + at));
  return Array.from({ length: symbolCount }, (_, index) => {
    const at = headerSize + index * symbolSize;
    const sizeAndOwner = bytes.readUInt32LE(at + 4);
    return {
      offset: bytes.readUInt32LE(at),
      size: sizeAndOwner & maximumSize,
      name: text(bytes.readUInt32LE(at + 8)),
      component: text(bytes.readUInt32LE(componentsAt + (sizeAndOwner >>> 24) * 4)),
    };
  });
}

/** Strings one after the other, each only once. */
class StringPool {
  readonly #offsets = new Map<string, number>();
  readonly #chunks: Buffer[] = [];
  #size = 0;

  add(text: string): number {
    const known = this.#offsets.get(text);
    if (known !== undefined) return known;
    const chunk = Buffer.from(`${text}\0`);
    const offset = this.#size;
    this.#offsets.set(text, offset);
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    return offset;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

function damaged(): ImageError {
  return new ImageError('RUMP_IMAGE_NOT_AN_IMAGE', 'the symbol table of the image is damaged', {
    remedy: 'Bake the image again: rumpkit bake',
  });
}
