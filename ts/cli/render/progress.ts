// SPDX-License-Identifier: BSD-2-Clause
// progress.ts: shows what is going on once it has taken a second, on stderr, as plain lines if that is no terminal.
import { setTimeout as delay } from 'node:timers/promises';
import { Listr, ListrLogger, ProcessOutput } from 'listr2';

/** How work tells what it is doing. */
export interface ProgressReport {
  onStep: (step: string) => void;
  onLine: (line: string) => void;
}

const quietMs = 1000;

/** Runs work; shows its title and steps if it takes longer than a second. */
export async function withProgress<T>(
  title: string,
  work: (report: ProgressReport) => Promise<T>,
): Promise<T> {
  let show: (text: string) => void = () => undefined;
  let step = '';
  const promise = work({
    onStep: (text) => show((step = text)),
    onLine: (line) => (process.stderr.isTTY ? show(`${step}: ${line}`) : undefined),
  });
  const isQuick = await Promise.race([promise.then(() => true), delay(quietMs, false, { ref: false })]);
  if (isQuick) return await promise;
  await listTask(title, async (setOutput) => {
    show = setOutput;
    if (step !== '') show(step);
    // What went wrong is told once, by whoever shows errors.
    await promise.catch(() => {
      throw new Error('see below');
    });
  }).catch(() => undefined);
  return await promise;
}

async function listTask(
  title: string,
  task: (setOutput: (text: string) => void) => Promise<void>,
): Promise<void> {
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
  const isTerminal = process.stderr.isTTY;
  const list = new Listr([{ title, task: (_, own) => task((text) => void (own.output = text)) }], {
    // listr2's own end a process with 127.
    registerSignalListeners: false,
    ...(isTerminal
      ? { renderer: 'default', rendererOptions: { logger, showErrorMessage: false } }
      : { renderer: 'simple', rendererOptions: { logger } }),
  });
  await list.run();
}
