// SPDX-License-Identifier: BSD-2-Clause
// builder-error.ts: the builder's failure, which it prints for people, as the error that it was: code, message, remedy.
import {
  BuildError,
  errorCodes,
  GraphError,
  LinkError,
  ManifestError,
  NativeError,
  RumpError,
  SourceError,
  type RumpErrorCode,
} from '../errors.js';

const classesByArea: Readonly<Record<string, typeof RumpError>> = {
  BUILD: BuildError,
  CACHE: RumpError,
  GRAPH: GraphError,
  LINK: LinkError,
  MANIFEST: ManifestError,
  SOURCE: SourceError,
};

/** The error for what the builder printed on standard error, or the given one if it says nothing clear. */
export function readBuilderError(failure: unknown): unknown {
  if (!(failure instanceof RumpError) || typeof failure.details['stderr'] !== 'string') return failure;
  const text = failure.details['stderr'];
  const [, message = '', code = ''] = /^error ([^]*?) \[(RUMP_[A-Z0-9_]+)\]$/m.exec(text) ?? [];
  if (!isErrorCode(code)) return failure;
  const remedy = /^remedy (.*)$/m.exec(text)?.[1];
  const ErrorClass = classesByArea[code.split('_')[1] ?? ''] ?? NativeError;
  return new ErrorClass(code, message, {
    ...(remedy === undefined ? {} : { remedy }),
    details: failure.details,
  });
}

function isErrorCode(code: string): code is RumpErrorCode {
  return Object.hasOwn(errorCodes, code);
}
