// SPDX-License-Identifier: BSD-2-Clause
// source-spec.ts: how a manifest pins sources that are not ours.
import * as v from 'valibot';

const pin = {
  package: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9+.-]+$/), v.description('Debian source package.')),
  version: v.pipe(v.string(), v.minLength(1), v.description('Its full Debian version.')),
  file: v.pipe(v.string(), v.regex(/^[^/]+$/), v.description('The upstream tarball of that version.')),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/), v.description('SHA-256 of the tarball.')),
  suites: v.optional(
    v.pipe(v.array(v.string()), v.description('Suites to look in, in this order; default: bookworm.')),
  ),
  folders: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.regex(/^(?!\.)[\w.+-]+(\/(?!\.)[\w.+-]+)*$/))),
      v.minLength(1),
      v.description(
        'Folders of the tarball that are unpacked, where the rest is not wanted; default: all of it.',
      ),
    ),
  ),
};

/** One pinned tarball of a Debian source package, and what else will do. */
export const sourceSchema = v.strictObject({
  ...pin,
  fallbacks: v.optional(
    v.pipe(v.array(v.strictObject(pin)), v.description('Tried when the first is not to be had.')),
  ),
});

/** A pinned source package. */
export type SourceSpec = v.InferOutput<typeof sourceSchema>;
