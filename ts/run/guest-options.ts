// SPDX-License-Identifier: BSD-2-Clause
// guest-options.ts: from what a user says to a guest that can be run, or an error that says what is wrong.
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { elf, isElf, readElf, type ElfFile } from '../component/elf.js';
import { RumpError, RunError } from '../errors.js';
import { formatBootConfiguration, type BootConfiguration } from '../image/boot-configuration.js';
import { checkBus, parseGuestNetwork, type GuestNetwork } from './guest-network.js';
import { machines, type Accelerator, type Guest, type GuestDisk, type Machine } from './qemu-plan.js';

/** What a run can be told. */
export interface GuestOptions extends Pick<
  BootConfiguration,
  'args' | 'env' | 'network' | 'cwd' | 'hostname' | 'verbose'
> {
  machine?: Machine;
  /** A number of MiB, or with a unit: 64M, 1G. Default: 64. */
  memory?: number | string;
  /** Paths of raw disk images; "FILE,ro" is read-only, as every .iso is. */
  disks?: readonly string[];
  /** What network devices are connected to, net0 being the first: 'user,hostfwd=8080:80', 'bus,PATH', 'tap,NAME'. */
  networks?: readonly string[];
  accelerator?: Accelerator;
}

const defaultMemoryMiB = 64;
const mebibyte = 1024 * 1024;

/** Checks everything that can be checked before QEMU starts. */
export function prepareGuest(image: string, options: GuestOptions = {}): Guest {
  const memoryMiB = parseMemory(options.memory ?? defaultMemoryMiB);
  checkMemory(readBootable(image), image, memoryMiB);
  return {
    image,
    machine: options.machine ?? 'microvm',
    memoryMiB,
    disks: (options.disks ?? []).map(parseDisk),
    networks: (options.networks ?? []).map(parseNetwork),
    commandLine: formatBootConfiguration(options),
    accelerator: options.accelerator ?? defaultAccelerator(),
  };
}

/** A machine type by name. */
export function parseMachine(name: string): Machine {
  const machine = machines.find((each) => each === name);
  if (machine !== undefined) return machine;
  throw new RumpError('RUMP_CLI_USAGE', `there is no machine ${name}`, {
    remedy: `Use one of: ${machines.join(', ')}.`,
    details: { machine: name },
  });
}

/** KVM if this user may use it. */
export function defaultAccelerator(device = '/dev/kvm'): Accelerator {
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
    return 'kvm';
  } catch {
    return 'tcg';
  }
}

function parseMemory(memory: number | string): number {
  const match = /^(\d+)\s*(|M|MB|MiB|G|GB|GiB)$/i.exec(String(memory).trim());
  const amount = Number(match?.[1] ?? 0) * (match?.[2]?.toUpperCase().startsWith('G') === true ? 1024 : 1);
  if (amount > 0) return amount;
  throw new RumpError('RUMP_CLI_USAGE', `"${memory}" is not an amount of memory`, {
    remedy: 'Give MiB, such as 64, or a unit: 64M, 1G.',
    details: { memory },
  });
}

function parseNetwork(text: string): GuestNetwork {
  const network = parseGuestNetwork(text);
  checkBus(text);
  return network;
}

function parseDisk(text: string): GuestDisk {
  const marked = text.endsWith(',ro');
  const path = marked ? text.slice(0, -3) : text;
  const reason = whyNoDisk(path);
  if (reason === undefined) return { path, readOnly: marked || path.toLowerCase().endsWith('.iso') };
  throw new RunError('RUMP_RUN_DISK_MISSING', `the disk ${path} ${reason}`, {
    remedy: 'Correct the path; a disk is a raw image, such as an ISO.',
    details: { path, reason },
  });
}

function whyNoDisk(path: string): string | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 'does not exist';
  if (!status.isFile() && !status.isBlockDevice()) return 'is neither a file nor a block device';
  try {
    accessSync(path, constants.R_OK);
    return undefined;
  } catch {
    return 'cannot be read';
  }
}

function readBootable(image: string): ElfFile {
  const reason = (why: string, cause?: unknown): RunError =>
    new RunError('RUMP_RUN_NOT_AN_IMAGE', `${image} cannot be booted: ${why}`, {
      remedy: 'Give an image that `rumpkit bake` made.',
      details: { image, reason: why },
      cause,
    });
  let bytes: Buffer;
  try {
    bytes = readFileSync(image);
  } catch (error) {
    throw reason('it cannot be read', error);
  }
  if (!isElf(bytes)) throw reason('it is not an ELF file');
  try {
    const file = readElf(bytes, image);
    if (file.machine === elf.machineX86_64 && file.segments.some(({ type }) => type === elf.segmentNote))
      return file;
  } catch (error) {
    throw reason('it is damaged', error);
  }
  throw reason('it has no PVH entry');
}

/** An image that does not fit is refused here: QEMU would only say that it cannot load it. */
function checkMemory(file: ElfFile, image: string, memoryMiB: number): void {
  const end = file.segments
    .filter(({ type }) => type === elf.segmentLoad)
    .reduce((highest, segment) => {
      const segmentEnd = Number(segment.physicalAddress) + segment.memorySize;
      return Math.max(highest, segmentEnd);
    }, 0);
  const needed = Math.ceil(end / mebibyte);
  if (needed <= memoryMiB) return;
  throw lowMemory(image, memoryMiB, `its segments alone end at ${needed} MiB`);
}

/** The error of a guest that cannot start in so little memory. */
export function lowMemory(image: string, memoryMiB: number, reason: string): RunError {
  return new RunError('RUMP_RUN_LOW_MEMORY', `${image} does not start in ${memoryMiB} MiB: ${reason}`, {
    remedy: `Give it more: --memory ${Math.max(memoryMiB * 2, 8)}`,
    details: { image, memoryMiB, reason },
  });
}
