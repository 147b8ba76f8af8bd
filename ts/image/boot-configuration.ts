// SPDX-License-Identifier: BSD-2-Clause
// boot-configuration.ts: what a guest is told when it starts, as words for its configuration section or its command
// line: each `key=value`, the value percent-encoded; a field of `mount` is encoded once more for itself.

/** A file system that the guest mounts before its program starts. */
export interface MountConfiguration {
  /** File-system type, such as cd9660. */
  type: string;
  /** The host's name of the disk: vda, vdb, ... in the order given to the runner. */
  device: string;
  /** Where it appears. */
  path: string;
  readOnly?: boolean | undefined;
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

function mountValue({ type, device, path, readOnly }: MountConfiguration): string {
  const fields = [type, device, path, ...(readOnly === true ? ['ro'] : [])];
  return fields.map((field) => field.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',');
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
