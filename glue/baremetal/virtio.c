/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio.c: what all virtio devices have in common: the start (3.1.1) and the
 * split queue (2.7).  How the registers are reached is the transport's.
 */
#include "types.h"
#include "host_int.h"
#include "mem.h"
#include "virtio.h"

#define	AVAIL_OFFSET(n)	((n) * sizeof(struct virtq_desc))
#define	USED_OFFSET(n)	roundup2(AVAIL_OFFSET(n) + 6 + 2 * (size_t)(n), \
			    (size_t)VIRTQ_ALIGN)

#define	QUEUE_LEN(n)	(USED_OFFSET(n) + 6 + 8 * (size_t)(n))

#define	AVAIL_NO_INTERRUPT	1
#define	USED_NO_NOTIFY		1

static unsigned nfound;
static virtio_found found_next;

static void
count_found(const struct virtio *v)
{

	nfound++;
	found_next(v);
}

/* Where the machine has them: what the loader names, or what a bus shows. */
void
virtio_find(uint32_t id, virtio_found found)
{

	nfound = 0;
	found_next = found;
	virtio_mmio_find(id, count_found);
	if (nfound == 0 && machine_has_pci())
		virtio_pci_find(id, count_found);
	else if (nfound == 0 && boot_has_acpi())
		virtio_mmio_scan(id, count_found);
}

/* vq_size was set to what the device allows. */
static int
queue_init(struct virtq *vq)
{
	const size_t len = roundup2(QUEUE_LEN(vq->vq_size), (size_t)PAGE_SIZE);
	paddr_t pa = page_alloc_run(len / PAGE_SIZE, 1);
	char *page;
	unsigned i;

	if (pa == 0)
		return RUMP_ENOMEM;
	page = phys_to_virt(pa);
	memset(page, 0, len);
	vq->vq_desc = (void *)page;
	vq->vq_avail = (void *)(page + AVAIL_OFFSET(vq->vq_size));
	vq->vq_used = (void *)(page + USED_OFFSET(vq->vq_size));
	for (i = 0; i < vq->vq_size; i++)
		vq->vq_desc[i].d_next = (uint16_t)(i + 1);
	vq->vq_nfree = vq->vq_size;
	vq->vq_free = 0;
	return 0;
}

/*
 * Resets the device and agrees with it on features.  The caller reads the
 * configuration, makes the queues and calls virtio_ready().
 */
int
virtio_start(struct virtio *v, uint64_t wanted, uint64_t *accepted)
{
	const struct virtio_transport *vt = v->v_transport;

	vt->vt_set_status(v, 0);
	vt->vt_set_status(v, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER);
	*accepted = vt->vt_features(v) & (wanted | VIRTIO_F_VERSION_1);
	vt->vt_accept(v, *accepted);
	if (!v->v_legacy) {
		vt->vt_set_status(v, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER |
		    VIRTIO_FEATURES_OK);
		if ((vt->vt_status(v) & VIRTIO_FEATURES_OK) == 0)
			return RUMP_ENXIO;
	}
	return 0;
}

/* A queue of the size that the device allows, but no larger than most. */
int
virtio_queue(struct virtio *v, struct virtq *vq, unsigned index, unsigned most)
{
	const struct virtio_transport *vt = v->v_transport;
	int error = RUMP_ENXIO;

	vq->vq_index = (uint16_t)index;
	vq->vq_size = MIN(vt->vt_queue_size(v, index), most);
	if (vq->vq_size != 0)
		error = queue_init(vq);
	if (error == 0)
		vt->vt_queue(v, vq);
	else
		vt->vt_set_status(v, VIRTIO_FAILED);
	return error;
}

void
virtio_ready(struct virtio *v)
{

	v->v_transport->vt_set_status(v, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER |
	    (v->v_legacy ? 0 : VIRTIO_FEATURES_OK) | VIRTIO_DRIVER_OK);
}

/* False if there is no room now.  The device sees it at the next kick. */
bool
virtio_submit(struct virtq *vq, const struct virtio_segment *seg, unsigned n,
    void *cookie)
{
	struct virtq_desc *d = NULL;
	uint16_t head = vq->vq_free, index = head;
	unsigned i;

	if (vq->vq_nfree < n)
		return false;
	for (i = 0; i < n; i++) {
		d = &vq->vq_desc[index];
		d->d_addr = seg[i].vs_addr;
		d->d_len = seg[i].vs_len;
		d->d_flags = VIRTQ_NEXT | (seg[i].vs_write ? VIRTQ_WRITE : 0);
		index = d->d_next;
	}
	d->d_flags &= (uint16_t)~VIRTQ_NEXT;
	vq->vq_free = index;
	vq->vq_nfree -= n;
	vq->vq_cookie[head] = cookie;

	vq->vq_avail->va_ring[vq->vq_avail->va_index % vq->vq_size] = head;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	*(volatile uint16_t *)&vq->vq_avail->va_index =
	    (uint16_t)(vq->vq_avail->va_index + 1);
	return true;
}

/* Tells the device of what was submitted, if it does not look by itself. */
void
virtio_kick(struct virtio *v, struct virtq *vq)
{

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if ((vq->vq_used->vu_flags & USED_NO_NOTIFY) == 0)
		v->v_transport->vt_notify(v, vq);
}

/*
 * Whether the device is to interrupt for what it completes: a hint.  True if
 * something has been completed meanwhile.
 */
bool
virtio_interrupts(struct virtq *vq, bool on)
{

	*(volatile uint16_t *)&vq->vq_avail->va_flags =
	    on ? 0 : AVAIL_NO_INTERRUPT;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return vq->vq_used->vu_index != vq->vq_seen;
}

/*
 * The cookie of a completed request, and how much the device has written; NULL
 * if there is none.
 */
void *
virtio_completed(struct virtq *vq, uint32_t *len)
{
	uint16_t head, index;
	unsigned n = 1;

	if (vq->vq_used->vu_index == vq->vq_seen)
		return NULL;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	head = (uint16_t)vq->vq_used->vu_ring[vq->vq_seen %
	    vq->vq_size].vu_id;
	*len = vq->vq_used->vu_ring[vq->vq_seen % vq->vq_size].vu_len;
	vq->vq_seen++;
	for (index = head; vq->vq_desc[index].d_flags & VIRTQ_NEXT; n++)
		index = vq->vq_desc[index].d_next;
	vq->vq_desc[index].d_next = vq->vq_free;
	vq->vq_free = head;
	vq->vq_nfree += n;
	return vq->vq_cookie[head];
}
