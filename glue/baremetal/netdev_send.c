/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netdev_send.c: what goes to a network device.
 *
 * A frame is copied, so that the sender may go on at once.  The device is told
 * of several together: when enough are there, or when the thread that sent them
 * leaves the kernel or waits (sched_flush).  Until then segments of TCP that
 * follow one another grow into a run, which a device that can cut them gets as
 * one.  Runs that the queue has no room for wait, up to FRAMES_MAX frames; only
 * then does the device interrupt for what it has sent.
 *
 * All is guarded by preemption being off; sched_flush is called by nobody who
 * has it off.
 */
#include "types.h"
#include "cpu.h"
#include "host_int.h"
#include "mem.h"
#include "netdev_int.h"

#define	FRAME_LEN	1976
#define	FRAMES_MAX	1024
#define	RUN_FRAMES	40
#define	RUN_PAYLOAD	0xf000		/* with headers, 16 bits are enough */
#define	KICK_AFTER	8

/* In the direct map, as heap.c's memory is.  The header ends where data begins. */
struct netdev_frame {
	struct netdev_frame *nf_next;	/* of the run, or of the free ones */
	struct netdev_frame *nf_nextrun;	/* of a run's first */
	uint32_t nf_start;		/* what the device gets of nf_data */
	uint32_t nf_len;
	struct netdev_header nf_header;
	char nf_data[FRAME_LEN];
};

static struct netdev *unkicked;

void
netdev_send_init(struct netdev *nd)
{

	nd->nd_backlogtail = &nd->nd_backlog;
	(void)virtio_interrupts(&nd->nd_send, false);
}

static void
kick(struct netdev *nd)
{

	nd->nd_unkicked = 0;
	virtio_kick(&nd->nd_virtio, &nd->nd_send);
}

/* Takes back what the device has sent; false if that is nothing. */
static bool
take_sent(struct netdev *nd)
{
	struct netdev_frame *nf, *next;
	bool any = false;
	uint32_t len;

	while ((nf = virtio_completed(&nd->nd_send, &len)) != NULL) {
		for (any = true; nf != NULL; nf = next) {
			next = nf->nf_next;
			nf->nf_next = nd->nd_free;
			nd->nd_free = nf;
		}
	}
	return any;
}

/* A run to the device; false if there is no room. */
static bool
submit(struct netdev *nd, struct netdev_frame *run)
{
	struct virtio_segment seg[RUN_FRAMES];
	struct netdev_frame *nf;
	unsigned n = 0;

	for (nf = run; nf != NULL; nf = nf->nf_next)
		seg[n++] = (struct virtio_segment){
		    virt_to_phys(nf->nf_data + nf->nf_start), nf->nf_len,
		    false };
	seg[0].vs_addr -= nd->nd_headerlen;
	seg[0].vs_len += (uint32_t)nd->nd_headerlen;
	if (nd->nd_send.vq_nfree < n)
		(void)take_sent(nd);
	if (!virtio_submit(&nd->nd_send, seg, n, run))
		return false;
	if (++nd->nd_unkicked == KICK_AFTER)
		kick(nd);
	return true;
}

/* The queue is full: the device says when it has room. */
static void
wait_for_room(struct netdev *nd, struct netdev_frame *run)
{
	uint64_t flags = intr_disable();

	run->nf_nextrun = NULL;
	*nd->nd_backlogtail = run;
	nd->nd_backlogtail = &run->nf_nextrun;
	if (virtio_interrupts(&nd->nd_send, true) || nd->nd_polled)
		sched_wake_all(&nd->nd_wait);
	intr_restore(flags);
}

static void
submit_or_wait(struct netdev *nd, struct netdev_frame *run)
{

	if (nd->nd_backlog != NULL || !submit(nd, run))
		wait_for_room(nd, run);
}

/* The run that has grown so far goes. */
static void
end_run(struct netdev *nd)
{
	struct netdev_run *nr = &nd->nd_run;
	struct netdev_frame *first = nr->nr_first;

	if (first == NULL)
		return;
	nr->nr_first = NULL;
	netdev_tcp_finish(first->nf_data, &nr->nr_tcp, &first->nf_header,
	    nr->nr_payload, nr->nr_pushes);
	submit_or_wait(nd, first);
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
		end_run(nd);
		if (nd->nd_unkicked > 0)
			kick(nd);
	}
}

static void
kick_soon(struct netdev *nd)
{

	if (nd->nd_isunkicked)
		return;
	nd->nd_isunkicked = true;
	nd->nd_nextunkicked = unkicked;
	unkicked = nd;
	sched_flush = kick_all;
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
		nf = heap_alloc(sizeof(*nf), 16);
		nd->nd_frames += nf != NULL;
	}
	if (nf != NULL) {
		nf->nf_next = NULL;
		nf->nf_start = 0;
		memset(&nf->nf_header, 0, sizeof(nf->nf_header));
	}
	return nf;
}

/* Can the device cut what begins with such a frame? */
static bool
can_grow(const struct netdev *nd, const struct netdev_frame *nf,
    const struct netdev_tcp *nt)
{
	const bool is4 = nf->nf_data[12] == 0x08;

	return nt->nt_len != 0 && !netdev_tcp_pushes(nf->nf_data, nt) &&
	    (nd->nd_features & (is4 ? NETDEV_TCP4_OUT : NETDEV_TCP6_OUT)) != 0;
}

static bool
grow_run(struct netdev *nd, struct netdev_frame *nf,
    const struct netdev_tcp *nt)
{
	struct netdev_run *nr = &nd->nd_run;

	if (nr->nr_first == NULL || nr->nr_closed ||
	    nr->nr_frames == MIN(RUN_FRAMES, nd->nd_send.vq_size / 2) ||
	    nr->nr_payload + nt->nt_len > RUN_PAYLOAD ||
	    !netdev_tcp_follows(nr->nr_first->nf_data, &nr->nr_tcp,
	    nr->nr_nextseq, nf->nf_data, nt))
		return false;
	nf->nf_start = nt->nt_payload;
	nf->nf_len = nt->nt_len;
	*nr->nr_tail = nf;
	nr->nr_tail = &nf->nf_next;
	nr->nr_frames++;
	nr->nr_payload += nt->nt_len;
	nr->nr_nextseq += nt->nt_len;
	nr->nr_pushes = netdev_tcp_pushes(nf->nf_data, nt);
	nr->nr_closed = nr->nr_pushes || nt->nt_len < nr->nr_tcp.nt_len;
	return true;
}

static void
begin_run(struct netdev *nd, struct netdev_frame *nf,
    const struct netdev_tcp *nt)
{

	nd->nd_run = (struct netdev_run){
		.nr_first = nf, .nr_tail = &nf->nf_next, .nr_tcp = *nt,
		.nr_frames = 1, .nr_payload = nt->nt_len,
		.nr_nextseq = nt->nt_seq + nt->nt_len,
		.nr_closed = !can_grow(nd, nf, nt)
	};
	if (nd->nd_run.nr_closed)
		end_run(nd);
}

static void
send_frame(struct netdev *nd, struct netdev_frame *nf)
{
	struct netdev_tcp nt = { .nt_payload = 0 };

	if ((nd->nd_features & NETDEV_SUM_OUT) != 0)
		netdev_tcp_parse(nf->nf_data, nf->nf_len, &nt);
	if (nt.nt_payload != 0 && grow_run(nd, nf, &nt))
		return;
	end_run(nd);
	if (nt.nt_payload != 0)
		begin_run(nd, nf, &nt);
	else
		submit_or_wait(nd, nf);
}

void
netdev_send(struct netdev *nd, const struct iovec *iov, size_t n)
{
	struct netdev_frame *nf;
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
		send_frame(nd, nf);
		kick_soon(nd);
	}
	preempt_enable();
}

/* The worker's: goes on with what waits; false if there is nothing to do. */
bool
netdev_reclaim(struct netdev *nd)
{
	struct netdev_frame *run, *next;
	bool any;

	if (nd->nd_backlog == NULL)
		return false;
	preempt_disable();
	any = take_sent(nd);
	while ((run = nd->nd_backlog) != NULL) {
		next = run->nf_nextrun;
		if (!submit(nd, run))
			break;
		if ((nd->nd_backlog = next) == NULL)
			nd->nd_backlogtail = &nd->nd_backlog;
	}
	if (nd->nd_unkicked > 0)
		kick_soon(nd);
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
