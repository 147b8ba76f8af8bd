// SPDX-License-Identifier: BSD-2-Clause
// lookup.ts: names of hosts. `localhost` is the kernel's own loopback; all other names are asked of the host's resolver,
// unless the caller brings a `lookup` of its own.
import { lookup as hostLookup, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';

/** An address that a name has. */
export interface Address {
  address: string;
  family: 4 | 6;
}

type Answer = (error: Error | null, address?: string | LookupAddress[], family?: number) => void;

/** node:dns' lookup. */
export type Lookup = (name: string, options: LookupArgument, callback: Answer) => void;
type LookupArgument = number | { family?: number | undefined; all?: boolean | undefined };

const loopback: readonly Address[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** Asks for the addresses of a name as node:dns does: one, or `all`. */
export function lookupName(name: string, options: LookupArgument, callback: Answer): void {
  const { family = 0, all = false, ...others } = typeof options === 'number' ? { family: options } : options;
  const literal = isIP(name);
  if (literal === 0 && name !== 'localhost') {
    hostLookup(name, { ...others, family, all }, callback);
    return;
  }
  const known: readonly Address[] = literal === 0 ? loopback : [{ address: name, family: literal as 4 | 6 }];
  const found = known.filter(
    (each) => literal !== 0 || (family !== 4 && family !== 6) || each.family === family,
  );
  if (all) process.nextTick(callback, null, found);
  else process.nextTick(callback, null, found[0]?.address, found[0]?.family);
}

/** What is asked of a lookup. */
export interface LookupOptions {
  family?: number | undefined;
  hints?: number | undefined;
  all: boolean;
  lookup?: unknown;
}

/** Gives the addresses of a name, at least one, or an error. */
export function findAddresses(
  name: string,
  { lookup, ...options }: LookupOptions,
  callback: (error: Error | null, addresses: Address[]) => void,
): void {
  const own = typeof lookup === 'function' ? (lookup as Lookup) : lookupName;
  own(name, options, (error, found, family) => {
    if (error) {
      callback(error, []);
      return;
    }
    const list = Array.isArray(found) ? found : [{ address: found ?? '', family: family ?? 0 }];
    const addresses = list.map(({ address, family: given }) => ({
      address,
      family: (isIP(address) || given) as 4 | 6,
    }));
    const wrong = addresses.find(({ address }) => isIP(address) === 0);
    const failure =
      wrong &&
      Object.assign(new TypeError(`Invalid IP address: ${wrong.address}`), {
        code: 'ERR_INVALID_IP_ADDRESS',
      });
    callback(failure ?? null, addresses);
  });
}
