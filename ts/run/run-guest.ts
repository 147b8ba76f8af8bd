// SPDX-License-Identifier: BSD-2-Clause
// run-guest.ts: boots an image and reports how the guest ended.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RumpError, RunError } from '../errors.js';
import { startProcess, type EndedProcess, type StartProcessOptions } from '../exec/start-process.js';
import { parseExitRecord, type ExitRecord } from './exit-record.js';
import { lowMemory, prepareGuest, type GuestOptions } from './guest-options.js';
import { kvmFailure } from './kvm-failure.js';
import { planQemu, type Guest } from './qemu-plan.js';

/** A run: the guest, and how it is connected to this process. */
export interface RunGuestOptions extends GuestOptions, Partial<StartProcessOptions> {}

/** A guest that ended by itself. */
export interface GuestResult {
  /** The program's exit status. */
  status: number;
  /** What it printed; empty if the console was inherited. */
  output: string;
  elapsedMs: number;
}

/**
 * Boots an image under QEMU and waits for its end. Throws RunError for everything but an exit status of the guest's.
 *
 * @example
 * const { status, output } = await runGuest('hello.img', { machine: 'q35', disks: ['data.iso'] });
 */
export async function runGuest(image: string, options: RunGuestOptions = {}): Promise<GuestResult> {
  let guest = prepareGuest(image, options);
  const folder = await mkdtemp(join(tmpdir(), 'rumpkit-run-'));
  const statusPath = join(folder, 'status');
  const startedAt = performance.now();
  try {
    let ended = await startQemu(guest, statusPath, options);
    let record = await readRecord(statusPath, ended);
    // KVM was our choice, not the user's: go on without it.
    if (record === undefined && guest.accelerator === 'kvm' && kvmFailure.test(ended.stderr)) {
      if (options.accelerator === undefined) {
        guest = { ...guest, accelerator: 'tcg' };
        ended = await startQemu(guest, statusPath, options);
        record = await readRecord(statusPath, ended);
      }
    }
    const status = interpret(guest, ended, record, options);
    return { status, output: ended.stdout, elapsedMs: performance.now() - startedAt };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startQemu(guest: Guest, statusPath: string, options: RunGuestOptions): Promise<EndedProcess> {
  try {
    return await startProcess(planQemu(guest, statusPath), {
      ...options,
      console: options.console ?? 'capture',
      ...(guest.accelerator === 'kvm' ? { stopOnError: kvmFailure } : {}),
    });
  } catch (error) {
    if (!(error instanceof RumpError) || error.code !== 'RUMP_EXEC_NOT_FOUND') throw error;
    throw new RunError('RUMP_RUN_NO_QEMU', 'there is no qemu-system-x86_64 in PATH', {
      remedy: 'Install it: apt-get install qemu-system-x86',
      cause: error,
    });
  }
}

async function readRecord(statusPath: string, ended: EndedProcess): Promise<ExitRecord | undefined> {
  const text = await readFile(statusPath, 'utf8').catch(() => '');
  return parseExitRecord(text) ?? parseExitRecord(ended.stdout);
}

/** A record counts most: a guest that reported its end has ended, however QEMU went afterwards. */
function interpret(
  guest: Guest,
  ended: EndedProcess,
  record: ExitRecord | undefined,
  options: RunGuestOptions,
): number {
  const details = { image: guest.image, machine: guest.machine, output: ended.stdout, stderr: ended.stderr };
  if (record?.kind === 'exit') return record.status;
  if (record?.kind === 'fault') throw faultError(guest, record.reason, details);
  if (ended.timedOut) {
    throw new RunError(
      'RUMP_RUN_TIMED_OUT',
      `the guest did not end within ${(options.timeoutMs ?? 0) / 1000} s`,
      {
        remedy: 'Give it more time (--timeout SECONDS), or look at what it printed last.',
        details,
      },
    );
  }
  if (guest.accelerator === 'kvm' && kvmFailure.test(ended.stderr)) {
    throw new RunError('RUMP_RUN_QEMU_FAILED', 'KVM does not work on this machine', {
      remedy: 'Run without it: --accel tcg.',
      details,
    });
  }
  if (ended.stopped || ended.signal !== undefined || /terminating on signal/.test(ended.stderr)) {
    throw new RunError('RUMP_RUN_INTERRUPTED', 'the run was interrupted; the guest is stopped', { details });
  }
  const complaint = firstComplaint(ended.stderr);
  if (complaint !== undefined) {
    throw new RunError('RUMP_RUN_QEMU_FAILED', `QEMU did not start the guest: ${complaint}`, {
      remedy: 'Check the options; --dry-run prints the command.',
      details,
    });
  }
  throw new RunError('RUMP_RUN_NO_STATUS', 'the guest stopped without reporting a status', {
    remedy: 'It may have faulted before it could tell: try more --memory, or another --machine.',
    details,
  });
}

const backtraceRemedy = 'The backtrace on its console names the function and component at fault.';

/** Faults that are no fault of a function's: the guest was not given what it needs. */
const faultRemedies: readonly (readonly [RegExp, string])[] = [
  [/no such disk/, 'Give it the disk that its configuration mounts: --disk FILE'],
  [/holds no program/, 'Bake it with a program: --program FILE'],
  [/no such network device/, 'Give it the device that its configuration names: --net user'],
  [
    /no DHCP server/,
    'Run it where one answers, as with --net user, or give it addresses in its configuration.',
  ],
  [/no such address|in no network of this/, "Correct its configuration's network: addresses and gateway."],
  [/image has no network/, 'Bake it with --component net/inet --component net/virtif.'],
  [/working folder/, 'Correct cwd in its configuration, or --cwd.'],
];

function faultError(guest: Guest, reason: string, details: Record<string, unknown>): RunError {
  if (/\bout of memory\b/i.test(reason)) return lowMemory(guest.image, guest.memoryMiB, reason);
  return new RunError('RUMP_RUN_GUEST_FAULT', `the guest faulted: ${reason}`, {
    remedy: faultRemedies.find(([pattern]) => pattern.test(reason))?.[1] ?? backtraceRemedy,
    details: { ...details, reason },
  });
}

function firstComplaint(stderr: string): string | undefined {
  const lines = stderr.split('\n').map((line) => line.replace(/^qemu-system-x86_64:\s*/, '').trim());
  return lines.find((line) => line !== '' && !/^warning:/i.test(line));
}
