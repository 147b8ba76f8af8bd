// SPDX-License-Identifier: BSD-2-Clause
// in-node.ts: the same disk, read by the same driver, in this process.
import { boot } from '../../ts/index.js';
import { sha256, type TreeContents } from './iso-tree.js';

/** What reading in Node took. */
export interface NodeReading {
  filesVerified: number;
  linksVerified: number;
  bootMs: number;
  readMs: number;
}

/** Reads every file and link through kernel.fs and compares them with the host's. */
export async function readInNode(iso: string, contents: TreeContents): Promise<NodeReading> {
  const startedAt = performance.now();
  const kernel = await boot({ components: ['fs/cd9660'] });
  try {
    await kernel.mount({ type: 'cd9660', image: iso, at: '/data', readOnly: true });
    const bootedAt = performance.now();
    for (const [name, sum] of contents.files) {
      const got = sha256(await kernel.fs.promises.readFile(`/data/${name}`));
      if (got !== sum) throw new Error(`in Node, ${name} is ${got}, not ${sum}`);
    }
    for (const [name, target] of contents.links) {
      const got = kernel.fs.readlinkSync(`/data/${name}`);
      if (got !== target) throw new Error(`in Node, ${name} leads to ${got}, not to ${target}`);
    }
    return {
      filesVerified: contents.files.size,
      linksVerified: contents.links.size,
      bootMs: bootedAt - startedAt,
      readMs: performance.now() - bootedAt,
    };
  } finally {
    await kernel.shutdown();
  }
}
