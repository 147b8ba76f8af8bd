// SPDX-License-Identifier: BSD-2-Clause
// dns-records.ts: records as node:dns gives them.
import type { Answer, TxtData } from 'dns-packet';

/** Kinds of records that can be asked for. */
export const recordTypes = [
  'A',
  'AAAA',
  'ANY',
  'CAA',
  'CNAME',
  'MX',
  'NAPTR',
  'NS',
  'PTR',
  'SOA',
  'SRV',
  'TXT',
] as const;

/** One of them. */
export type AskedType = (typeof recordTypes)[number];

function txtPieces(data: TxtData): string[] {
  return (Array.isArray(data) ? data : [data]).map((piece) => piece.toString());
}

/** The value of a record; undefined for those that node:dns does not know. */
function valueOf(answer: Answer): unknown {
  switch (answer.type) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return answer.data;
    case 'CAA': {
      const { flags = 0, tag, value } = answer.data;
      return { critical: flags, [tag]: value };
    }
    case 'MX':
      return { exchange: answer.data.exchange, priority: answer.data.preference ?? 0 };
    case 'NAPTR': {
      const { flags, services, regexp, replacement, order, preference } = answer.data;
      return { flags, service: services, regexp, replacement: rootless(replacement), order, preference };
    }
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = answer.data;
      return { nsname: mname, hostmaster: rname, serial, refresh, retry, expire, minttl: minimum };
    }
    case 'SRV': {
      const { target, port, priority, weight } = answer.data;
      return { name: target, port, priority, weight };
    }
    case 'TXT':
      return txtPieces(answer.data);
    default:
      return undefined;
  }
}

/** The root has no name with node:dns. */
function rootless(name: string): string {
  return name === '.' ? '' : name;
}

/** With their type, as resolveAny gives them. */
function anyValue(answer: Answer): unknown {
  const value = valueOf(answer);
  if (value === undefined) return undefined;
  const { type } = answer;
  if (type === 'A' || type === 'AAAA') return { address: value, ttl: answer.ttl, type };
  if (type === 'TXT') return { entries: value, type };
  return typeof value === 'object' ? { ...value, type } : { value, type };
}

/** What the answers have of a type. */
export function recordsOf(answers: readonly Answer[], type: AskedType, isTtl: boolean): unknown[] {
  if (type === 'ANY') return answers.map(anyValue).filter((value) => value !== undefined);
  return answers
    .filter((answer) => answer.type === type)
    .map((answer) =>
      isTtl && 'ttl' in answer ? { address: valueOf(answer), ttl: answer.ttl } : valueOf(answer),
    );
}
