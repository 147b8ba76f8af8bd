// SPDX-License-Identifier: BSD-2-Clause
// index.ts: what `import ... from 'rumpkit'` gives. Exports only.
export {
  BuildError,
  errorCodes,
  GraphError,
  ImageError,
  LinkError,
  ManifestError,
  NativeError,
  RumpError,
  RunError,
  SourceError,
} from './errors.js';
export type { RumpErrorCode, RumpErrorOptions } from './errors.js';
