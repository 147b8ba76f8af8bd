// SPDX-License-Identifier: BSD-2-Clause
// run-fs.ts: runs `rumpkit fs` in this process, and keeps what it prints.
import { runFs } from '../../ts/cli/fs/run-fs.js';
import { exitCodeOf, renderError } from '../../ts/cli/render/error.js';

/** What a command did. */
export interface FsRun {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs a command as the command line does. */
export async function fsRun(...words: string[]): Promise<FsRun> {
  const out: Buffer[] = [];
  const remarks: string[] = [];
  const { stdout, stderr } = process;
  const writers = [stdout.write.bind(stdout), stderr.write.bind(stderr)] as const;
  const keep = (take: (bytes: Buffer) => void) =>
    ((bytes: string | Uint8Array, ...rest: unknown[]) => {
      take(Buffer.from(bytes as string));
      const done = rest.find((each) => typeof each === 'function') as (() => void) | undefined;
      done?.();
      return true;
    }) as typeof stdout.write;
  stdout.write = keep((bytes) => out.push(bytes));
  stderr.write = keep((bytes) => remarks.push(bytes.toString()));
  let status: number;
  try {
    await runFs(words);
    status = Number(process.exitCode ?? 0);
  } catch (error) {
    remarks.push(renderError(error, false));
    status = exitCodeOf(error);
  } finally {
    stdout.write = writers[0];
    stderr.write = writers[1];
    process.exitCode = 0;
  }
  return { status, stdout: Buffer.concat(out).toString('latin1'), stderr: remarks.join('') };
}

/** Runs a command that must succeed, and gives what it printed. */
export async function fsOutput(...words: string[]): Promise<string> {
  const { status, stdout, stderr } = await fsRun(...words);
  if (status !== 0) throw new Error(`rumpkit fs ${words.join(' ')} ended with ${status}: ${stderr}${stdout}`);
  return stdout;
}
