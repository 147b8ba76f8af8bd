/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio.h: virtio devices (OASIS virtio 1.2), by the file that defines them.
 */
#ifndef _BAREMETAL_VIRTIO_H_
#define	_BAREMETAL_VIRTIO_H_

#include "mem.h"
#include "trap.h"
#include "types.h"

#define	VIRTIO_ID_NET		1
#define	VIRTIO_ID_BLOCK		2

#define	VIRTIO_ACKNOWLEDGE	0x01
#define	VIRTIO_DRIVER		0x02
#define	VIRTIO_DRIVER_OK	0x04
#define	VIRTIO_FEATURES_OK	0x08
#define	VIRTIO_FAILED		0x80

#define	VIRTIO_F_VERSION_1	(1UL << 32)

/* 2.7: split virtqueues, of this size at most. */
#define	VIRTQ_SIZE		256
#define	VIRTQ_ALIGN		64

struct virtq_desc {
	uint64_t d_addr;
	uint32_t d_len;
	uint16_t d_flags;
	uint16_t d_next;
};
#define	VIRTQ_NEXT		1
#define	VIRTQ_WRITE		2	/* the device writes to it */

struct virtq_avail {
	uint16_t va_flags;
	uint16_t va_index;
	uint16_t va_ring[];
};

struct virtq_used {
	uint16_t vu_flags;
	uint16_t vu_index;
	struct {
		uint32_t vu_id;
		uint32_t vu_len;
	} vu_ring[];
};

struct virtq {
	unsigned vq_size;		/* a power of two */
	unsigned vq_nfree;
	uint16_t vq_free;		/* first free descriptor */
	uint16_t vq_seen;		/* used ones taken so far */
	uint16_t vq_index;		/* the device's number of it */
	volatile char *vq_notify;	/* PCI */
	struct virtq_desc *vq_desc;
	struct virtq_avail *vq_avail;
	volatile struct virtq_used *vq_used;
	void *vq_cookie[VIRTQ_SIZE];	/* by the first descriptor */
};

/* A stretch of memory for the device. */
struct virtio_segment {
	paddr_t vs_addr;
	uint32_t vs_len;
	bool vs_write;			/* the device writes to it */
};

struct virtio;
struct virtio_transport {
	uint64_t (*vt_features)(struct virtio *);
	void (*vt_accept)(struct virtio *, uint64_t features);
	uint8_t (*vt_status)(struct virtio *);
	void (*vt_set_status)(struct virtio *, uint8_t);
	unsigned (*vt_queue_size)(struct virtio *, unsigned index);
	void (*vt_queue)(struct virtio *, struct virtq *);
	void (*vt_notify)(struct virtio *, struct virtq *);
	uint32_t (*vt_config)(struct virtio *, unsigned offset);
	uint8_t (*vt_config8)(const struct virtio *, unsigned offset);
	bool (*vt_interrupt)(struct virtio *);	/* quiets the device */
	int (*vt_establish)(struct virtio *, intr_handler, void *);
};

struct virtio {
	const struct virtio_transport *v_transport;
	volatile char *v_regs;		/* MMIO: all; PCI: common configuration */
	volatile char *v_config;
	volatile char *v_isr;		/* PCI */
	volatile char *v_notify;	/* PCI */
	uint32_t v_notify_step;		/* PCI: bytes from queue to queue */
	volatile uint32_t *v_msix;	/* PCI: table, or NULL */
	uint32_t v_where;		/* PCI: configuration address */
	int v_irq;			/* MMIO; -1: none known */
	bool v_legacy;			/* MMIO version 1 */
};

/* virtio.c; from virtio_submit() on: the queue's lock, or interrupts off */
typedef void (*virtio_found)(const struct virtio *);
void	virtio_find(uint32_t id, virtio_found);
int	virtio_start(struct virtio *, uint64_t wanted, uint64_t *accepted);
int	virtio_queue(struct virtio *, struct virtq *, unsigned index,
	    unsigned most);
void	virtio_ready(struct virtio *);
bool	virtio_submit(struct virtq *, const struct virtio_segment *,
	    unsigned n, void *cookie);
void	virtio_kick(struct virtio *, struct virtq *);
void	*virtio_completed(struct virtq *, uint32_t *len);
bool	virtio_interrupts(struct virtq *, bool on);

/* virtio_mmio.c, virtio_pci.c: devices of a kind, first one first. */
void	virtio_mmio_find(uint32_t id, virtio_found);
void	virtio_mmio_scan(uint32_t id, virtio_found);
void	virtio_pci_find(uint32_t id, virtio_found);

#endif /* _BAREMETAL_VIRTIO_H_ */
