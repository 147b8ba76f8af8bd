// SPDX-License-Identifier: BSD-2-Clause
// inspect.ts: what an image holds, from the file alone.
import { readFileSync } from 'node:fs';
import { elf, isElf, readElf, sectionBytes, type ElfFile } from '../component/elf.js';
import { ImageError, RumpError } from '../errors.js';
import { decodeSymbolTable } from '../linker/symbol-table.js';
import type { BillOfMaterials } from './bill-of-materials.js';

/** A section of the file. */
export interface ImageSection {
  name: string;
  bytes: number;
  loaded: boolean;
}

/** What `rumpkit inspect` shows. */
export interface ImageInspection {
  path: string;
  bytes: number;
  /** Bytes of memory that loading it takes. */
  memory: number;
  sections: readonly ImageSection[];
  functions: number;
  materials: BillOfMaterials;
}

/** Reads an image; throws RUMP_IMAGE_UNREADABLE or RUMP_IMAGE_NOT_AN_IMAGE. */
export function inspectImage(path: string): ImageInspection {
  const bytes = readImage(path);
  const file = readImageElf(bytes, path);
  const contents = (name: string): Buffer => {
    const section = file.sections.find((each) => each.name === name);
    return section === undefined ? Buffer.alloc(0) : sectionBytes(bytes, section);
  };
  return {
    path,
    bytes: bytes.length,
    memory: file.segments
      .filter(({ type }) => type === elf.segmentLoad)
      .reduce((sum, { memorySize }) => sum + memorySize, 0),
    sections: file.sections
      .filter(({ name }) => name !== '')
      .map(({ name, size, flags }) => ({ name, bytes: size, loaded: (flags & elf.flagAlloc) !== 0 })),
    functions: decodeSymbolTable(contents('.rumpkit.symtab')).length,
    materials: parseMaterials(contents('.rumpkit.bom'), path),
  };
}

function readImage(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ImageError('RUMP_IMAGE_UNREADABLE', `the image ${path} cannot be read`, {
      remedy: 'Correct the path, or bake the image first: rumpkit bake',
      details: { path },
      cause: error,
    });
  }
}

function readImageElf(bytes: Buffer, path: string): ElfFile {
  if (!isElf(bytes)) throw notAnImage(path, 'it is not an ELF file');
  try {
    return readElf(bytes, path);
  } catch (error) {
    throw notAnImage(path, error instanceof RumpError ? error.message : String(error), error);
  }
}

function parseMaterials(section: Buffer, path: string): BillOfMaterials {
  if (section.length === 0) throw notAnImage(path, 'it has no bill of materials');
  try {
    const materials = JSON.parse(section.toString('utf8')) as Partial<BillOfMaterials>;
    if (materials.format === 'rumpkit-bom') return materials as BillOfMaterials;
  } catch (error) {
    throw notAnImage(path, 'its bill of materials is damaged', error);
  }
  throw notAnImage(path, 'its bill of materials is of another kind');
}

function notAnImage(path: string, reason: string, cause?: unknown): ImageError {
  return new ImageError('RUMP_IMAGE_NOT_AN_IMAGE', `${path} is not an image of rumpkit: ${reason}`, {
    remedy: 'Give a file that `rumpkit bake` made.',
    details: { path, reason },
    cause,
  });
}
