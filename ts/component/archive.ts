// SPDX-License-Identifier: BSD-2-Clause
// archive.ts: reads the members of a static archive (ar, in the GNU form).
import { GraphError } from '../errors.js';

/** One file of an archive. */
export interface ArchiveMember {
  name: string;
  bytes: Buffer;
}

const magic = '!<arch>\n';
const headerSize = 60;

/** The members of an archive, without its symbol index. */
export function readArchive(bytes: Buffer, label: string): ArchiveMember[] {
  if (bytes.toString('latin1', 0, magic.length) !== magic) throw badArchive(label, 'it is not an archive');
  const members: ArchiveMember[] = [];
  let longNames = '';
  let at = magic.length;
  while (at + headerSize <= bytes.length) {
    const name = bytes.toString('latin1', at, at + 16).trimEnd();
    const size = Number.parseInt(bytes.toString('latin1', at + 48, at + 58), 10);
    const start = at + headerSize;
    if (!Number.isSafeInteger(size) || size < 0 || start + size > bytes.length) {
      throw badArchive(label, 'it is cut short or damaged');
    }
    const contents = bytes.subarray(start, start + size);
    if (name === '//') longNames = contents.toString('latin1');
    else if (name !== '/' && name !== '/SYM64/')
      members.push({ name: memberName(name, longNames), bytes: contents });
    at = start + size + (size % 2);
  }
  return members;
}

function memberName(name: string, longNames: string): string {
  if (!/^\/\d+$/.test(name)) return name.replace(/\/$/, '');
  const start = Number(name.slice(1));
  return longNames.slice(start, longNames.indexOf('/\n', start));
}

function badArchive(label: string, reason: string): GraphError {
  return new GraphError('RUMP_GRAPH_BAD_OBJECT', `${label} cannot be read as an archive: ${reason}`, {
    remedy: 'Build again; if it stays so, delete the build folder in the cache (rumpkit doctor names it).',
    details: { file: label, reason },
  });
}
