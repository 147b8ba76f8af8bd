/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rootfs_data.c: the contents of regular files of the memory root: in memory,
 * or a file of the host's that etfs shows.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <rump/rumpuser.h>
#include "rootfs.h"

#define	SIZE_MOST	(1L << 30)	/* of a file in memory */

int
rootfs_resize(struct rootnode *rn, off_t size)
{
	size_t alloc;
	char *data;

	if (rn->rn_hostfd >= 0)
		return (EPERM);
	if (size < 0)
		return (EINVAL);
	if (size > SIZE_MOST)
		return (EFBIG);
	if ((size_t)size > rn->rn_alloc) {
		alloc = MAX((size_t)size, rn->rn_alloc * 2);
		data = realloc(rn->rn_data, alloc, M_ROOTFS,
		    M_WAITOK | M_CANFAIL);
		if (data == NULL)
			return (ENOSPC);
		rn->rn_data = data;
		rn->rn_alloc = alloc;
	}
	if (size == 0) {
		free(rn->rn_data, M_ROOTFS);
		rn->rn_data = NULL;
		rn->rn_alloc = 0;
	}
	/* What lies between is zero, also after a shrink. */
	if (size > rn->rn_size)
		memset(rn->rn_data + rn->rn_size, 0, size - rn->rn_size);
	rn->rn_size = size;
	return (0);
}

/* The host's file, straight from or to the caller's memory. */
static int
host_rw(struct rootnode *rn, struct uio *uio)
{
	struct rumpuser_iovec riov;
	struct iovec *iov;
	size_t n;
	int error;

	while (uio->uio_resid > 0) {
		iov = uio->uio_iov;
		if (iov->iov_len == 0) {
			uio->uio_iov++;
			uio->uio_iovcnt--;
			continue;
		}
		riov.iov_base = iov->iov_base;
		riov.iov_len = MIN(iov->iov_len, uio->uio_resid);
		if (uio->uio_offset >= rn->rn_size)
			return (uio->uio_rw == UIO_READ ? 0 : EFBIG);
		riov.iov_len = MIN(riov.iov_len,
		    (size_t)(rn->rn_size - uio->uio_offset));
		error = uio->uio_rw == UIO_READ ?
		    rumpuser_iovread(rn->rn_hostfd, &riov, 1,
		    rn->rn_begin + uio->uio_offset, &n) :
		    rumpuser_iovwrite(rn->rn_hostfd, &riov, 1,
		    rn->rn_begin + uio->uio_offset, &n);
		if (error != 0 || n == 0)
			return (error);
		iov->iov_base = (char *)iov->iov_base + n;
		iov->iov_len -= n;
		uio->uio_resid -= n;
		uio->uio_offset += n;
	}
	return (0);
}

int
rootfs_rw(struct rootnode *rn, struct uio *uio, int ioflag)
{
	off_t end;
	int error, n;

	if (uio->uio_offset < 0)
		return (EINVAL);
	if (uio->uio_rw == UIO_WRITE && (ioflag & IO_APPEND))
		uio->uio_offset = rn->rn_size;
	if (rn->rn_hostfd >= 0)
		return (uio->uio_rw == UIO_WRITE && rn->rn_rdonly ? EROFS :
		    host_rw(rn, uio));
	if (uio->uio_rw == UIO_READ) {
		if (uio->uio_offset >= rn->rn_size)
			return (0);
		n = (int)MIN((off_t)uio->uio_resid,
		    rn->rn_size - uio->uio_offset);
		return (uiomove(rn->rn_data + uio->uio_offset, n, uio));
	}
	if (uio->uio_resid > SIZE_MOST || uio->uio_offset > SIZE_MOST)
		return (EFBIG);
	end = uio->uio_offset + (off_t)uio->uio_resid;
	if (end > rn->rn_size && (error = rootfs_resize(rn, end)) != 0)
		return (error);
	nanotime(&rn->rn_time);
	return (uiomove(rn->rn_data + uio->uio_offset, (int)uio->uio_resid,
	    uio));
}
