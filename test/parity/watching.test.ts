// SPDX-License-Identifier: BSD-2-Clause
// watching.test.ts: what watchers are told, on a folder of the host and on each file system that a kernel writes: the
// same events in the same order.
import { expect } from 'chai';
import { once } from 'node:events';
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import type { Kernel } from '../../ts/kernel/index.js';
import { bootForTests } from '../helpers/kernel.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { kinds, type MadeKind } from './kinds.js';
import { allTraits } from './traits.js';

type Fs = typeof nodeFs;
type Event = [type: string, name: string];

/** A name that nothing but the end of a test makes. */
const endName = 'the-end';

/** Changes of all kinds in a folder. */
function makeChanges(fs: Fs, root: string): void {
  fs.writeFileSync(`${root}/file`, 'one');
  fs.appendFileSync(`${root}/file`, 'two');
  fs.chmodSync(`${root}/file`, 0o600);
  fs.utimesSync(`${root}/file`, 1, 2);
  fs.renameSync(`${root}/file`, `${root}/renamed`);
  fs.linkSync(`${root}/renamed`, `${root}/linked`);
  fs.symlinkSync('renamed', `${root}/soft`);
  fs.mkdirSync(`${root}/folder`);
  fs.writeFileSync(`${root}/folder/inside`, '');
  fs.renameSync(`${root}/renamed`, `${root}/folder/moved`);
  fs.renameSync(`${root}/folder/moved`, `${root}/back`);
  fs.rmSync(`${root}/folder`, { recursive: true });
  fs.unlinkSync(`${root}/back`);
}

for (const kind of kinds.filter(({ traits }) => traits === allTraits)) {
  describe(`watching ${kind.name}`, function () {
    this.timeout(300_000);
    let made: MadeKind;
    let kernel: Kernel;
    let subjects: [Fs, string][];

    before(async () => {
      made = await kind.make();
      ({ kernel } = made);
      const { root } = made.subject;
      const host = makeScratchFolder('watching');
      subjects = [
        [nodeFs, host],
        [kernel.fs, root],
      ];
      kernel.fs.mkdirSync(root);
    });
    after(() => made.end());

    /** Makes a folder in both, and gives what the work there gave. */
    const inBoth = async (
      name: string,
      work: (fs: Fs, root: string) => Promise<unknown>,
    ): Promise<unknown[]> => {
      const results: unknown[] = [];
      for (const [fs, root] of subjects) {
        fs.mkdirSync(join(root, name));
        results.push(await work(fs, join(root, name)));
      }
      return results;
    };

    /** Events of a watcher until the end's. */
    const collect = (fs: Fs, root: string, target: string, options: nodeFs.WatchOptions): Promise<Event[]> =>
      new Promise((resolve, reject) => {
        const events: Event[] = [];
        const watcher = fs.watch(target, options, (type, name) => {
          if (name?.endsWith(endName)) {
            watcher.close();
            resolve(events);
          } else if (events.at(-1)?.join() !== [type, name].join()) {
            events.push([type, name ?? '']);
          }
        });
        watcher.on('error', reject);
        makeChanges(fs, root);
        fs.writeFileSync(`${root}/${endName}`, '');
      });

    it('tells what node:fs tells of a folder', async () => {
      const [expected, got] = await inBoth('folder', (fs, root) => collect(fs, root, root, {}));
      expect(got).to.deep.equal(expected);
      expect(expected).to.have.length.greaterThan(10);
    });

    it('tells what node:fs tells of a file', async () => {
      const [expected, got] = await inBoth('file', async (fs, root) => {
        fs.writeFileSync(`${root}/file`, '');
        const events: Event[] = [];
        const watcher = fs.watch(`${root}/file`, (type, name) => events.push([type, name ?? '']));
        fs.appendFileSync(`${root}/file`, 'x');
        fs.chmodSync(`${root}/file`, 0o600);
        const other = fs.watch(root);
        const ends = once(other, 'change');
        fs.writeFileSync(`${root}/${endName}`, '');
        await ends;
        other.close();
        watcher.close();
        return events;
      });
      expect(got).to.deep.equal(expected);
      expect(expected).to.have.length.greaterThan(1);
    });

    it('watches folders below, also those that come later', async () => {
      const events = new Set<string>();
      const { fs } = kernel;
      const tree = `${made.subject.root}/tree`;
      fs.mkdirSync(`${tree}/a/b`, { recursive: true });
      const watcher = fs.watch(tree, { recursive: true });
      const isDone = new Promise<void>((resolve) => {
        watcher.on('change', (type: string, name: string) => {
          events.add(`${type} ${name}`);
          if (name === 'a/later/end') resolve();
        });
      });
      fs.writeFileSync(`${tree}/a/b/file`, 'x');
      const came = once(watcher, 'change');
      fs.mkdirSync(`${tree}/a/later`);
      await came;
      while (!events.has('rename a/later')) await once(watcher, 'change');
      fs.writeFileSync(`${tree}/a/later/end`, '');
      await isDone;
      watcher.close();
      expect([...events]).to.include.members(['rename a/b/file', 'change a/b/file', 'rename a/later']);
    });

    it('tells every watcher, also when the listener of another one throws', async () => {
      const thrown: string[] = [];
      const others = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException');
      process.on('uncaughtException', ({ message }) => thrown.push(message));
      try {
        const seen = await inBoth('throwing', async (fs, root) => {
          const bad = fs.watch(root, () => {
            throw new Error(root);
          });
          const good = fs.watch(root);
          const isDone = new Promise<string[]>((resolve) => {
            const names: string[] = [];
            good.on('change', (_type: string, name: string) => {
              if (names.at(-1) !== name) names.push(name);
              if (name === endName) resolve(names);
            });
          });
          const first = once(good, 'change');
          fs.writeFileSync(`${root}/first`, '');
          await first;
          fs.writeFileSync(`${root}/${endName}`, '');
          const names = await isDone;
          bad.close();
          good.close();
          await new Promise((resolve) => setImmediate(resolve));
          return names;
        });
        expect(seen).to.deep.equal([
          ['first', endName],
          ['first', endName],
        ]);
        expect(new Set(thrown)).to.deep.equal(new Set(subjects.map(([, root]) => join(root, 'throwing'))));
      } finally {
        process.removeAllListeners('uncaughtException');
        for (const listener of others) process.on('uncaughtException', listener);
      }
    });

    it('gives events to an async iterator until it is aborted', async () => {
      for (const [fs, root] of subjects) {
        fs.mkdirSync(`${root}/iterated`);
        const controller = new AbortController();
        const seen: string[] = [];
        const error = await (async () => {
          setImmediate(() => {
            fs.writeFileSync(`${root}/iterated/file`, '');
          });
          for await (const event of fs.promises.watch(`${root}/iterated`, { signal: controller.signal })) {
            seen.push(`${event.eventType} ${event.filename ?? ''}`);
            controller.abort();
          }
        })().catch((error: unknown) => error);
        expect(error).to.include({ name: 'AbortError', code: 'ABORT_ERR' });
        expect(seen[0]).to.equal('rename file');
      }
    });

    it('fails as node:fs does', () => {
      const failures = subjects.map(([fs, root]) => {
        try {
          fs.watch(`${root}/missing`);
          return undefined;
        } catch (error) {
          return JSON.parse(JSON.stringify({ ...(error as object) }).replaceAll(root, '')) as object;
        }
      });
      expect(failures[1]).to.deep.equal(failures[0]);
      expect(failures[0]).to.include({ code: 'ENOENT', syscall: 'watch' });
    });

    it('polls files that are there, that come and that go', async () => {
      for (const [fs, root] of subjects) {
        const path = `${root}/polled`;
        const watcher = fs.watchFile(path, { interval: 5 }, () => undefined);
        const next = async (): Promise<[nodeFs.Stats, nodeFs.Stats]> =>
          (await once(watcher, 'change')) as [nodeFs.Stats, nodeFs.Stats];
        const [none, before] = await next();
        expect([none.mtimeMs, none.size, before.ino]).to.deep.equal([0, 0, 0]);
        fs.writeFileSync(path, 'x');
        let [now] = await next();
        while (now.size === 0) [now] = await next();
        expect(now).to.be.instanceOf(nodeFs.Stats);
        fs.unlinkSync(path);
        expect((await next())[0].mtimeMs).to.equal(0);
        fs.unwatchFile(path);
      }
    });
  });
}

describe('watching', () => {
  it('closes watchers when the kernel is shut down', async () => {
    const other = await bootForTests();
    const watcher = other.fs.watch('/');
    const closed = once(watcher, 'close');
    await other.shutdown();
    await closed;
  });
});
