/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netdev_send.c: what goes to a network device.
 *
 * A frame is copied, so that the sender may go on at once.  The device is told
 * of several together: when enough are there, or when the thread that sent them
 * leaves the kernel or waits (sched_flush).  What the queue has no room for
 * waits, up to FRAMES_MAX; only then does the device interrupt for what it sent.
 */
#include "types.h"
#include "cpu.h"
#include "host_int.h"
#include "mem.h"
#include "netdev_int.h"

#define	FRAME_LEN	2016
#define	FRAMES_MAX	1024
#define	KICK_AFTER	8

/* In the direct map, as heap.c's memory is.  The header ends where data begins. */
struct netdev_frame {
	struct netdev_frame *nf_next;
	uint32_t nf_len;		/* without the header */
	struct netdev_header nf_header;
	char nf_data[FRAME_LEN];
};

static struct netdev *unkicked;		/* guarded by preemption off */

void
netdev_send_init(struct netdev *nd)
{

	nd->nd_backlogtail = &nd->nd_backlog;
	(void)virtio_interrupts(&nd->nd_send, false);
}

/* sched_flush: tells the devices of what they were not told yet. */
static void
kick_all(void)
{
	struct netdev *nd;

	sched_flush = NULL;
	while ((nd = unkicked) != NULL) {
		unkicked = nd->nd_nextunkicked;
		nd->nd_isunkicked = false;
		if (nd->nd_unkicked > 0)
			virtio_kick(&nd->nd_virtio, &nd->nd_send);
		nd->nd_unkicked = 0;
	}
}

static void
kick_soon(struct netdev *nd)
{

	if (++nd->nd_unkicked == KICK_AFTER) {
		nd->nd_unkicked = 0;
		virtio_kick(&nd->nd_virtio, &nd->nd_send);
		return;
	}
	if (nd->nd_isunkicked)
		return;
	nd->nd_isunkicked = true;
	nd->nd_nextunkicked = unkicked;
	unkicked = nd;
	sched_flush = kick_all;
}

/* Takes back what the device has sent; false if that is nothing. */
static bool
take_sent(struct netdev *nd)
{
	struct netdev_frame *nf;
	bool any = false;
	uint32_t len;

	while ((nf = virtio_completed(&nd->nd_send, &len)) != NULL) {
		nf->nf_next = nd->nd_free;
		nd->nd_free = nf;
		any = true;
	}
	return any;
}

static bool
submit(struct netdev *nd, struct netdev_frame *nf)
{
	const struct virtio_segment seg = {
		virt_to_phys(nf->nf_data - nd->nd_headerlen),
		(uint32_t)nd->nd_headerlen + nf->nf_len, false
	};

	if (!virtio_submit(&nd->nd_send, &seg, 1, nf))
		return false;
	kick_soon(nd);
	return true;
}

/* A frame to fill, or NULL. */
static struct netdev_frame *
frame_get(struct netdev *nd)
{
	struct netdev_frame *nf = nd->nd_free;

	if (nf == NULL && take_sent(nd))
		nf = nd->nd_free;
	if (nf != NULL) {
		nd->nd_free = nf->nf_next;
	} else if (nd->nd_frames < FRAMES_MAX) {
		nf = heap_zalloc(sizeof(*nf));
		nd->nd_frames += nf != NULL;
	}
	return nf;
}

/* The queue is full: the device says when it has room. */
static void
wait_for_room(struct netdev *nd, struct netdev_frame *nf)
{

	nf->nf_next = NULL;
	*nd->nd_backlogtail = nf;
	nd->nd_backlogtail = &nf->nf_next;
	if (virtio_interrupts(&nd->nd_send, true) || nd->nd_polled)
		sched_wake_all(&nd->nd_wait);
}

void
netdev_send(struct netdev *nd, const struct iovec *iov, size_t n)
{
	struct netdev_frame *nf;
	uint64_t flags;
	size_t i, len = 0;

	for (i = 0; i < n; i++)
		len += iov[i].iov_len;
	if (len > FRAME_LEN)
		return;
	preempt_disable();
	if ((nf = frame_get(nd)) != NULL) {
		for (i = 0, len = 0; i < n; len += iov[i++].iov_len)
			memcpy(nf->nf_data + len, iov[i].iov_base,
			    iov[i].iov_len);
		nf->nf_len = (uint32_t)len;
		if (nd->nd_send.vq_nfree == 0)
			(void)take_sent(nd);
		if (nd->nd_backlog != NULL || !submit(nd, nf)) {
			flags = intr_disable();
			wait_for_room(nd, nf);
			intr_restore(flags);
		}
	}
	preempt_enable();
}

/* The worker's: goes on with what waits; false if there is nothing to do. */
bool
netdev_reclaim(struct netdev *nd)
{
	struct netdev_frame *nf, *next;
	bool any;

	if (nd->nd_backlog == NULL)
		return false;
	preempt_disable();
	any = take_sent(nd);
	while ((nf = nd->nd_backlog) != NULL) {
		next = nf->nf_next;
		if (!submit(nd, nf))
			break;
		if ((nd->nd_backlog = next) == NULL)
			nd->nd_backlogtail = &nd->nd_backlog;
	}
	preempt_enable();
	return any;
}

/* The worker is about to wait, interrupts off: true if it should not. */
bool
netdev_may_send(struct netdev *nd)
{

	return virtio_interrupts(&nd->nd_send, nd->nd_backlog != NULL) &&
	    nd->nd_backlog != NULL;
}
