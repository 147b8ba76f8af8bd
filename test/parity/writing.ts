// SPDX-License-Identifier: BSD-2-Clause
// writing.ts: makes the lists of changes on two file systems and compares, after each call, what it gave and the tree
// that it left behind.
//
// Left out: numbers of files, sizes and link counts of folders, and times, unless the calls themselves set them (to
// something long ago); modes of links, which Linux does not have.
import * as nodeFs from 'node:fs';
import { inspect } from 'node:util';
import type { Call } from './calls.js';
import { describeFailure, functionOf, outcomeOf, type Form } from './compare.js';
import type { Change } from './changes.js';
import { isKnownDifference } from './known-differences.js';
import type { Subject } from './subjects.js';
import { canMake, type Traits } from './traits.js';

/** Times below this one were set by a call. */
const longAgoMs = 1_750_000_000_000;

/** The tree that every list starts with. */
function plant({ fs, root }: Subject, { hasLinks }: Traits): void {
  fs.mkdirSync(root, { recursive: true });
  fs.writeFileSync(`${root}/file`, 'the contents of the file\n');
  fs.mkdirSync(`${root}/folder`);
  fs.writeFileSync(`${root}/folder/child`, 'child');
  fs.mkdirSync(`${root}/empty`);
  if (!hasLinks) return;
  fs.symlinkSync('file', `${root}/link-to-file`);
  fs.symlinkSync('folder', `${root}/link-to-folder`);
  fs.symlinkSync('nowhere', `${root}/dangling`);
}

/** Everything below the root that can be compared. */
function describeTree({ fs, root }: Subject, traits: Traits): Tree {
  const found: Tree = {};
  const folders = [''];
  for (const folder of folders) {
    for (const name of fs.readdirSync(`${root}${folder}`).sort()) {
      const path = `${folder}/${name}`;
      if (fs.lstatSync(`${root}${path}`).isDirectory()) folders.push(path);
      found[path] = describeFile(fs, `${root}${path}`, traits).replaceAll(root, '<root>');
    }
  }
  return found;
}

function describeFile(fs: typeof nodeFs, path: string, { hasAttributes }: Traits): string {
  const stats = fs.lstatSync(path);
  if (!hasAttributes) return stats.isFile() ? `${stats.size} ${fs.readFileSync(path, 'latin1')}` : 'folder';
  const time = stats.mtimeMs < longAgoMs ? stats.mtimeMs : 'recent';
  const owner = `${stats.uid}:${stats.gid} ${time}`;
  if (stats.isSymbolicLink()) return `${owner} -> ${fs.readlinkSync(path)}`;
  const what = `${stats.mode.toString(8)} ${owner}`;
  if (!stats.isFile()) return what;
  return `${what} ${stats.nlink} ${stats.size} ${fs.readFileSync(path).toString('latin1')}`;
}

/** The methods of a file handle by the names of the calls on descriptors. */
const handleMethods: Readonly<Record<string, string>> = {
  write: 'write',
  writev: 'writev',
  readv: 'readv',
  ftruncate: 'truncate',
  fchmod: 'chmod',
  fchown: 'chown',
  futimes: 'utimes',
  fsync: 'sync',
  fdatasync: 'datasync',
};

type Method = (...args: unknown[]) => Promise<unknown>;

/** Makes a call on an open file; undefined if this form has no such call. */
async function outcomeOnFile(subject: Subject, form: Form, { name, args }: Call): Promise<unknown> {
  const { fs, root } = subject;
  if (form !== 'promise') {
    const fd = fs.openSync(`${root}/file`, 'r+');
    const outcome = await outcomeOf(subject, form, { name, args: [fd, ...args.slice(1)] });
    fs.closeSync(fd);
    return outcome;
  }
  const handle = await fs.promises.open(`${root}/file`, 'r+');
  const methods = handle as unknown as Record<string, Method>;
  try {
    return { value: inspect(await methods[handleMethods[name] ?? '']?.(...args.slice(1)), { depth: 5 }) };
  } catch (error) {
    return { error: describeFailure(error, root) };
  } finally {
    await handle.close();
  }
}

function outcomeOn(subject: Subject, form: Form, call: Call): Promise<unknown> {
  return call.args[0] === '#' ? outcomeOnFile(subject, form, call) : outcomeOf(subject, form, call);
}

function differ(what: string, expected: unknown, got: unknown): string[] {
  const [a, b] = [inspect(expected, { depth: 9 }), inspect(got, { depth: 9 })];
  return a === b ? [] : [`  ${what} of node:fs   ${a}`, `  ${what} of kernel.fs ${b}`];
}

type Tree = Record<string, string>;

/** The two trees without what is the same in both. */
function onlyDifferent(expected: Tree, got: Tree): [Tree, Tree] {
  const same = new Set(Object.keys(expected).filter((path) => expected[path] === got[path]));
  const rest = (tree: Tree): Tree =>
    Object.fromEntries(Object.entries(tree).filter(([path]) => !same.has(path)));
  return [rest(expected), rest(got)];
}

/** What is different, as text; empty if nothing is. */
export async function compareChange(
  nodes: Subject,
  ours: Subject,
  form: Form,
  { calls }: Change,
  traits: Traits,
): Promise<{ compared: number; differences: string[] }> {
  const differences: string[] = [];
  let compared = 0;
  /** What an earlier call left different is said once. */
  let known: string[] = [];
  plant(nodes, traits);
  plant(ours, traits);
  for (const call of calls.filter((each) => canMake(traits, each))) {
    if (call.args[0] !== '#' && functionOf(nodes.fs, form, call.name) === undefined) continue;
    const outcomes = [await outcomeOn(nodes, form, call), await outcomeOn(ours, form, call)] as const;
    compared++;
    const tree = differ('tree', ...onlyDifferent(describeTree(nodes, traits), describeTree(ours, traits)));
    const different = [...differ('outcome', ...outcomes), ...(inspect(tree) === inspect(known) ? [] : tree)];
    known = tree;
    if (different.length > 0 && !isKnownDifference(form, call))
      differences.push([inspect(call), ...different].join('\n'));
  }
  nodes.fs.rmSync(nodes.root, { recursive: true });
  ours.fs.rmSync(ours.root, { recursive: true });
  return { compared, differences };
}
