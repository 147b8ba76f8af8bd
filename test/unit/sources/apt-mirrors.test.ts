// SPDX-License-Identifier: BSD-2-Clause
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readAptMirrors } from '../../../ts/sources/apt-mirrors.js';
import { useTemporaryFolder } from '../../helpers/temporary-folder.js';

describe('readAptMirrors', () => {
  const temporary = useTemporaryFolder();
  const write = (name: string, text: string): void => {
    mkdirSync(join(temporary(), 'sources.list.d'), { recursive: true });
    writeFileSync(join(temporary(), name), text);
  };

  it('reads one-line entries with their options', () => {
    write(
      'sources.list',
      [
        '# a comment',
        'deb [arch=amd64 signed-by=/keys/debian.gpg] https://mirror.example/debian bookworm main contrib # why',
        'deb-src https://mirror.example/debian bookworm main',
        'deb https://mirror.example/security bookworm-security main',
      ].join('\n'),
    );
    expect(readAptMirrors(temporary())).to.deep.equal([
      { uris: ['https://mirror.example/debian'], signedBy: '/keys/debian.gpg' },
    ]);
  });

  it('reads deb822 entries, several to a file, with folded and commented lines', () => {
    write(
      'sources.list.d/debian.sources',
      [
        'Types: deb',
        '# URIs: https://old.example/debian',
        'URIs: https://one.example/debian',
        '  https://two.example/debian',
        'Suites: trixie trixie-updates',
        'Components: main',
        'Signed-By: /keys/a.gpg',
        'Check-Valid-Until: no',
        '',
        'Types: deb',
        'URIs: https://off.example/debian',
        'Suites: trixie',
        'Components: main',
        'Enabled: no',
      ].join('\n'),
    );
    expect(readAptMirrors(temporary())).to.deep.equal([
      {
        uris: ['https://one.example/debian', 'https://two.example/debian'],
        signedBy: '/keys/a.gpg',
        checkValidUntil: false,
      },
    ]);
  });

  it("passes over security, third parties' archives and other components", () => {
    write(
      'sources.list.d/a.sources',
      'Types: deb\nURIs: https://node.example/x\nSuites: nodistro\nComponents: main\n',
    );
    write('sources.list.d/b.list', 'deb https://cloud.example/apt tool-bookworm main\n');
    write('sources.list.d/c.list', 'deb https://mirror.example/debian bookworm contrib\n');
    write('sources.list.d/d.list.save', 'deb https://mirror.example/debian bookworm main\n');
    expect(readAptMirrors(temporary())).to.deep.equal([]);
  });

  it('keeps what says that an archive is trusted', () => {
    write('sources.list', 'deb [trusted=yes] file:/srv/archive sid main\n');
    expect(readAptMirrors(temporary())[0]).to.include({ trusted: true });
  });

  it('gives nothing for a system without apt', () => {
    expect(readAptMirrors(join(temporary(), 'none'))).to.deep.equal([]);
  });
});
