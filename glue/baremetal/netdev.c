/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netdev.c: virtio network devices (virtio 1.2, 5.1): the device, and what comes.
 * What goes is netdev_send.c's.
 *
 * One thread per device takes what came, as many frames as there are with one
 * interrupt, and gives their buffers back together.  The receive queue is the
 * thread's alone.
 */
#include "types.h"
#include "cpu.h"
#include "host_int.h"
#include "mem.h"
#include "netdev_int.h"

#define	QUEUE_RECEIVE		0
#define	QUEUE_SEND		1
#define	POLL_NS			200000UL	/* where there is no interrupt */
#define	BUFFER_LEN		2048
#define	BUFFERS_PER_PAGE	(PAGE_SIZE / BUFFER_LEN)
#define	PIECES_MAX		32	/* of one frame: 64 KiB */
#define	SUMS_RIGHT		3	/* known to be, or not there yet */
#define	BATCH			64	/* frames between looks at the clock */

static struct netdev *netdevs[NETDEVS_MAX];
static unsigned nnetdevs;
static bool looked;

static void
add_netdev(const struct virtio *v)
{
	struct netdev *nd;

	if (nnetdevs == NETDEVS_MAX || (nd = heap_zalloc(sizeof(*nd))) == NULL)
		return;
	nd->nd_virtio = *v;
	netdevs[nnetdevs++] = nd;
}

struct netdev *
netdev_by_name(const char *name)
{
	unsigned n;

	if (!string_starts(name, "net") || name[3] < '0' || name[4] != '\0')
		return NULL;
	if (!looked) {
		looked = true;
		virtio_find(VIRTIO_ID_NET, add_netdev);
	}
	n = (unsigned)(name[3] - '0');
	return n < nnetdevs ? netdevs[n] : NULL;
}

/* Does the device sum up what TCP sends? */
bool
netdev_sums(const struct netdev *nd)
{

	return (nd->nd_features & NETDEV_SUM_OUT) != 0;
}

/* False if the device has none of its own. */
bool
netdev_mac(const struct netdev *nd, uint8_t mac[MAC_LEN])
{
	const struct virtio *v = &nd->nd_virtio;
	unsigned i;

	if ((nd->nd_features & NETDEV_MAC) == 0)
		return false;
	for (i = 0; i < MAC_LEN; i++)
		mac[i] = v->v_transport->vt_config8(v, i);
	return true;
}

static void
give_buffer(struct netdev *nd, void *buffer)
{
	const struct virtio_segment seg = { virt_to_phys(buffer), BUFFER_LEN,
	    true };

	(void)virtio_submit(&nd->nd_receive, &seg, 1, buffer);
}

/* As many buffers as the queue has room for, if memory is not short. */
static int
fill(struct netdev *nd)
{
	uint64_t pages = nd->nd_receive.vq_size / BUFFERS_PER_PAGE;
	unsigned i;
	char *page;
	paddr_t pa;

	for (pages = MIN(pages, MAX(pages_available() / 32, 4)); pages > 0;
	    pages--) {
		if ((pa = page_alloc()) == 0)
			break;
		page = phys_to_virt(pa);
		for (i = 0; i < BUFFERS_PER_PAGE; i++)
			give_buffer(nd, page + i * BUFFER_LEN);
		nd->nd_buffers += BUFFERS_PER_PAGE;
	}
	return nd->nd_buffers == 0 ? RUMP_ENOMEM : 0;
}

/*
 * The next frame that came, in pieces of which the first begins with the header.
 * The number of its pieces; 0 if none came.  A device that promises more pieces
 * than it has sent is not to be believed: what is there is taken.
 */
static unsigned
next_frame(struct netdev *nd, struct iovec iov[PIECES_MAX])
{
	const struct netdev_header *h;
	unsigned i, n = 1;
	uint32_t len;
	void *buffer;

	for (i = 0; i < n; i++) {
		buffer = virtio_completed(&nd->nd_receive, &len);
		if (buffer == NULL)
			break;
		h = buffer;
		if (i == 0 && (nd->nd_features & NETDEV_BUFFERS) != 0)
			n = MAX(MIN(h->nh_nbuffers, PIECES_MAX), 1);
		iov[i].iov_base = buffer;
		iov[i].iov_len = MIN(len, BUFFER_LEN);
	}
	return i;
}

static void
deliver(struct netdev *nd, struct iovec *iov, unsigned n)
{
	const struct netdev_header *h = iov[0].iov_base;

	if (iov[0].iov_len <= nd->nd_headerlen)
		return;
	iov[0].iov_base = (char *)iov[0].iov_base + nd->nd_headerlen;
	iov[0].iov_len -= nd->nd_headerlen;
	nd->nd_input(nd->nd_inputarg, iov, n, (nd->nd_features &
	    NETDEV_SUM_IN) != 0 && (h->nh_flags & SUMS_RIGHT) != 0);
}

/* Between these the user stays, if there is one. */
static bool
deliver_begin(struct netdev *nd)
{
	uint64_t flags = intr_disable();

	nd->nd_delivering = nd->nd_input != NULL;
	intr_restore(flags);
	return nd->nd_delivering;
}

static void
deliver_end(struct netdev *nd)
{
	uint64_t flags = intr_disable();

	nd->nd_delivering = false;
	sched_wake_all(&nd->nd_drained);
	intr_restore(flags);
}

/* What has come by now, up to a batch; false if nothing has. */
static bool
receive(struct netdev *nd)
{
	struct iovec iov[PIECES_MAX];
	void *buffers[PIECES_MAX];
	unsigned frames, i, n;

	for (frames = 0; frames < BATCH; frames++) {
		if ((n = next_frame(nd, iov)) == 0)
			break;
		for (i = 0; i < n; i++)
			buffers[i] = iov[i].iov_base;
		if (deliver_begin(nd)) {
			deliver(nd, iov, n);
			deliver_end(nd);
		}
		for (i = 0; i < n; i++)
			give_buffer(nd, buffers[i]);
	}
	if (frames > 0)
		virtio_kick(&nd->nd_virtio, &nd->nd_receive);
	return frames > 0;
}

static void *
work(void *arg)
{
	struct netdev *nd = arg;
	uint64_t flags;
	bool busy;

	for (;;) {
		busy = receive(nd);
		busy |= netdev_reclaim(nd);
		if (busy)
			continue;
		flags = intr_disable();
		if (!virtio_interrupts(&nd->nd_receive, true) &&
		    !netdev_may_send(nd))
			(void)sched_wait(&nd->nd_wait, nd->nd_polled ?
			    clock_ns() + POLL_NS : NO_DEADLINE);
		(void)virtio_interrupts(&nd->nd_receive, false);
		intr_restore(flags);
	}
	return NULL;
}

static void
netdev_interrupt(void *arg)
{
	struct netdev *nd = arg;

	if (nd->nd_virtio.v_transport->vt_interrupt(&nd->nd_virtio))
		sched_wake_all(&nd->nd_wait);
}

/* Frames that are larger than a buffer come only if they may fill several. */
static int
agree(struct netdev *nd)
{
	const uint64_t larger = NETDEV_TCP4_IN | NETDEV_TCP6_IN;
	uint64_t wanted = NETDEV_SUM_OUT | NETDEV_SUM_IN | NETDEV_MAC | larger |
	    NETDEV_TCP4_OUT | NETDEV_TCP6_OUT | NETDEV_BUFFERS;
	int error;

	error = virtio_start(&nd->nd_virtio, wanted, &nd->nd_features);
	if (error == 0 && (nd->nd_features & NETDEV_BUFFERS) == 0 &&
	    (nd->nd_features & larger) != 0)
		error = virtio_start(&nd->nd_virtio, wanted & ~larger,
		    &nd->nd_features);
	return error;
}

static int
start(struct netdev *nd)
{
	struct virtio *v = &nd->nd_virtio;
	int error;

	nd->nd_worker = thread_new("net", work, nd);
	if (nd->nd_worker == NULL)
		return RUMP_ENOMEM;
	nd->nd_worker->t_urgent = true;
	nd->nd_polled = v->v_transport->vt_establish(v, netdev_interrupt,
	    nd) != 0;
	error = agree(nd);
	if (error == 0)
		error = virtio_queue(v, &nd->nd_receive, QUEUE_RECEIVE,
		    VIRTQ_SIZE);
	if (error == 0)
		error = virtio_queue(v, &nd->nd_send, QUEUE_SEND, VIRTQ_SIZE);
	if (error == 0)
		error = fill(nd);
	if (error != 0)
		return error;
	nd->nd_headerlen = v->v_legacy &&
	    (nd->nd_features & NETDEV_BUFFERS) == 0 ?
	    offsetof(struct netdev_header, nh_nbuffers) :
	    sizeof(struct netdev_header);
	netdev_send_init(nd);
	virtio_ready(v);
	virtio_kick(v, &nd->nd_receive);
	sched_start(nd->nd_worker);
	nd->nd_started = true;
	return 0;
}

/* From its success on frames are delivered.  One user at a time. */
int
netdev_start(struct netdev *nd, netdev_input input, void *arg)
{
	int error = 0;

	if (nd->nd_input != NULL)
		return RUMP_EBUSY;
	if (!nd->nd_started)
		error = start(nd);
	if (error == 0) {
		nd->nd_inputarg = arg;
		nd->nd_input = input;
	}
	return error;
}

/* Nothing is delivered from now on, but for what is being delivered. */
void
netdev_stop(struct netdev *nd)
{

	nd->nd_input = NULL;
}

/* After a stop: waits for what is being delivered. */
void
netdev_drain(struct netdev *nd)
{
	uint64_t flags = intr_disable();

	while (nd->nd_delivering)
		(void)sched_wait(&nd->nd_drained, NO_DEADLINE);
	intr_restore(flags);
}
