// SPDX-License-Identifier: BSD-2-Clause
// name-servers.ts: whom a kernel asks for names, if nobody says otherwise: what its interfaces know.
import type { Server } from './dns-query.js';

/** The servers that interfaces brought along; the last interface's come last. */
export class NameServers {
  readonly #byInterface = new Map<string, readonly string[]>();
  /** What setServers() of the kernel was told. */
  chosen: readonly string[] | undefined;

  add(name: string, servers: readonly string[]): void {
    this.#byInterface.set(name, servers);
  }

  remove(name: string): void {
    this.#byInterface.delete(name);
  }

  get list(): readonly string[] {
    return this.chosen ?? [...new Set([...this.#byInterface.values()].flat())];
  }
}

const standardPort = 53;

/** '1.2.3.4', '1.2.3.4:5353', '::1', '[::1]:5353', as node:dns writes them. */
export function parseServer(text: string): Server {
  const [, bracketed, port6] = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? [];
  if (bracketed !== undefined) return { address: bracketed, port: Number(port6 ?? standardPort) };
  const [, plain, port4] = /^([\d.]+):(\d+)$/.exec(text) ?? [];
  if (plain !== undefined) return { address: plain, port: Number(port4) };
  return { address: text, port: standardPort };
}
