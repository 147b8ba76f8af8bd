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

_Static_assert(USED_OFFSET(VIRTQ_SIZE) + 6 + 8 * VIRTQ_SIZE <= PAGE_SIZE,
    "a queue fits into a page");

/* vq_size was set to what the device allows. */
static int
queue_init(struct virtq *vq)
{
	paddr_t pa = page_alloc_zeroed();
	char *page;
	unsigned i;

	if (pa == 0)
		return RUMP_ENOMEM;
	page = phys_to_virt(pa);
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
 * configuration and calls virtio_ready().
 */
int
virtio_start(struct virtio *v, uint64_t wanted, uint64_t *accepted)
{
	const struct virtio_transport *vt = v->v_transport;
	int error;

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
	v->v_queue.vq_size = VIRTQ_SIZE;
	error = vt->vt_queue(v, NULL);
	if (error == 0)
		error = queue_init(&v->v_queue);
	if (error == 0)
		error = vt->vt_queue(v, &v->v_queue);
	if (error != 0)
		vt->vt_set_status(v, VIRTIO_FAILED);
	return error;
}

void
virtio_ready(struct virtio *v)
{

	v->v_transport->vt_set_status(v, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER |
	    (v->v_legacy ? 0 : VIRTIO_FEATURES_OK) | VIRTIO_DRIVER_OK);
}

/* False if there is no room now.  Interrupts are off. */
bool
virtio_submit(struct virtio *v, const struct virtio_segment *seg, unsigned n,
    void *cookie)
{
	struct virtq *vq = &v->v_queue;
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
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if ((vq->vq_used->vu_flags & 1) == 0)
		v->v_transport->vt_notify(v);
	return true;
}

/* The cookie of a completed request; NULL if there is none.  Interrupts off. */
void *
virtio_completed(struct virtio *v)
{
	struct virtq *vq = &v->v_queue;
	uint16_t head, index;
	unsigned n = 1;

	if (vq->vq_used->vu_index == vq->vq_seen)
		return NULL;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	head = (uint16_t)vq->vq_used->vu_ring[vq->vq_seen %
	    vq->vq_size].vu_id;
	vq->vq_seen++;
	for (index = head; vq->vq_desc[index].d_flags & VIRTQ_NEXT; n++)
		index = vq->vq_desc[index].d_next;
	vq->vq_desc[index].d_next = vq->vq_free;
	vq->vq_free = head;
	vq->vq_nfree += n;
	return vq->vq_cookie[head];
}
