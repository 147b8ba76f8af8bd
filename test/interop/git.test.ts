// SPDX-License-Identifier: BSD-2-Clause
// git.test.ts: isomorphic-git on kernel.fs on FFS: it clones, commits and switches branches, and Git itself finds
// nothing wrong with what it leaves.
import { expect } from 'chai';
import git from 'isomorphic-git';
import http from 'isomorphic-git/http/node';
import { execFileSync } from 'node:child_process';
import * as nodeFs from 'node:fs';
import { dirname, join } from 'node:path';
import type { KernelFs } from '../../ts/kernel/index.js';
import { seededBytes } from '../helpers/random.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { bootOnFfs, type FfsKernel } from './ffs-kernel.js';
import { serveRepository, type GitServer } from './git-server.js';

const author = { name: 'A U Thor', email: 'author@example.org', timestamp: 1_700_000_000, timezoneOffset: 0 };
const dir = '/mnt/clone';

describe('isomorphic-git on kernel.fs', function () {
  this.timeout(120_000);
  let source: string;
  let server: GitServer;
  let ffs: FfsKernel;
  let fs: KernelFs;

  before(async () => {
    source = makeRepository();
    server = await serveRepository(source);
    ffs = await bootOnFfs(128 * 1024 ** 2, 8192);
    fs = ffs.kernel.fs;
  });

  after(async () => {
    await server.close();
    await ffs.end();
  });

  it('clones over HTTP', async () => {
    await git.clone({ fs, http, dir, url: server.url });
    expect(await git.currentBranch({ fs, dir })).to.equal('main');
    expect(await git.log({ fs, dir })).to.have.length(3);
    expect(fs.readFileSync(`${dir}/data/large.bin`).equals(seededBytes(1, 3_000_000))).to.equal(true);
    expect(fs.readlinkSync(`${dir}/link`)).to.equal('docs/page-1.md');
    expect(fs.statSync(`${dir}/run.sh`).mode & 0o111).to.equal(0o111);
  });

  it('commits on a branch, and switches back and forth', async () => {
    await git.branch({ fs, dir, ref: 'topic', checkout: true });
    fs.writeFileSync(`${dir}/docs/new.md`, 'new\n');
    fs.unlinkSync(`${dir}/docs/page-2.md`);
    await git.add({ fs, dir, filepath: 'docs/new.md' });
    await git.remove({ fs, dir, filepath: 'docs/page-2.md' });
    await git.commit({ fs, dir, author, message: 'One more, one fewer' });
    await git.checkout({ fs, dir, ref: 'main' });
    expect(fs.existsSync(`${dir}/docs/new.md`)).to.equal(false);
    expect(fs.existsSync(`${dir}/docs/page-2.md`)).to.equal(true);
    await git.checkout({ fs, dir, ref: 'topic' });
    expect(fs.readFileSync(`${dir}/docs/new.md`, 'utf8')).to.equal('new\n');
    expect(await git.log({ fs, dir })).to.have.length(4);
    const matrix = await git.statusMatrix({ fs, dir });
    expect(matrix.filter(([, head, work, stage]) => head !== 1 || work !== 1 || stage !== 1)).to.deep.equal(
      [],
    );
  });

  it('makes repositories', async () => {
    const made = '/mnt/made';
    await git.init({ fs, dir: made, defaultBranch: 'main' });
    fs.writeFileSync(`${made}/hello.txt`, 'hello\n');
    await git.add({ fs, dir: made, filepath: 'hello.txt' });
    const commit = await git.commit({ fs, dir: made, author, message: 'First' });
    expect((await git.log({ fs, dir: made })).map(({ oid }) => oid)).to.deep.equal([commit]);
    const copy = exportTree(fs, made);
    expect(run(copy, ['rev-parse', 'HEAD']).trim()).to.equal(commit);
  });

  it('leaves what Git finds nothing wrong with', () => {
    const copy = exportTree(fs, dir);
    execFileSync('git', ['-C', copy, 'fsck', '--full', '--strict'], { stdio: 'pipe' });
    expect(run(copy, ['log', '--format=%s'])).to.equal('One more, one fewer\nThird\nSecond\nFirst\n');
    expect(run(copy, ['rev-parse', 'main'])).to.equal(run(source, ['rev-parse', 'main']));
    // the times in the index are the other copy's
    run(copy, ['update-index', '--refresh']);
    expect(run(copy, ['status', '--porcelain'])).to.equal('');
  });
});

function run(folder: string, args: readonly string[]): string {
  const name = ['-c', 'user.name=A U Thor', '-c', 'user.email=author@example.org', '-c', 'safe.directory=*'];
  return execFileSync('git', ['-C', folder, ...name, ...args], { encoding: 'utf8', stdio: 'pipe' });
}

/** Three commits: text, something large, a link, a program. */
function makeRepository(): string {
  const folder = makeScratchFolder('git');
  run(folder, ['init', '-q', '-b', 'main']);
  const write = (name: string, contents: string | Buffer): void => {
    nodeFs.mkdirSync(dirname(join(folder, name)), { recursive: true });
    nodeFs.writeFileSync(join(folder, name), contents);
  };
  const commit = (message: string): void => {
    run(folder, ['add', '-A']);
    run(folder, ['commit', '-q', '-m', message]);
  };
  for (let page = 0; page < 200; page++) write(`docs/page-${page}.md`, `# Page ${page}\n`);
  commit('First');
  write('data/large.bin', seededBytes(1, 3_000_000));
  write('run.sh', '#!/bin/sh\n');
  nodeFs.chmodSync(join(folder, 'run.sh'), 0o755);
  commit('Second');
  nodeFs.symlinkSync('docs/page-1.md', join(folder, 'link'));
  write('docs/page-1.md', '# Page one\n');
  commit('Third');
  return folder;
}

/** Copies a tree of the kernel to the host. */
function exportTree(fs: KernelFs, from: string, to = makeScratchFolder('export')): string {
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [`${from}/${entry.name}`, join(to, entry.name)];
    if (entry.isDirectory()) {
      nodeFs.mkdirSync(target);
      exportTree(fs, source, target);
    } else if (entry.isSymbolicLink()) {
      nodeFs.symlinkSync(fs.readlinkSync(source), target);
    } else {
      nodeFs.writeFileSync(target, fs.readFileSync(source), { mode: fs.statSync(source).mode });
    }
  }
  return to;
}
