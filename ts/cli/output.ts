// SPDX-License-Identifier: BSD-2-Clause
// output.ts: the only place that writes to the standard streams.
import { stripVTControlCharacters } from 'node:util';

/** Writes a result. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Writes a help text; its colours are for terminals. */
export function printHelp(text: string): void {
  print(
    process.stdout.isTTY && process.env['NO_COLOR'] === undefined ? text : stripVTControlCharacters(text),
  );
}

/** Writes a result for programs. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Writes what is no result: errors and remarks. */
export function printRemark(text: string): void {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Writes a result that is bytes; done once they are taken. */
export function printBytes(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
