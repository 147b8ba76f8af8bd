// SPDX-License-Identifier: BSD-2-Clause
// interfaces.ts: kernel.interfaces: network interfaces and their addresses.
import { isIP } from 'node:net';
import type { Writable } from 'node:stream';
import { NetworkError, type RumpErrorCode } from '../errors.js';
import { endedError, type CallOutcome, type KernelCalls } from '../native/kernel-calls.js';
import { FrameCapture, type Capture, type CaptureOptions } from './capture.js';
import type { NameServers } from './dns/name-servers.js';
import { systemError } from './fs/system-error.js';
import {
  checkInterfaceOptions,
  linkOf,
  nameServersOf,
  parseAddress,
  type InterfaceOptions,
} from './interface-options.js';
import {
  listInterfaces,
  removeAddress,
  setAddress,
  setMtu,
  setUp,
  withSocket,
  type InterfaceState,
} from './interface-ioctls.js';
import { Endpoint } from './net/endpoint.js';
import type { NetEvents } from './net/net-events.js';
import type { KernelSession } from './session.js';

/** An interface of a kernel. */
export interface NetworkInterface extends AsyncDisposable {
  /** Its name in the kernel: virt0 and so on. */
  readonly name: string;
  /**
   * Writes the frames that come and go from now on to a file or stream, as a pcap file: for `tcpdump -r`.
   *
   * @example
   * const capture = await port.capture('frames.pcap', { filter: (frame) => frame.readUInt16BE(12) === 0x0806 });
   * const { received, dropped } = await capture.stop();
   */
  capture(to: string | Writable, options?: CaptureOptions): Promise<Capture>;
  /** Ends it; its addresses go with it. */
  remove(): Promise<void>;
}

/** The interfaces of one kernel, beside the loopback, which is always there. */
export class Interfaces {
  readonly #session: KernelSession;
  readonly #calls: KernelCalls;
  readonly #errnoToLinux: (netbsd: number) => number;
  readonly #servers: NameServers;
  readonly #events: NetEvents;
  readonly #captures = new Set<FrameCapture>();
  #count = 0;

  /** @internal */
  constructor(
    session: KernelSession,
    calls: KernelCalls,
    errnoToLinux: (netbsd: number) => number,
    servers: NameServers,
    events: NetEvents,
  ) {
    this.#servers = servers;
    this.#session = session;
    this.#calls = calls;
    this.#errnoToLinux = errnoToLinux;
    this.#events = events;
  }

  /**
   * Makes an interface, connects it, brings it up and gives it its addresses. The user network is asked for an
   * address by DHCP unless it is given some.
   *
   * @example
   * await kernel.interfaces.add({ type: 'user', forwards: ['tcp:127.0.0.1:8080-:80'] });
   * await kernel.interfaces.add({ type: 'bus', path: '/tmp/bus', addresses: ['10.0.0.1/24'] });
   */
  async add(options: InterfaceOptions): Promise<NetworkInterface> {
    const checked = checkInterfaceOptions(options);
    this.#session.refuseIfClosing();
    const name = `virt${this.#count++}`;
    await this.#make(name);
    try {
      await this.#connect(name, checked);
      await this.#configure(name, checked);
    } catch (error) {
      await this.#calls.call('rump_pub_netconfig_ifdestroy', name);
      throw error;
    }
    this.#servers.add(name, nameServersOf(checked));
    const remove = async (): Promise<void> => {
      this.#servers.remove(name);
      await this.#call('rump_pub_netconfig_ifdestroy', name);
    };
    const capture = (to: string | Writable, how?: CaptureOptions): Promise<Capture> =>
      this.#capture(name, to, how);
    return { name, capture, remove, [Symbol.asyncDispose]: remove };
  }

  async #capture(name: string, to: string | Writable, options: CaptureOptions = {}): Promise<Capture> {
    const { snaplen = 0 } = options;
    if (!Number.isInteger(snaplen) || snaplen < 0)
      throw new NetworkError('RUMP_NET_USAGE', 'the snaplen of a capture is a number of bytes', {
        remedy: 'Say { snaplen: 96 }, or leave it out for whole frames.',
        details: { received: snaplen },
      });
    const fd = Buffer.alloc(4);
    const error = await this.#call('rump_pub_netconfig_ifcapture', name, snaplen, fd);
    if (error !== 0) throw this.#failure('RUMP_NET_FAILED', `cannot capture frames of ${name}`, error);
    const capture = new FrameCapture(this.#calls, to, options);
    const endpoint = Endpoint.adopt(this.#events, fd.readInt32LE(0), capture);
    if (typeof endpoint === 'number') throw this.#session.failure(endpoint, 'capture');
    capture.attach(endpoint);
    this.#captures.add(capture);
    return capture;
  }

  /** @internal Ends all captures; whoever stops them is told what failed. */
  async stopCaptures(): Promise<void> {
    await Promise.allSettled([...this.#captures].map((capture) => capture.stop()));
    this.#captures.clear();
  }

  /** All interfaces as they are now, the loopback first. */
  list(): InterfaceState[] {
    const list = listInterfaces(this.#session.native);
    if (typeof list === 'number') throw this.#session.failure(list, 'ioctl');
    return list;
  }

  /** One of them, or undefined. */
  get(name: string): InterfaceState | undefined {
    return this.list().find((each) => each.name === name);
  }

  /** Gives an interface an address; the one of IPv4 that it had goes. Addresses of IPv6 are tried first. */
  setAddress(name: string, address: string): void {
    const parsed = parseAddress(address);
    if (parsed === undefined) throw this.#wrong(`expected an address with its prefix, got ${address}`);
    this.#change((call) => setAddress(call, name, parsed));
  }

  /** Takes an address away; connections that it has end. */
  removeAddress(name: string, address: string): void {
    if (isIP(address) === 0) throw this.#wrong(`expected an address, got ${address}`);
    this.#change((call) => removeAddress(call, name, address));
  }

  setUp(name: string, isUp: boolean): void {
    this.#change((call) => setUp(call, name, isUp));
  }

  /** From 576 to 65535 bytes of a packet. */
  setMtu(name: string, bytes: number): void {
    if (!Number.isInteger(bytes)) throw this.#wrong(`expected a number of bytes, got ${bytes}`);
    this.#change((call) => setMtu(call, name, bytes));
  }

  #wrong(message: string): NetworkError {
    return new NetworkError('RUMP_NET_USAGE', message, {
      remedy: "Say '10.0.0.1/24' or 'fd00::1/64' to set an address, and '10.0.0.1' to remove it.",
    });
  }

  #change(work: Parameters<typeof withSocket<number>>[1]): void {
    const answer = withSocket(this.#session.native, work);
    if (answer < 0) throw this.#session.failure(answer, 'ioctl');
  }

  async #make(name: string): Promise<void> {
    const missing = new NetworkError(
      'RUMP_NET_NO_DRIVER',
      'the kernel has no driver for network interfaces, or no protocols',
      { remedy: "Add 'net/inet' and 'net/virtif' to the components that boot() is given." },
    );
    let error: number;
    try {
      error = await this.#call('rump_pub_netconfig_ifcreate', name);
    } catch (cause) {
      // The symbol is not there where the faction is not linked.
      throw cause instanceof NetworkError || this.#session.isClosing ? cause : missing;
    }
    if (error !== 0) throw missing;
  }

  async #connect(name: string, options: InterfaceOptions): Promise<void> {
    const error = await this.#call('rump_pub_netconfig_ifsetlinkstr', name, linkOf(options));
    if (error === 0) return;
    const cause = systemError(-this.#errnoToLinux(error), 'connect');
    if (options.type === 'user' && cause.code === 'ENOSYS') {
      throw new NetworkError(
        'RUMP_NET_NO_LIBRARY',
        'the user network needs libslirp.so.0, which is not there',
        {
          remedy: 'apt-get install libslirp0',
          cause,
        },
      );
    }
    throw new NetworkError(
      'RUMP_NET_NO_LINK',
      `${describe(options)} cannot be joined (${cause.code ?? 'unknown error'})`,
      { remedy: remedyOf(options, cause.code), details: { ...options }, cause },
    );
  }

  async #configure(name: string, options: InterfaceOptions): Promise<void> {
    const { addresses = [], gateway, autoIpv6 = false } = options;
    await this.#must('bring up', 'rump_pub_netconfig_ifup', name);
    for (const text of addresses) {
      const parsed = parseAddress(text);
      if (parsed === undefined) continue; // checked before
      const { family, address, prefix } = parsed;
      const symbol = family === 4 ? 'rump_pub_netconfig_ipv4_ifaddr_cidr' : 'rump_pub_netconfig_ipv6_ifaddr';
      await this.#must(`give ${text} to`, symbol, name, address, prefix);
    }
    if (gateway !== undefined)
      await this.#must(`route by ${gateway} through`, 'rump_pub_netconfig_ipv4_gw', gateway);
    if (autoIpv6) await this.#must('configure', 'rump_pub_netconfig_auto_ipv6', name);
    if (options.dhcp ?? (options.type === 'user' && addresses.length === 0)) await this.#dhcp(name);
  }

  async #dhcp(name: string): Promise<void> {
    const error = await this.#call('rump_pub_netconfig_dhcp_ipv4_oneshot', name);
    if (error === 0) return;
    throw this.#failure('RUMP_NET_NO_ADDRESS', `nobody gave ${name} an address by DHCP`, error, {
      remedy: 'Give addresses, or look whether there is a DHCP server on this network.',
    });
  }

  /** A call that names the interface or a gateway first. */
  async #must(what: string, symbol: string, ...words: (string | number)[]): Promise<void> {
    const error = await this.#call(symbol, ...words);
    if (error !== 0) throw this.#failure('RUMP_NET_FAILED', `cannot ${what} ${String(words[0])}`, error);
  }

  #failure(
    code: RumpErrorCode,
    message: string,
    error: number,
    extra: { remedy?: string } = {},
  ): NetworkError {
    const cause = systemError(-this.#errnoToLinux(error), 'ioctl');
    return new NetworkError(code, `${message} (${cause.code ?? 'unknown error'})`, { ...extra, cause });
  }

  /** These answer with the errno itself. */
  async #call(symbol: string, ...words: (string | number | Buffer)[]): Promise<number> {
    const outcome: CallOutcome = await this.#session.track(this.#calls.call(symbol, ...words));
    if (outcome.error === endedError) throw this.#session.endedError();
    return outcome.result;
  }
}

function describe(options: InterfaceOptions): string {
  if (options.type === 'bus') return `the bus ${options.path}`;
  return options.type === 'user' ? 'the user network' : `the tap device ${options.name ?? ''}`.trimEnd();
}

function remedyOf(options: InterfaceOptions, code: string | undefined): string {
  if (options.type === 'bus')
    return 'The path must be one of a socket, in a folder that can be written to, of at most 90 bytes.';
  if (options.type === 'user')
    return 'Look whether the ports of the host are free, and the network is one of IPv4 with a prefix of 8 to 27.';
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'Run as root, in a network namespace of your own (unshare -Urn), or have root make the device for you: ip tuntap add dev NAME mode tap user USER.';
    case 'EBUSY':
      return 'Somebody else uses this device: name another.';
    default:
      return 'The host needs /dev/net/tun: modprobe tun, or give it to the container.';
  }
}
