/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tmpfs_data.c: the contents of regular files: in memory, or a file of the
 * host's that etfs shows.
 *
 * A file starts as one piece that doubles (tn_small) and goes over to chunks of
 * 64 KiB (tn_index), found in two steps; a chunk that is missing is a hole.
 * What lies behind the end of the file is undefined and becomes zero when the
 * end moves beyond it, so that nothing is cleared that is overwritten; no chunk
 * lies wholly behind the end.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <rump/rumpuser.h>
#include "tmpfs.h"

#define	CHUNK		TMPFS_CHUNK
#define	SMALL_MOST	((size_t)32 * 1024 - 16)
#define	TABLE		254		/* chunks; fills a block of malloc's */
#define	SIZE_MOST	((off_t)1 << 44)

static char *
chunk_at(const struct tmpfs_node *tn, size_t i)
{
	size_t t = i / TABLE;

	return (t >= tn->tn_nindex || tn->tn_index[t] == NULL ? NULL :
	    tn->tn_index[t][i % TABLE]);
}

static int
index_grow(struct tmpfs_node *tn, size_t need)
{
	size_t n = MAX(need, tn->tn_nindex * 2);
	char ***index;

	index = malloc(n * sizeof(*index), M_ROOTFS,
	    M_WAITOK | M_CANFAIL | M_ZERO);
	if (index == NULL)
		return (ENOSPC);
	if (tn->tn_nindex != 0)
		memcpy(index, tn->tn_index, tn->tn_nindex * sizeof(*index));
	free(tn->tn_index, M_ROOTFS);
	tn->tn_index = index;
	tn->tn_nindex = n;
	return (0);
}

/* Enters a chunk where none is. */
static int
chunk_set(struct tmpfs_node *tn, size_t i, char *chunk)
{
	size_t t = i / TABLE;

	if (t >= tn->tn_nindex && index_grow(tn, t + 1) != 0)
		return (ENOSPC);
	if (tn->tn_index[t] == NULL) {
		tn->tn_index[t] = malloc(TABLE * sizeof(char *), M_ROOTFS,
		    M_WAITOK | M_CANFAIL | M_ZERO);
		if (tn->tn_index[t] == NULL)
			return (ENOSPC);
	}
	tn->tn_index[t][i % TABLE] = chunk;
	tn->tn_nchunks++;
	return (0);
}

static void
chunk_drop(struct tmpfs_node *tn, size_t i)
{
	char **slot = &tn->tn_index[i / TABLE][i % TABLE];

	tmpfs_chunk_put(*slot);
	*slot = NULL;
	tn->tn_nchunks--;
}

/*
 * Bytes that count for the file if it had nchunks chunks and were size long: the
 * last chunk, if hastail, counts as far as the file goes, in pages.
 */
static size_t
chunk_bytes(size_t nchunks, off_t size, int hastail)
{
	size_t tail = (size_t)size % CHUNK;

	return (nchunks * CHUNK - (hastail && tail != 0 ?
	    CHUNK - roundup(tail, PAGE_SIZE) : 0));
}

static int
recharge(struct tmpfs_node *tn, size_t bytes)
{

	if (bytes > tn->tn_charged &&
	    tmpfs_charge(tn->tn_mount, bytes - tn->tn_charged) != 0)
		return (ENOSPC);
	if (bytes < tn->tn_charged)
		tmpfs_uncharge(tn->tn_mount, tn->tn_charged - bytes);
	tn->tn_charged = bytes;
	return (0);
}

static void
recharge_chunks(struct tmpfs_node *tn)
{

	/* It never needs more than it had while it was longer. */
	(void)recharge(tn, chunk_bytes(tn->tn_nchunks, tn->tn_size,
	    tn->tn_size != 0 &&
	    chunk_at(tn, (size_t)(tn->tn_size - 1) / CHUNK) != NULL));
}

/*
 * The chunk that [off, end), which lies in it, is written to; a new one is zero
 * where the file shows it and the write does not reach.
 */
static int
chunk_for_write(struct tmpfs_node *tn, off_t off, off_t end, char **chunkp,
    int *isnew)
{
	size_t i = (size_t)off / CHUNK;
	off_t start = (off_t)(i * CHUNK), size = MAX(tn->tn_size, end), shown;
	size_t tail = (size_t)(size - 1) / CHUNK;
	char *chunk = chunk_at(tn, i);

	*isnew = chunk == NULL;
	if (!*isnew && size == tn->tn_size) {
		*chunkp = chunk;
		return (0);
	}
	if (recharge(tn, chunk_bytes(tn->tn_nchunks + *isnew, size,
	    tail == i || chunk_at(tn, tail) != NULL)) != 0)
		return (ENOSPC);
	if (*isnew) {
		if ((chunk = tmpfs_chunk_get()) == NULL ||
		    chunk_set(tn, i, chunk) != 0) {
			if (chunk != NULL)
				tmpfs_chunk_put(chunk);
			recharge_chunks(tn);
			return (ENOSPC);
		}
		memset(chunk, 0, (size_t)(off - start));
		shown = MIN(tn->tn_size, start + (off_t)CHUNK);
		if (shown > end)
			memset(chunk + (end - start), 0,
			    (size_t)(shown - end));
	}
	*chunkp = chunk;
	return (0);
}

/* The end moves from tn_size to at least size: clears what comes to light. */
static void
clear_tail(struct tmpfs_node *tn, off_t size)
{
	size_t from = (size_t)tn->tn_size % CHUNK, to = CHUNK;
	char *chunk;

	if (size <= tn->tn_size)
		return;
	if (tn->tn_small != NULL) {
		memset(tn->tn_small + tn->tn_size, 0,
		    MIN((size_t)size, tn->tn_smallsize) - (size_t)tn->tn_size);
		return;
	}
	chunk = chunk_at(tn, (size_t)tn->tn_size / CHUNK);
	if (chunk == NULL)
		return;
	if ((size_t)size / CHUNK == (size_t)tn->tn_size / CHUNK)
		to = (size_t)size % CHUNK;
	memset(chunk + from, 0, to - from);
}

/* Sizes that malloc() gives away nothing with; its header has 16 bytes. */
static size_t
small_size(size_t len)
{
	size_t size = 512;

	while (size - 16 < len)
		size *= 2;
	return (size - 16);
}

static int
small_grow(struct tmpfs_node *tn, size_t len)
{
	size_t size = small_size(len), old = tn->tn_charged;
	char *p;

	if (len <= tn->tn_smallsize)
		return (0);
	if (recharge(tn, roundup(size, 512)) != 0)
		return (ENOSPC);
	if ((p = malloc(size, M_ROOTFS, M_WAITOK | M_CANFAIL)) == NULL) {
		(void)recharge(tn, old);
		return (ENOSPC);
	}
	if (tn->tn_small != NULL)
		memcpy(p, tn->tn_small, (size_t)tn->tn_size);
	free(tn->tn_small, M_ROOTFS);
	tn->tn_small = p;
	tn->tn_smallsize = size;
	return (0);
}

static void
small_free(struct tmpfs_node *tn)
{

	free(tn->tn_small, M_ROOTFS);
	tn->tn_small = NULL;
	tn->tn_smallsize = 0;
}

/* From one piece to chunks. */
static int
small_leave(struct tmpfs_node *tn)
{
	size_t size = (size_t)tn->tn_size;
	char *chunk;

	if (size == 0) {
		small_free(tn);
		return (recharge(tn, 0));
	}
	if ((chunk = tmpfs_chunk_get()) == NULL)
		return (ENOSPC);
	if (recharge(tn, chunk_bytes(1, tn->tn_size, 1)) != 0 ||
	    chunk_set(tn, 0, chunk) != 0) {
		tmpfs_chunk_put(chunk);
		(void)recharge(tn, roundup(tn->tn_smallsize, 512));
		return (ENOSPC);
	}
	memcpy(chunk, tn->tn_small, size);
	small_free(tn);
	return (0);
}

/* Can a file that ends at size be in one piece? */
static int
is_small(const struct tmpfs_node *tn, off_t size)
{

	return (tn->tn_index == NULL && size <= (off_t)SMALL_MOST &&
	    (tn->tn_small != NULL || tn->tn_size == 0));
}

static void
free_chunks(struct tmpfs_node *tn, size_t from)
{
	size_t t, i;

	for (t = from / TABLE; t < tn->tn_nindex; t++) {
		if (tn->tn_index[t] == NULL)
			continue;
		for (i = MAX(from, t * TABLE); i < (t + 1) * TABLE; i++)
			if (tn->tn_index[t][i % TABLE] != NULL)
				chunk_drop(tn, i);
		if (from <= t * TABLE) {
			free(tn->tn_index[t], M_ROOTFS);
			tn->tn_index[t] = NULL;
		}
	}
	if (from == 0) {
		free(tn->tn_index, M_ROOTFS);
		tn->tn_index = NULL;
		tn->tn_nindex = 0;
	}
}

int
tmpfs_resize(struct tmpfs_node *tn, off_t size)
{
	int error = 0;

	if (tn->tn_host != NULL)
		return (EPERM);
	if (size < 0)
		return (EINVAL);
	if (size > SIZE_MOST)
		return (EFBIG);
	if (size > tn->tn_size) {
		if (tn->tn_small != NULL && !is_small(tn, size))
			error = small_leave(tn);
		else if (tn->tn_small != NULL)
			error = small_grow(tn, (size_t)size);
		if (error != 0)
			return (error);
		/* The chunk at the end has to count as far as it shows. */
		if (tn->tn_small == NULL && tn->tn_size % CHUNK != 0 &&
		    chunk_at(tn, (size_t)tn->tn_size / CHUNK) != NULL &&
		    (error = recharge(tn, chunk_bytes(tn->tn_nchunks,
		    MIN(size, roundup(tn->tn_size, (off_t)CHUNK)), 1))) != 0)
			return (error);
		clear_tail(tn, size);
		tn->tn_size = size;
		return (0);
	}
	tn->tn_size = size;
	if (tn->tn_small == NULL) {
		free_chunks(tn, howmany((size_t)size, CHUNK));
		recharge_chunks(tn);
	} else if (size == 0) {
		small_free(tn);
		(void)recharge(tn, 0);
	}
	return (0);
}

static int
write_chunks(struct tmpfs_node *tn, struct uio *uio)
{
	off_t off, end;
	char *chunk;
	int error = 0, isnew;

	while (error == 0 && uio->uio_resid > 0) {
		off = uio->uio_offset;
		end = MIN(off + (off_t)uio->uio_resid,
		    (off_t)roundup((size_t)off + 1, CHUNK));
		error = chunk_for_write(tn, off, end, &chunk, &isnew);
		/* What is left may be enough for a part. */
		while (error != 0 && (end = rounddown(end - 1,
		    (off_t)PAGE_SIZE)) > off)
			error = chunk_for_write(tn, off, end, &chunk, &isnew);
		if (error != 0)
			break;
		error = uiomove(chunk + (size_t)off % CHUNK, (int)(end - off),
		    uio);
		if (uio->uio_offset > off)
			tn->tn_size = MAX(tn->tn_size, uio->uio_offset);
		if (error != 0 && isnew) {
			/* What did not come must not show what was there. */
			if (uio->uio_offset == off)
				chunk_drop(tn, (size_t)off / CHUNK);
			else
				memset(chunk + (size_t)uio->uio_offset % CHUNK,
				    0, (size_t)(end - uio->uio_offset));
		}
		if (error != 0)
			recharge_chunks(tn);
	}
	return (error);
}

/* Writes from uio_offset on; what fitted stays when space ends. */
int
tmpfs_write_file(struct tmpfs_node *tn, struct uio *uio)
{
	off_t end;
	int error;

	if (uio->uio_resid > (size_t)SIZE_MOST || uio->uio_offset > SIZE_MOST ||
	    (end = uio->uio_offset + (off_t)uio->uio_resid) > SIZE_MOST)
		return (EFBIG);
	if (is_small(tn, end)) {
		if ((error = small_grow(tn, (size_t)end)) != 0)
			return (error);
		clear_tail(tn, uio->uio_offset);
		error = uiomove(tn->tn_small + uio->uio_offset,
		    (int)uio->uio_resid, uio);
		tn->tn_size = MAX(tn->tn_size, uio->uio_offset);
		return (error);
	}
	if (tn->tn_small != NULL && (error = small_leave(tn)) != 0)
		return (error);
	clear_tail(tn, uio->uio_offset);
	return (write_chunks(tn, uio));
}

/* n zeroes; what a hole reads as. */
static int
move_zeroes(size_t n, struct uio *uio)
{
	static char zeroes[PAGE_SIZE];
	size_t part;
	int error = 0;

	for (; error == 0 && n > 0; n -= part) {
		part = MIN(n, sizeof(zeroes));
		error = uiomove(zeroes, (int)part, uio);
	}
	return (error);
}

int
tmpfs_read_file(struct tmpfs_node *tn, struct uio *uio)
{
	off_t off;
	size_t n;
	char *from;
	int error = 0;

	while (error == 0 && uio->uio_resid > 0 &&
	    (off = uio->uio_offset) < tn->tn_size) {
		n = (size_t)MIN((off_t)uio->uio_resid, tn->tn_size - off);
		if (tn->tn_small != NULL) {
			from = tn->tn_small + off;
		} else {
			n = MIN(n, CHUNK - (size_t)off % CHUNK);
			from = chunk_at(tn, (size_t)off / CHUNK);
			if (from != NULL)
				from += (size_t)off % CHUNK;
		}
		error = from != NULL ? uiomove(from, (int)n, uio) :
		    move_zeroes(n, uio);
	}
	return (error);
}

/* The host's file, straight from or to the caller's memory. */
int
tmpfs_host_rw(struct tmpfs_node *tn, struct uio *uio)
{
	struct tmpfs_host *th = tn->tn_host;
	struct rumpuser_iovec riov;
	struct iovec *iov;
	size_t n;
	int error;

	if (uio->uio_rw == UIO_WRITE && th->th_rdonly)
		return (EROFS);
	while (uio->uio_resid > 0) {
		iov = uio->uio_iov;
		if (iov->iov_len == 0) {
			uio->uio_iov++;
			uio->uio_iovcnt--;
			continue;
		}
		if (uio->uio_offset >= tn->tn_size)
			return (uio->uio_rw == UIO_READ ? 0 : EFBIG);
		riov.iov_base = iov->iov_base;
		riov.iov_len = MIN(MIN(iov->iov_len, uio->uio_resid),
		    (size_t)(tn->tn_size - uio->uio_offset));
		error = uio->uio_rw == UIO_READ ?
		    rumpuser_iovread(th->th_fd, &riov, 1,
		    th->th_begin + uio->uio_offset, &n) :
		    rumpuser_iovwrite(th->th_fd, &riov, 1,
		    th->th_begin + uio->uio_offset, &n);
		if (error != 0 || n == 0)
			return (error);
		iov->iov_base = (char *)iov->iov_base + n;
		iov->iov_len -= n;
		uio->uio_resid -= n;
		uio->uio_offset += n;
	}
	return (0);
}
