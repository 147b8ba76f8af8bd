// SPDX-License-Identifier: BSD-2-Clause
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { resolveGraph } from '../../../ts/component/resolve.js';
import { executeLink, installFile } from '../../../ts/linker/execute-link.js';
import { linkSetScript, placedLinkSets } from '../../../ts/linker/link-sets.js';
import { readUnits } from '../../../ts/linker/read-units.js';
import { planSharedObject } from '../../../ts/linker/shared-object-plan.js';
import { expectError } from '../../helpers/expect-error.js';
import { buildToys, toyRegistry } from '../../helpers/fixtures.js';
import { useTemporaryFolder } from '../../helpers/temporary-folder.js';
import { makeToolFolder, withPath } from '../../helpers/tool-path.js';

describe('symbol check', () => {
  const temporary = useTemporaryFolder();

  it('accepts components whose manifests tell the truth', async () => {
    const { graph, plan } = await buildToys(['fs/toy', 'glue/toy'], temporary());
    const { units, linkSets } = readUnits(graph, plan, toyRegistry());
    expect(units.map(({ component }) => component)).to.deep.equal(['base', 'fs/toy', 'glue/toy']);
    expect([...linkSets].sort()).to.deep.equal(['attach', 'empty']);
  });

  it('names a missing symbol, who wants it, and who has it, in the kernel or not', async () => {
    await buildToys(['fs/toy'], temporary());
    for (const roots of [['needy'], ['needy', 'fs/toy']]) {
      const { graph, plan } = await buildToys(roots, temporary());
      const error = await expectError('RUMP_GRAPH_UNDEFINED_SYMBOL', () =>
        readUnits(graph, plan, toyRegistry()),
      );
      expect(error.message).to.include('needy needs driver_answer: fs/toy has it');
      expect(error.message).to.include('needy needs nobody_has_this: no component has it');
      expect(error.remedy).to.include('"fs/toy"').and.include('requires');
    }
  });

  it('names a symbol that two components define', async () => {
    const { graph, plan } = await buildToys(['twin'], temporary());
    const error = await expectError('RUMP_GRAPH_DUPLICATE_SYMBOL', () =>
      readUnits(graph, plan, toyRegistry()),
    );
    expect(error.message)
      .to.include('base')
      .and.include('twin')
      .and.include('malloc')
      .and.not.include('rumpns_');
  });
});

describe('shared objects', () => {
  const temporary = useTemporaryFolder();
  const link = async (roots: string[]): Promise<string> => {
    const { graph, plan } = await buildToys(roots, temporary());
    const { units, linkSets } = readUnits(graph, plan, toyRegistry());
    const linked = planSharedObject({ units, linkSets, folder: join(temporary(), 'out') });
    await executeLink(linked);
    return linked.output;
  };
  /** Loads the object in a process of its own and prints rumpglue_answer(). */
  const ask = (sharedObject: string): number => {
    const program = join(temporary(), 'ask');
    const code =
      '#include <dlfcn.h>\n#include <stdio.h>\nint main(int n, char **v) { void *h = dlopen(v[1], RTLD_NOW);' +
      ' if (n < 2 || h == NULL) { puts(dlerror()); return 1; }' +
      ' int (*f)(void) = (int (*)(void))dlsym(h, "rumpglue_answer"); printf("%d", f()); return 0; }\n';
    writeFileSync(`${program}.c`, code);
    execFileSync('cc', [`${program}.c`, '-o', program, '-ldl']);
    return Number(execFileSync(program, [sharedObject], { encoding: 'utf8' }));
  };

  it('run what is in their link sets', async () => {
    expect(ask(await link(['fs/toy', 'glue/toy']))).to.equal(42);
  });

  it('have start and stop even for sets that are empty', async () => {
    expect(ask(await link(['base', 'glue/toy']))).to.equal(0);
  });

  it('show their edges only', async () => {
    const listed = execFileSync('nm', ['-D', '--defined-only', '-P', await link(['fs/toy', 'glue/toy'])], {
      encoding: 'utf8',
    });
    const names = listed
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(names.sort()).to.deep.equal(['rump_init', 'rumpglue_answer']);
  });

  it('hold nothing that is not used', async () => {
    const listed = execFileSync('nm', [await link(['fs/toy', 'glue/toy'])], { encoding: 'utf8' });
    expect(listed).to.include('rumpns_driver_answer').and.not.include('unused');
  });

  it('report what the linker misses', async () => {
    const { plan } = await buildToys(['glue/toy'], temporary());
    const units = plan.units.map(({ component, archive }) => ({ component, archive }));
    const linked = planSharedObject({ units, linkSets: new Set(), folder: join(temporary(), 'out') });
    const error = await expectError('RUMP_LINK_FAILED', () => executeLink(linked));
    expect(error.message).to.include('rump_init');
  });

  it('say that there is no linker', async () => {
    const linked = planSharedObject({ units: [], linkSets: new Set(), folder: join(temporary(), 'out') });
    const path = makeToolFolder(join(temporary(), 'bin'), ['sh']);
    await withPath(path, () => expectError('RUMP_LINK_NO_LINKER', () => executeLink(linked)));
  });

  it('are planned as data', () => {
    const units = [{ component: 'base', archive: '/lib/libbase.a' }];
    const plan = planSharedObject({ units, linkSets: new Set(['b', 'a']), folder: '/out' });
    expect(structuredClone(plan)).to.deep.equal(plan);
    expect(plan.files.map(({ path }) => path)).to.deep.equal(['/out/exports.map', '/out/linksets.ld']);
    expect(plan.commands[0]!.args).to.include('/lib/libbase.a').and.include('-Wl,-z,defs');
    expect(plan.files[1]!.contents.indexOf('link_set_a')).to.be.lessThan(
      plan.files[1]!.contents.indexOf('link_set_b'),
    );
  });
});

describe('link sets', () => {
  it('make no script if there are none', () => {
    expect(linkSetScript([], '.rodata')).to.equal('');
  });

  it('are recognised in a linker script that places them itself', () => {
    expect([...placedLinkSets('__start_link_set_one = .; KEEP(*(link_set_one))')]).to.deep.equal(['one']);
  });
});

describe('installFile', () => {
  const temporary = useTemporaryFolder();

  it('leaves nothing half-written when the target cannot be replaced', async () => {
    const from = join(temporary(), 'from');
    writeFileSync(from, 'contents');
    const target = join(temporary(), 'folder');
    mkdirSync(join(target, 'in-the-way'), { recursive: true });
    await installFile(from, target).then(
      () => expect.fail('a folder was replaced'),
      () => undefined,
    );
    expect(readdirSync(temporary()).sort()).to.deep.equal(['folder', 'from']);
  });

  it('makes the folders on the way', async () => {
    const from = join(temporary(), 'from');
    writeFileSync(from, 'contents');
    await installFile(from, join(temporary(), 'a/b/c'));
    expect(existsSync(join(temporary(), 'a/b/c'))).to.equal(true);
  });
});

describe('resolveGraph and readUnits', () => {
  it('need archives that were built', async () => {
    const graph = resolveGraph(toyRegistry(), ['base']);
    const units = [{ component: 'base', folder: '', sources: undefined, archive: '/nonexistent/libbase.a' }];
    const empty = { command: '', args: [] };
    const plan = {
      host: 'posix',
      folder: '/nonexistent',
      units,
      configureKey: '',
      configure: empty,
      build: empty,
    } as const;
    await expectError('RUMP_GRAPH_BAD_OBJECT', () => readUnits(graph, plan, toyRegistry()));
  });
});
