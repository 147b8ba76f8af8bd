// SPDX-License-Identifier: BSD-2-Clause
// dns-query.ts: one question to servers, until one of them answers (RFC 1035, section 7): over UDP, from a port and
// with a number that nobody can guess (RFC 5452), and over TCP where the answer was cut off.
import {
  decode,
  encode,
  streamEncode,
  RECURSION_DESIRED,
  type DecodedPacket,
  type RecordType,
} from 'dns-packet';
import { randomInt } from 'node:crypto';
import type { Socket as DatagramSocket } from 'node:dgram';
import { isIPv6, type Socket } from 'node:net';
import type { KernelDgram } from '../net/datagrams.js';
import type { KernelNet } from '../net/network.js';

/** What is asked, and of whom. */
export interface Question {
  name: string;
  type: RecordType | 'ANY';
}

/** A server: an address and a port. */
export interface Server {
  address: string;
  port: number;
}

/** The sockets of the kernel. */
export interface Transports {
  net: KernelNet;
  dgram: KernelDgram;
}

/** What a server made of it; a server that did not answer at all gives the last two. */
export type Outcome = DecodedPacket | 'ETIMEOUT' | 'ECONNREFUSED' | 'EBADRESP';

/** How a query goes out. */
export interface Way {
  transports: Transports;
  milliseconds: number;
  localAddress: { 4?: string | undefined; 6?: string | undefined };
  signal: AbortSignal;
}

/** The answer that a datagram may have without being cut off (RFC 9715). */
const datagramBytes = 1232;
const ports = { first: 10_000, last: 65_535, tries: 20 } as const;

/** Asks one server. */
export async function askServer(question: Question, server: Server, way: Way): Promise<Outcome> {
  const id = randomInt(65_536);
  const query = {
    type: 'query' as const,
    id,
    flags: RECURSION_DESIRED,
    // ANY is a question only, which the types do not know.
    questions: [{ name: question.name, type: question.type as RecordType }],
    additionals: [
      {
        type: 'OPT' as const,
        name: '.',
        udpPayloadSize: datagramBytes,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  };
  const plain = { ...query, additionals: [] };
  const isAnswer = (packet: DecodedPacket): boolean => isAnswerTo(packet, id, question);
  let outcome = await overUdp(encode(query), isAnswer, server, way);
  // Old servers do not know EDNS (RFC 6891, section 7).
  if (typeof outcome === 'object' && rcodeOf(outcome) === 'FORMERR')
    outcome = await overUdp(encode(plain), isAnswer, server, way);
  if (typeof outcome === 'object' && outcome.flag_tc)
    return overTcp(streamEncode(plain), isAnswer, server, way);
  return outcome;
}

/** The server's verdict, as RFC 1035 names it. */
export function rcodeOf(packet: DecodedPacket): string {
  return (packet as DecodedPacket & { rcode: string }).rcode;
}

function isAnswerTo(packet: DecodedPacket, id: number, question: Question): boolean {
  const [asked] = packet.questions ?? [];
  if (packet.id !== id || packet.type !== 'response') return false;
  // Who does not understand the question need not repeat it.
  if (asked === undefined) return rcodeOf(packet) === 'FORMERR';
  const withoutDot = (name: string): string => name.toLowerCase().replace(/\.$/, '');
  return asked.type === question.type && withoutDot(asked.name) === withoutDot(question.name);
}

/** undefined: it is none. */
function decoded(bytes: Buffer): DecodedPacket | undefined {
  try {
    return decode(bytes);
  } catch {
    return undefined;
  }
}

type Settle = (outcome: Outcome) => void;

/** Waits for what `begin` comes to, no longer than the way says; then `end` is called. */
function within(way: Way, begin: (settle: Settle) => () => void): Promise<Outcome> {
  return new Promise((resolve) => {
    const ends: (() => void)[] = [];
    let isSettled = false;
    const settle: Settle = (outcome) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      way.signal.removeEventListener('abort', onAbort);
      for (const end of ends) end();
      resolve(outcome);
    };
    const isSettledAlready = (): boolean => isSettled;
    const onAbort = (): void => {
      settle('ETIMEOUT');
    };
    const timer = setTimeout(onAbort, way.milliseconds);
    way.signal.addEventListener('abort', onAbort);
    const end = begin(settle);
    if (isSettledAlready()) end();
    else ends.push(end);
    if (way.signal.aborted) onAbort();
  });
}

function overUdp(
  query: Buffer,
  isAnswer: (packet: DecodedPacket) => boolean,
  { address, port }: Server,
  way: Way,
): Promise<Outcome> {
  const family = isIPv6(address) ? 6 : 4;
  let socket: DatagramSocket | undefined;
  return within(way, (settle) => {
    let tries = 0;
    const open = (): void => {
      const opened = way.transports.dgram.createSocket(family === 6 ? 'udp6' : 'udp4');
      socket = opened;
      opened.on('error', (error: NodeJS.ErrnoException) => {
        opened.close();
        socket = undefined;
        if (error.code === 'EADDRINUSE' && ++tries < ports.tries) open();
        else settle('ECONNREFUSED');
      });
      // What is no answer to this question, nor understood, may come from anybody: the right one may still come.
      opened.on('message', (bytes) => {
        const packet = decoded(bytes);
        if (packet !== undefined && isAnswer(packet)) settle(packet);
      });
      opened.bind(randomInt(ports.first, ports.last + 1), way.localAddress[family], () => {
        opened.once('connect', () => {
          opened.send(query, (error) => {
            if (error !== null) settle('ECONNREFUSED');
          });
        });
        opened.connect(port, address);
      });
    };
    open();
    return () => {
      socket?.close();
    };
  });
}

function overTcp(
  query: Buffer,
  isAnswer: (packet: DecodedPacket) => boolean,
  { address, port }: Server,
  way: Way,
): Promise<Outcome> {
  return within(way, (settle) => {
    const localAddress = way.localAddress[isIPv6(address) ? 6 : 4];
    const socket: Socket = way.transports.net.connect({
      host: address,
      port,
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    let bytes = Buffer.alloc(0);
    socket.on('error', () => {
      settle('ECONNREFUSED');
    });
    socket.on('close', () => {
      settle('ECONNREFUSED');
    });
    socket.on('connect', () => socket.write(query));
    socket.on('data', (piece: Buffer) => {
      bytes = Buffer.concat([bytes, piece]);
      const length = bytes.length < 2 ? Infinity : bytes.readUInt16BE(0) + 2;
      if (bytes.length < length) return;
      const packet = decoded(bytes.subarray(2, length));
      settle(packet !== undefined && isAnswer(packet) ? packet : 'EBADRESP');
    });
    return () => {
      socket.destroy();
    };
  });
}
