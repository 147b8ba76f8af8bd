// SPDX-License-Identifier: BSD-2-Clause
// fs-command.test.ts: rumpkit fs on real images, read back by other programs.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkFfs } from '../../ts/disk/index.js';
import { makeFfs, makeSampleTree, sampleFiles } from '../helpers/ffs-image.js';
import { makeIso } from '../helpers/iso.js';
import { seededBytes } from '../helpers/random.js';
import { fsOutput, fsRun } from '../helpers/run-fs.js';
import { useTemporaryFolder } from '../helpers/temporary-folder.js';

const mib = 2 ** 20;

describe('rumpkit fs', function () {
  this.timeout(600_000);
  const temporary = useTemporaryFolder();
  const at = (name: string): string => join(temporary(), name);
  let tree: string;
  before(() => {
    tree = makeSampleTree();
  });

  const make = async (name: string, ...words: string[]): Promise<string> => {
    await fsOutput('mkfs', '--size', '16M', ...words, at(name));
    return at(name);
  };
  const expectSample = (folder: string): void => {
    for (const [name, contents] of Object.entries(sampleFiles))
      expect(readFileSync(join(folder, name)).equals(contents), name).to.equal(true);
    expect(readlinkSync(join(folder, 'link'))).to.equal('docs/blocks.bin');
  };
  const expectClean = (image: string): void => {
    expect(checkFfs(image).findings).to.deep.equal([]);
  };

  describe('on FFS', () => {
    it('copies a tree into a new image and out again, and leaves the image clean', async () => {
      const image = await make('disk.img');
      await fsOutput('cp', '-a', tree, `${image}:/www`);
      expectClean(image);
      await fsOutput('cp', '-a', `${image}:/www`, at('out'));
      expectSample(at('out'));
      expect(statSync(at('out/docs/blocks.bin')).mtimeMs).to.be.closeTo(
        statSync(join(tree, 'docs/blocks.bin')).mtimeMs,
        1,
      );
    });

    it('keeps names of one file together with -a, and copies each with -r', async () => {
      const image = await make('disk.img');
      const linksOf = async (path: string): Promise<unknown[]> =>
        (JSON.parse(await fsOutput('stat', '--json', path)) as Record<string, unknown>[]).map(
          ({ links }) => links,
        );
      await fsOutput('cp', '-a', tree, `${image}:/kept`);
      // again, over what is there
      await fsOutput('cp', '-a', `${tree}/docs`, `${tree}/other`, `${image}:/kept`);
      expect(await linksOf(`${image}:/kept/docs/again`)).to.deep.equal([2]);
      await fsOutput('cp', '-r', tree, `${image}:/copied`);
      expect(await linksOf(`${image}:/copied/docs/again`)).to.deep.equal([1]);
      expectClean(image);
      await fsOutput('cp', '-a', `${image}:/kept`, at('out'));
      expectSample(at('out'));
      expect(statSync(at('out/docs/again')).ino).to.equal(statSync(at('out/other/linked')).ino);
      const fat = await make('fat.img', '--type', 'msdos');
      await fsOutput('cp', '-a', join(tree, 'docs'), join(tree, 'other'), `${fat}:/`);
      expect(await fsOutput('cat', `${fat}:/docs/again`)).to.equal(
        await fsOutput('cat', `${fat}:/other/linked`),
      );
    });

    it('reads images that makefs made', async () => {
      const image = makeFfs(tree);
      expect((await fsOutput('ls', `${image}:/`)).split('\n')).to.include.members([
        'docs',
        'hollow',
        'link',
        'other',
      ]);
      expect(await fsOutput('cat', `${image}:/short.txt`)).to.equal('short\n');
      expect(await fsOutput('cat', `${image}:/docs/fragments.bin`)).to.equal(
        sampleFiles['docs/fragments.bin']!.toString('latin1'),
      );
      expectClean(image);
    });

    it('copies from image to image, and between partitions of one', async () => {
      const from = makeFfs(tree);
      const disk = at('disk.img');
      writeFileSync(disk, '');
      truncateSync(disk, 40 * mib);
      execFileSync('sfdisk', ['-q', disk], {
        input: 'label: gpt\nsize=16M\nsize=16M\n',
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      await fsOutput('mkfs', `${disk}@1`);
      await fsOutput('mkfs', `${disk}@2`);
      await fsOutput('cp', '-r', `${from}:/`, `${disk}@1:/`);
      await fsOutput('mv', `${disk}@1:/docs`, `${disk}@2:/moved`);
      expect(await fsOutput('ls', `${disk}@1:/`)).to.equal('hollow\nlink\nlong-link\nother\nshort.txt\n');
      await fsOutput('cp', '-r', `${disk}@2:/moved`, at('out'));
      expect(
        readFileSync(at('out/deep/indirect.bin')).equals(sampleFiles['docs/deep/indirect.bin']!),
      ).to.equal(true);
      for (const name of ['1', '2']) expect(await fsOutput('check', `${disk}@${name}`)).to.include('clean');
      expect(await fsOutput('partitions', disk)).to.match(/@1 +gpt .*FFSv1/);
    });

    it('makes, links, moves, touches and removes', async () => {
      const image = await make('disk.img');
      const path = (name: string): string => `${image}:/${name}`;
      await fsOutput('mkdir', '-p', path('a/b/c'));
      writeFileSync(at('file'), 'contents');
      await fsOutput('cp', at('file'), path('a/b'));
      await fsOutput('ln', path('a/b/file'), path('hard'));
      await fsOutput('ln', '-s', '/a/b/file', path('a/soft'));
      expect(await fsOutput('cat', path('a/soft'))).to.equal('contents');
      await fsOutput('chmod', '600', path('hard'));
      await fsOutput('touch', path('new'));
      await fsOutput('mv', path('a/b/file'), path('a/b/c'));
      const [stat] = JSON.parse(await fsOutput('stat', '--json', path('hard'))) as Record<string, unknown>[];
      expect(stat).to.include({ type: 'file', links: 2, size: 8, mode: '0600 -rw-------' });
      expect(await fsOutput('find', path(''), '-type', 'f', '-name', '*il*')).to.equal(
        `${path('a/b/c/file')}\n`,
      );
      const shown = Buffer.from(await fsOutput('tree', path('a')), 'latin1').toString();
      expect(shown).to.equal(`${path('a')}\n├── b\n│   └── c\n│       └── file\n└── soft -> /a/b/file\n`);
      await fsOutput('rm', '-r', path('a'));
      expect(await fsOutput('ls', path(''))).to.equal('hard\nnew\n');
      await fsOutput('rm', '-f', path('hard'), path('not-there'));
      expectClean(image);
    });

    it('expands patterns in images', async () => {
      const image = makeFfs(tree);
      expect(await fsOutput('ls', `${image}:/docs/*.bin`)).to.equal(
        `${image}:/docs/blocks.bin\n${image}:/docs/fragments.bin\n`,
      );
      mkdirSync(at('out'));
      await fsOutput('cp', `${image}:/d*/[bf]*.bin`, at('out'));
      expect(readFileSync(at('out/blocks.bin')).equals(sampleFiles['docs/blocks.bin']!)).to.equal(true);
      expect((await fsRun('ls', `${image}:/nothing*`)).stderr).to.include('RUMP_FS_NO_SUCH_PATH');
    });

    it('counts room', async () => {
      const image = makeFfs(tree);
      const [total] = JSON.parse(await fsOutput('du', '-s', '--json', `${image}:/docs`)) as {
        bytes: number;
      }[];
      expect(total!.bytes).to.be.within(380_000, 420_000);
      const [room] = JSON.parse(await fsOutput('df', '--json', image)) as Record<string, number | string>[];
      expect(room).to.include({ image, type: 'FFSv1' });
      expect(room!['used']).to.be.greaterThan(380_000);
    });

    it('runs a script in the shell, and stops at its first failure', async () => {
      const image = await make('disk.img');
      writeFileSync(at('file'), 'from the host');
      const run = (script: string): { status: number | null; stdout: string; stderr: string } => {
        try {
          const stdout = execFileSync(
            process.execPath,
            ['--import', 'tsx', 'ts/cli/main.ts', 'fs', 'shell', image],
            {
              input: script,
              encoding: 'utf8',
              stdio: ['pipe', 'pipe', 'pipe'],
            },
          );
          return { status: 0, stdout, stderr: '' };
        } catch (error) {
          return error as { status: number; stdout: string; stderr: string };
        }
      };
      const good = run(
        `mkdir -p "a folder/b" # remark\ncd 'a folder'\ncp host:${at('file')} b\ncat b/file\npwd\nls\n`,
      );
      expect(good).to.deep.include({ status: 0, stdout: 'from the host/a folder\nb\n' });
      const bad = run('mkdir c\ncd nowhere\nmkdir d\n');
      expect(bad.status).to.equal(1);
      expect(bad.stderr).to.include('RUMP_FS_NO_SUCH_PATH');
      expect(await fsOutput('ls', `${image}:/`)).to.equal('a folder\nc\n');
      expectClean(image);
    });

    it('says that the image is full, and leaves no half file', async () => {
      await fsOutput('mkfs', '--size', '2M', at('small.img'));
      writeFileSync(at('big'), seededBytes(5, 3 * mib));
      const { status, stderr } = await fsRun('cp', at('big'), `${at('small.img')}:/big`);
      expect(status).to.equal(1);
      expect(stderr).to.include('RUMP_FS_FULL').and.include('/big');
      expect(await fsOutput('ls', `${at('small.img')}:/`)).to.equal('');
      expectClean(at('small.img'));
    });
  });

  it('reads and writes FAT, which mtools and fsck.fat read back', async () => {
    for (const type of ['fat12', 'fat16', 'fat32'] as const) {
      const image = at(`${type}.img`);
      await fsOutput(
        'mkfs',
        '-t',
        type,
        '--size',
        type === 'fat12' ? '4M' : '64M',
        '--label',
        'RUMPKIT',
        image,
      );
      mkdirSync(at(type));
      writeFileSync(at(`${type}/A long name.txt`), 'long');
      writeFileSync(at(`${type}/data`), seededBytes(7, 200_000));
      await fsOutput('cp', '-r', at(type), `${image}:/folder`);
      expect(
        execFileSync('mtype', ['-i', image, '::/folder/A long name.txt'], { encoding: 'utf8' }),
      ).to.equal('long');
      expect(await fsOutput('check', image)).to.match(/files/);
      execFileSync('mcopy', ['-i', image, at(`${type}/data`), '::/from-mtools']);
      await fsOutput('cp', `${image}:/from-mtools`, at(`${type}.out`));
      expect(readFileSync(at(`${type}.out`)).equals(seededBytes(7, 200_000))).to.equal(true);
    }
  });

  it('reads and writes exFAT, in which fsck.exfat finds nothing wrong', async () => {
    const image = await make('exfat.img', '-t', 'exfat');
    mkdirSync(at('from/deep'), { recursive: true });
    const files = {
      'Größe.txt': Buffer.from('long'),
      'deep/data': seededBytes(7, 3_000_000),
      none: Buffer.alloc(0),
    };
    for (const [name, contents] of Object.entries(files)) writeFileSync(at(`from/${name}`), contents);
    await fsOutput('cp', '-r', at('from'), `${image}:/folder`);
    await fsOutput('cp', '-a', `${image}:/folder`, `${image}:/again`);
    await fsOutput('rm', '-r', `${image}:/folder`);
    expect((await fsRun('check', image)).status).to.equal(0);
    expect(execFileSync('fsck.exfat', ['-n', image], { encoding: 'utf8' })).to.include('clean');
    await fsOutput('cp', '-r', `${image}:/again`, at('out'));
    for (const [name, contents] of Object.entries(files))
      expect(readFileSync(at(`out/${name}`)).equals(contents), name).to.equal(true);
  });

  it('reads and writes ext2, which e2fsck and debugfs read back', async () => {
    const image = await make('ext.img', '-t', 'ext2');
    await fsOutput('cp', '-a', tree, `${image}:/www`);
    execFileSync('e2fsck', ['-f', '-n', image], { stdio: 'ignore' });
    const read = (path: string): Buffer =>
      execFileSync('debugfs', ['-R', `cat ${path}`, image], {
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: mib,
      });
    for (const [name, contents] of Object.entries(sampleFiles))
      expect(read(`/www/${name}`).equals(contents), name).to.equal(true);
    await fsOutput('cp', '-a', `${image}:/www`, at('out'));
    expectSample(at('out'));
  });

  it('reads ISO images, and says that they cannot be written', async () => {
    const image = makeIso(tree, 'rock-ridge');
    await fsOutput('cp', '-r', `${image}:/`, at('out'));
    expectSample(at('out'));
    const { status, stderr } = await fsRun('mkdir', `${image}:/new`);
    expect(status).to.equal(1);
    expect(stderr).to.include('RUMP_FS_READ_ONLY');
  });

  it('makes ext2 and exFAT with the programs of their packages', async () => {
    await make('ext.img', '-t', 'ext2', '--label', 'data');
    expect(
      execFileSync('dumpe2fs', ['-h', at('ext.img')], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ).to.match(/volume name: +data/);
    expect((await fsRun('check', at('ext.img'))).status).to.equal(0);
    await make('exfat.img', '-t', 'exfat');
    expect((await fsRun('check', at('exfat.img'))).status).to.equal(0);
    const path = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    try {
      // Found where Debian keeps it, whatever the PATH.
      expect((await fsRun('check', at('ext.img'))).status).to.equal(0);
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('changes nothing when it only reads', async () => {
    const image = makeFfs(tree);
    const before = readFileSync(image);
    for (const words of [
      ['ls', '-lR', `${image}:/`],
      ['find', `${image}:/`],
      ['cat', `${image}:/short.txt`],
      ['cp', '-r', `${image}:/`, at('out')],
      ['check', image],
    ])
      await fsOutput(...words);
    expect(readFileSync(image).equals(before)).to.equal(true);
  });

  it('reads an image that it may not write, and says who must do what before it is written', () => {
    const image = makeFfs(tree);
    chmodSync(image, 0o444);
    // Root may write it all the same, unless it gives up the right to.
    const drop = process.getuid?.() === 0 ? ['--bounding-set=-dac_override'] : [];
    const run = (...words: string[]): { status: number | null; stdout: string; stderr: string } =>
      spawnSync('setpriv', [...drop, process.execPath, '--import', 'tsx', 'ts/cli/main.ts', 'fs', ...words], {
        encoding: 'utf8',
      });
    const read = run('cat', `${image}:/short.txt`);
    expect(read.status, read.stderr).to.equal(0);
    expect(read.stdout).to.equal(sampleFiles['short.txt']?.toString());
    const written = run('cp', `${image}:/short.txt`, `${image}:/copy`);
    expect(written.status).to.equal(1);
    expect(written.stderr).to.include('EACCES').and.include(image);
    expectClean(image);
  });

  it('interrupted, it removes the half file, unmounts and ends with 130', async () => {
    const image = at('disk.img');
    await fsOutput('mkfs', '--size', '600M', image);
    writeFileSync(at('first'), 'first');
    const fifo = at('big');
    writeFileSync(fifo, '');
    truncateSync(fifo, 500 * mib);
    const script = `
      import { runFs } from './ts/cli/fs/run-fs.js';
      import { exitCodeOf, renderError } from './ts/cli/render/error.js';
      const timer = setInterval(() => { if (fs.statSync(${JSON.stringify(image)}).blocks > 30000) { clearInterval(timer); process.kill(process.pid, 'SIGINT'); } }, 5);
      import fs from 'node:fs';
      try { await runFs(['cp', ${JSON.stringify(at('first'))}, ${JSON.stringify(fifo)}, ${JSON.stringify(`${image}:/`)}]); }
      catch (error) { clearInterval(timer); process.stderr.write(renderError(error, false)); process.exitCode = exitCodeOf(error); }`;
    let result: { status?: number; stderr?: string } = {};
    try {
      execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } catch (error) {
      result = error as { status: number; stderr: string };
    }
    expect(result.status, result.stderr).to.equal(130);
    expect(result.stderr).to.include('RUMP_FS_INTERRUPTED').and.include('/big');
    expect(await fsOutput('ls', `${image}:/`)).to.equal('first\n');
    expectClean(image);
  });

  it('removes nothing but half files: no device, and no link to what it wrote into', async () => {
    const image = makeFfs(tree);
    symlinkSync('/dev/full', at('full'));
    const failed = await fsRun('cp', `${image}:/docs/blocks.bin`, at('full'));
    expect(failed.status, failed.stderr).to.equal(1);
    expect(failed.stderr).to.include('ENOSPC');
    expect(readlinkSync(at('full'))).to.equal('/dev/full');
    expect(existsSync('/dev/full')).to.equal(true);
  });

  it('refuses wrong words with a code and a remedy', async () => {
    const image = makeFfs(tree);
    writeFileSync(at('text'), 'no image');
    const cases: [string[], number, string][] = [
      [['ls', `${at('missing.img')}:/`], 1, 'RUMP_DISK_UNREADABLE'],
      [['ls', `${at('text')}:/`], 1, 'RUMP_DISK_UNKNOWN_TYPE'],
      [['ls', `${image}@3:/`], 1, 'RUMP_DISK_NO_PARTITION'],
      [['ls', `${image}@x9:/`], 1, 'RUMP_DISK_USAGE'],
      [['ls', `${image}:/nowhere`], 1, 'RUMP_FS_NO_SUCH_PATH'],
      [['cat', `${image}:/docs`], 1, 'RUMP_FS_WRONG_KIND'],
      [['cp', `${image}:/docs`, at('out')], 1, 'RUMP_FS_WRONG_KIND'],
      [['cp', at('nowhere'), `${image}:/`], 1, 'RUMP_FS_NO_SUCH_PATH'],
      [['cp', at('text'), `${image}:/no/such/folder/x`], 1, 'RUMP_FS_NO_SUCH_PATH'],
      [['mkdir', `${image}:/docs`], 1, 'RUMP_FS_EXISTS'],
      [['rm', `${image}:/docs`], 1, 'RUMP_FS_WRONG_KIND'],
      [['rm', '-r', `${image}:/`], 1, 'RUMP_FS_WRONG_KIND'],
      [['ln', `${image}:/docs/nowhere`, `${image}:/x`], 1, 'RUMP_FS_NO_SUCH_PATH'],
      [['chmod', 'rwx', `${image}:/docs`], 2, 'RUMP_CLI_USAGE'],
      [['ls', at('text')], 2, 'RUMP_CLI_USAGE'],
      [['ls'], 2, 'RUMP_CLI_USAGE'],
      [['lss', image], 2, 'Did you mean ls?'],
      [['ls', '--lnog', `${image}:/`], 2, 'Did you mean --long?'],
      [['ls', '-x', `${image}:/`], 2, 'RUMP_CLI_USAGE'],
      [['find', '-type', 'z', `${image}:/`], 2, 'RUMP_CLI_USAGE'],
      [['mkfs', at('new.img')], 2, '--size 64M'],
      [['mkfs', '-t', 'zfs', '--size', '4M', at('new.img')], 2, 'RUMP_CLI_USAGE'],
      [['mkfs', '--size', 'big', at('new.img')], 2, 'RUMP_CLI_USAGE'],
      [['mkfs', '--size', '16K', at('new.img')], 1, 'RUMP_DISK_TOO_SMALL'],
      [['mkfs', image], 1, 'RUMP_FS_EXISTS'],
      [['check', at('text')], 1, 'RUMP_DISK_UNKNOWN_TYPE'],
    ];
    for (const [words, status, text] of cases) {
      const run = await fsRun(...words);
      expect(run.stderr, words.join(' ')).to.include(text);
      expect(run.status, words.join(' ')).to.equal(status);
      if (!text.startsWith('Did')) expect(run.stderr).to.not.include('    at ');
    }
    expect(existsSync(at('new.img'))).to.equal(false);
    expectClean(image);
  });

  it('goes on after what it cannot copy, and says so in its status', async () => {
    const image = await make('disk.img');
    mkdirSync(at('mixed'));
    execFileSync('mkfifo', [at('mixed/fifo')]);
    writeFileSync(at('mixed/zebra'), 'z');
    symlinkSync('nowhere', at('mixed/broken'));
    utimesSync(at('mixed/zebra'), 1000, 2000);
    const { status, stderr } = await fsRun('cp', '-r', '-p', at('mixed'), `${image}:/`);
    expect(status).to.equal(1);
    expect(stderr).to.include('fifo');
    await fsOutput('cp', '-a', `${image}:/mixed`, at('out'));
    expect(readFileSync(at('out/zebra'), 'utf8')).to.equal('z');
    expect(lstatSync(at('out/zebra')).mtimeMs).to.equal(2_000_000);
    expect(readlinkSync(at('out/broken'))).to.equal('nowhere');
    expectClean(image);
  });

  it('finds damage, and ends with 4', async () => {
    const image = makeFfs(tree);
    const bytes = readFileSync(image);
    bytes[8192 + 209] = 0;
    writeFileSync(image, bytes);
    const { status, stdout } = await fsRun('check', image);
    expect(status).to.equal(4);
    expect(stdout).to.include('FFS_NOT_CLEAN').and.include('left from a crash');
    const written = await fsRun('touch', `${image}:/x`);
    expect(written.status).to.equal(1);
    expect(written.stderr).to.include('RUMP_MOUNT_FAILED').and.include('check --repair');
    const dry = await fsRun('check', '--repair', '--dry-run', image);
    expect(dry.stdout).to.include('would do: marked as clean');
    expect(dry.status).to.equal(4);
    expect(readFileSync(image).equals(bytes)).to.equal(true);
    const repaired = await fsRun('check', '--repair', image);
    expect(repaired.stdout).to.include('done: marked as clean').and.include('clean');
    expect(repaired.status).to.equal(1);
    await fsOutput('touch', `${image}:/x`);
    expectClean(image);
  });
});
