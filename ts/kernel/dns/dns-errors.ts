// SPDX-License-Identifier: BSD-2-Clause
// dns-errors.ts: errors in the words and with the properties of node:dns.

/** What node:dns calls the ways in which a query fails. */
export type DnsCode =
  | 'EBADNAME'
  | 'EBADRESP'
  | 'ECANCELLED'
  | 'ECONNREFUSED'
  | 'EFORMERR'
  | 'ENODATA'
  | 'ENOTFOUND'
  | 'ENOTIMP'
  | 'EREFUSED'
  | 'ESERVFAIL'
  | 'ETIMEOUT';

/** A failed query: `queryA ENOTFOUND example.org`. */
export class DnsError extends Error {
  readonly errno = undefined;
  readonly code: DnsCode;
  readonly syscall: string;
  readonly hostname: string;

  constructor(code: DnsCode, syscall: string, hostname: string) {
    super(`${syscall} ${code} ${hostname}`);
    this.name = 'Error';
    this.code = code;
    this.syscall = syscall;
    this.hostname = hostname;
  }
}

const lookupErrnos = { ENOTFOUND: -3008, EAI_AGAIN: -3001 } as const;

/** A failed lookup: `getaddrinfo ENOTFOUND example.org`. */
export function lookupError(cause: unknown, hostname: string): NodeJS.ErrnoException {
  const isUnknown = cause instanceof DnsError && ['ENOTFOUND', 'ENODATA', 'EBADNAME'].includes(cause.code);
  const code = isUnknown ? 'ENOTFOUND' : 'EAI_AGAIN';
  const error = new Error(`getaddrinfo ${code} ${hostname}`, { cause });
  return Object.assign(error, { errno: lookupErrnos[code], code, syscall: 'getaddrinfo', hostname });
}
