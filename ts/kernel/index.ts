// SPDX-License-Identifier: BSD-2-Clause
// index.ts: kernels in this process: boot, mount, files.
export { boot, type BootOptions } from './boot.js';
export { Kernel } from './kernel.js';
export type { CommonMount, ImageMount, MountOptions, UnmountOptions } from './mount-options.js';
export type { Cd9660Mount, Ext2fsMount, FfsMount, MsdosMount, TmpfsMount } from './mount-types.js';
export type { Capture, CaptureCounters, CaptureOptions } from './capture.js';
export type { Interfaces, NetworkInterface } from './interfaces.js';
export type { AddressState, InterfaceCounters, InterfaceState } from './interface-ioctls.js';
export type { InterfaceOptions } from './interface-options.js';
export type { KernelUsage } from '../native/addon-types.js';
export type { KernelFs, KernelFsPromises } from './fs/file-system.js';
export type { KernelDns } from './dns/dns.js';
export type { KernelDgram } from './net/datagrams.js';
export type { KernelNet } from './net/network.js';
export { KernelFileHandle } from './fs/file-handle.js';
export { KernelDirectory } from './fs/directory.js';
