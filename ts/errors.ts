// SPDX-License-Identifier: BSD-2-Clause
// errors.ts: the error classes of rumpkit. Which codes there are is in error-codes.ts.
import type { RumpErrorCode } from './error-codes.js';

export { errorCodes } from './error-codes.js';
export type { RumpErrorCode } from './error-codes.js';

/** What an error may carry beside its code and message. */
export interface RumpErrorOptions {
  /** One command or one edit that mends it. */
  remedy?: string;
  /** Plain data about the failure: names, paths, expected and got. */
  details?: Readonly<Record<string, unknown>>;
  /** The error underneath, if there is one. */
  cause?: unknown;
}

/**
 * Every error that rumpkit itself throws. Calls on a kernel's files throw Node's own shape instead.
 *
 * @example
 * try { await bakeImage(config); } catch (error) {
 *   if (error instanceof RumpError && error.code === 'RUMP_BUILD_NO_COMPILER') console.error(error.remedy);
 * }
 */
export class RumpError extends Error {
  readonly code: RumpErrorCode;
  readonly remedy: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: RumpErrorCode, message: string, options: RumpErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.remedy = options.remedy;
    this.details = options.details ?? {};
  }
}

/** A component's manifest, or a configuration, is not as its schema says. */
export class ManifestError extends RumpError {}

/** Components do not fit together: unknown, missing, circular, or without a provider for a symbol. */
export class GraphError extends RumpError {}

/** A driver's sources could not be had. */
export class SourceError extends RumpError {}

/** Components could not be compiled. */
export class BuildError extends RumpError {}

/** An image or a shared object could not be linked. */
export class LinkError extends RumpError {}

/** An image file is not what it should be. */
export class ImageError extends RumpError {}

/** A guest could not be run, or did not end by itself. */
export class RunError extends RumpError {}

/** The Node-API addon or a kernel in this process could not be used. */
export class NativeError extends RumpError {}

/** An image could not be mounted or unmounted. */
export class MountError extends RumpError {}

/** A network interface could not be made, connected or configured. */
export class NetworkError extends RumpError {}

/** A disk image, a partition of it, or the file system on it is not what it should be. */
export class DiskError extends RumpError {}
