// SPDX-License-Identifier: BSD-2-Clause
// kernel-calls.ts: calls that are seldom made (mount and the like), by koffi on the same instance of the shared
// object that the addon loaded. They go through the host's guarded entry, so that a panic inside is an answer.
import koffi from 'koffi';
import type { LibraryHandle } from 'koffi';

/** What a call gave: its result, and the NetBSD errno or `endedError`. */
export interface CallOutcome {
  result: number;
  error: number;
}

/** The error of a call into a kernel that is gone (RUMPUSER_POSIX_ENDED). */
export const endedError = -1;

type Word = string | number | bigint | Buffer | null;
type Guarded = ReturnType<LibraryHandle['func']>;

/** One kernel's seldom used entry points. */
export class KernelCalls {
  readonly #library: LibraryHandle;
  readonly #guarded = new Map<string, Guarded>();
  readonly #symbols = new Map<string, unknown>();

  /** @param path - the path under which the dynamic linker knows the instance */
  constructor(path: string) {
    this.#library = koffi.load(path);
  }

  /** Calls `symbol` with up to six words on a pool thread. A string is passed as a NUL-terminated copy. */
  async call(symbol: string, ...words: Word[]): Promise<CallOutcome> {
    const error = [0];
    const padded = [...words, ...Array<number>(6 - words.length).fill(0)];
    const guarded = this.#entry(words);
    const result = await new Promise<number>((resolve, reject) => {
      guarded.async(this.#symbol(symbol), ...padded, error, (failure: unknown, value: number) => {
        if (failure) reject(failure instanceof Error ? failure : new Error(`koffi cannot call ${symbol}`));
        else resolve(value);
      });
    });
    return { result, error: error[0] ?? 0 };
  }

  /** Forgets the library; nothing may be called afterwards. */
  unload(): void {
    this.#library.unload();
  }

  #symbol(name: string): unknown {
    let symbol = this.#symbols.get(name);
    if (symbol === undefined) {
      symbol = this.#library.symbol(name) as unknown;
      this.#symbols.set(name, symbol);
    }
    return symbol;
  }

  #entry(words: readonly Word[]): Guarded {
    const types = Array.from({ length: 6 }, (_, index) => wordType(words[index] ?? 0));
    const key = types.join();
    let guarded = this.#guarded.get(key);
    if (guarded === undefined) {
      guarded = this.#library.func('rumpuser_posix_call', 'int', ['void *', ...types, koffi.out('int *')]);
      this.#guarded.set(key, guarded);
    }
    return guarded;
  }
}

function wordType(word: Word): string {
  if (typeof word === 'string') return 'str';
  return word instanceof Buffer ? 'void *' : 'int64';
}

/** A structure of 64-bit words whose first one points to a string; keep the result alive during the call. */
export function structWithString(text: string, size: number, fill?: (bytes: Buffer) => void): Buffer[] {
  const string = Buffer.from(`${text}\0`, 'utf8');
  const struct = Buffer.alloc(size);
  struct.writeBigUInt64LE(koffi.address(string), 0);
  fill?.(struct);
  return [struct, string];
}
