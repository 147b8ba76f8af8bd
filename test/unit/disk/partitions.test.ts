// SPDX-License-Identifier: BSD-2-Clause
import { execFileSync } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { expect } from 'chai';
import {
  detectFileSystem,
  findPartition,
  formatFfs,
  memoryStorage,
  openPartition,
  openStorage,
  readPartitions,
  requireFileSystem,
  type Partition,
} from '../../../ts/disk/index.js';
import { expectError } from '../../helpers/expect-error.js';
import { makeFfs, makeSampleTree } from '../../helpers/ffs-image.js';
import { makeIso } from '../../helpers/iso.js';
import { useTemporaryFolder } from '../../helpers/temporary-folder.js';

const mib = 2 ** 20;

describe('partition tables', () => {
  const temporary = useTemporaryFolder();

  const makeDisk = (size = 64 * mib): string => {
    const disk = join(temporary(), 'disk.img');
    writeFileSync(disk, '');
    truncateSync(disk, size);
    return disk;
  };
  const run = (command: string, words: readonly string[], input = ''): string =>
    execFileSync(command, words, { input, stdio: ['pipe', 'pipe', 'pipe'], encoding: 'utf8' });
  const read = (disk: string): ReturnType<typeof readPartitions> => {
    using storage = openStorage(disk);
    return readPartitions(storage);
  };
  /** As sfdisk sees them, in bytes. */
  const asSfdisk = (disk: string): { name: string; start: number; size: number }[] => {
    const { partitiontable } = JSON.parse(run('sfdisk', ['-J', disk])) as {
      partitiontable: { partitions: { node: string; start: number; size: number; type: string }[] };
    };
    return partitiontable.partitions
      .filter(({ type }) => !['5', 'f'].includes(type))
      .map(({ node, start, size }) => ({
        name: node.slice(disk.length),
        start: start * 512,
        size: size * 512,
      }));
  };
  const places = (partitions: readonly Partition[]): { name: string; start: number; size: number }[] =>
    partitions.map(({ name, start, size }) => ({ name, start, size }));

  it('are read as sfdisk reads them: an MBR with logical partitions', () => {
    const disk = makeDisk();
    run('sfdisk', ['-q', disk], 'label: dos\n2048,20480,83\n,20480,c\n,,5\n,10240,83\n,10240,83\n,4096,7\n');
    const { partitions } = read(disk);
    expect(places(partitions)).to.deep.equal(asSfdisk(disk));
    expect(partitions.map(({ name }) => name)).to.deep.equal(['1', '2', '5', '6', '7']);
    expect(partitions.map(({ type }) => type)).to.deep.equal(['0x83', '0x0c', '0x83', '0x83', '0x07']);
  });

  it('are read as sfdisk reads them: a GPT with gaps and names', () => {
    const disk = makeDisk();
    run(
      'sfdisk',
      ['-q', disk],
      'label: gpt\n1: size=20480, name="boot"\n4: size=8192, name="größe"\n9: size=2048\n',
    );
    const { partitions, remarks } = read(disk);
    expect(places(partitions)).to.deep.equal(asSfdisk(disk));
    expect(partitions.map(({ name, label }) => [name, label])).to.deep.equal([
      ['1', 'boot'],
      ['4', 'größe'],
      ['9', undefined],
    ]);
    expect(partitions[0]!.type).to.equal('0FC63DAF-8483-4772-8E79-3D69D8477DE4');
    expect(remarks).to.deep.equal([]);
  });

  it('of a GPT are read from the copy if the header or the entries are damaged', async () => {
    const disk = makeDisk();
    run('sfdisk', ['-q', disk], 'label: gpt\n,20480\n');
    const sound = readFileSync(disk);
    const { partitions } = read(disk);
    for (const [at, reason] of [
      [512 + 60, 'header is damaged: its checksum'],
      [1024 + 40, "header is damaged: its entries' checksum"],
    ] as const) {
      const bytes = Buffer.from(sound);
      bytes[at]! ^= 0xff;
      const table = readPartitions(memoryStorage(bytes));
      expect(table.partitions).to.deep.equal(partitions);
      expect(table.remarks[0]).to.include(reason);
    }
    const bytes = Buffer.from(sound);
    bytes[512 + 60]! ^= 0xff;
    bytes[bytes.length - 512 + 60]! ^= 0xff;
    const error = await expectError('RUMP_DISK_TABLE_DAMAGED', () => readPartitions(memoryStorage(bytes)));
    expect(error.details['faults']).to.have.length(2);
  });

  it('of the BSDs are read inside of a slice that fdisk made', () => {
    const disk = makeDisk();
    run('sfdisk', ['-q', disk], 'label: dos\n2048,20480,83\n,40960,a9\n');
    run('fdisk', [disk], 'b\nY\nn\na\n\n+4M\nn\ne\n40960\n\nw\n');
    const { partitions, remarks } = read(disk);
    const start = 22528 * 512;
    expect(places(partitions).filter(({ name }) => /^2[ae]$/.test(name))).to.deep.equal([
      { name: '2a', start, size: 4 * mib + 512 },
      { name: '2e', start: 40960 * 512, size: (22528 + 40960 - 40960) * 512 },
    ]);
    expect(partitions.find(({ name }) => name === '2c')).to.deep.include({ start, size: 40960 * 512 });
    expect(remarks).to.deep.equal([]);
    using storage = openStorage(disk);
    expect(findPartition(storage, 'a').name).to.equal('2a');
  });

  it('of the BSDs are read on a whole disk that parted labelled', () => {
    const disk = makeDisk();
    run('parted', [
      '-s',
      disk,
      'mklabel',
      'bsd',
      'mkpart',
      'ext2',
      '1MiB',
      '20MiB',
      'mkpart',
      'ext2',
      '20MiB',
      '60MiB',
    ]);
    const { partitions, remarks } = read(disk);
    expect(places(partitions)).to.deep.equal([
      { name: 'a', start: mib, size: 19 * mib },
      { name: 'b', start: 20 * mib, size: 40 * mib },
    ]);
    // parted writes a checksum that no BSD would accept.
    expect(remarks).to.deep.equal(["the disklabel's checksum is wrong"]);
  });

  it('are found by name, or the error says which there are', async () => {
    const disk = makeDisk();
    run('sfdisk', ['-q', disk], 'label: dos\n2048,20480,83\n,20480,83\n');
    using storage = openStorage(disk);
    expect(findPartition(storage, '2')).to.include({ start: 22528 * 512, size: 20480 * 512 });
    const missing = await expectError('RUMP_DISK_NO_PARTITION', () => findPartition(storage, '3'));
    expect(missing.remedy).to.equal('It has @1, @2.');
    await expectError('RUMP_DISK_NO_PARTITION', () => findPartition(storage, '2a'));
    await expectError('RUMP_DISK_USAGE', () => findPartition(storage, 'x9'));
    const none = await expectError('RUMP_DISK_NO_PARTITION', () =>
      findPartition(memoryStorage(Buffer.alloc(mib)), '1'),
    );
    expect(none.remedy).to.include('leave the partition out');
  });

  it('that reach behind the end of the image are refused', async () => {
    const disk = makeDisk();
    run('sfdisk', ['-q', disk], 'label: dos\n2048,20480,83\n,20480,83\n');
    truncateSync(disk, 12 * mib);
    using storage = openStorage(disk);
    expect(findPartition(storage, '1').name).to.equal('1');
    await expectError('RUMP_DISK_TABLE_DAMAGED', () => findPartition(storage, '2'));
  });

  it('of a GPT that end before they begin are refused', async () => {
    const disk = makeDisk();
    run('sfdisk', ['-q', disk], 'label: gpt\n2048,20480\n');
    const bytes = readFileSync(disk);
    bytes.writeBigUInt64LE(2000n, 1024 + 40);
    const header = bytes.subarray(512, 512 + 92);
    header.writeUInt32LE(crc32(bytes.subarray(1024, 1024 + 128 * header.readUInt32LE(80))), 88);
    header.writeUInt32LE(0, 16);
    header.writeUInt32LE(crc32(header), 16);
    const storage = memoryStorage(bytes);
    expect(readPartitions(storage).partitions).to.have.length(1);
    const error = await expectError('RUMP_DISK_TABLE_DAMAGED', () => findPartition(storage, '1'));
    expect(error.message).to.include('ends before it begins');
  });

  it('give parts that a file system can be made in, and nothing else changes', () => {
    const disk = makeDisk();
    run('sfdisk', ['-q', disk], 'label: dos\n2048,20480,83\n,20480,83\n');
    {
      using storage = openStorage(disk, 'write');
      formatFfs(openPartition(storage, findPartition(storage, '2')));
    }
    using storage = openStorage(disk);
    expect(detectFileSystem(openPartition(storage, findPartition(storage, '2')))?.kind).to.equal('FFSv1');
    expect(detectFileSystem(openPartition(storage, findPartition(storage, '1')))).to.equal(undefined);
    expect(
      readFileSync(disk)
        .subarray(22528 * 512 + 20480 * 512)
        .every((byte) => byte === 0),
    ).to.equal(true);
  });

  it('end a chain of logical partitions that runs in a circle', () => {
    const disk = makeDisk();
    run('sfdisk', ['-q', disk], 'label: dos\n,,5\n,10240,83\n,10240,83\n');
    const bytes = readFileSync(disk);
    const second = asSfdisk(disk)[1]!.start - 2048 * 512;
    bytes.writeUInt32LE(0, second + 446 + 16 + 8);
    bytes[second + 446 + 16 + 4] = 5;
    expect(readPartitions(memoryStorage(bytes)).partitions).to.have.length(2);
  });
});

describe('file systems', () => {
  const temporary = useTemporaryFolder();

  it('are recognised by what is in the image', () => {
    const tree = makeSampleTree();
    const make = (name: string, size: number, command: string, words: readonly string[]): string => {
      const image = join(temporary(), name);
      writeFileSync(image, '');
      truncateSync(image, size);
      execFileSync(command, [...words, image], { stdio: 'ignore' });
      return image;
    };
    const images = [
      [makeFfs(tree), 'FFSv1'],
      [makeIso(tree, 'rock-ridge'), 'ISO 9660'],
      [make('fat12', 2 * mib, 'mkfs.fat', ['-F', '12']), 'FAT12'],
      [make('fat16', 16 * mib, 'mkfs.fat', ['-F', '16']), 'FAT16'],
      [make('fat32', 64 * mib, 'mkfs.fat', ['-F', '32']), 'FAT32'],
      [make('exfat', 64 * mib, 'mkfs.exfat', []), 'exFAT'],
      [make('ext2', 8 * mib, 'mke2fs', ['-t', 'ext2']), 'ext2/3/4'],
      [make('ext4', 32 * mib, 'mke2fs', ['-t', 'ext4']), 'ext2/3/4'],
    ] as const;
    for (const [image, kind] of images) {
      using storage = openStorage(image);
      expect(requireFileSystem(storage).kind, image).to.equal(kind);
    }
  });

  it('that are not recognised give an error, which names partitions where there are some', async () => {
    const disk = join(temporary(), 'disk.img');
    writeFileSync(disk, '');
    truncateSync(disk, 64 * mib);
    {
      using storage = openStorage(disk);
      await expectError('RUMP_DISK_UNKNOWN_TYPE', () => requireFileSystem(storage));
    }
    execFileSync('sfdisk', ['-q', disk], {
      input: 'label: dos\n,,83\n',
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    using storage = openStorage(disk);
    const error = await expectError('RUMP_DISK_UNKNOWN_TYPE', () => requireFileSystem(storage));
    expect(error.remedy).to.include(`${disk}@1`);
  });
});
