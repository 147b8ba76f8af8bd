// SPDX-License-Identifier: BSD-2-Clause
import { expect } from 'chai';
import { drawGraph } from '../../../ts/component/graph-text.js';
import type { Manifest } from '../../../ts/component/manifest-schema.js';
import type { Registry } from '../../../ts/component/registry.js';
import { explainWhy, resolveGraph } from '../../../ts/component/resolve.js';
import { expectError } from '../../helpers/expect-error.js';

/** A registry from lines such as "fs/one: vfs kern". */
function registryOf(lines: readonly string[], more: Record<string, Partial<Manifest>> = {}): Registry {
  const entries = lines.map((line) => {
    const [name = '', requires = ''] = line.split(':');
    const manifest: Manifest = {
      name,
      faction: 'vfs',
      summary: name,
      requires: requires.split(' ').filter((word) => word !== ''),
      files: [],
      licence: { spdx: 'BSD-2-Clause' },
      ...more[name],
    };
    return [name, { manifest, folder: `/${name}` }] as const;
  });
  return new Map(entries);
}

const names = (registry: Registry, roots: string[]): string[] =>
  resolveGraph(registry, roots).components.map(({ manifest }) => manifest.name);

describe('resolveGraph', () => {
  const diamond = registryOf(['kern:', 'vfs: kern', 'dev: kern', 'fs/one: vfs dev', 'fs/two: vfs']);

  it('takes in what is required, what requires it coming later', () => {
    expect(names(diamond, ['fs/one'])).to.deep.equal(['kern', 'vfs', 'dev', 'fs/one']);
  });

  it('takes in nothing else, and nothing twice', () => {
    expect(names(diamond, ['fs/two', 'vfs', 'fs/two'])).to.deep.equal(['kern', 'vfs', 'fs/two']);
  });

  it('keeps the reasons', () => {
    const graph = resolveGraph(diamond, ['fs/one']);
    expect(graph.requiredBy.get('kern')).to.deep.equal(['vfs', 'dev']);
    expect(graph.requiredBy.get('fs/one')).to.deep.equal([]);
  });

  it('names who requires something unknown', async () => {
    const registry = registryOf(['fs/one: vsf', 'vfs:']);
    const error = await expectError('RUMP_GRAPH_UNKNOWN_COMPONENT', () => resolveGraph(registry, ['fs/one']));
    expect(error.message).to.include('vsf').and.include('fs/one');
    expect(error.remedy).to.include('vfs');
  });

  it('shows a circle from where it begins', async () => {
    const registry = registryOf(['top: a', 'a: b', 'b: c', 'c: a']);
    const error = await expectError('RUMP_GRAPH_CYCLE', () => resolveGraph(registry, ['top']));
    expect(error.message).to.include('a -> b -> c -> a').and.not.include('top');
  });

  it('refuses a component on a host that it is not for', async () => {
    const registry = registryOf(['glue/metal:'], { 'glue/metal': { hosts: ['baremetal'] } });
    expect(names(registry, ['glue/metal'])).to.deep.equal(['glue/metal']);
    const error = await expectError('RUMP_GRAPH_HOST_MISMATCH', () =>
      resolveGraph(registry, ['glue/metal'], 'posix'),
    );
    expect(error.message).to.include('glue/metal').and.include('baremetal');
  });

  it('refuses two bases in one kernel, and names them', async () => {
    const registry = registryOf(['kern:', 'vfs: kern', 'netbsd/kern:', 'fs/one: vfs netbsd/kern'], {
      kern: { base: 'own' },
      vfs: { base: 'own' },
      'netbsd/kern': { base: 'netbsd' },
    });
    const error = await expectError('RUMP_GRAPH_MIXED_BASES', () => resolveGraph(registry, ['fs/one']));
    expect(error.message).to.include('own').and.include('netbsd');
    expect(names(registry, ['vfs'])).to.deep.equal(['kern', 'vfs']);
  });
});

describe('explainWhy', () => {
  const registry = registryOf(['kern:', 'vfs: kern', 'dev: kern', 'fs/one: vfs dev']);

  it('gives every chain from a root, shortest first', () => {
    const graph = resolveGraph(registry, ['fs/one', 'dev']);
    expect(explainWhy(graph, 'kern')).to.deep.equal([
      ['dev', 'kern'],
      ['fs/one', 'vfs', 'kern'],
      ['fs/one', 'dev', 'kern'],
    ]);
  });

  it('gives nothing for a component that is not in the graph', () => {
    expect(explainWhy(resolveGraph(registry, ['vfs']), 'dev')).to.deep.equal([]);
  });
});

describe('drawGraph', () => {
  const graph = resolveGraph(registryOf(['kern:', 'fs/one: kern']), ['fs/one']);

  it('writes every component and every arrow in each language', async () => {
    expect(await drawGraph(graph, 'dot')).to.include('"fs/one" -> "kern"');
    expect(await drawGraph(graph, 'mermaid')).to.include('fs_one --> kern');
  });

  it('draws SVG', async () => {
    const svg = await drawGraph(graph, 'svg');
    expect(svg).to.include('<svg').and.include('fs/one').and.include('kern');
  });
});
