// SPDX-License-Identifier: BSD-2-Clause
// manifest.ts: reads one component.json and says precisely what is wrong with it.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { ManifestError } from '../errors.js';
import { manifestSchema, type Host, type Manifest } from './manifest-schema.js';

/** A component: its manifest and the folder that holds it. */
export interface Component {
  manifest: Manifest;
  folder: string;
}

/** Reads and checks a component.json. */
export function readManifest(path: string): Component {
  const component = { manifest: parseManifest(readJson(path), path), folder: dirname(path) };
  checkOwnFiles(component, path);
  return component;
}

/** Checks the contents of a manifest; path is only for the message. */
export function parseManifest(contents: unknown, path: string): Manifest {
  const result = v.safeParse(manifestSchema, contents);
  if (result.success) return result.output;
  const issues = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'manifest'}: ${issue.message}`);
  throw new ManifestError(
    'RUMP_MANIFEST_INVALID',
    `${path} is not a component manifest\n  ${issues.join('\n  ')}`,
    {
      remedy: 'Compare it with rump/component.schema.json (docs/component-schema.md explains each field).',
      details: { path, issues },
    },
  );
}

/** The hosts that a component can be built for. */
export function hostsOf(manifest: Manifest): readonly Host[] {
  return manifest.hosts ?? ['posix', 'baremetal'];
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ManifestError('RUMP_MANIFEST_UNREADABLE', `${path} cannot be read: ${reason}`, {
      remedy: 'Mend the JSON syntax at the place named, or remove the folder.',
      details: { path },
      cause: error,
    });
  }
}

function checkOwnFiles({ manifest, folder }: Component, path: string): void {
  const missing = [...manifest.files, ...(manifest.includes ?? [])].find(
    (file) => !existsSync(join(folder, file)),
  );
  if (missing === undefined) return;
  throw new ManifestError('RUMP_MANIFEST_FILE_MISSING', `${path} names ${missing}, which does not exist`, {
    remedy: `Create ${join(folder, missing)} or take it out of the manifest.`,
    details: { path, missing },
  });
}
