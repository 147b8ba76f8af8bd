// SPDX-License-Identifier: BSD-2-Clause
// private-apt.ts: an apt that has its own state, lists and cache below one folder: needs no root, changes nothing
// of the system's. The system's other settings (proxies) still hold, because APT_CONFIG only comes before them.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandPlan } from '../exec/command-plan.js';
import type { AptMirror } from './apt-mirrors.js';

/** The folder and configuration of a private apt for one suite. */
export interface PrivateApt {
  folder: string;
  suite: string;
  mirror: AptMirror;
}

/** Writes the configuration of a private apt; harmless if it is there already. */
export async function preparePrivateApt({ folder, suite, mirror }: PrivateApt): Promise<void> {
  for (const name of ['state/lists/partial', 'cache/archives/partial', 'download']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  await writeFile(join(folder, 'apt.conf'), aptConfiguration(folder));
  await writeFile(join(folder, 'debian.sources'), sourcesEntry(suite, mirror));
}

/** The command that fetches the index of source packages. */
export function planUpdate({ folder }: PrivateApt): CommandPlan {
  return { command: 'apt-get', args: ['update', '--quiet'], env: aptEnvironment(folder) };
}

/** The command that downloads a source package's upstream tarball into the download folder. */
export function planDownload({ folder }: PrivateApt, sourcePackage: string, version: string): CommandPlan {
  return {
    command: 'apt-get',
    args: [
      'source',
      '--quiet',
      '--download-only',
      '--tar-only',
      '--only-source',
      `${sourcePackage}=${version}`,
    ],
    cwd: join(folder, 'download'),
    env: aptEnvironment(folder),
  };
}

function aptEnvironment(folder: string): Record<string, string> {
  return { APT_CONFIG: join(folder, 'apt.conf'), LC_ALL: 'C' };
}

function aptConfiguration(folder: string): string {
  const settings = {
    'Dir::State': join(folder, 'state'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Etc::sourcelist': join(folder, 'debian.sources'),
    'Dir::Etc::sourceparts': '-',
    'APT::Sandbox::User': '',
    'APT::Update::Error-Mode': 'any',
    'Acquire::Retries': '1',
    'Acquire::http::Timeout': '20',
    'Acquire::https::Timeout': '20',
    'Acquire::Languages': 'none',
  };
  const quote = (text: string): string => `"${text.replaceAll('"', '%22')}"`;
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${quote(value)};\n`)
    .join('');
}

/** Targets: without it, hooks of other tools pull in hundreds of megabytes of further indexes. */
function sourcesEntry(suite: string, mirror: AptMirror): string {
  const fields: [string, string | undefined][] = [
    ['Types', 'deb-src'],
    ['Targets', 'Sources'],
    ['URIs', mirror.uris.join(' ')],
    ['Suites', suite],
    ['Components', 'main'],
    ['Signed-By', mirror.signedBy],
    ['Trusted', mirror.trusted === undefined ? undefined : mirror.trusted ? 'yes' : 'no'],
    ['Check-Valid-Until', mirror.checkValidUntil === false ? 'no' : undefined],
  ];
  return fields.map(([name, value]) => (value === undefined ? '' : `${name}: ${value}\n`)).join('');
}
