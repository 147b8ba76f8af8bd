// SPDX-License-Identifier: BSD-2-Clause
// index.ts: what `import ... from 'rumpkit'` gives. Exports only. Programs that only run kernels may import
// 'rumpkit/kernel', which leaves the builder out.
export {
  BuildError,
  errorCodes,
  GraphError,
  ImageError,
  LinkError,
  ManifestError,
  NativeError,
  NetworkError,
  RumpError,
  RunError,
  SourceError,
} from './errors.js';
export type { RumpErrorCode, RumpErrorOptions } from './errors.js';

export { boot } from './kernel/index.js';
export type * from './kernel/index.js';

export type { Manifest, Host } from './component/manifest-schema.js';
export type { Component } from './component/manifest.js';
export { loadRegistry, type Registry } from './component/registry.js';
export { explainWhy, resolveGraph, type ComponentGraph } from './component/resolve.js';
export { composeKernel } from './linker/compose.js';
export type { Composition } from './linker/composition-index.js';
export { bakeImage, type BakedImage, type BakeOptions } from './image/bake.js';
export type { BootConfiguration, MountConfiguration } from './image/boot-configuration.js';
export { inspectImage, type ImageInspection } from './image/inspect.js';
export { defineUnikernel, type UnikernelConfig } from './image/unikernel-config.js';
export { runGuest, type GuestResult, type RunGuestOptions } from './run/run-guest.js';
