// SPDX-License-Identifier: BSD-2-Clause
// bill-of-materials.ts: what is in an image, kept inside of it as JSON in a section that is not loaded.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Component } from '../component/manifest.js';
import type { ComponentSize, ImageLayout, SizedSymbol } from '../linker/layout.js';
import { packageVersion } from '../paths.js';

/** A component as the bill lists it. */
export interface ListedComponent {
  name: string;
  faction: string;
  summary: string;
  licence: string;
  notices: readonly string[];
  source?: { package: string; version: string; file: string; sha256: string };
}

/** The bill. Reproducible: no dates, no paths. */
export interface BillOfMaterials {
  format: 'rumpkit-bom';
  version: 1;
  rumpkit: string;
  components: readonly ListedComponent[];
  program?: { name: string; sha256: string; bytes: number };
  configuration: string;
  sizes: readonly ComponentSize[];
  largestSymbols: readonly SizedSymbol[];
}

/** Makes the bill of an image. */
export function makeBillOfMaterials(
  components: readonly Component[],
  layout: ImageLayout,
  configuration: string,
  program?: string,
): BillOfMaterials {
  return {
    format: 'rumpkit-bom',
    version: 1,
    rumpkit: packageVersion,
    components: components.map(listComponent),
    ...(program === undefined ? {} : { program: describeProgram(program) }),
    configuration,
    sizes: layout.sizes,
    largestSymbols: layout.largest,
  };
}

function listComponent({ manifest }: Component): ListedComponent {
  const { name, faction, summary, licence, source } = manifest;
  return {
    name,
    faction,
    summary,
    licence: licence.spdx,
    notices: licence.notices ?? [],
    ...(source === undefined
      ? {}
      : {
          source: {
            package: source.package,
            version: source.version,
            file: source.file,
            sha256: source.sha256,
          },
        }),
  };
}

function describeProgram(path: string): NonNullable<BillOfMaterials['program']> {
  const bytes = readFileSync(path);
  return {
    name: basename(path),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
  };
}
