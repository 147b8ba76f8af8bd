// SPDX-License-Identifier: BSD-2-Clause
// notices.ts: the licence notices of reused sources: the comments at the top of files that carry a copyright.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Component } from './manifest.js';

/** One notice, and the files that carry it word for word. */
export interface Notice {
  component: string;
  files: readonly string[];
  text: string;
}

/**
 * Reads the notices that a component's manifest names. Files are looked for in the unpacked sources first, then in the
 * component's folder; files that are in neither carry nothing.
 */
export function readNotices(component: Component, sourceFolder?: string): Notice[] {
  const byText = new Map<string, string[]>();
  for (const file of component.manifest.licence.notices ?? []) {
    const text = noticeOf(readNotice(component, file, sourceFolder));
    if (text !== '') byText.set(text, [...(byText.get(text) ?? []), file]);
  }
  return [...byText].map(([text, files]) => ({ component: component.manifest.name, files, text }));
}

function readNotice(component: Component, file: string, sourceFolder: string | undefined): string {
  const folders = sourceFolder === undefined ? [component.folder] : [sourceFolder, component.folder];
  const path = folders.map((folder) => join(folder, file)).find((each) => existsSync(each));
  return path === undefined ? '' : readFileSync(path, 'latin1');
}

/** The comments that speak of a copyright; a file that is no C source is a notice as a whole. */
function noticeOf(contents: string): string {
  const comments = contents.match(/\/\*[^]*?\*\//g);
  if (comments === null) return contents.trim();
  return comments
    .filter((comment) => /copyright/i.test(comment))
    .map(plainText)
    .join('\n\n');
}

// Version marks of the file are no part of its notice, and would tell equal notices apart.
const versionMark = /^\s*\*?\s*(@\(#\)|\$[A-Z]\w+[:$]|(from: )?[\w.]+,v )/;

function plainText(comment: string): string {
  return comment
    .replace(/^\/\*[-*]*/, '')
    .replace(/\*\/$/, '')
    .split('\n')
    .filter((line) => !versionMark.test(line))
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
    .join('\n')
    .trim();
}
