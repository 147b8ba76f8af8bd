/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uio.h: a transfer: where to, from where in the file, how much is left.
 */
#ifndef _SYS_UIO_H_
#define	_SYS_UIO_H_

struct iovec {
	void *iov_base;
	size_t iov_len;
};

enum uio_rw { UIO_READ, UIO_WRITE };
enum uio_seg { UIO_USERSPACE, UIO_SYSSPACE };

struct uio {
	struct iovec *uio_iov;
	int uio_iovcnt;
	off_t uio_offset;
	size_t uio_resid;
	enum uio_seg uio_segflg;
	enum uio_rw uio_rw;
	struct proc *uio_procp;
};
#define	UIO_MAXIOV	1024
#define	UIO_SMALLIOV	8

/* Moves up to n bytes between cp and the transfer; uio_resid bytes at most. */
int	uiomove(void *cp, int n, struct uio *);

#endif /* _SYS_UIO_H_ */
