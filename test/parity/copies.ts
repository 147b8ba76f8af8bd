// SPDX-License-Identifier: BSD-2-Clause
// copies.ts: calls of cp, as data (see changes.ts).
import type { Call } from './calls.js';
import type { Change } from './changes.js';

const cp = (...args: readonly unknown[]): Call => ({ name: 'cp', args });
const call = (name: string, ...args: readonly unknown[]): Call => ({ name, args });

/** cp of everything onto everything. */
export const copies: Change = {
  title: 'copies',
  calls: [
    cp('@/file', '@/copy'),
    cp('@/file', '@/copy'),
    cp('@/file', '@/copy', { force: false }),
    cp('@/file', '@/copy', { force: false, errorOnExist: true }),
    cp('@/file', '@/copy', { errorOnExist: true }),
    cp('@/file', '@/copy', { mode: 1 }),
    cp('@/file', '@/new/folders/copy'),
    cp('@/file', '@/file'),
    cp('@/file', '@/link-to-file'),
    cp('@/file', '@/folder'),
    cp('@/missing', '@/x'),
    cp('@/file', '@/file/x'),
    cp('@/folder', '@/x'),
    cp('@/folder', '@/copied', { recursive: true }),
    cp('@/folder', '@/copied', { recursive: true }),
    cp('@/folder', '@/file', { recursive: true }),
    cp('@/folder', '@/folder/below', { recursive: true }),
    cp('@/folder', '@/link-to-folder/below', { recursive: true }),
    cp('@/folder', '@/folder', { recursive: true }),
    cp('@', '@/folder/all', { recursive: true }),
    cp('@/link-to-file', '@/link-copy'),
    cp('@/link-to-file', '@/link-copy'),
    cp('@/link-to-file', '@/link-verbatim', { verbatimSymlinks: true }),
    cp('@/link-to-file', '@/link-followed', { dereference: true }),
    cp('@/link-to-folder', '@/link-folder'),
    cp('@/link-to-folder', '@/folder-followed', { dereference: true, recursive: true }),
    cp('@/dangling', '@/dangling-copy'),
    cp('@/dangling', '@/dangling-followed', { dereference: true }),
    cp('@/link-to-folder', '@/link-copy'),
    call('utimes', '@/file', 1000, 2000),
    call('chmod', '@/file', 0o440),
    cp('@/file', '@/timed', { preserveTimestamps: true }),
    cp('@/folder', '@/filtered', { recursive: true, filter: (from: string) => !from.endsWith('child') }),
    cp('@/folder', '@/nothing', { recursive: true, filter: () => false }),
    cp('@/file', '@/x', { filter: 'no function' }),
    cp('@/file', '@/x', { dereference: true, verbatimSymlinks: true }),
    cp('@/file', '@/x', { recursive: 1 }),
    cp('@/file', '@/x', { mode: 99 }),
    cp('@/file', '@/x', 5),
    cp('@/file', '@/x', null),
    cp(undefined, '@/x'),
    cp('@/file', undefined),
    cp('@/with\0nul', '@/x'),
    cp('@/file', '@/with\0nul'),
  ],
};
