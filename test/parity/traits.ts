// SPDX-License-Identifier: BSD-2-Clause
// traits.ts: what a format cannot say, so that it is not compared.
import type { Call } from './calls.js';

/** What a format has. */
export interface Traits {
  /** Links, hard and symbolic. */
  hasLinks: boolean;
  /** Modes, owners and times as they were set. */
  hasAttributes: boolean;
}

export const allTraits: Traits = { hasLinks: true, hasAttributes: true };

const linkCalls = new Set(['link', 'symlink', 'readlink', 'lutimes', 'lchown']);
const attributeCalls = new Set(['chmod', 'fchmod', 'chown', 'fchown', 'utimes', 'futimes']);
/** Names of the tree's links, and of those that the calls make. */
const linkNames = /@\/(link|dangling|soft|hard|moved-link|empty-target|long-target)/;

/** Whether a call means something on a format. */
export function canMake({ hasLinks, hasAttributes }: Traits, { name, args }: Call): boolean {
  const usesLinks = linkCalls.has(name) || args.some((arg) => typeof arg === 'string' && linkNames.test(arg));
  return (hasLinks || !usesLinks) && (hasAttributes || !attributeCalls.has(name));
}
