/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_bufmem.c: the memory of buffers.
 *
 * A buffer's memory is a piece of a cluster, which the buffers of neighbouring
 * blocks share: they are read into it in one transfer, and written from it in
 * one.  A cluster is freed with the last buffer in it.
 *
 * The host's memory is dear when it is touched for the first time: under a
 * hypervisor much dearer than the copy into it.  So those of the largest size are
 * kept, until nothing is to be written any more, as long as they and the buffers
 * have not much more than the cache may have; and where they are large, they are
 * mappings, which a host may bring in at one go.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/malloc.h>
#include <sys/vnode.h>
#include <rump/rumpuser.h>
#include "vfs_buf.h"

/*
 * Drivers parse what is on the disk and may look a little past the end of a
 * damaged record.  The slack behind a cluster's data makes that harmless; it is
 * zero, so that it says nothing.
 */
#define	SLACK	1024

struct bufcluster {
	int bc_refs;			/* buffers in it; virtual CPU */
	int bc_mapped;
	size_t bc_size;
	size_t bc_used;			/* handed out; the rest is free */
	struct bufcluster *bc_next;
	char bc_data[] __aligned(16);
};

#define	MAPPED_LEAST	((size_t)1 << 20)
#define	CLUSTER_BYTES(size)	(sizeof(struct bufcluster) + (size) + SLACK)

size_t bufmem;

/*
 * Kept clusters are linked through bc_next; they do not count in bufmem, which may
 * be a little beyond its limit just when most of them come and go.
 */
#define	KEPT_MOST	(bufmem_limit + bufmem_limit / 4)
static struct bufcluster *spares;
static size_t nspares;

/* A mapping for a cluster; NULL if it had better be malloc's. */
static struct bufcluster *
cluster_map(size_t size)
{
#ifdef RUMP_MALLOC_DIRECT
	(void)size;
	return (NULL);
#else
	void *p;

	if (size < MAPPED_LEAST ||
	    rumpuser_anonmmap(NULL, CLUSTER_BYTES(size), 0, 0, &p) != 0)
		return (NULL);
	((struct bufcluster *)p)->bc_mapped = 1;
	return (p);
#endif
}

static void
cluster_free(struct bufcluster *bc)
{

	if (bc->bc_mapped)
		rumpuser_unmap(bc, CLUSTER_BYTES(bc->bc_size));
	else
		free(bc, M_BUF);
}

static struct bufcluster *
spare_take(void)
{
	struct bufcluster *bc = spares;

	spares = bc->bc_next;
	nspares--;
	return (bc);
}

/* Gives back what no longer fits beside bytes more that buffers have. */
static void
spares_trim(size_t bytes)
{

	while (nspares != 0 &&
	    bufmem + bytes + nspares * buf_transfer > KEPT_MOST)
		cluster_free(spare_take());
}

struct bufcluster *
bufcluster_alloc(size_t size)
{
	struct bufcluster *bc;

	if (size == buf_transfer && nspares != 0) {
		bc = spare_take();
	} else {
		spares_trim(size);
		if ((bc = cluster_map(size)) == NULL) {
			bc = malloc(CLUSTER_BYTES(size), M_BUF, M_WAITOK);
			bc->bc_mapped = 0;
		}
		memset(bc->bc_data + size, 0, SLACK);
	}
	bc->bc_refs = 0;
	bc->bc_size = size;
	bc->bc_used = 0;
	bufmem += size;
	return (bc);
}

void
bufcluster_attach(struct bufcluster *bc, struct buf *bp, size_t off, int size)
{

	bc->bc_refs++;
	bc->bc_used = MAX(bc->bc_used, off + size);
	bp->b_cluster = bc;
	bp->b_data = bc->bc_data + off;
	bp->b_bufsize = bp->b_bcount = size;
}

/* A buffer that stands for several others has their memory, too. */
void
bufcluster_share(struct bufcluster *bc, struct buf *bp)
{

	bc->bc_refs++;
	bp->b_cluster = bc;
}

/* Is bp the last that fits into a cluster as large as they get for its file? */
int
bufcluster_isfull(struct buf *bp)
{
	struct bufcluster *bc = bp->b_cluster;

	return (bc->bc_size >= MAXBSIZE &&
	    bp->b_data + bp->b_bufsize == bc->bc_data + bc->bc_size);
}

void
buf_freemem(struct buf *bp)
{
	struct bufcluster *bc = bp->b_cluster;

	bp->b_cluster = NULL;
	bp->b_data = NULL;
	bp->b_bufsize = bp->b_bcount = 0;
	if (bc == NULL || --bc->bc_refs != 0)
		return;
	bufmem -= bc->bc_size;
	if (bc->bc_size == buf_transfer &&
	    bufmem + (nspares + 1) * buf_transfer <= KEPT_MOST) {
		bc->bc_next = spares;
		spares = bc;
		nspares++;
	} else {
		cluster_free(bc);
	}
}

/* Gives back what is kept; tells how many bytes that were. */
size_t
bufmem_freespares(void)
{
	size_t freed = nspares * buf_transfer;

	while (nspares != 0)
		cluster_free(spare_take());
	return (freed);
}

/* Is bp the last buffer in its cluster, and are there size bytes behind it? */
static int
has_room(struct buf *bp, size_t size)
{
	struct bufcluster *bc = bp->b_cluster;

	return (bc != NULL &&
	    bp->b_data + bp->b_bufsize == bc->bc_data + bc->bc_used &&
	    size <= bc->bc_size - bc->bc_used);
}

/*
 * Memory for a new buffer of the block behind prev's, so that both can be written
 * in one transfer.  When prev's cluster is full, the next is twice as large: a
 * file that grows gets few large ones, a small one wastes little.
 */
void
buf_allocbehind(struct buf *bp, struct buf *prev, int size)
{
	struct bufcluster *bc = prev->b_cluster;
	size_t want;

	if (bc == NULL || prev->b_bufsize != size) {
		(void)allocbuf(bp, size);
	} else if (has_room(prev, size)) {
		bufcluster_attach(bc, bp, bc->bc_used, size);
	} else if (prev->b_data + size == bc->bc_data + bc->bc_size) {
		want = MIN(2 * bc->bc_size, buf_transfer);
		bufcluster_attach(bufcluster_alloc(MAX(want, (size_t)size)), bp,
		    0, size);
	} else {
		(void)allocbuf(bp, size);
	}
}

/*
 * Gives a busy buffer size bytes.  What it had stays as far as it fits; valid
 * contents that grow are no longer the whole block, and are read again.
 */
int
allocbuf(struct buf *bp, int size)
{
	int before = (int)bp->b_bcount;
	struct buf old;
	size_t more;

	if (size > bp->b_bcount && (bp->b_flags & B_DELWRI) == 0)
		bp->b_flags &= ~B_DONE;
	if (size > bp->b_bufsize) {
		more = size - bp->b_bufsize;
		if (bp->b_flags & B_DELWRI)
			bufdirty += more;
		if (has_room(bp, more)) {
			bp->b_cluster->bc_used += more;
			bp->b_bufsize = size;
		} else {
			old = *bp;
			bufcluster_attach(bufcluster_alloc(size), bp, 0, size);
			if (old.b_cluster != NULL) {
				memcpy(bp->b_data, old.b_data, old.b_bcount);
				buf_freemem(&old);
			}
		}
	}
	/* A new buffer is filled by whoever wanted it. */
	if (before > 0 && size > before)
		memset(bp->b_data + before, 0, size - before);
	bp->b_bcount = size;
	return (0);
}
