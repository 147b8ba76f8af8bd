// SPDX-License-Identifier: BSD-2-Clause
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readElf } from '../../../ts/component/elf.js';
import { bakeImage, type BakedImage } from '../../../ts/image/bake.js';
import { inspectImage } from '../../../ts/image/inspect.js';
import { checkProgram } from '../../../ts/image/program.js';
import { expectError } from '../../helpers/expect-error.js';
import { fixtures } from '../../helpers/fixtures.js';
import { useTemporaryFolder } from '../../helpers/temporary-folder.js';

const guests = join(fixtures, 'guests');

describe('bakeImage', () => {
  const temporary = useTemporaryFolder();
  const bake = (more: object = {}): Promise<BakedImage> =>
    bakeImage({
      components: ['guest/hello'],
      hosts: ['glue/baremetal'],
      componentFolders: [guests],
      output: join(temporary(), 'out/hello.img'),
      args: ['hello', 'world'],
      ...more,
    });
  const staticProgram = (): string => {
    const path = join(temporary(), 'program');
    writeFileSync(`${path}.s`, '.globl _start\n_start: mov $60, %eax\n syscall\n');
    execFileSync('cc', ['-nostdlib', '-static', `${path}.s`, '-o', path]);
    return path;
  };

  it('makes an image that tells what is in it', async () => {
    const program = staticProgram();
    const { path, bytes } = await bake({ program });
    const inspection = inspectImage(path);
    expect(inspection.bytes).to.equal(bytes).and.equal(readFileSync(path).length);
    expect(inspection.materials.components.map(({ name }) => name)).to.deep.equal([
      'glue/baremetal',
      'guest/hello',
    ]);
    expect(inspection.materials.program).to.include({ name: 'program', bytes: readFileSync(program).length });
    expect(inspection.materials.configuration).to.equal('arg=hello arg=world');
    expect(inspection.functions).to.be.greaterThan(10);
    expect(inspection.sections.find(({ name }) => name === '.rumpkit.bom')).to.include({ loaded: false });
  });

  it('accounts for every byte of its sections', async () => {
    const { path } = await bake();
    const { materials, sections } = inspectImage(path);
    const bytesOf = (name: string): number => sections.find((section) => section.name === name)?.bytes ?? 0;
    const sum = (kind: 'text' | 'bss'): number =>
      materials.sizes.reduce((total, size) => total + size[kind], 0);
    expect(sum('text')).to.be.closeTo(bytesOf('.text'), 64);
    expect(sum('bss')).to.be.closeTo(bytesOf('.bss'), 4096);
    expect(materials.largestSymbols[0]!.size).to.be.greaterThan(100);
  });

  it('is the same, byte for byte, when made again', async () => {
    const first = readFileSync((await bake()).path);
    expect(
      readFileSync((await bake({ output: join(temporary(), 'again.img') })).path).equals(first),
    ).to.equal(true);
  });

  it('keeps addresses when the tables are filled in', async () => {
    const { path, layout } = await bake();
    const { segments } = readElf(readFileSync(path), path);
    expect(layout.functions.length).to.be.greaterThan(10);
    const [text] = segments;
    const inText = layout.functions.filter(({ offset }) => {
      const address = 0xffffffff80000000n + BigInt(offset);
      return address >= text!.virtualAddress && address < text!.virtualAddress + BigInt(text!.memorySize);
    });
    expect(inText.length).to.equal(layout.functions.length);
  });

  it('writes nothing when it fails', async () => {
    const output = join(temporary(), 'none.img');
    await expectError('RUMP_IMAGE_PROGRAM_MISSING', () =>
      bake({ output, program: join(temporary(), 'gone') }),
    );
    await expectError('RUMP_GRAPH_UNKNOWN_COMPONENT', () => bake({ output, components: ['guest/hallo'] }));
    await expectError('RUMP_LINK_FAILED', () => bake({ output, components: [] }));
    expect(existsSync(output)).to.equal(false);
    await expectError('RUMP_IMAGE_NOT_WRITTEN', () => bake({ output: temporary() }));
  });

  it('refuses programs that cannot run in it', async () => {
    for (const [path, reason] of [
      [process.execPath, 'dynamically'],
      [join(guests, 'hello/hello.c'), 'not an ELF'],
    ] as const) {
      const error = await expectError('RUMP_IMAGE_PROGRAM_UNSUITABLE', () => bake({ program: path }));
      expect(error.message).to.include(reason);
    }
    checkProgram(staticProgram());
  });
});

describe('inspectImage', () => {
  const temporary = useTemporaryFolder();

  it('refuses what it cannot read', async () => {
    await expectError('RUMP_IMAGE_UNREADABLE', () => inspectImage(join(temporary(), 'none')));
  });

  it('refuses what is no image', async () => {
    const text = join(temporary(), 'text');
    writeFileSync(text, 'hello');
    await expectError('RUMP_IMAGE_NOT_AN_IMAGE', () => inspectImage(text));
    const error = await expectError('RUMP_IMAGE_NOT_AN_IMAGE', () => inspectImage(process.execPath));
    expect(error.message).to.include('bill of materials');
  });
});
