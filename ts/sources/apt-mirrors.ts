// SPDX-License-Identifier: BSD-2-Clause
// apt-mirrors.ts: reads from the system's own apt configuration where Debian's archive is and which keys sign it,
// in both of its forms (one-line .list and deb822 .sources). No address is known to rumpkit itself.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where an archive is and how it is trusted. */
export interface AptMirror {
  uris: readonly string[];
  signedBy?: string;
  trusted?: boolean;
  /** False for archives that are a snapshot of the past. */
  checkValidUntil?: boolean;
}

type Entry = AptMirror & { suites: readonly string[]; components: readonly string[] };

const debianSuites =
  /^(stable|oldstable|oldoldstable|testing|unstable|sid|buster|bullseye|bookworm|trixie|forky|duke)$/;
const defaultKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The mirrors of Debian's main archive that this system is configured with, in its own order. */
export function readAptMirrors(configuration = '/etc/apt'): AptMirror[] {
  const entries = sourceFiles(configuration).flatMap((path) =>
    path.endsWith('.sources')
      ? parseDeb822(readFileSync(path, 'utf8'))
      : parseOneLine(readFileSync(path, 'utf8')),
  );
  const seen = new Set<string>();
  return entries
    .filter(
      ({ suites, components }) =>
        suites.some((suite) => debianSuites.test(suite)) && components.includes('main'),
    )
    .filter(({ uris }) => uris.length > 0 && !seen.has(uris.join(' ')) && seen.add(uris.join(' ')))
    .map(withKeyring);
}

function sourceFiles(configuration: string): string[] {
  const parts = join(configuration, 'sources.list.d');
  const names = existsSync(parts) ? readdirSync(parts).sort() : [];
  return [
    join(configuration, 'sources.list'),
    ...names.filter((name) => /\.(list|sources)$/.test(name)).map((name) => join(parts, name)),
  ].filter((path) => existsSync(path));
}

function withKeyring({ uris, signedBy, trusted, checkValidUntil }: Entry): AptMirror {
  const keyring = signedBy ?? (existsSync(defaultKeyring) ? defaultKeyring : undefined);
  return {
    uris,
    ...(keyring === undefined ? {} : { signedBy: keyring }),
    ...(trusted === undefined ? {} : { trusted }),
    ...(checkValidUntil === undefined ? {} : { checkValidUntil }),
  };
}

/** Lines such as: deb [signed-by=/path] URI SUITE COMPONENT... */
function parseOneLine(text: string): Entry[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb(?:-src)?\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]*)/.exec(line);
    if (match === null) return [];
    const options = new Map(words(match[1]).map((word) => splitOnce(word, '=')));
    const [uri = '', suite = ''] = [match[2], match[3]];
    return [entry([uri], [suite], words(match[4]), (name) => options.get(name))];
  });
}

/** Stanzas of fields; a line that begins with white space goes on with the field above it. */
function parseDeb822(text: string): Entry[] {
  const stanzas = text
    .replaceAll(/^#.*\n?/gm, '')
    .split(/\n\s*\n/)
    .map((stanza) => parseFields(stanza));
  return stanzas
    .filter((fields) => fields.has('uris') && fields.get('enabled')?.toLowerCase() !== 'no')
    .map((fields) =>
      entry(words(fields.get('uris')), words(fields.get('suites')), words(fields.get('components')), (name) =>
        fields.get(name),
      ),
    );
}

function parseFields(stanza: string): Map<string, string> {
  const unfolded = stanza.replaceAll(/\n[ \t]+/g, '\n\t').split(/\n(?!\t)/);
  return new Map(
    unfolded
      .filter((line) => line.includes(':'))
      .map((line) => splitOnce(line, ':'))
      .map(([name, value]) => [name.toLowerCase(), value.replaceAll('\n\t', '\n ').trim()]),
  );
}

function entry(
  uris: string[],
  suites: string[],
  components: string[],
  option: (name: string) => string | undefined,
): Entry {
  const signedBy = option('signed-by');
  const trusted = option('trusted');
  const validUntil = option('check-valid-until');
  return {
    uris,
    suites: suites.map((suite) => suite.replace(/\/$/, '')),
    components,
    ...(signedBy === undefined ? {} : { signedBy }),
    ...(trusted === undefined ? {} : { trusted: trusted.toLowerCase() === 'yes' }),
    ...(validUntil === undefined ? {} : { checkValidUntil: validUntil.toLowerCase() !== 'no' }),
  };
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
