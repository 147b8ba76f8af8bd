// SPDX-License-Identifier: BSD-2-Clause
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../ts/paths.js';

/** Pages of ours: those at the top, and all below the folders that have some. */
function pages(): string[] {
  const below = ['docs', 'examples', 'rump', 'glue', 'test', 'bench'].flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name),
    ),
  );
  return [...readdirSync(packageRoot), ...below]
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(packageRoot, name));
}

describe('pages', () => {
  it('link to files that exist', () => {
    const broken = pages().flatMap((page) => {
      const text = readFileSync(page, 'utf8').replaceAll(/```[\s\S]*?```/g, '');
      const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!.replace(/#.*/, ''));
      return targets
        .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
        .filter((target) => !existsSync(join(dirname(page), target)))
        .map((target) => `${relative(packageRoot, page)}: ${target}`);
    });
    expect(broken).to.deep.equal([]);
  });
});
