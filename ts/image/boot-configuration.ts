// SPDX-License-Identifier: BSD-2-Clause
// boot-configuration.ts: what a guest is told when it starts, as words for its configuration section or its command
// line: each `key=value`, the value percent-encoded; a field of `mount` is encoded once more for itself.

/** A file system that the guest mounts before its program starts. */
export interface MountConfiguration {
  /** File-system type: cd9660, ffs, tmpfs, msdos, ext2fs. */
  type: string;
  /** The host's name of the disk: vda, vdb, ... in the order given to the runner. A tmpfs has none. */
  device?: string | undefined;
  /** Where it appears; / makes it the root file system. */
  path: string;
  readOnly?: boolean | undefined;
  /** ffs: order writes so that a crash costs no more than unused space; true unless told otherwise. */
  softUpdates?: boolean | undefined;
  /** Do not note when files are read. */
  noAccessTimes?: boolean | undefined;
  /** Write everything at once, as if each file were opened with O_SYNC. */
  synchronous?: boolean | undefined;
  /** tmpfs: bytes at most; no limit but memory unless given. */
  size?: number | undefined;
}

/** What a network device of the guest gets: its place in the list is the device's, net0, net1, ... */
export interface NetworkConfiguration {
  /** Ask for addresses: IPv4 by DHCP, IPv6 by router advertisements. */
  dhcp?: boolean | undefined;
  /** With prefixes: '10.0.0.2/24', 'fd00::2/64'. */
  addresses?: readonly string[] | undefined;
  /** Where IPv4 packets for other networks go. */
  gateway?: string | undefined;
  /** Name servers, for /etc/resolv.conf. */
  dns?: readonly string[] | undefined;
  /** A machine without the device is no error. */
  ifPresent?: boolean | undefined;
  /** Leave the device alone. */
  off?: boolean | undefined;
}

/** Everything that can be said. */
export interface BootConfiguration {
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  mounts?: readonly MountConfiguration[];
  network?: readonly NetworkConfiguration[];
  cwd?: string;
  hostname?: string;
  verbose?: boolean;
}

/** The words of a configuration, separated by spaces. */
export function formatBootConfiguration(configuration: BootConfiguration): string {
  const words = [
    ...(configuration.args ?? []).map((arg) => word('arg', arg)),
    ...Object.entries(configuration.env ?? {}).map(([name, value]) => word('env', `${name}=${value}`)),
    ...(configuration.mounts ?? []).map((mount) => word('mount', mountValue(mount))),
    ...(configuration.network ?? []).map((network, index) => word('net', networkValue(network, index))),
    ...(configuration.cwd === undefined ? [] : [word('cwd', configuration.cwd)]),
    ...(configuration.hostname === undefined ? [] : [word('hostname', configuration.hostname)]),
    ...(configuration.verbose === true ? [word('verbose', '1')] : []),
  ];
  return words.join(' ');
}

function mountValue(mount: MountConfiguration): string {
  const { type, device = 'none', path, size } = mount;
  const options = [
    ...(mount.readOnly === true ? ['ro'] : []),
    ...(mount.softUpdates === false ? ['nosoftdep'] : []),
    ...(mount.noAccessTimes === true ? ['noatime'] : []),
    ...(mount.synchronous === true ? ['sync'] : []),
    ...(size === undefined ? [] : [`size=${size}`]),
  ];
  return [type, device, path, ...options]
    .map((field) => field.replaceAll('%', '%25').replaceAll(',', '%2C'))
    .join(',');
}

function networkValue(network: NetworkConfiguration, index: number): string {
  const options = [
    ...(network.off === true ? ['off'] : []),
    ...(network.ifPresent === true ? ['ifpresent'] : []),
    ...(network.dhcp === true ? ['dhcp'] : []),
    ...(network.addresses ?? []).map((address) => `address=${address}`),
    ...(network.gateway === undefined ? [] : [`gateway=${network.gateway}`]),
    ...(network.dns ?? []).map((server) => `dns=${server}`),
  ];
  return [`net${index}`, ...options].join(',');
}

function word(key: string, value: string): string {
  return `${key}=${encodeValue(value)}`;
}

function encodeValue(value: string): string {
  return [...Buffer.from(value)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9_./:,@+-]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
