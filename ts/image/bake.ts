// SPDX-License-Identifier: BSD-2-Clause
// bake.ts: from a configuration to a bootable image.
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from '../errors.js';
import { executeImageLink, installFile } from '../linker/execute-link.js';
import { planImageLink, type ImageLinkPlan } from '../linker/image-plan.js';
import type { ImageLayout } from '../linker/layout.js';
import {
  prepareComponents,
  type PreparedComponents,
  type PrepareOptions,
} from '../linker/prepare-components.js';
import { cacheRoot, packageRoot } from '../paths.js';
import { makeBillOfMaterials } from './bill-of-materials.js';
import { formatBootConfiguration, type BootConfiguration } from './boot-configuration.js';
import { checkProgram } from './program.js';

/** The components that every image stands on. */
export const imageHosts: readonly string[] = ['glue/baremetal', 'glue/linux'];

/** What an image is baked from. */
export interface BakeOptions extends BootConfiguration, Omit<PrepareOptions, 'host' | 'sanitize'> {
  program?: string;
  output: string;
  /** Instead of the hosts that every image stands on: for guests that are hosts themselves. */
  hosts?: readonly string[];
}

/** A finished image. */
export interface BakedImage {
  path: string;
  bytes: number;
  layout: ImageLayout;
}

/** Bakes an image. The output appears only when it is complete. */
export async function bakeImage(options: BakeOptions): Promise<BakedImage> {
  if (options.program !== undefined) checkProgram(options.program);
  const components = [...new Set([...options.components, ...(options.hosts ?? imageHosts)])];
  const prepared = await prepareComponents({ ...options, components, host: 'baremetal' });
  options.onStep?.('image');
  const folder = await makeWorkFolder(options.cache ?? cacheRoot());
  try {
    const plan = await planImage(options, prepared, folder);
    const layout = await executeImageLink(plan, (known) => describe(options, prepared, known));
    await writeImage(plan.output, options.output);
    return { path: options.output, bytes: (await stat(options.output)).size, layout };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeImage(from: string, to: string): Promise<void> {
  try {
    await installFile(from, to);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ImageError('RUMP_IMAGE_NOT_WRITTEN', `${to} cannot be written: ${reason}`, {
      remedy: 'Give a place that can be written: --output FILE',
      details: { path: to },
      cause: error,
    });
  }
}

async function planImage(
  options: BakeOptions,
  prepared: PreparedComponents,
  folder: string,
): Promise<ImageLinkPlan> {
  const script = join(packageRoot, 'glue/baremetal/image.ld');
  return planImageLink({
    units: prepared.units,
    linkSets: prepared.linkSets,
    script: { path: script, contents: await readFile(script, 'utf8') },
    ...(options.program === undefined ? {} : { program: options.program }),
    configuration: formatBootConfiguration(withNetwork(options, prepared)),
    folder,
    output: join(folder, 'image'),
  });
}

/** An image that can have a network device asks for an address if it has one. */
function withNetwork(options: BakeOptions, prepared: PreparedComponents): BakeOptions {
  const canHave = prepared.graph.components.some(({ manifest }) => manifest.name === 'net/virtif');
  return canHave && options.network === undefined
    ? { ...options, network: [{ dhcp: true, ifPresent: true }] }
    : options;
}

function describe(options: BakeOptions, prepared: PreparedComponents, layout: ImageLayout): string {
  const configuration = formatBootConfiguration(withNetwork(options, prepared));
  return JSON.stringify(
    makeBillOfMaterials(prepared.graph.components, layout, configuration, options.program),
  );
}

async function makeWorkFolder(cache: string): Promise<string> {
  await mkdir(join(cache, 'bake'), { recursive: true });
  return await mkdtemp(join(cache, 'bake', 'image-'));
}
