/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * disk.c: virtio block devices (virtio 1.2, 5.2).
 *
 * A transfer goes to the device in pieces of as many stretches of physical
 * memory as a piece may have; nearly all fit into one.  Many transfers are under
 * way at once.  The interrupt wakes one worker thread for all disks, which calls
 * io_done.  Lists and queues: interrupts off.
 */
#include "types.h"
#include "../../rump/include/rump/rumpuser.h"
#include "cpu.h"
#include "disk.h"
#include "host_int.h"
#include "mem.h"
#include "sched.h"
#include "virtio.h"

#define	F_SEG_MAX	(1UL << 2)
#define	F_RO		(1UL << 5)
#define	F_FLUSH		(1UL << 9)
#define	F_CONFIG_WCE	(1UL << 11)	/* it says whether its cache is on */
#define	CONFIG_CAPACITY	0		/* in sectors, 64 bits */
#define	CONFIG_SEG_MAX	12
#define	CONFIG_WRITEBACK	32	/* 8 bits */
#define	REQUEST_IN	0
#define	REQUEST_OUT	1
#define	REQUEST_FLUSH	4
#define	STATUS_OK	0
#define	STATUS_NONE	0xff

#define	QUEUE_SIZE	128		/* fits into a page */
#define	SEGMENTS_MAX	64
#define	POLL_NS		200000UL	/* where there is no interrupt */

struct disk {
	struct virtio d_virtio;
	struct virtq d_queue;
	uint64_t d_size;		/* bytes */
	uint64_t d_features;
	unsigned d_segments;		/* of data in one piece */
	uint64_t d_written;		/* pieces written so far, */
	uint64_t d_flushed;		/* and those of them that are safe */
	bool d_started;
	bool d_polled;
	struct disk_io *d_waiting, **d_waittail;	/* the queue was full */
	struct disk_io *d_failed;	/* before the device saw them */
	unsigned d_active;
};

static struct disk *disks[DISKS_MAX];
static unsigned ndisks;
static bool looked;
static struct thread *worker;
static struct waitq worker_wait;

static void
add_disk(const struct virtio *v)
{
	struct disk *d;

	if (ndisks == DISKS_MAX || (d = heap_zalloc(sizeof(*d))) == NULL)
		return;
	d->d_virtio = *v;
	disks[ndisks++] = d;
}

static void
find_disks(void)
{

	looked = true;
	virtio_find(VIRTIO_ID_BLOCK, add_disk);
}

struct disk *
disk_by_name(const char *name)
{
	unsigned n;

	if (!string_starts(name, "vd") || name[2] < 'a' || name[3] != '\0')
		return NULL;
	if (!looked)
		find_disks();
	n = (unsigned)(name[2] - 'a');
	return n < ndisks ? disks[n] : NULL;
}

uint64_t
disk_size(const struct disk *d)
{

	return d->d_size;
}

/*
 * Would a flush make anything safe?  Not without a cache in the device that is
 * written back (a change of that while the machine runs is seen), nor if nothing
 * was written since the last one.
 */
bool
disk_needs_flush(const struct disk *d)
{

	if ((d->d_features & F_FLUSH) == 0 || d->d_written == d->d_flushed)
		return false;
	return (d->d_features & F_CONFIG_WCE) == 0 ||
	    d->d_virtio.v_transport->vt_config8(&d->d_virtio,
	    CONFIG_WRITEBACK) != 0;
}

bool
disk_read_only(const struct disk *d)
{

	return (d->d_features & F_RO) != 0;
}

/* Stretches of physical memory for the next piece; returns how many. */
static unsigned
gather(const struct disk_io *io, struct virtio_segment *seg, unsigned max,
    size_t *len)
{
	uintptr_t va = (uintptr_t)io->io_data + io->io_moved;
	size_t left = io->io_len - io->io_moved, n;
	unsigned count = 0;
	paddr_t pa;

	for (*len = 0; left > 0; va += n, left -= n, *len += n) {
		n = MIN(left, PAGE_SIZE - (va & PAGE_MASK));
		pa = paging_translate(va);
		if (pa == 0)
			break;
		if (count > 0 && seg[count - 1].vs_addr +
		    seg[count - 1].vs_len == pa) {
			seg[count - 1].vs_len += (uint32_t)n;
			continue;
		}
		if (count == max)
			break;
		seg[count++] = (struct virtio_segment){ pa, (uint32_t)n,
		    !io->io_write };
	}
	return count;
}

/*
 * Sends the next piece, or the flush if everything has been moved.  False if the
 * queue is full.
 */
static bool
send_piece(struct disk_io *io)
{
	static struct virtio_segment seg[SEGMENTS_MAX + 2];
	struct disk *d = io->io_disk;
	unsigned n = 0;

	io->io_status = STATUS_NONE;
	io->io_header.h_spare = 0;
	io->io_header.h_sector = 0;
	io->io_piece = 0;
	if (io->io_moved == io->io_len) {
		io->io_header.h_type = REQUEST_FLUSH;
		io->io_covers = d->d_written;
	} else {
		io->io_header.h_type = io->io_write ? REQUEST_OUT : REQUEST_IN;
		io->io_header.h_sector = (io->io_offset + io->io_moved) /
		    SECTOR_SIZE;
		n = gather(io, seg + 1, d->d_segments, &io->io_piece);
		/* Pieces end between sectors. */
		for (; io->io_piece % SECTOR_SIZE != 0; io->io_piece--)
			if (--seg[n].vs_len == 0)
				n--;
		if (io->io_piece == 0) {
			io->io_error = RUMP_EFAULT;
			io->io_next = d->d_failed;
			d->d_failed = io;
			sched_wake_all(&worker_wait);
			return true;
		}
	}
	seg[0] = (struct virtio_segment){ virt_to_phys(&io->io_header),
	    sizeof(io->io_header), false };
	seg[n + 1] = (struct virtio_segment){ virt_to_phys(
	    (const void *)&io->io_status), 1, true };
	if (!virtio_submit(&d->d_queue, seg, n + 2, io))
		return false;
	virtio_kick(&d->d_virtio, &d->d_queue);
	d->d_active++;
	return true;
}

static void
send_or_wait(struct disk_io *io)
{
	struct disk *d = io->io_disk;

	if (d->d_waiting == NULL && send_piece(io))
		return;
	io->io_next = NULL;
	*d->d_waittail = io;
	d->d_waittail = &io->io_next;
}

/*
 * Starts a transfer; one without data is a flush.  Every address of it must be
 * one of the kernel's that is mapped.
 */
void
disk_submit(struct disk_io *io)
{
	uint64_t flags = intr_disable();

	io->io_moved = 0;
	io->io_error = 0;
	send_or_wait(io);
	if (io->io_disk->d_polled)
		sched_wake_all(&worker_wait);
	intr_restore(flags);
}

/* A piece came back: true if the transfer is over. */
static bool
piece_done(struct disk_io *io)
{
	struct disk *d = io->io_disk;
	bool flushed = io->io_header.h_type == REQUEST_FLUSH;

	/* Of a write that failed any part may have got through. */
	if (io->io_header.h_type == REQUEST_OUT)
		d->d_written++;
	if (*(volatile uint8_t *)&io->io_status != STATUS_OK) {
		io->io_error = RUMP_EIO;
		return true;
	}
	if (flushed)
		d->d_flushed = MAX(d->d_flushed, io->io_covers);
	io->io_moved += io->io_piece;
	if (flushed || (io->io_moved == io->io_len &&
	    !(io->io_sync && disk_needs_flush(d))))
		return true;
	send_or_wait(io);
	return false;
}

/* The next transfer of a disk that is over, or NULL.  Interrupts are off. */
static struct disk_io *
next_done(struct disk *d)
{
	struct disk_io *io, *next, *after;
	uint32_t len;

	if ((io = d->d_failed) != NULL) {
		d->d_failed = io->io_next;
		return io;
	}
	while ((io = virtio_completed(&d->d_queue, &len)) != NULL) {
		d->d_active--;
		while ((next = d->d_waiting) != NULL) {
			after = next->io_next;
			if (!send_piece(next))
				break;
			d->d_waiting = after;
			if (after == NULL)
				d->d_waittail = &d->d_waiting;
		}
		if (piece_done(io))
			return io;
	}
	return NULL;
}

static void *
work(void *arg __unused)
{
	struct disk_io *io;
	uint64_t flags;
	unsigned i;
	bool poll;

	for (;;) {
		flags = intr_disable();
		poll = false;
		for (i = 0, io = NULL; i < ndisks && io == NULL; i++) {
			if (!disks[i]->d_started)
				continue;
			io = next_done(disks[i]);
			poll |= disks[i]->d_polled && disks[i]->d_active > 0;
		}
		if (io == NULL)
			(void)sched_wait(&worker_wait, poll ?
			    clock_ns() + POLL_NS : NO_DEADLINE);
		intr_restore(flags);
		if (io != NULL)
			io->io_done(io);
	}
	return NULL;
}

static void
disk_interrupt(void *arg)
{
	struct disk *d = arg;

	if (d->d_virtio.v_transport->vt_interrupt(&d->d_virtio))
		sched_wake_all(&worker_wait);
}

/* Makes a disk ready for transfers.  May be called again. */
int
disk_start(struct disk *d)
{
	struct virtio *v = &d->d_virtio;
	const struct virtio_transport *vt = v->v_transport;
	int error;

	if (d->d_started)
		return 0;
	if (worker == NULL) {
		worker = thread_new("disk", work, NULL);
		if (worker == NULL)
			return RUMP_ENOMEM;
		worker->t_urgent = true;
		sched_start(worker);
	}
	d->d_polled = vt->vt_establish(v, disk_interrupt, d) != 0;
	error = virtio_start(v, F_SEG_MAX | F_RO | F_FLUSH | F_CONFIG_WCE,
	    &d->d_features);
	if (error == 0)
		error = virtio_queue(v, &d->d_queue, 0, QUEUE_SIZE);
	if (error != 0)
		return error;
	d->d_size = (vt->vt_config(v, CONFIG_CAPACITY) |
	    (uint64_t)vt->vt_config(v, CONFIG_CAPACITY + 4) << 32) *
	    SECTOR_SIZE;
	d->d_segments = SEGMENTS_MAX;
	if (d->d_features & F_SEG_MAX)
		d->d_segments = MIN(d->d_segments,
		    vt->vt_config(v, CONFIG_SEG_MAX));
	d->d_segments = MAX(MIN(d->d_segments, d->d_queue.vq_size - 2), 1);
	d->d_waittail = &d->d_waiting;
	virtio_ready(v);
	d->d_started = true;
	return 0;
}
