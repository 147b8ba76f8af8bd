// SPDX-License-Identifier: BSD-2-Clause
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readArchive } from '../../../ts/component/archive.js';
import { elf, readElf, sectionBytes } from '../../../ts/component/elf.js';
import { readArchiveSymbols } from '../../../ts/component/symbols.js';
import { expectError } from '../../helpers/expect-error.js';
import { useTemporaryFolder } from '../../helpers/temporary-folder.js';

const source = `
int shared = 5;
static int hidden;
int zeroed[100];
const char text[] = "text in rodata";
extern int elsewhere(int);
extern int maybe(void) __attribute__((weak));
__attribute__((weak)) int soft(void) { return 1; }
int strong(void) { hidden++; return elsewhere(shared) + (maybe ? maybe() : 0); }
static void *const entry __attribute__((section("link_set_things"), used)) = (void *)strong;
extern void *__start_link_set_others[];
void **others(void) { return __start_link_set_others; }
`;

describe('ELF reader', () => {
  const temporary = useTemporaryFolder();
  const compile = (name = 'file', ...flags: string[]): string => {
    const input = join(temporary(), `${name}.c`);
    const output = join(temporary(), `${name}.o`);
    writeFileSync(input, source);
    execFileSync('cc', ['-c', '-fno-pic', '-ffunction-sections', ...flags, input, '-o', output]);
    return output;
  };

  it('sees the symbols that nm sees', () => {
    const path = compile();
    const listed = execFileSync('nm', ['-P', path], { encoding: 'utf8' }).trim().split('\n');
    const expected = listed.map((line) => line.split(' ')[0]).sort();
    const symbols = readElf(readFileSync(path), path).symbols.filter(
      ({ name, type }) => name !== '' && type !== 'section' && type !== 'file',
    );
    expect(symbols.map(({ name }) => name).sort()).to.deep.equal(expected);
  });

  it('sees the sections that readelf sees', () => {
    const path = compile();
    const listed = execFileSync('readelf', ['-S', '-W', path], { encoding: 'utf8' });
    const expected = [
      ...listed.matchAll(/^ +\[ *\d+\] (\S*) +\S+ +[0-9a-f]{16} ([0-9a-f]{6}) ([0-9a-f]{6})/gm),
    ].map(([, name, offset, size]) => [name, Number.parseInt(offset!, 16), Number.parseInt(size!, 16)]);
    const sections = readElf(readFileSync(path), path).sections.map(({ name, offset, size }) => [
      name,
      offset,
      size,
    ]);
    expect(expected.length).to.be.greaterThan(8);
    expect(sections.slice(1)).to.deep.equal(expected.slice(-sections.length + 1));
  });

  it('tells binding, type and size', () => {
    const { symbols } = readElf(readFileSync(compile()), 'file.o');
    const find = (name: string): unknown => {
      const { binding, type, size, section } = symbols.find((symbol) => symbol.name === name)!;
      return { binding, type, size, isDefined: section !== undefined };
    };
    expect(find('zeroed')).to.deep.equal({ binding: 'global', type: 'object', size: 400, isDefined: true });
    expect(find('hidden')).to.deep.equal({ binding: 'local', type: 'object', size: 4, isDefined: true });
    expect(find('elsewhere')).to.deep.equal({ binding: 'global', type: 'none', size: 0, isDefined: false });
    expect(find('maybe')).to.include({ binding: 'weak', isDefined: false });
    expect(find('soft')).to.include({ binding: 'weak', type: 'function', isDefined: true });
  });

  it('gives the bytes of a section, none for one without contents', () => {
    const bytes = readFileSync(compile());
    const { sections } = readElf(bytes, 'file.o');
    const named = (name: string): Buffer =>
      sectionBytes(
        bytes,
        sections.find((section) => section.name === name)!,
      );
    expect(named('.rodata').toString('latin1')).to.include('text in rodata');
    expect(named('.bss').length).to.equal(0);
  });

  it('reads segments of an executable', () => {
    const file = readElf(readFileSync(process.execPath), 'node');
    expect(file.segments.some(({ type }) => type === elf.segmentLoad)).to.equal(true);
    expect(file.machine).to.equal(elf.machineX86_64);
  });

  it('refuses what is no ELF file', async () => {
    await expectError('RUMP_GRAPH_BAD_OBJECT', () =>
      readElf(Buffer.from('hello, world, this is no object'), 'x.o'),
    );
  });

  it('refuses a file cut anywhere', async () => {
    const bytes = readFileSync(compile());
    for (let length = 0; length < bytes.length - 64; length += 37) {
      await expectError('RUMP_GRAPH_BAD_OBJECT', () => readElf(bytes.subarray(0, length), 'cut.o'));
    }
  });

  it('refuses a 32-bit file', async () => {
    const bytes = Buffer.from(readFileSync(compile()));
    bytes[4] = 1;
    const error = await expectError('RUMP_GRAPH_BAD_OBJECT', () => readElf(bytes, 'x.o'));
    expect(error.message).to.include('64-bit');
  });

  describe('for archives', () => {
    const archive = (): string => {
      const path = join(temporary(), 'lib.a');
      const objects = [compile('one'), compile('a-name-too-long-for-its-field'), compile('odd', '-O2')];
      execFileSync('ar', ['qcsD', path, ...objects]);
      return path;
    };

    it('lists the members that ar lists', () => {
      const path = archive();
      const expected = execFileSync('ar', ['t', path], { encoding: 'utf8' }).trim().split('\n');
      const members = readArchive(readFileSync(path), path);
      expect(members.map(({ name }) => name)).to.deep.equal(expected);
      expect(members[1]!.bytes).to.deep.equal(
        readFileSync(join(temporary(), 'a-name-too-long-for-its-field.o')),
      );
    });

    it('sorts global symbols by what they are', () => {
      const symbols = readArchiveSymbols(archive());
      expect([...symbols.defined].sort()).to.deep.equal(['others', 'shared', 'strong', 'text', 'zeroed']);
      expect([...symbols.weak]).to.deep.equal(['soft']);
      expect([...symbols.undefined].sort()).to.deep.equal(['__start_link_set_others', 'elsewhere']);
      expect([...symbols.linkSets].sort()).to.deep.equal(['others', 'things']);
    });

    it('refuses one that is damaged, is none, or is not there', async () => {
      const bytes = readFileSync(archive());
      await expectError('RUMP_GRAPH_BAD_OBJECT', () => readArchive(bytes.subarray(0, 500), 'cut.a'));
      await expectError('RUMP_GRAPH_BAD_OBJECT', () => readArchive(Buffer.from('no archive'), 'x.a'));
      await expectError('RUMP_GRAPH_BAD_OBJECT', () => readArchiveSymbols(join(temporary(), 'gone.a')));
    });
  });
});
