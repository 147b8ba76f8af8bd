// SPDX-License-Identifier: BSD-2-Clause
// database-run.ts: boots programs/database.c on a disk, takes its machine away in the middle, and keeps account of what it
// had made sure of.
import { spawn } from 'node:child_process';
import { prepareGuest } from '../../ts/run/guest-options.js';
import { planQemu } from '../../ts/run/qemu-plan.js';
import { scratchPath } from './guests.js';

/** What must be found after the next start. */
export class Promises {
  readonly numbers = { log: 0, state: 0, map: 0 };
  readonly files = new Set<number>();
  #found = new Set<number>();

  /** Takes a line of the program's; gives a complaint if it breaks a promise. */
  note(line: string): string | undefined {
    const [word = '', number = '', verdict] = line.split(' ');
    if (word === 'wrong:') return line;
    if (word === 'found') return this.#settle(line);
    if (word === 'file' && verdict !== undefined) {
      if (verdict === 'good') this.#found.add(Number(number));
    } else if (word === 'file') this.files.add(Number(number));
    else if (word === 'remove') this.files.delete(Number(number));
    else if (word === 'log' || word === 'state' || word === 'map') this.numbers[word] = Number(number);
    return undefined;
  }

  #settle(line: string): string | undefined {
    const lost = Object.entries(this.numbers).filter(
      ([name, sure]) => Number(new RegExp(`\\b${name}=(\\d+)`).exec(line)?.[1]) < sure,
    );
    const gone = [...this.files].filter((each) => !this.#found.has(each));
    this.#found = new Set();
    if (lost.length === 0 && gone.length === 0) return undefined;
    return `"${line}", but there were ${JSON.stringify(this.numbers)} and files ${[...this.files].join(' ')}`;
  }
}

/** How a run went. */
export interface DatabaseRun {
  killed: boolean;
  lines: string[];
}

/** Boots the image and kills QEMU (SIGKILL) once it has printed so many lines; Infinity lets it end. */
export function runDatabase(
  image: string,
  disk: string,
  args: readonly string[],
  killAfter: number,
): Promise<DatabaseRun> {
  const guest = prepareGuest(image, { accelerator: 'tcg', disks: [disk], args });
  const { command, args: words } = planQemu(guest, scratchPath('database.status'));
  let output = '';
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      if (wholeLines(output).length >= killAfter) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', () => resolve({ killed: child.killed, lines: wholeLines(output) }));
  });
}

/** What was printed before the end counts, but half a line says nothing. */
function wholeLines(output: string): string[] {
  return output.split(/\r?\n/).slice(0, -1);
}
