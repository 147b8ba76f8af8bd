// SPDX-License-Identifier: BSD-2-Clause
// execute-build.ts: the one step of the builder that does something.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildError, RumpError } from '../errors.js';
import { findProgram } from '../exec/find-program.js';
import { withFolderLock } from '../exec/folder-lock.js';
import { runCommand, type RunCommandOptions } from '../exec/run-command.js';
import type { BuildPlan } from './build-plan.js';
import { compilerErrors } from './compiler-output.js';

/** What a caller may watch and stop. */
export type ExecuteBuildOptions = Pick<RunCommandOptions, 'onLine' | 'signal'>;

const roomRemedy = 'Free some space, or point RUMPKIT_CACHE at a folder on another disk.';

/** Runs CMake as far as anything has changed; afterwards every unit's archive is up to date. */
export async function executeBuild(plan: BuildPlan, options: ExecuteBuildOptions = {}): Promise<void> {
  requireTools();
  await mkdir(plan.folder, { recursive: true });
  await withFolderLock(plan.folder, async () => {
    await configureIfChanged(plan, options);
    await runStep(plan.build, options);
  });
}

async function configureIfChanged(plan: BuildPlan, options: ExecuteBuildOptions): Promise<void> {
  const stamp = join(plan.folder, 'rumpkit-configured');
  const previous = await readFile(stamp, 'utf8').catch(() => '');
  if (previous === plan.configureKey && isConfigured(plan.folder)) return;
  await runStep(plan.configure, options);
  // On a full disk CMake says nothing.
  if (!isConfigured(plan.folder)) {
    throw new RumpError(
      'RUMP_CACHE_UNUSABLE',
      `CMake wrote no build files to ${plan.folder}: is its disk full?`,
      {
        remedy: roomRemedy,
        details: { folder: plan.folder },
      },
    );
  }
  await writeFile(stamp, plan.configureKey);
}

function isConfigured(folder: string): boolean {
  return ['build.ninja', 'Makefile'].some((name) => existsSync(join(folder, name)));
}

async function runStep(command: BuildPlan['build'], options: ExecuteBuildOptions): Promise<void> {
  try {
    await runCommand(command, options);
  } catch (error) {
    if (error instanceof RumpError && error.code === 'RUMP_EXEC_FAILED') throw compileFailed(error);
    throw error;
  }
}

/** Looks for the tools first, because CMake's own complaint about a missing compiler is a page long. */
function requireTools(): void {
  const install = (packages: string): string => `Install it: apt-get install ${packages}`;
  if (!['cc', 'gcc', 'clang'].some((name) => findProgram(name) !== undefined)) {
    throw new BuildError(
      'RUMP_BUILD_NO_COMPILER',
      'there is no C compiler (looked for cc, gcc, clang in PATH)',
      {
        remedy: install('build-essential'),
      },
    );
  }
  if (findProgram('cmake') === undefined) {
    throw new BuildError('RUMP_BUILD_NO_CMAKE', 'there is no cmake in PATH', { remedy: install('cmake') });
  }
  if (findProgram('ninja') === undefined && findProgram('make') === undefined) {
    throw new BuildError('RUMP_BUILD_NO_CMAKE', 'CMake needs ninja or make; PATH has neither', {
      remedy: install('ninja-build'),
    });
  }
}

function compileFailed(error: RumpError): RumpError {
  const output = `${String(error.details['stdout'])}\n${String(error.details['stderr'])}`;
  if (/No space left on device|Disk quota exceeded/.test(output)) {
    return new RumpError('RUMP_CACHE_UNUSABLE', 'the build failed: there is no space left for its files', {
      remedy: roomRemedy,
      details: { output },
      cause: error,
    });
  }
  const errors = compilerErrors(output);
  return new BuildError('RUMP_BUILD_COMPILE_FAILED', `the build failed\n${errors.join('\n')}`, {
    remedy: 'Mend the first error shown; the whole output comes with --verbose.',
    details: { errors, output },
    cause: error,
  });
}
