// SPDX-License-Identifier: BSD-2-Clause
// kernel.ts: a kernel that runs in this process.
import type { NetworkInterfaceInfo } from 'node:os';
import { NativeError } from '../errors.js';
import type { KernelUsage, NativeAddon, NativeKernel } from '../native/addon-types.js';
import { KernelCalls } from '../native/kernel-calls.js';
import { makeDns, type KernelDns } from './dns/dns.js';
import { NameServers } from './dns/name-servers.js';
import { makeFileSystem, type KernelFs } from './fs/file-system.js';
import { makeDgram, type KernelDgram } from './net/datagrams.js';
import { NetEvents } from './net/net-events.js';
import { makeNetwork, type KernelNet } from './net/network.js';
import type { MountOptions, UnmountOptions } from './mount-options.js';
import { Interfaces } from './interfaces.js';
import { MountTable } from './mount.js';
import { KernelSession } from './session.js';

/**
 * A running kernel. Shut it down, or declare it with `await using`; it shares nothing with other kernels.
 *
 * @example
 * await using kernel = await boot({ components: ['fs/cd9660'] });
 * await kernel.mount({ type: 'cd9660', image: 'debian.iso', at: '/mnt' });
 * console.log(kernel.fs.readdirSync('/mnt'));
 */
export class Kernel implements AsyncDisposable {
  /** Files, in the shape of node:fs. */
  readonly fs: KernelFs;
  /** Sockets, in the shape of node:net; the kernel needs `net/inet` for them. */
  readonly net: KernelNet;
  /** Sockets of UDP, in the shape of node:dgram. */
  readonly dgram: KernelDgram;
  /** Names, in the shape of node:dns, asked through the kernel's network. */
  readonly dns: KernelDns;
  /** Network interfaces, beside the loopback. */
  readonly interfaces: Interfaces;
  readonly #session: KernelSession;
  readonly #calls: KernelCalls;
  readonly #mounts: MountTable;
  #shutdown: Promise<void> | undefined;

  /** @internal Use boot(). */
  constructor(addon: NativeAddon, native: NativeKernel) {
    this.#session = new KernelSession(addon, native);
    this.#calls = new KernelCalls(native.path());
    // What was captured is written while there still are events.
    this.#session.atShutdown(() => this.interfaces.stopCaptures());
    const events = new NetEvents(this.#session);
    const toLinux = (netbsd: number): number => addon.errnoToLinux(netbsd);
    this.#mounts = new MountTable(this.#session, this.#calls, toLinux);
    const servers = new NameServers();
    this.interfaces = new Interfaces(this.#session, this.#calls, toLinux, servers, events);
    this.fs = makeFileSystem(this.#session);
    this.net = makeNetwork(events);
    this.dgram = makeDgram(events);
    this.dns = makeDns({ net: this.net, dgram: this.dgram }, servers);
    events.lookup = this.dns.lookup as typeof events.lookup;
    this.#session.atShutdown(async () => {
      await this.#calls.call('rump_pub_pipes_end');
    });
  }

  /** The version of the kernel's interface, as NetBSD counts it. */
  async version(): Promise<number> {
    return (await this.#session.track(this.#calls.call('rump_pub_getversion'))).result;
  }

  /** Mounts an image of the host, or memory. */
  async mount(options: MountOptions): Promise<void> {
    if (this.#shutdown !== undefined) throw this.#session.endedError();
    await this.#mounts.mount(options);
  }

  /** Unmounts what is mounted at a path. */
  async unmount(at: string, options?: UnmountOptions): Promise<void> {
    if (this.#shutdown !== undefined) throw this.#session.endedError();
    await this.#mounts.unmount(at, options);
  }

  /** Writes everything that has not been written yet to the images; for one file, see fsync. */
  async sync(): Promise<void> {
    if (this.#shutdown !== undefined) throw this.#session.endedError();
    await this.#mounts.sync();
  }

  /** The addresses of interfaces that are up, in the shape of os.networkInterfaces(). */
  networkInterfaces(): NodeJS.Dict<NetworkInterfaceInfo[]> {
    return Object.fromEntries(
      this.interfaces
        .list()
        .filter(({ isUp, addresses }) => isUp && addresses.length > 0)
        .map(({ name, mac, isLoopback, addresses }) => [
          name,
          addresses.map(({ address, netmask, family, prefix, scopeid = 0 }) => {
            const common = { address, netmask, mac, internal: isLoopback, cidr: `${address}/${prefix}` };
            return family === 'IPv4' ? { ...common, family } : { ...common, family, scopeid };
          }),
        ]),
    );
  }

  /** What the kernel holds of this process now. */
  usage(): KernelUsage {
    return this.#session.native.usage();
  }

  /** Waits for calls under way (those in named pipes fail), unmounts everything and gives back memory, threads and files. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#stop();
    return this.#shutdown;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  async #stop(): Promise<void> {
    await this.#session.drain();
    await this.#mounts.unmountAll();
    this.#calls.unload();
    const threads = await this.#session.native.close();
    if (threads === 0) return;
    throw new NativeError('RUMP_KERNEL_NOT_STOPPED', `${threads} threads of the kernel did not stop`, {
      remedy: 'The memory of this kernel stays in use until the process ends.',
      details: { threads },
    });
  }
}
