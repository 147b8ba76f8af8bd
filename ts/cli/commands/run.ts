// SPDX-License-Identifier: BSD-2-Clause
// run.ts: rumpkit run: boots an image, or bakes a configuration and boots that. The guest's status is the command's.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineCommand } from 'citty';
import { formatCommand } from '../../exec/command-plan.js';
import { bakeImage } from '../../image/bake.js';
import type { UnikernelConfig } from '../../image/unikernel-config.js';
import { prepareGuest, parseMachine, type GuestOptions } from '../../run/guest-options.js';
import { planQemu, type Accelerator } from '../../run/qemu-plan.js';
import { runGuest } from '../../run/run-guest.js';
import { defaultConfig, readImageRequest } from '../image-options.js';
import {
  parsePairs,
  positionals,
  refuseUnknownOptions,
  repeatedOption,
  usage,
  wordsAfterSeparator,
} from '../options.js';
import { print, printJson } from '../output.js';
import { withProgress } from '../render/progress.js';
import { outputArgs } from '../shared-args.js';

const args = {
  ...outputArgs,
  machine: { type: 'string', valueHint: 'microvm|q35|pc', description: 'Machine type (default: microvm)' },
  memory: { type: 'string', valueHint: 'MIB', description: 'Memory (default: 64M)' },
  disk: { type: 'string', valueHint: 'FILE[,ro]', description: 'Disk, vda first (may be repeated)' },
  net: {
    type: 'string',
    valueHint: 'user[,hostfwd=PORT:PORT]|bus,PATH|tap,NAME',
    description: 'Network device, net0 first (may be repeated)',
  },
  arg: {
    type: 'string',
    valueHint: 'WORD',
    description: "Word of the program's arguments, argv[0] first (may be repeated)",
  },
  env: { type: 'string', valueHint: 'NAME=VALUE', description: 'Environment variable (may be repeated)' },
  timeout: { type: 'string', valueHint: 'SECONDS', description: 'Stop the guest after so long' },
  accel: {
    type: 'string',
    valueHint: 'kvm|tcg',
    description: 'How to execute (default: kvm if it is there)',
  },
  'dry-run': { type: 'boolean', description: 'Print the command and stop' },
} as const;

type Options = Partial<Record<'machine' | 'memory' | 'timeout' | 'accel', string | undefined>> & {
  json?: boolean | undefined;
  'dry-run'?: boolean | undefined;
};

export default defineCommand({
  meta: {
    name: 'run',
    description: "Boot an image or a configuration; words after -- are the program's arguments",
  },
  args,
  async run({ rawArgs, args: options }) {
    refuseUnknownOptions(rawArgs, args);
    const [file = defaultConfig, extra] = positionals(rawArgs, args);
    if (extra !== undefined)
      throw usage(`run takes one image, not also "${extra}"`, "Put the program's words after --.");
    const flags = guestFlags(rawArgs, options);
    if (/\.[cm]?[jt]s$/.test(file)) await runConfiguration(file, flags, options);
    else await runImage(file, flags, options);
  },
});

async function runConfiguration(path: string, flags: GuestOptions, options: Options): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rumpkit-image-'));
  try {
    const { config, bake } = await readImageRequest([], { config: path, output: join(folder, 'image') });
    await withProgress('Baking', (report) => bakeImage({ ...bake, ...report }));
    await runImage(bake.output, { ...configured(config.run), ...flags }, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runImage(image: string, guestOptions: GuestOptions, options: Options): Promise<void> {
  if (options['dry-run'] === true) {
    const plan = planQemu(prepareGuest(image, guestOptions), 'STATUS');
    if (options.json === true) printJson(plan);
    else print(formatCommand(plan));
    return;
  }
  const result = await interruptible((signal) =>
    runGuest(image, {
      ...guestOptions,
      console: options.json === true ? 'capture' : 'inherit',
      signal,
      ...timeLimit(options.timeout),
    }),
  );
  if (options.json === true) printJson(result);
  process.exitCode = result.status;
}

/** Runs work that a signal to this process stops. The handlers stay until it has ended: there is a guest to stop. */
async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await work(stop.signal);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function guestFlags(rawArgs: readonly string[], options: Options): GuestOptions {
  const words = [...repeatedOption(rawArgs, 'arg'), ...wordsAfterSeparator(rawArgs)];
  const disks = repeatedOption(rawArgs, 'disk');
  const networks = repeatedOption(rawArgs, 'net');
  return {
    ...(words.length > 0 ? { args: words } : {}),
    env: parsePairs(repeatedOption(rawArgs, 'env'), 'env'),
    ...(disks.length > 0 ? { disks } : {}),
    ...(networks.length > 0 ? { networks } : {}),
    ...(options.machine === undefined ? {} : { machine: parseMachine(options.machine) }),
    ...(options.memory === undefined ? {} : { memory: options.memory }),
    ...(options.accel === undefined ? {} : { accelerator: parseAccelerator(options.accel) }),
  };
}

function configured(run: NonNullable<UnikernelConfig['run']> = {}): GuestOptions {
  return {
    ...(run.machine === undefined ? {} : { machine: run.machine }),
    ...(run.memory === undefined ? {} : { memory: run.memory }),
    ...(run.disks === undefined ? {} : { disks: run.disks }),
    ...(run.networks === undefined ? {} : { networks: run.networks }),
  };
}

function parseAccelerator(text: string): Accelerator {
  if (text === 'kvm' || text === 'tcg') return text;
  throw usage(`there is no accelerator ${text}`, 'Use --accel kvm or --accel tcg.');
}

function timeLimit(text: string | undefined): { timeoutMs?: number } {
  if (text === undefined) return {};
  const seconds = Number(text);
  if (!(seconds > 0)) throw usage(`"${text}" is not a number of seconds`, 'For example: --timeout 30');
  return { timeoutMs: seconds * 1000 };
}
