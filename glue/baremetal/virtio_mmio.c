/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio_mmio.c: virtio over MMIO (4.2), with the registers of version 1 (4.2.4)
 * too: QEMU's microvm still has them by default.
 *
 * Where the devices are: the loader's "virtio_mmio.device=SIZE@ADDRESS:IRQ"
 * words.  With ACPI QEMU gives none; then its window is looked at, and the devices
 * are polled, because nothing short of ACPI's byte code tells their interrupts.
 */
#include "types.h"
#include "cpu.h"
#include "host_int.h"
#include "virtio.h"

#define	REG_MAGIC		0x000
#define	REG_VERSION		0x004
#define	REG_DEVICE_ID		0x008
#define	REG_FEATURES		0x010
#define	REG_FEATURES_SEL	0x014
#define	REG_ACCEPT		0x020
#define	REG_ACCEPT_SEL		0x024
#define	REG_PAGE_SIZE		0x028	/* version 1 */
#define	REG_QUEUE_SEL		0x030
#define	REG_QUEUE_MAX		0x034
#define	REG_QUEUE_NUM		0x038
#define	REG_QUEUE_ALIGN		0x03c	/* version 1 */
#define	REG_QUEUE_PFN		0x040	/* version 1 */
#define	REG_QUEUE_READY		0x044
#define	REG_NOTIFY		0x050
#define	REG_ISR			0x060
#define	REG_ISR_ACK		0x064
#define	REG_STATUS		0x070
#define	REG_QUEUE_DESC		0x080
#define	REG_QUEUE_AVAIL		0x090
#define	REG_QUEUE_USED		0x0a0
#define	REG_CONFIG		0x100
#define	MAGIC			0x74726976	/* "virt" */

#define	QEMU_WINDOW		0xfeb00000UL
#define	QEMU_STRIDE		0x200
#define	QEMU_COUNT		24

#define	WORD			"virtio_mmio.device="

static uint32_t
get(struct virtio *v, unsigned reg)
{

	return mmio_read32(v->v_regs + reg);
}

static void
set(struct virtio *v, unsigned reg, uint32_t value)
{

	mmio_write32(v->v_regs + reg, value);
}

static uint64_t
mmio_features(struct virtio *v)
{
	uint64_t f;

	set(v, REG_FEATURES_SEL, 1);
	f = (uint64_t)get(v, REG_FEATURES) << 32;
	set(v, REG_FEATURES_SEL, 0);
	return f | get(v, REG_FEATURES);
}

static void
mmio_accept(struct virtio *v, uint64_t features)
{

	set(v, REG_ACCEPT_SEL, 0);
	set(v, REG_ACCEPT, (uint32_t)features);
	if (v->v_legacy) {
		set(v, REG_PAGE_SIZE, PAGE_SIZE);
		return;
	}
	set(v, REG_ACCEPT_SEL, 1);
	set(v, REG_ACCEPT, (uint32_t)(features >> 32));
}

static uint8_t
mmio_status(struct virtio *v)
{

	return (uint8_t)get(v, REG_STATUS);
}

static void
mmio_set_status(struct virtio *v, uint8_t status)
{

	set(v, REG_STATUS, status);
}

static void
set64(struct virtio *v, unsigned reg, volatile void *p)
{
	paddr_t pa = virt_to_phys((const void *)p);

	set(v, reg, (uint32_t)pa);
	set(v, reg + 4, (uint32_t)(pa >> 32));
}

static unsigned
mmio_queue_size(struct virtio *v, unsigned index)
{

	set(v, REG_QUEUE_SEL, index);
	return get(v, REG_QUEUE_MAX);
}

/* Tells the device where a queue is. */
static void
mmio_queue(struct virtio *v, struct virtq *vq)
{

	set(v, REG_QUEUE_SEL, vq->vq_index);
	set(v, REG_QUEUE_NUM, vq->vq_size);
	if (v->v_legacy) {
		set(v, REG_QUEUE_ALIGN, VIRTQ_ALIGN);
		set(v, REG_QUEUE_PFN,
		    (uint32_t)(virt_to_phys(vq->vq_desc) >> PAGE_SHIFT));
		return;
	}
	set64(v, REG_QUEUE_DESC, vq->vq_desc);
	set64(v, REG_QUEUE_AVAIL, vq->vq_avail);
	set64(v, REG_QUEUE_USED, vq->vq_used);
	set(v, REG_QUEUE_READY, 1);
}

static void
mmio_notify(struct virtio *v, struct virtq *vq)
{

	set(v, REG_NOTIFY, vq->vq_index);
}

static uint32_t
mmio_config(struct virtio *v, unsigned offset)
{

	return get(v, REG_CONFIG + offset);
}

/* 2.5.1: a field of 8 bits is read as such. */
static uint8_t
mmio_config8(const struct virtio *v, unsigned offset)
{

	return *(volatile uint8_t *)(v->v_regs + REG_CONFIG + offset);
}

static bool
mmio_interrupt(struct virtio *v)
{
	uint32_t isr = get(v, REG_ISR);

	set(v, REG_ISR_ACK, isr);
	return isr != 0;
}

static int
mmio_establish(struct virtio *v, intr_handler handler, void *arg)
{

	if (v->v_irq < 0)
		return RUMP_ENXIO;
	return intr_establish_irq((unsigned)v->v_irq, true, handler, arg);
}

static const struct virtio_transport transport = {
	mmio_features, mmio_accept, mmio_status, mmio_set_status,
	mmio_queue_size, mmio_queue, mmio_notify, mmio_config, mmio_config8,
	mmio_interrupt, mmio_establish
};

static void
look_at(paddr_t pa, int irq, uint32_t id, virtio_found found)
{
	struct virtio v = { .v_transport = &transport, .v_irq = irq };
	uint32_t version;

	v.v_regs = paging_map_device(pa, QEMU_STRIDE);
	if (v.v_regs == NULL || get(&v, REG_MAGIC) != MAGIC)
		return;
	version = get(&v, REG_VERSION);
	if (get(&v, REG_DEVICE_ID) != id || version < 1 || version > 2)
		return;
	v.v_legacy = version == 1;
	found(&v);
}

/* A number in C's notation; *s moves behind it. */
static uint64_t
number(const char **s)
{
	uint64_t v = 0;
	unsigned base = 10, d;

	if (string_starts(*s, "0x"))
		base = 16, *s += 2;
	for (;; ++*s) {
		d = (unsigned)(**s <= '9' ? **s - '0' : (**s | 0x20) - 'a' + 10);
		if (d >= base)
			return v;
		v = v * base + d;
	}
}

/*
 * The device of a word.  False if it is not one.
 */
static bool
parse_word(const char *s, paddr_t *pa, int *irq)
{

	if (!string_starts(s, WORD))
		return false;
	while (*s > ' ' && *s != '@')
		s++;
	if (*s++ != '@')
		return false;
	*pa = number(&s);
	*irq = *s++ == ':' ? (int)number(&s) : -1;
	return *pa != 0;
}

/* The devices that the loader's words name, in their order. */
void
virtio_mmio_find(uint32_t id, virtio_found found)
{
	const char *s;
	paddr_t pa;
	int irq;

	for (s = boot_command_line(); *s != '\0'; s++)
		if (parse_word(s, &pa, &irq))
			look_at(pa, irq, id, found);
}

/* Those in the window of QEMU's microvm, which it fills from the end. */
void
virtio_mmio_scan(uint32_t id, virtio_found found)
{
	unsigned i;

	for (i = QEMU_COUNT; i-- > 0;)
		look_at(QEMU_WINDOW + i * QEMU_STRIDE, -1, id, found);
}
