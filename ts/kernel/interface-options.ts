// SPDX-License-Identifier: BSD-2-Clause
// interface-options.ts: what kernel.interfaces.add() is told, and the checks of it.
import { isIP, isIPv4, isIPv6 } from 'node:net';
import * as v from 'valibot';
import { NetworkError } from '../errors.js';

const address = v.pipe(
  v.string(),
  v.check(
    (text) => parseAddress(text) !== undefined,
    'expected an address with its prefix, such as 10.0.0.1/24',
  ),
);
const common = {
  /** Addresses with prefixes: '10.0.0.1/24', 'fd00::1/64' (IPv6: 64 bits only). */
  addresses: v.optional(v.array(address)),
  /** Where packets for other networks go. */
  gateway: v.optional(v.pipe(v.string(), v.check(isIPv4, 'expected an IPv4 address'))),
  /** Servers of names, for kernel.dns; the user network has one of its own. */
  dns: v.optional(
    v.array(
      v.pipe(
        v.string(),
        v.check((text) => isIP(text) !== 0, 'expected an address'),
      ),
    ),
  ),
  /** Ask for an IPv4 address by DHCP. */
  dhcp: v.optional(v.boolean()),
  /** Take IPv6 addresses from router advertisements. */
  autoIpv6: v.optional(v.boolean()),
};
const plain = (what: string): v.GenericSchema<string> =>
  v.pipe(v.string(), v.regex(/^[^,\0]+$/, `expected ${what} without commas`));
const user = v.strictObject({
  type: v.literal('user'),
  ...common,
  /** Ports of the host that are ours: 'tcp:127.0.0.1:8080-:80'; addresses may be left out. */
  forwards: v.optional(
    v.array(
      v.pipe(
        v.string(),
        v.regex(
          /^(tcp|udp):[\d.]*:\d{1,5}-[\d.]*:\d{1,5}$/,
          "expected 'tcp:ADDRESS:PORT-ADDRESS:PORT', as in 'tcp:127.0.0.1:8080-:80'",
        ),
      ),
    ),
  ),
  /** The network, 10.0.2.0/24 unless told otherwise. */
  network: v.optional(plain('a network')),
  /** Nothing but the forwards. */
  restrict: v.optional(v.boolean()),
});
const bus = v.strictObject({
  type: v.literal('bus'),
  ...common,
  /** The bus's socket: whoever names the same path is on the same Ethernet. */
  path: v.pipe(v.string(), v.minLength(1), v.regex(/^[^\0]+$/, 'expected a path')),
});
const tap = v.strictObject({
  type: v.literal('tap'),
  ...common,
  /** The host's device; it chooses a name if there is none. */
  name: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[^\s/:\0]{1,15}$/, 'expected the name of a device, of at most 15 characters'),
    ),
  ),
});
const schema = v.variant('type', [user, bus, tap]);

/** An interface to make: its connection, and its addresses. */
export type InterfaceOptions = v.InferInput<typeof schema>;

/** An address as it is configured. */
export interface InterfaceAddress {
  family: 4 | 6;
  address: string;
  prefix: number;
}

/** 'ADDRESS/PREFIX', or undefined if it is none. */
export function parseAddress(text: string): InterfaceAddress | undefined {
  const [, address = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const prefix = Number(digits);
  if (isIPv4(address) && prefix >= 1 && prefix <= 32) return { family: 4, address, prefix };
  return isIPv6(address) && prefix === 64 ? { family: 6, address, prefix } : undefined;
}

/** Checks what can be said before anything is made. */
export function checkInterfaceOptions(options: unknown): InterfaceOptions {
  const checked = v.safeParse(schema, options);
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  const path = v.getDotPath(issue);
  throw new NetworkError(
    'RUMP_NET_USAGE',
    `the description of a network interface is wrong${path === null ? '' : ` at ${path}`}: ${issue.message}`,
    {
      remedy:
        "Say { type: 'user', forwards: [...] } or { type: 'bus', path, addresses: [...] } or { type: 'tap', name, addresses: [...] }.",
      details: { path, received: issue.received },
    },
  );
}

/** Whom to ask for names on this interface: the user network's answers for the host. */
export function nameServersOf(options: InterfaceOptions): readonly string[] {
  if (options.dns !== undefined || options.type !== 'user' || options.restrict === true)
    return options.dns ?? [];
  const [network = ''] = (options.network ?? '10.0.2.0/24').split('/');
  return isIPv4(network) ? [network.replace(/\d+$/, (last) => String(Number(last) + userServer))] : [];
}

/** The third address of its network. */
const userServer = 3;

/** The link as the host reads it (glue/posix/virtif.c). */
export function linkOf(options: InterfaceOptions): string {
  if (options.type === 'bus') return `bus:${options.path}`;
  if (options.type === 'tap') return `tap:${options.name ?? ''}`;
  const { forwards = [], network, restrict = false } = options;
  const words = forwards.map((forward) => `hostfwd=${forward}`);
  if (network !== undefined) words.push(`net=${network}`);
  if (restrict) words.push('restrict=on');
  return `user:${words.join(',')}`;
}
