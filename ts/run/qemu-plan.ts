// SPDX-License-Identifier: BSD-2-Clause
// qemu-plan.ts: the words of a QEMU command line for a guest.
import type { CommandPlan } from '../exec/command-plan.js';
import { networkArguments, type GuestNetwork } from './guest-network.js';

/** Machine types that images are run on. */
export const machines = ['microvm', 'q35', 'pc'] as const;

/** A machine type. */
export type Machine = (typeof machines)[number];

/** How guest code is executed. */
export type Accelerator = 'kvm' | 'tcg';

/** A disk of the guest, vda being the first. */
export interface GuestDisk {
  path: string;
  readOnly: boolean;
}

/** A guest as the runner sees it. */
export interface Guest {
  image: string;
  machine: Machine;
  memoryMiB: number;
  disks: readonly GuestDisk[];
  networks: readonly GuestNetwork[];
  /** Words for the kernel command line, in the grammar of boot configurations. */
  commandLine: string;
  accelerator: Accelerator;
}

const machineOptions: Record<Machine, string> = {
  // Without option ROMs and firmware tables there is nothing between power-on and the guest's first instruction.
  microvm: 'microvm,x-option-roms=off,acpi=off,pit=off,pic=off,rtc=on,isa-serial=on',
  q35: 'q35,usb=off,smbus=off,vmport=off,hpet=off',
  pc: 'pc,usb=off,smbus=off,vmport=off,hpet=off',
};

/** Plans the run of a guest whose exit record goes to the file statusPath. */
export function planQemu(guest: Guest, statusPath: string): CommandPlan {
  const args = [
    ['-M', machineOptions[guest.machine]],
    ['-accel', guest.accelerator],
    ['-cpu', guest.accelerator === 'kvm' ? 'host' : 'max'],
    ['-m', `${guest.memoryMiB}M`],
    ['-nodefaults', '-no-user-config', '-no-reboot'],
    ['-display', 'none'],
    ['-serial', 'stdio'],
    ['-chardev', `file,id=status,path=${escapeCommas(statusPath)}`],
    ['-device', 'isa-debugcon,iobase=0xe9,chardev=status'],
    ['-device', 'isa-debug-exit,iobase=0xf4,iosize=4'],
    ['-kernel', guest.image],
    guest.commandLine === '' ? [] : ['-append', guest.commandLine],
    guest.machine === 'microvm' ? ['-global', 'virtio-mmio.force-legacy=false'] : [],
    ...guest.disks.map((disk, index) => diskArguments(guest.machine, disk, index)),
    ...guest.networks.map((network, index) => networkArguments(network, index, guest.machine !== 'microvm')),
  ];
  return { command: 'qemu-system-x86_64', args: args.flat() };
}

function diskArguments(machine: Machine, { path, readOnly }: GuestDisk, index: number): string[] {
  const drive = `if=none,id=disk${index},format=raw,file=${escapeCommas(path)}${readOnly ? ',readonly=on' : ''}`;
  const device = machine === 'microvm' ? 'virtio-blk-device' : 'virtio-blk-pci,disable-legacy=on';
  return ['-drive', drive, '-device', `${device},drive=disk${index}`];
}

function escapeCommas(path: string): string {
  return path.replaceAll(',', ',,');
}
