// SPDX-License-Identifier: BSD-2-Clause
// apt-errors.ts: what apt-get's output means for whoever wanted a source package.
import { RumpError, SourceError } from '../errors.js';

/** Turns a failure of apt-get into a typed one. */
export function aptError(error: unknown, sourcePackage: string, version: string): SourceError {
  if (!(error instanceof RumpError)) throw error;
  const wanted = `${sourcePackage} ${version}`;
  const output = `${String(error.details['stdout'])}\n${String(error.details['stderr'])}`;
  const reason = firstComplaint(output);
  const options = { details: { package: sourcePackage, version, reason }, cause: error };
  if (error.code === 'RUMP_EXEC_NOT_FOUND') {
    return new SourceError('RUMP_SOURCE_NO_APT', `${wanted} cannot be fetched: there is no apt-get`, {
      ...options,
      remedy: overrideRemedy(sourcePackage),
    });
  }
  if (/No space left on device|don't have enough free space/i.test(output)) {
    return new SourceError('RUMP_SOURCE_DISK_FULL', `no room to download ${wanted}: ${reason}`, {
      ...options,
      remedy: 'Free some space, or point RUMPKIT_CACHE at a folder on another disk.',
    });
  }
  if (
    /Unable to find a source package|Can not find version|404 +Not Found|does not have a Release file/.test(
      output,
    )
  ) {
    return new SourceError(
      'RUMP_SOURCE_NOT_IN_INDEX',
      `the mirror has no source package ${wanted}: ${reason}`,
      {
        ...options,
        remedy: overrideRemedy(sourcePackage),
      },
    );
  }
  if (/Hash Sum mismatch|File has unexpected size/.test(output)) {
    return new SourceError(
      'RUMP_SOURCE_WRONG_CHECKSUM',
      `${wanted} is not what the mirror's index says: ${reason}`,
      {
        ...options,
        remedy: 'Try again later, or another mirror: this one is damaged or being updated.',
      },
    );
  }
  return new SourceError('RUMP_SOURCE_NO_NETWORK', `${wanted} cannot be fetched: ${reason}`, {
    ...options,
    remedy: `Check the network and the system's apt sources; or ${lowerFirst(overrideRemedy(sourcePackage))}`,
  });
}

/** How to do without the network. */
export function overrideRemedy(sourcePackage: string): string {
  return `Give a local tarball or folder: --source ${sourcePackage}=PATH`;
}

/** Errors in apt's own order of importance; the line after "Err:" says why. */
function firstComplaint(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const complaint = ['E:', 'W:', 'Err:']
    .map((mark) => lines.find((line) => line.startsWith(mark)))
    .find(Boolean);
  return (
    complaint?.replace(/^\w+:\s*/, '') ?? lines.findLast((line) => line !== '') ?? 'apt-get gave no reason'
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
