/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio_pci.c: virtio over PCI (4.1), modern devices only, found on bus 0 by the
 * configuration ports.  Interrupts are message-signalled; a device that cannot
 * is polled.
 */
#include "types.h"
#include "cpu.h"
#include "host_int.h"
#include "virtio.h"

#define	PCI_ADDRESS		0xcf8
#define	PCI_DATA		0xcfc
#define	PCI_ENABLE		0x80000000U
#define	PCI_ID			0x00
#define	PCI_COMMAND		0x04
#define	PCI_HEADER		0x0c
#define	PCI_BAR			0x10
#define	PCI_CAPABILITIES	0x34
#define	COMMAND_MEMORY_MASTER	0x6
#define	STATUS_CAPABILITIES	0x100000
#define	HEADER_MULTIFUNCTION	0x800000
#define	BAR_64BIT		0x4
#define	CAP_VENDOR		0x09
#define	CAP_MSIX		0x11
#define	MSIX_ENABLE		0x80000000U
#define	NSLOTS			32

#define	VENDOR_VIRTIO		0x1af4
#define	ID_MODERN(id)		(0x1040 + (id))
#define	ID_TRANSITIONAL(id)	(0x0fff + (id))

/* 4.1.4: types of virtio's capabilities. */
#define	CFG_COMMON		1
#define	CFG_NOTIFY		2
#define	CFG_ISR			3
#define	CFG_DEVICE		4

/* 4.1.4.3: the common configuration. */
#define	REG_FEATURES_SEL	0x00
#define	REG_FEATURES		0x04
#define	REG_ACCEPT_SEL		0x08
#define	REG_ACCEPT		0x0c
#define	REG_MSIX_CONFIG		0x10
#define	REG_STATUS		0x14
#define	REG_QUEUE_SEL		0x16
#define	REG_QUEUE_SIZE		0x18
#define	REG_QUEUE_MSIX		0x1a
#define	REG_QUEUE_ENABLE	0x1c
#define	REG_QUEUE_NOTIFY	0x1e
#define	REG_QUEUE_DESC		0x20
#define	REG_QUEUE_AVAIL		0x28
#define	REG_QUEUE_USED		0x30
#define	NO_VECTOR		0xffff
#define	COMMON_LENGTH		0x38

static uint32_t
pci_read(uint32_t where, unsigned reg)
{

	outl(PCI_ADDRESS, where | reg);
	return inl(PCI_DATA);
}

static void
pci_write(uint32_t where, unsigned reg, uint32_t value)
{

	outl(PCI_ADDRESS, where | reg);
	outl(PCI_DATA, value);
}

static volatile uint16_t *
reg16(struct virtio *v, unsigned reg)
{

	return (volatile uint16_t *)(v->v_regs + reg);
}

static uint64_t
pci_features(struct virtio *v)
{
	uint64_t f;

	mmio_write32(v->v_regs + REG_FEATURES_SEL, 1);
	f = (uint64_t)mmio_read32(v->v_regs + REG_FEATURES) << 32;
	mmio_write32(v->v_regs + REG_FEATURES_SEL, 0);
	return f | mmio_read32(v->v_regs + REG_FEATURES);
}

static void
pci_accept(struct virtio *v, uint64_t features)
{

	mmio_write32(v->v_regs + REG_ACCEPT_SEL, 0);
	mmio_write32(v->v_regs + REG_ACCEPT, (uint32_t)features);
	mmio_write32(v->v_regs + REG_ACCEPT_SEL, 1);
	mmio_write32(v->v_regs + REG_ACCEPT, (uint32_t)(features >> 32));
}

static uint8_t
pci_status(struct virtio *v)
{

	return *(volatile uint8_t *)(v->v_regs + REG_STATUS);
}

static void
pci_set_status(struct virtio *v, uint8_t status)
{

	*(volatile uint8_t *)(v->v_regs + REG_STATUS) = status;
}

static void
set64(struct virtio *v, unsigned reg, volatile void *p)
{
	paddr_t pa = virt_to_phys((const void *)p);

	mmio_write32(v->v_regs + reg, (uint32_t)pa);
	mmio_write32(v->v_regs + reg + 4, (uint32_t)(pa >> 32));
}

static unsigned
pci_queue_size(struct virtio *v, unsigned index)
{

	*reg16(v, REG_QUEUE_SEL) = (uint16_t)index;
	return *reg16(v, REG_QUEUE_SIZE);
}

/* Tells the device where a queue is. */
static void
pci_queue(struct virtio *v, struct virtq *vq)
{

	*reg16(v, REG_QUEUE_SEL) = vq->vq_index;
	*reg16(v, REG_QUEUE_SIZE) = (uint16_t)vq->vq_size;
	set64(v, REG_QUEUE_DESC, vq->vq_desc);
	set64(v, REG_QUEUE_AVAIL, vq->vq_avail);
	set64(v, REG_QUEUE_USED, vq->vq_used);
	*reg16(v, REG_MSIX_CONFIG) = NO_VECTOR;
	*reg16(v, REG_QUEUE_MSIX) = v->v_msix == NULL ? NO_VECTOR : 0;
	*reg16(v, REG_QUEUE_ENABLE) = 1;
	vq->vq_notify = v->v_notify + *reg16(v, REG_QUEUE_NOTIFY) *
	    v->v_notify_step;
}

static void
pci_notify(struct virtio *v __unused, struct virtq *vq)
{

	*(volatile uint16_t *)vq->vq_notify = vq->vq_index;
}

static uint32_t
pci_config(struct virtio *v, unsigned offset)
{

	return mmio_read32(v->v_config + offset);
}

/* 2.5.1: a field of 8 bits is read as such. */
static uint8_t
pci_config8(const struct virtio *v, unsigned offset)
{

	return *(volatile uint8_t *)(v->v_config + offset);
}

/* Messages need no answer. */
static bool
pci_interrupt(struct virtio *v __unused)
{

	return true;
}

static int
pci_establish(struct virtio *v, intr_handler handler, void *arg)
{
	uint64_t addr;
	uint32_t data;
	int error;

	if (v->v_msix == NULL)
		return RUMP_ENXIO;
	error = intr_establish_msi(handler, arg, &addr, &data);
	if (error != 0)
		return error;
	v->v_msix[0] = (uint32_t)addr;
	v->v_msix[1] = (uint32_t)(addr >> 32);
	v->v_msix[2] = data;
	v->v_msix[3] = 0;
	return 0;
}

static const struct virtio_transport transport = {
	pci_features, pci_accept, pci_status, pci_set_status,
	pci_queue_size, pci_queue, pci_notify, pci_config, pci_config8,
	pci_interrupt, pci_establish
};

static volatile char *
map_bar(uint32_t where, unsigned bar, uint32_t offset, size_t len)
{
	uint64_t base = pci_read(where, PCI_BAR + 4 * bar);

	if (base & 1)
		return NULL;
	if (base & BAR_64BIT)
		base |= (uint64_t)pci_read(where, PCI_BAR + 4 * bar + 4) << 32;
	base &= ~0xfUL;
	return base == 0 ? NULL : paging_map_device(base + offset, len);
}

static void
read_virtio_capability(struct virtio *v, unsigned cap)
{
	uint32_t where = v->v_where, off, len;
	unsigned bar = pci_read(where, cap + 4) & 0xff;

	off = pci_read(where, cap + 8);
	len = pci_read(where, cap + 12);
	switch (pci_read(where, cap) >> 24) {
	case CFG_COMMON:
		v->v_regs = map_bar(where, bar, off, MIN(len, COMMON_LENGTH));
		break;
	case CFG_NOTIFY:
		v->v_notify = map_bar(where, bar, off, MIN(len, PAGE_SIZE));
		v->v_notify_step = pci_read(where, cap + 16);
		break;
	case CFG_ISR:
		v->v_isr = map_bar(where, bar, off, 1);
		break;
	case CFG_DEVICE:
		v->v_config = map_bar(where, bar, off, MIN(len, PAGE_SIZE));
		break;
	}
}

static void
read_msix_capability(struct virtio *v, unsigned cap)
{
	uint32_t table = pci_read(v->v_where, cap + 4);

	v->v_msix = (volatile uint32_t *)map_bar(v->v_where, table & 7,
	    table & ~7U, 16);
	if (v->v_msix != NULL)
		pci_write(v->v_where, cap, pci_read(v->v_where, cap) |
		    MSIX_ENABLE);
}

static void
look_at(uint32_t where, virtio_found found)
{
	struct virtio v = { .v_transport = &transport, .v_where = where };
	uint32_t header, status = pci_read(where, PCI_COMMAND);
	unsigned cap;

	if ((status & STATUS_CAPABILITIES) == 0)
		return;
	pci_write(where, PCI_COMMAND, (status & 0xffff) | COMMAND_MEMORY_MASTER);
	for (cap = pci_read(where, PCI_CAPABILITIES) & 0xfc; cap != 0;
	    cap = header >> 8 & 0xfc) {
		header = pci_read(where, cap);
		if ((header & 0xff) == CAP_VENDOR)
			read_virtio_capability(&v, cap);
		else if ((header & 0xff) == CAP_MSIX)
			read_msix_capability(&v, cap);
	}
	if (v.v_regs != NULL && v.v_notify != NULL && v.v_config != NULL)
		found(&v);
}

void
virtio_pci_find(uint32_t id, virtio_found found)
{
	uint32_t where, device;
	unsigned slot, function, nfunctions;

	for (slot = 0; slot < NSLOTS; slot++) {
		nfunctions = 1;
		for (function = 0; function < nfunctions; function++) {
			where = PCI_ENABLE | slot << 11 | function << 8;
			device = pci_read(where, PCI_ID);
			if (device == 0xffffffff)
				continue;
			if (function == 0 && (pci_read(where, PCI_HEADER) &
			    HEADER_MULTIFUNCTION) != 0)
				nfunctions = 8;
			if (device == (ID_MODERN(id) << 16 | VENDOR_VIRTIO) ||
			    device == (ID_TRANSITIONAL(id) << 16 |
			    VENDOR_VIRTIO))
				look_at(where, found);
		}
	}
}
