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

static bool have_pci;

/* Is there a PCI bus behind the configuration ports?  machine_name() looked. */
bool
machine_has_pci(void)
{

	return have_pci;
}

/*
 * The host bridge tells QEMU's two PC machines and Cloud Hypervisor; without one
 * the loader's words do: only QEMU's microvm and Firecracker have no PCI.
 */
const char *
machine_name(void)
{
	const char *line;
	uint32_t bridge;

	outl(PCI_ADDRESS, PCI_ENABLE);
	bridge = inl(PCI_DATA);
	have_pci = bridge != 0xffffffff;
	if (bridge == HOST_BRIDGE_I440FX)
		return "pc";
	if (bridge == HOST_BRIDGE_Q35)
		return "q35";
	if (bridge == HOST_BRIDGE_CH)
		return "cloud-hypervisor";
	for (line = boot_command_line(); *line != '\0'; line++)
		if (string_starts(line, "virtio_mmio.device=4K@"))
			return "firecracker";
	return "microvm";
}
