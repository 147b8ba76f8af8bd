// SPDX-License-Identifier: BSD-2-Clause
// execute-link.ts: the steps of the linker that do something.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LinkError, RumpError } from '../errors.js';
import type { CommandPlan } from '../exec/command-plan.js';
import { runCommand } from '../exec/run-command.js';
import type { ImageLinkPlan } from './image-plan.js';
import { readLayout, type ImageLayout } from './layout.js';
import type { GeneratedFile, LinkPlan } from './link-plan.js';
import { encodeSymbolTable } from './symbol-table.js';

/** Carries out the link of a shared object. */
export async function executeLink(plan: LinkPlan): Promise<void> {
  await writeFiles(plan.files);
  await runAll(plan.commands);
}

/** Links an image; describe makes the bill of materials once the layout is known. */
export async function executeImageLink(
  plan: ImageLinkPlan,
  describe: (layout: ImageLayout) => string,
): Promise<ImageLayout> {
  await writeFiles(plan.files);
  await runAll(plan.firstPass);
  const layout = readLayout(await readFile(plan.layout), await readFile(plan.map, 'utf8'), plan.units);
  await writeFile(plan.symbolTable, encodeSymbolTable(layout.functions));
  await writeFile(plan.billOfMaterials, describe(layout));
  await runAll(plan.secondPass);
  return layout;
}

/** Moves a finished file to where the user wants it, never leaving half of one there. */
export async function installFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const temporary = `${to}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, await readFile(from), { mode: 0o755 });
    await rename(temporary, to);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeFiles(files: readonly GeneratedFile[]): Promise<void> {
  for (const { path, contents } of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }
}

async function runAll(commands: readonly CommandPlan[]): Promise<void> {
  for (const command of commands) {
    try {
      await runCommand(command);
    } catch (error) {
      throw linkError(error);
    }
  }
}

function linkError(error: unknown): unknown {
  if (!(error instanceof RumpError)) return error;
  if (error.code === 'RUMP_EXEC_NOT_FOUND') {
    return new LinkError('RUMP_LINK_NO_LINKER', error.message, {
      remedy: 'Install it: apt-get install build-essential',
      details: error.details,
      cause: error,
    });
  }
  const complaints = firstComplaints(String(error.details['stderr']));
  return new LinkError('RUMP_LINK_FAILED', `the link failed\n${complaints.join('\n')}`, {
    remedy: 'See which component the symbol or file belongs to: rumpkit components --why NAME',
    details: { ...error.details, complaints },
    cause: error,
  });
}

function firstComplaints(output: string): string[] {
  const lines = output.split('\n').filter((line) => line !== '' && !line.includes('in function'));
  const telling = lines.filter((line) =>
    /undefined reference|multiple definition|error|cannot|overlaps/.test(line),
  );
  return [...new Set(telling.length > 0 ? telling : lines)].slice(0, 8);
}
