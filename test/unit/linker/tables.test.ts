// SPDX-License-Identifier: BSD-2-Clause
import { expect } from 'chai';
import { planImageLink } from '../../../ts/linker/image-plan.js';
import { parseLinkMap } from '../../../ts/linker/link-map.js';
import { decodeSymbolTable, encodeSymbolTable } from '../../../ts/linker/symbol-table.js';
import { expectError } from '../../helpers/expect-error.js';

describe('symbol table', () => {
  const symbols = [
    { offset: 0x102000, size: 0x40, name: 'second', component: 'kern' },
    { offset: 0x101000, size: 0x20, name: 'first', component: 'fs/cd9660' },
    { offset: 0xfff00000, size: 0xffffff + 5, name: 'huge', component: 'kern' },
  ];

  it('has the header and order that guests rely on', () => {
    const bytes = encodeSymbolTable(symbols);
    expect(bytes.toString('latin1', 0, 4)).to.equal('RSYM');
    expect([4, 8].map((at) => bytes.readUInt32LE(at))).to.deep.equal([3, 2]);
    expect(bytes.readUInt32LE(16)).to.equal(0x101000);
    expect(bytes.readUInt32LE(16 + 12)).to.equal(0x102000);
    expect(bytes.readUInt32LE(16 + 12 + 4)).to.equal((1 << 24) | 0x40);
    expect(bytes.length).to.equal(16 + 3 * 12 + 2 * 4 + bytes.readUInt32LE(12));
    expect(bytes.at(-1)).to.equal(0);
  });

  it('is read back as it was written, sizes capped at 24 bits', () => {
    expect(decodeSymbolTable(encodeSymbolTable(symbols))).to.deep.equal([
      symbols[1],
      symbols[0],
      { ...symbols[2], size: 0xffffff },
    ]);
  });

  it('may be empty', () => {
    expect(decodeSymbolTable(Buffer.alloc(0))).to.deep.equal([]);
    expect(decodeSymbolTable(encodeSymbolTable([]))).to.deep.equal([]);
  });

  it('is refused when it is damaged', async () => {
    const bytes = encodeSymbolTable(symbols);
    await expectError('RUMP_IMAGE_NOT_AN_IMAGE', () => decodeSymbolTable(bytes.subarray(0, 40)));
    await expectError('RUMP_IMAGE_NOT_AN_IMAGE', () =>
      decodeSymbolTable(Buffer.from('something else entirely')),
    );
  });
});

describe('link map', () => {
  const text = [
    'Discarded input sections',
    ' .text.gone     0x0000000000000000       0x99 /lib/libkern.a(a.o)',
    'Linker script and memory map',
    '.text           0xffffffff80100000      0x100',
    ' .text.boot     0xffffffff80100000       0x10 /lib/libglue.a(entry.S.o)',
    ' *fill*         0xffffffff80100010        0x6 ',
    ' .text.a_name_that_is_too_long',
    '                0xffffffff80100016       0x20 /lib/libkern.a(b (odd).o)',
    '                0xffffffff80100016                rumpns_symbol',
    ' .text.empty    0xffffffff80100036        0x0 /lib/libkern.a(b.o)',
    '.rumpkit.program',
    '                0xffffffff80101000     0x2000',
    ' .rumpkit.program',
    '                0xffffffff80101000     0x2000 /tmp/payload.o',
  ].join('\n');

  it('gives every piece with its output section and file, padding without one', () => {
    expect(parseLinkMap(text)).to.deep.equal([
      { section: '.text', address: 0xffffffff80100000n, size: 0x10, file: '/lib/libglue.a' },
      { section: '.text', address: 0xffffffff80100010n, size: 6, file: undefined },
      { section: '.text', address: 0xffffffff80100016n, size: 0x20, file: '/lib/libkern.a' },
      { section: '.rumpkit.program', address: 0xffffffff80101000n, size: 0x2000, file: '/tmp/payload.o' },
    ]);
  });
});

describe('planImageLink', () => {
  const input = {
    units: [{ component: 'kern', archive: '/lib/libkern.a' }],
    linkSets: new Set(['one', 'two']),
    script: { path: '/image.ld', contents: '__start_link_set_one = .;' },
    configuration: 'arg=x',
    folder: '/work',
    output: '/out/image',
  };

  it('is plain data of two passes', () => {
    const plan = planImageLink(input);
    expect(structuredClone(plan)).to.deep.equal(plan);
    expect(plan.firstPass.map(({ command }) => command)).to.deep.equal(['cc', 'ld']);
    expect(plan.secondPass.at(-1)!.args.slice(-2)).to.deep.equal(['-o', '/out/image']);
  });

  it("places the link sets that the image's own script does not", () => {
    const script = planImageLink(input).files.find(({ path }) => path.endsWith('linksets.ld'))!;
    expect(script.contents).to.include('link_set_two').and.not.include('link_set_one');
  });

  it('embeds program and configuration only if there are any', () => {
    const payload = (more: object): string =>
      planImageLink({ ...input, ...more }).files.find(({ path }) => path.endsWith('payload.s'))!.contents;
    expect(payload({})).to.include('.rumpkit.config').and.not.include('.rumpkit.program');
    expect(payload({ program: '/a "b"', configuration: '' }))
      .to.include('.incbin "/a \\"b\\""')
      .and.not.include('.config');
  });
});
