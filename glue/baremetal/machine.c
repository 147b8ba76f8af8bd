/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * machine.c: on what machine this is, by what can be seen cheaply.
 */
#include "types.h"
#include "cpu.h"
#include "host_int.h"

#define	PCI_ADDRESS	0xcf8
#define	PCI_DATA	0xcfc
#define	PCI_ENABLE	0x80000000U
#define	HOST_BRIDGE_I440FX	0x12378086U
#define	HOST_BRIDGE_Q35		0x29c08086U
#define	HOST_BRIDGE_CH		0x0d578086U

/*
 * The host bridge tells QEMU's two PC machines and Cloud Hypervisor; without one
 * the loader's words do: only QEMU's microvm and Firecracker have no PCI.
 */
const char *
machine_name(void)
{
	const char *line = boot_command_line();

	for (; *line != '\0'; line++) {
		if (string_starts(line, "virtio_mmio.device=512@0xfeb"))
			return "microvm";
		if (string_starts(line, "virtio_mmio.device=4K@"))
			return "firecracker";
	}
	outl(PCI_ADDRESS, PCI_ENABLE);
	switch (inl(PCI_DATA)) {
	case HOST_BRIDGE_I440FX:
		return "pc";
	case HOST_BRIDGE_Q35:
		return "q35";
	case HOST_BRIDGE_CH:
		return "cloud-hypervisor";
	default:
		return "microvm";
	}
}
