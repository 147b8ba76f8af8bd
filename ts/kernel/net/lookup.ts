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
type Lookup = (name: string, options: object, callback: Answer) => void;

const loopback: readonly Address[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

const kernelLookup = (name: string, options: { family?: number | undefined }, callback: Answer): void => {
  if (name !== 'localhost') {
    hostLookup(name, { ...options, all: true }, callback);
    return;
  }
  const { family } = options;
  const found = loopback.filter((each) => (family !== 4 && family !== 6 ? true : each.family === family));
  process.nextTick(callback, null, found);
};

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
  const own = typeof lookup === 'function' ? (lookup as Lookup) : kernelLookup;
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
