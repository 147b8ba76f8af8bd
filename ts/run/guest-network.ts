// SPDX-License-Identifier: BSD-2-Clause
// guest-network.ts: the network devices of a guest, net0 being the first: how a user describes one, and QEMU's words.
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { RumpError, RunError } from '../errors.js';

/** A network device, and what it is connected to. */
export interface GuestNetwork {
  /** Its Ethernet address; QEMU's own choice unless given. */
  mac?: string;
  /** The backend's words after its id. */
  backend: string;
}

const forms = [
  'user[,hostfwd=[tcp:|udp:][ADDRESS:]PORT:PORT]...[,net=NETWORK][,restrict]',
  'bus,PATH',
  'tap,NAME',
];

/**
 * Reads one description:
 * - `user` is QEMU's own network, without rights: the guest gets 10.0.2.15 and reaches what the host reaches; ports
 *   come in by `hostfwd=8080:80` (to 127.0.0.1:8080 unless an address is given, `hostfwd=udp:0.0.0.0:53:53`);
 * - `bus,PATH` is the Ethernet of whoever names that path: kernels of `kernel.interfaces.add({ type: 'bus' })`;
 * - `tap,NAME` is a tap device of the host, which the user may use.
 * All take `mac=ADDRESS`.
 */
export function parseGuestNetwork(text: string): GuestNetwork {
  const [type, ...words] = text.split(',');
  const macs = words.filter((each) => each.startsWith('mac=')).map((each) => each.slice(4));
  const rest = words.filter((each) => !each.startsWith('mac='));
  if (macs.some((mac) => !/^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/i.test(mac)) || macs.length > 1)
    throw wrong(text, `${macs.join(', ')} is no address of one Ethernet device`);
  const mac = macs[0] ?? (type === 'user' ? undefined : randomMac());
  return { ...(mac === undefined ? {} : { mac }), backend: parseBackend(text, type, rest) };
}

/** The command-line words of a device. */
export function networkArguments(
  { mac, backend }: GuestNetwork,
  index: number,
  onPci: boolean,
): readonly string[] {
  const [type, ...rest] = backend.split(',');
  const device = onPci ? 'virtio-net-pci,disable-legacy=on,romfile=' : 'virtio-net-device';
  const address = mac === undefined ? '' : `,mac=${mac}`;
  return [
    '-netdev',
    [type, `id=net${index}`, ...rest].join(','),
    '-device',
    `${device},netdev=net${index}${address}`,
  ];
}

/** QEMU would start all the same, and its guest wait for nothing. */
export function checkBus(text: string): void {
  const path = /^bus,([^,]+)/.exec(text)?.[1];
  if (path === undefined || statSync(path, { throwIfNoEntry: false })?.isSocket() === true) return;
  throw new RunError('RUMP_RUN_BUS_MISSING', `there is no bus at ${path}`, {
    remedy: "Make it first: kernel.interfaces.add({ type: 'bus', path }).",
    details: { path },
  });
}

function parseBackend(text: string, type: string | undefined, words: readonly string[]): string {
  if (type === 'user') return ['user', ...words.map((each) => userWord(text, each))].join(',');
  const [name = ''] = words;
  if (words.length !== 1 || name === '') throw wrong(text, 'it is not of a form that is known');
  if (type === 'bus') return `stream,server=off,addr.type=unix,addr.path=${name}`;
  if (type === 'tap') return `tap,ifname=${name},script=no,downscript=no,vhost=off`;
  throw wrong(text, `there is no network ${type ?? ''}`);
}

function userWord(text: string, word: string): string {
  if (word === 'restrict') return 'restrict=on';
  if (/^net=[\d./]+$/.test(word)) return word;
  const forward = /^hostfwd=(?:(tcp|udp):)?(?:([\d.]*):)?(\d{1,5}):(\d{1,5})$/.exec(word);
  const [, protocol = 'tcp', address = '127.0.0.1', from = '', to = ''] = forward ?? [];
  const isRight = forward !== null && isIPv4(address) && [from, to].every((port) => isPort(Number(port)));
  if (!isRight) throw wrong(text, `${word} is not understood`);
  return `hostfwd=${protocol}:${address}:${from}-:${to}`;
}

const isPort = (port: number): boolean => port >= 1 && port <= 65535;

/** Locally administered: no vendor has it. */
function randomMac(): string {
  return ['52', '54', ...[...randomBytes(4)].map((byte) => byte.toString(16).padStart(2, '0'))].join(':');
}

function wrong(text: string, reason: string): RumpError {
  return new RumpError('RUMP_CLI_USAGE', `the network "${text}" cannot be used: ${reason}`, {
    remedy: `Use one of: ${forms.join('; ')}.`,
    details: { network: text, reason },
  });
}
