// SPDX-License-Identifier: BSD-2-Clause
// bake.ts: rumpkit bake: an image from unikernel.config.ts or flags.
import { defineCommand } from 'citty';
import { formatCommand } from '../../exec/command-plan.js';
import { bakeImage, imageHosts, type BakedImage, type BakeOptions } from '../../image/bake.js';
import { formatBootConfiguration } from '../../image/boot-configuration.js';
import { planComponents } from '../../linker/prepare-components.js';
import { imageArgs, readImageRequest } from '../image-options.js';
import { positionals, refuseExtraWords, refuseUnknownOptions } from '../options.js';
import { print, printJson } from '../output.js';
import { withProgress } from '../render/progress.js';
import { outputArgs } from '../shared-args.js';

const args = { ...outputArgs, ...imageArgs } as const;

export default defineCommand({
  meta: { name: 'bake', description: 'Make a bootable image from unikernel.config.ts or flags' },
  args,
  async run({ rawArgs, args: options }) {
    refuseUnknownOptions(rawArgs, args);
    refuseExtraWords(positionals(rawArgs, args), 'Name a configuration with --config FILE.');
    const { bake } = await readImageRequest(rawArgs, options);
    if (options['dry-run'] === true) {
      await printPlan(bake, options.json === true);
      return;
    }
    const image = await withProgress(`Baking ${bake.output}`, (report) => bakeImage({ ...bake, ...report }));
    if (options.json === true) printJson({ path: image.path, bytes: image.bytes, sizes: image.layout.sizes });
    else print(summary(image));
  },
});

async function printPlan(bake: BakeOptions, json: boolean): Promise<void> {
  const components = [...bake.components, ...imageHosts];
  const { build } = await planComponents({ ...bake, components, host: 'baremetal' });
  const plan = {
    components: build.units.map(({ component }) => component),
    build,
    configuration: formatBootConfiguration(bake),
    output: bake.output,
  };
  if (json) printJson(plan);
  else print([build.configure, build.build].map(formatCommand).join('\n'));
}

function summary({ path, bytes }: BakedImage): string {
  return `${path}  ${(bytes / 1024).toFixed(0)} KB`;
}
