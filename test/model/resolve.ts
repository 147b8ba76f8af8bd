// SPDX-License-Identifier: BSD-2-Clause
// resolve.ts: from an operation, which has numbers, to a call, which has paths, by what the model holds at the moment.
import type { Bytes } from './bytes.js';
import type { Call } from './calls.js';
import type { Model } from './model/model.js';
import type { FolderNode, ModelNode } from './model/tree.js';
import { noHandle, type HandleSpec, type Operation, type PathSpec, type TargetSpec } from './operations.js';

const mostOpen = 48;

/** The call that an operation stands for now; undefined if it is none, or one that there is no room for. */
export function resolveCall({ name, args }: Operation, model: Model): Call | undefined {
  if (name === 'remount') return undefined;
  const resolved = args.map((arg) => resolveArgument(arg, model));
  if (resolved.includes(undefined)) return undefined;
  const { rules } = model;
  if (/chown/.test(name) && rules.owners === 'none') return undefined;
  if (name === 'open' && model.descriptors.handles().length >= mostOpen) return undefined;
  if (/write|truncate/.test(name) && !hasRoom(model, resolved)) return undefined;
  return { name, args: resolved };
}

/** A file grows no further than the file system can hold. */
function hasRoom(model: Model, args: readonly unknown[]): boolean {
  const { fileMax, largestFile, totalBytes } = model.rules;
  const end = args.filter((arg) => typeof arg === 'number').reduce((sum, number) => sum + number, 0);
  if (end > fileMax) return true; // it will be refused, or goes to the end
  return end + 1_500_000 <= largestFile && keptBytes(model) <= totalBytes;
}

function keptBytes({ root, rules, descriptors }: Model): number {
  const seen = new Set<ModelNode>();
  const kept = (node: ModelNode): number => {
    if (seen.has(node)) return 0;
    seen.add(node);
    if (node.kind === 'file') return rules.holes ? node.contents.keptBytes : node.contents.size;
    if (node.kind === 'link') return 0;
    let sum = 0;
    for (const child of node.children.values()) sum += kept(child);
    return sum;
  };
  let sum = kept(root);
  for (const handle of descriptors.handles()) sum += kept(descriptors.node(handle, 'fstat'));
  return sum;
}

function resolveArgument(arg: unknown, model: Model): unknown {
  if (typeof arg === 'string') return arg.replace(/^@/, model.rootPath);
  if (typeof arg !== 'object' || arg === null || Array.isArray(arg)) return arg;
  const spec = arg as PathSpec | TargetSpec | HandleSpec | Bytes;
  if ('steps' in spec) return resolvePath(spec, model);
  if ('target' in spec)
    return typeof spec.target === 'string' ? spec.target : resolvePath(spec.target, model);
  if ('handle' in spec) return resolveHandle(spec.handle, model);
  return spec;
}

function resolveHandle(number: number, model: Model): number | undefined {
  if (number === noHandle) return 1_000_000;
  const handles = model.descriptors.handles();
  return handles.length === 0 ? undefined : handles[number % handles.length];
}

function resolvePath({ steps, tail, dress }: PathSpec, { root, rootPath }: Model): string {
  let path = rootPath;
  let node: ModelNode = root;
  for (const step of steps) {
    const next = childOf(node, step);
    if (next === undefined) break;
    path += `/${next[0]}`;
    node = next[1];
  }
  if (tail !== undefined) path += `/${tail}`;
  return dressed(path, dress);
}

function childOf(node: ModelNode, step: number): [string, ModelNode] | undefined {
  if (node.kind !== 'folder') return undefined;
  const { children }: FolderNode = node;
  return children.size === 0 ? undefined : [...children][step % children.size];
}

function dressed(path: string, dress: PathSpec['dress']): string {
  const last = path.lastIndexOf('/');
  switch (dress) {
    case 'plain':
      return path;
    case 'slash':
      return `${path}/`;
    case 'dot':
      return `${path}/.`;
    case 'dot-dot':
      return `${path}/..`;
    case 'double':
      return `${path.slice(0, last)}//.${path.slice(last)}`;
    case 'there-and-back':
      return `${path.slice(0, last)}/a/..${path.slice(last)}`;
  }
}
