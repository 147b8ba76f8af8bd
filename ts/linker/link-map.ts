// SPDX-License-Identifier: BSD-2-Clause
// link-map.ts: reads GNU ld's map: which piece of the output came from which input file.

/** One input section where it ended up. */
export interface MapPiece {
  /** Output section. */
  section: string;
  address: bigint;
  size: number;
  /** Object or archive, without the member's name; undefined for padding. */
  file: string | undefined;
}

/** The pieces of all output sections, in the order of the map. */
export function parseLinkMap(text: string): MapPiece[] {
  const start = text.indexOf('Linker script and memory map');
  const lines = joinWrappedLines(text.slice(Math.max(start, 0)));
  const pieces: MapPiece[] = [];
  let section = '';
  for (const line of lines) {
    const output = /^(\.[^\s]+|[A-Za-z_]\w*)\s+0x[0-9a-f]+\s+0x[0-9a-f]+/.exec(line);
    if (output !== null) section = output[1] ?? '';
    const piece = parsePiece(line, section);
    if (piece !== undefined && piece.size > 0) pieces.push(piece);
  }
  return pieces;
}

/** A name too long for its column stands on a line of its own. */
function joinWrappedLines(text: string): string[] {
  return text.replaceAll(/^( ?[^\s]+)\n(\s+0x[0-9a-f]+\s+0x[0-9a-f]+)/gm, '$1 $2').split('\n');
}

function parsePiece(line: string, section: string): MapPiece | undefined {
  const match = /^ (\*fill\*|[^\s*(][^\s]*)\s+(0x[0-9a-f]+)\s+(0x[0-9a-f]+)(?:\s+(\S.*?))?\s*$/.exec(line);
  if (match === null) return undefined;
  const [, name, address = '0x0', size = '0x0', file] = match;
  const isPadding = name === '*fill*';
  if (!isPadding && file === undefined) return undefined;
  return {
    section,
    address: BigInt(address),
    size: Number(size),
    file: isPadding ? undefined : file?.replace(/(\.a)\(.*\)$/, '$1'),
  };
}
