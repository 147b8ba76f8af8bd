// SPDX-License-Identifier: BSD-2-Clause
// resolver.ts: asks servers one after the other, and again, and makes of what they say what node:dns would.
import type { Answer, DecodedPacket } from 'dns-packet';
import * as nodeDns from 'node:dns';
import { domainToASCII } from 'node:url';
import { isIPv4, isIPv6 } from 'node:net';
import { throwAsNode } from '../fs/arguments.js';
import { DnsError, type DnsCode } from './dns-errors.js';
import { askServer, rcodeOf, type Outcome, type Server, type Transports } from './dns-query.js';
import { recordsOf, recordTypes, type AskedType } from './dns-records.js';
import { parseServer } from './name-servers.js';

const defaults = { tries: 4, milliseconds: 5000 } as const;
const nameLengths = { label: 63, name: 253 } as const;

/** Verdicts after which no other server is asked. */
const verdicts: Partial<Record<string, DnsCode>> = { NXDOMAIN: 'ENOTFOUND', FORMERR: 'EFORMERR' };
/** Those of servers that cannot tell; the next one may. */
const refusals: Partial<Record<string, DnsCode>> = {
  SERVFAIL: 'ESERVFAIL',
  NOTIMP: 'ENOTIMP',
  REFUSED: 'EREFUSED',
};

/** Options of node:dns' Resolver. */
export interface ResolverOptions {
  timeout?: number;
  tries?: number;
}

/** The part of Resolver that asks; its calls in their forms are in dns.ts. */
export class Asker {
  readonly #transports: Transports;
  readonly #getServers: () => readonly string[];
  readonly #tries: number;
  readonly #milliseconds: number;
  #abort = new AbortController();
  #localAddress: { 4?: string; 6?: string } = {};
  #servers: readonly string[] | undefined;

  constructor(transports: Transports, getServers: () => readonly string[], options: ResolverOptions = {}) {
    // Node looks at the options, and refuses wrong ones.
    new nodeDns.Resolver(options);
    this.#transports = transports;
    this.#getServers = getServers;
    this.#tries = options.tries ?? defaults.tries;
    const { timeout = -1 } = options;
    this.#milliseconds = timeout > 0 ? timeout : defaults.milliseconds;
  }

  cancel(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  get servers(): readonly string[] {
    return this.#servers ?? this.#getServers();
  }

  /** Checked, and written as node:dns writes them. */
  set servers(servers: readonly string[]) {
    const node = new nodeDns.Resolver();
    node.setServers(servers);
    this.#servers = node.getServers();
  }

  setLocalAddress(ipv4: string = '0.0.0.0', ipv6: string = '::0'): void {
    new nodeDns.Resolver().setLocalAddress(ipv4, ipv6);
    this.#localAddress = isIPv4(ipv4) ? { 4: ipv4, 6: ipv6 } : { 6: ipv4 };
  }

  /** Records of a type, at least one. */
  async resolve(hostname: string, type: AskedType, isTtl = false): Promise<unknown> {
    const syscall = `query${callNames[type]}`;
    const answers = await this.#ask(hostname, type, syscall);
    const records = recordsOf(answers, type, isTtl);
    if (records.length === 0) throw new DnsError('ENODATA', syscall, hostname);
    return type === 'SOA' ? records[0] : records;
  }

  /** Names of an address. */
  async reverse(address: string): Promise<string[]> {
    const syscall = 'getHostByAddr';
    const answers = await this.#ask(reverseName(address), 'PTR', syscall, address).catch((error: unknown) => {
      // Whatever servers say: the address has no name that can be found.
      if (error instanceof DnsError && error.code !== 'ECANCELLED') return [];
      throw error;
    });
    const names = recordsOf(answers, 'PTR', false) as string[];
    if (names.length === 0) throw new DnsError('ENOTFOUND', syscall, address);
    return names;
  }

  async #ask(
    hostname: string,
    type: AskedType,
    syscall: string,
    shown = hostname,
  ): Promise<readonly Answer[]> {
    const fail = (code: DnsCode): never => {
      throw new DnsError(code, syscall, shown);
    };
    const name = asciiName(hostname) ?? fail('EBADNAME');
    const packet = await this.#askAll(name, type);
    if (typeof packet === 'string') return fail(packet);
    const rcode = rcodeOf(packet);
    if (rcode !== 'NOERROR') return fail(verdicts[rcode] ?? refusals[rcode] ?? 'EBADRESP');
    return packet.answers ?? [];
  }

  /** All servers in turn, as often as they may be tried, each time for twice as long. */
  async #askAll(name: string, type: AskedType): Promise<DecodedPacket | DnsCode> {
    const { signal } = this.#abort;
    const servers: readonly Server[] = this.servers.map(parseServer);
    let last: Outcome = 'ECONNREFUSED';
    for (let round = 0; round < this.#tries; round++) {
      for (const server of servers) {
        const outcome = await askServer({ name, type }, server, {
          transports: this.#transports,
          milliseconds: this.#milliseconds * 2 ** round,
          localAddress: this.#localAddress,
          signal,
        });
        if (signal.aborted) return 'ECANCELLED';
        if (typeof outcome === 'object' && refusals[rcodeOf(outcome)] === undefined) return outcome;
        last = outcome;
      }
      // Who said that he does not know will not know more if asked again.
      if (typeof last === 'object') return last;
    }
    return last;
  }
}

/** How node:dns calls its queries. */
const callNames: Record<AskedType, string> = {
  A: 'A',
  AAAA: 'Aaaa',
  ANY: 'Any',
  CAA: 'Caa',
  CNAME: 'Cname',
  MX: 'Mx',
  NAPTR: 'Naptr',
  NS: 'Ns',
  PTR: 'Ptr',
  SOA: 'Soa',
  SRV: 'Srv',
  TXT: 'Txt',
};

/** undefined: no such name can exist. */
function asciiName(hostname: string): string | undefined {
  // Underscores and the like are no part of names of hosts, but of others.
  const isAscii = /^[\x21-\x7e]*$/.test(hostname);
  const name = (isAscii ? hostname : domainToASCII(hostname)).replace(/\.$/, '');
  if (name === '') return hostname === '' || hostname === '.' ? '.' : undefined;
  const isWrong = name.split('.').some((label) => label === '' || label.length > nameLengths.label);
  return isWrong || name.length > nameLengths.name ? undefined : name;
}

/** 4.3.2.1.in-addr.arpa, or 32 digits under ip6.arpa. */
function reverseName(address: string): string {
  if (isIPv4(address)) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  if (!isIPv6(address)) {
    const error = Object.assign(new Error(`getHostByAddr EINVAL ${address}`), {
      code: 'EINVAL',
      errno: -22,
      syscall: 'getHostByAddr',
      hostname: address,
    });
    throw error;
  }
  const host = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail = ''] = host.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [front, back] = [groups(head), groups(tail)];
  const all = [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back];
  const digits = all.map((group) => group.padStart(4, '0')).join('');
  return `${Array.from(digits).reverse().join('.')}.ip6.arpa`;
}

/** Checks a name and a type as node:dns does. */
export function checkQuestion(hostname: unknown, type: unknown): asserts hostname is string {
  if (typeof hostname === 'string' && recordTypes.some((each) => each === type)) return;
  throwAsNode(() => {
    new nodeDns.Resolver().resolve(hostname as string, type as 'A', () => undefined);
  });
}
