// SPDX-License-Identifier: BSD-2-Clause
// names.ts: the model's calls that make, remove and move names.
import type { Rules } from '../rules.js';
import { creationMode } from './flags.js';
import {
  Failure,
  makeFolder,
  makeLink,
  markChanged,
  touch,
  type FolderNode,
  type ModelNode,
  type Owner,
} from './tree.js';
import type { Place, Walker } from './walk.js';

/** Who a node made in a folder belongs to. */
export function ownerIn(folder: FolderNode, rules: Rules): Owner {
  return { uid: rules.uid, gid: rules.inheritsGroup ? folder.gid : rules.gid };
}

/** Puts a node under a name that was free. */
export function enter({ folder, name }: Pick<Place, 'folder' | 'name'>, node: ModelNode): void {
  folder.children.set(name, node);
  touch(folder);
}

/** Takes a name away. */
function leave({ folder, name }: Place, node: ModelNode, { losesNamesLater }: Rules): void {
  folder.children.delete(name);
  node.links--;
  markChanged(node);
  if (losesNamesLater) node.changed = undefined;
  touch(folder);
}

function isDots({ name }: Place): boolean {
  return name === '.' || name === '..';
}

/** Where something new is to be made. */
function freePlace(walker: Walker, path: string, syscall: string, isFolder: boolean): Place {
  const place = walker.locate(path, syscall);
  if (nodeAt(place, walker.rules, syscall) !== undefined) throw new Failure('EEXIST', syscall);
  if (place.hasSlash && !isFolder) {
    doubtTime(place, walker.rules);
    throw new Failure('ENOENT', syscall);
  }
  checkAlive(place, syscall);
  return place;
}

/** What a path leads to; on the BSDs a slash at its end asks for a folder before anything else is asked. */
export function nodeAt({ node, hasSlash }: Place, { isBsd }: Rules, syscall: string): ModelNode | undefined {
  const isRefused = isBsd && hasSlash && node !== undefined && node.kind !== 'folder';
  if (isRefused) throw new Failure('ENOTDIR', syscall);
  return node;
}

/** Whether a file or folder can be made: its folder is there still, and there can be such a name. */
export function checkNew(place: Place, { isBadName }: Rules, syscall: string): void {
  checkAlive(place, syscall);
  if (isBadName(place.name)) throw new Failure('EINVAL', syscall);
}

/** To look up a name that is to be made sets a folder's time on FFS, whether it is made then or not. */
export function doubtTime({ folder }: Place, { touchesFolders }: Rules): void {
  if (touchesFolders) folder.modified = undefined;
}

/** Nothing is made in a folder that was removed. */
function checkAlive({ folder }: Place, syscall: string): void {
  if (folder.links === 0) throw new Failure('ENOENT', syscall);
}

export function mkdir(walker: Walker, path: string, mode: number): void {
  const { rules } = walker;
  const place = freePlace(walker, path, 'mkdir', true);
  checkNew(place, rules, 'mkdir');
  const owner = ownerIn(place.folder, rules);
  enter(place, makeFolder(creationMode('folder', mode, rules), owner, rules.fold, place.folder));
}

export function symlink(walker: Walker, target: string, path: string): void {
  if (target === '') throw new Failure('ENOENT', 'symlink');
  if (Buffer.byteLength(target) >= walker.rules.pathMax) throw new Failure('ENAMETOOLONG', 'symlink');
  const place = freePlace(walker, path, 'symlink', false);
  if (!walker.rules.symbolicLinks) throw new Failure('EPERM', 'symlink');
  enter(place, makeLink(target, walker.rules.linkMode, ownerIn(place.folder, walker.rules)));
}

export function link(walker: Walker, from: string, to: string): void {
  const node = walker.find(from, false, 'link');
  // on the BSDs a folder has no second name, wherever that would be
  if (walker.rules.isBsd && node.kind === 'folder') throw new Failure('EPERM', 'link');
  const place = freePlace(walker, to, 'link', false);
  if (!walker.rules.hardLinks || node.kind === 'folder') throw new Failure('EPERM', 'link');
  node.links++;
  markChanged(node);
  enter(place, node);
}

export function unlink(walker: Walker, path: string): void {
  const place = walker.locate(path, 'unlink');
  const node = nodeAt(place, walker.rules, 'unlink');
  if (isDots(place)) throw new Failure('EISDIR', 'unlink');
  if (node === undefined) throw new Failure('ENOENT', 'unlink');
  if (node.kind === 'folder') throw new Failure('EISDIR', 'unlink');
  if (place.hasSlash) throw new Failure('ENOTDIR', 'unlink');
  leave(place, node, walker.rules);
}

export function rmdir(walker: Walker, path: string): void {
  const place = walker.locate(path, 'rmdir');
  const { name } = place;
  const node = nodeAt(place, walker.rules, 'rmdir');
  if (name === '.') throw new Failure('EINVAL', 'rmdir');
  if (name === '..') throw new Failure('ENOTEMPTY', 'rmdir');
  if (node === undefined) throw new Failure('ENOENT', 'rmdir');
  if (node.kind !== 'folder') throw new Failure('ENOTDIR', 'rmdir');
  if (node.children.size > 0) throw new Failure('ENOTEMPTY', 'rmdir');
  leave(place, node, walker.rules);
}

export function rename(walker: Walker, fromPath: string, toPath: string): void {
  const ready = walker.rules.isBsd ? checkBsdRename : checkLinuxRename;
  finishRename(walker, ready(walker, fromPath, toPath));
}

interface Move {
  from: Place;
  to: Place;
  node: ModelNode;
  victim: ModelNode | undefined;
}

/** Linux looks at both folders, then at both names. */
function checkLinuxRename(walker: Walker, fromPath: string, toPath: string): Move {
  const from = walker.locate(fromPath, 'rename');
  const to = walker.locate(toPath, 'rename');
  if (isDots(from) || isDots(to)) throw new Failure('EBUSY', 'rename');
  const { node } = from;
  if (node === undefined) throw new Failure('ENOENT', 'rename');
  const victim = to.node;
  doubtTime(to, walker.rules);
  if (node.kind !== 'folder' && (from.hasSlash || to.hasSlash)) throw new Failure('ENOTDIR', 'rename');
  if (node.kind === 'folder' && isWithin(to.folder, node)) throw new Failure('EINVAL', 'rename');
  if (victim?.kind === 'folder' && isWithin(from.folder, victim)) throw new Failure('ENOTEMPTY', 'rename');
  return { from, to, node, victim };
}

/** The BSDs look up the first name, then the second, then whether one may have the place of the other. */
function checkBsdRename(walker: Walker, fromPath: string, toPath: string): Move {
  const { rules } = walker;
  const from = walker.locate(fromPath, 'rename');
  const node = nodeAt(from, rules, 'rename');
  if (node === undefined) throw new Failure('ENOENT', 'rename');
  const to = walker.locate(toPath, 'rename');
  const victim = nodeAt(to, rules, 'rename');
  doubtTime(to, rules);
  if (victim === undefined) checkAlive(to, 'rename');
  if (victim === undefined && to.hasSlash && node.kind !== 'folder') throw new Failure('ENOENT', 'rename');
  const isMoved = node.kind === 'folder' && from.folder !== to.folder;
  if (isMoved && isWithin(to.folder, node)) throw new Failure('EINVAL', 'rename');
  if (victim !== undefined && victim !== node) checkKinds(node, victim);
  if (isDots(from) || isDots(to)) throw new Failure('EINVAL', 'rename');
  if (victim === from.folder) throw new Failure('ENOTEMPTY', 'rename');
  return { from, to, node, victim };
}

function finishRename(walker: Walker, { from, to, node, victim }: Move): void {
  if (victim === node) {
    respell(from, to, node);
    return;
  }
  if (victim !== undefined) checkReplacing(node, victim);
  checkNew(to, walker.rules, 'rename');
  // who takes another's name takes it as it is spelled
  const name = to.folder.children.spelling(to.name) ?? to.name;
  if (victim !== undefined) leave(to, victim, walker.rules);
  move(from, { folder: to.folder, name }, node, walker.rules);
}

/** Both names lead to one file: nothing happens, but that one name may be spelled another way. */
function respell(from: Place, to: Place, node: ModelNode): void {
  const { children } = to.folder;
  if (from.folder !== to.folder || children.fold(from.name) !== children.fold(to.name)) return;
  if (from.name === to.name) return;
  children.set(to.name, node);
  touch(to.folder);
}

function isWithin(folder: FolderNode | undefined, ancestor: FolderNode): boolean {
  return folder !== undefined && (folder === ancestor || isWithin(folder.parent, ancestor));
}

function checkKinds(node: ModelNode, victim: ModelNode): void {
  if (node.kind === 'folder' && victim.kind !== 'folder') throw new Failure('ENOTDIR', 'rename');
  if (node.kind !== 'folder' && victim.kind === 'folder') throw new Failure('EISDIR', 'rename');
}

function checkReplacing(node: ModelNode, victim: ModelNode): void {
  checkKinds(node, victim);
  if (victim.kind === 'folder' && victim.children.size > 0) throw new Failure('ENOTEMPTY', 'rename');
}

function move(
  from: Place,
  to: Pick<Place, 'folder' | 'name'>,
  node: ModelNode,
  { touchesFolders }: Rules,
): void {
  from.folder.children.delete(from.name);
  touch(from.folder);
  enter(to, node);
  if (node.kind !== 'folder') return;
  // its .. becomes another one, which is a change of the folder where folders are kept so
  if (node.parent !== to.folder && touchesFolders) node.modified = undefined;
  node.parent = to.folder;
}
