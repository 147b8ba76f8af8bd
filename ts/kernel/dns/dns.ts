// SPDX-License-Identifier: BSD-2-Clause
// dns.ts: kernel.dns and kernel.dns.promises: node:dns, asked through a kernel's network.
import * as nodeDns from 'node:dns';
import { isIP } from 'node:net';
import type { Address, Lookup } from '../net/lookup.js';
import { lookupName } from '../net/lookup.js';
import { lookupError } from './dns-errors.js';
import type { Transports } from './dns-query.js';
import { recordTypes, type AskedType } from './dns-records.js';
import type { NameServers } from './name-servers.js';
import { Asker, checkQuestion, type ResolverOptions } from './resolver.js';

/** Names, in the shape of node:dns. */
export type KernelDns = typeof nodeDns;

type Callback = (error: unknown, ...results: unknown[]) => void;
type Promised = (...args: unknown[]) => Promise<unknown>;
type Order = 'ipv4first' | 'ipv6first' | 'verbatim';

/** resolve4 and so on. */
const methodTypes: Record<string, AskedType> = {
  resolve4: 'A',
  resolve6: 'AAAA',
  ...Object.fromEntries(
    recordTypes
      .filter((type) => type !== 'A' && type !== 'AAAA')
      .map((type) => [`resolve${type[0] ?? ''}${type.slice(1).toLowerCase()}`, type]),
  ),
};

/** The calls of a resolver that promise. */
function promisedCalls(asker: Asker): Record<string, Promised> {
  const resolve = (hostname: unknown, type: unknown, options?: unknown): Promise<unknown> => {
    checkQuestion(hostname, type);
    return asker.resolve(hostname, type as AskedType, isTtl(options));
  };
  const calls: Record<string, Promised> = {
    resolve: (hostname, type = 'A') => resolve(hostname, type),
    reverse: async (address) => asker.reverse(String(address)),
  };
  for (const [name, type] of Object.entries(methodTypes))
    calls[name] = (hostname, options) => resolve(hostname, type, options);
  return calls;
}

function isTtl(options: unknown): boolean {
  return typeof options === 'object' && options !== null && 'ttl' in options && options.ttl === true;
}

/** With a callback at the end instead. Arguments are refused at once, as node:dns does. */
function withCallback(call: Promised, refuse: (...args: unknown[]) => unknown): (...args: unknown[]) => void {
  return (...args) => {
    const callback = args.at(-1);
    if (typeof callback !== 'function') {
      refuse(...args);
      return;
    }
    call(...args.slice(0, -1)).then(
      (result) => {
        process.nextTick(callback, null, result);
      },
      (error: unknown) => {
        process.nextTick(callback, error);
      },
    );
  };
}

/** Makes kernel.dns. */
export function makeDns(transports: Transports, servers: NameServers): KernelDns {
  const shared = new Asker(transports, () => servers.list);
  let order: Order = nodeDns.getDefaultResultOrder();

  const serverCalls = (asker: Asker): object => ({
    getServers: (): string[] => [...asker.servers],
    setServers: (list: readonly string[]): void => {
      asker.servers = list;
    },
    setLocalAddress: (ipv4?: string, ipv6?: string): void => {
      asker.setLocalAddress(ipv4, ipv6);
    },
  });
  const sharedServers = {
    getServers: (): string[] => [...servers.list],
    setServers: (list: readonly string[]): void => {
      const checked = new nodeDns.Resolver();
      checked.setServers(list);
      servers.chosen = checked.getServers();
    },
    getDefaultResultOrder: (): Order => order,
    setDefaultResultOrder: (value: Order): void => {
      if (!['ipv4first', 'ipv6first', 'verbatim'].includes(value)) nodeDns.setDefaultResultOrder(value);
      order = value;
    },
  };

  class PromisesResolver {
    readonly cancel: () => void;

    constructor(options?: ResolverOptions) {
      const asker = new Asker(transports, () => servers.list, options);
      this.cancel = () => {
        asker.cancel();
      };
      Object.assign(this, promisedCalls(asker), serverCalls(asker));
    }
  }
  class Resolver {
    readonly cancel: () => void;

    constructor(options?: ResolverOptions) {
      const asker = new Asker(transports, () => servers.list, options);
      this.cancel = () => {
        asker.cancel();
      };
      Object.assign(this, callbackCalls(asker), serverCalls(asker));
    }
  }

  const find = (name: string, family: number): Promise<Address[]> =>
    findAddresses(shared, name, family, order);
  const lookup: Lookup = makeLookup(find, () => servers.list.length > 0);
  const lookupPromise = (name: string, options: Parameters<Lookup>[1] = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      lookup(name, options, (error, found, family) => {
        if (error) reject(error);
        else resolve(Array.isArray(found) ? found : { address: found, family });
      });
    });
  const lookupCallback = (name: string, ...rest: unknown[]): void => {
    const callback = rest.at(-1);
    if (typeof callback !== 'function' || (typeof name !== 'string' && Boolean(name))) {
      (nodeDns.lookup as (...args: unknown[]) => void)(name, ...rest);
      return;
    }
    const options = rest.length > 1 ? (rest[0] ?? {}) : {};
    lookup(name, options, callback as Parameters<Lookup>[2]);
  };
  const lookupService = async (address: unknown, port: unknown): Promise<object> => {
    const [hostname = String(address)] = await shared.reverse(String(address)).catch(() => []);
    return { hostname, service: services[Number(port)] ?? String(port) };
  };
  const calls = {
    ...nodeDns,
    ...callbackCalls(shared),
    ...sharedServers,
    Resolver,
    lookup: lookupCallback,
    lookupService: (address: string, port: number, callback: Callback): void => {
      checkService(address, port, callback);
      lookupService(address, port).then(
        (found) => {
          const { hostname, service } = found as { hostname: string; service: string };
          callback(null, hostname, service);
        },
        (error: unknown) => {
          callback(error);
        },
      );
    },
    promises: {
      ...nodeDns.promises,
      ...promisedCalls(shared),
      ...sharedServers,
      Resolver: PromisesResolver,
      lookup: lookupPromise,
      lookupService: async (address: string, port: number) => {
        checkService(address, port, () => undefined);
        return lookupService(address, port);
      },
    },
  };
  // Arguments are checked when a call is made; the types of its forms are wider than node:dns' overloads.
  return calls as unknown as KernelDns;
}

function callbackCalls(asker: Asker): object {
  const node = new nodeDns.Resolver() as unknown as Record<string, (...args: unknown[]) => unknown>;
  return Object.fromEntries(
    Object.entries(promisedCalls(asker)).map(([name, call]) => [
      name,
      withCallback(call, (...args) => node[name]?.(...args)),
    ]),
  );
}

/** node:dns refuses what is no address, or no port, before it asks anybody. */
function checkService(address: unknown, port: unknown, callback: unknown): void {
  const isPort = typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535;
  if (typeof address === 'string' && isIP(address) !== 0 && isPort && typeof callback === 'function') return;
  (nodeDns.lookupService as (...args: unknown[]) => void)(address, port, callback);
}

/** Of both families at once; one of them is enough. */
async function findAddresses(asker: Asker, name: string, family: number, order: Order): Promise<Address[]> {
  const ask = async (type: 'A' | 'AAAA'): Promise<Address[]> => {
    const found = (await asker.resolve(name, type)) as string[];
    return found.map((address) => ({ address, family: type === 'A' ? 4 : 6 }));
  };
  const types = ([4, 6] as const).filter((each) => (family !== 4 && family !== 6) || each === family);
  const outcomes = await Promise.allSettled(types.map((each) => ask(each === 4 ? 'A' : 'AAAA')));
  const found = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as Error] : [],
  );
  if (found.length === 0) throw lookupError(failures[0], name);
  return order === 'ipv6first' ? found.reverse() : found;
}

/** Names of the loopback and addresses are known; others are asked of the kernel's servers, or, without any, of the host. */
function makeLookup(
  find: (name: string, family: number) => Promise<Address[]>,
  hasServers: () => boolean,
): Lookup {
  return (name, options, callback) => {
    if (!name || isIP(name) !== 0 || name === 'localhost' || !hasServers()) {
      lookupName(name, options, callback);
      return;
    }
    const { family = 0, all = false } = typeof options === 'number' ? { family: options } : options;
    find(name, family).then(
      (found) => {
        if (all) callback(null, found);
        else callback(null, found[0]?.address, found[0]?.family);
      },
      (error: unknown) => {
        callback(error as Error);
      },
    );
  };
}

/** Names of ports that programs print; services(5) of the host is not asked. */
const services: Partial<Record<number, string>> = {
  7: 'echo',
  21: 'ftp',
  22: 'ssh',
  23: 'telnet',
  25: 'smtp',
  53: 'domain',
  80: 'http',
  110: 'pop3',
  123: 'ntp',
  143: 'imap2',
  443: 'https',
};
