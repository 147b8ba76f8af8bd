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

/** Everything that can be said. */
export interface BootConfiguration {
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  mounts?: readonly MountConfiguration[];
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
