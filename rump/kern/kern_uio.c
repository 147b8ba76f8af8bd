/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_uio.c: moving bytes: uiomove(9) and copy(9).
 *
 * Caller and kernel share an address space.  What runs foreign programs checks
 * their pointers before it calls; here only NULL is refused.
 */
#include <sys/param.h>
#include <sys/systm.h>

int
uiomove(void *cp, int n, struct uio *uio)
{
	struct iovec *iov;
	size_t len, left = n;

	KASSERT(n >= 0);
	while (left > 0 && uio->uio_resid > 0) {
		iov = uio->uio_iov;
		len = MIN(iov->iov_len, left);
		len = MIN(len, uio->uio_resid);
		if (len == 0) {
			KASSERT(uio->uio_iovcnt > 1);
			uio->uio_iov++;
			uio->uio_iovcnt--;
			continue;
		}
		if (iov->iov_base == NULL)
			return (EFAULT);
		if (uio->uio_rw == UIO_READ)
			memcpy(iov->iov_base, cp, len);
		else
			memcpy(cp, iov->iov_base, len);
		iov->iov_base = (char *)iov->iov_base + len;
		iov->iov_len -= len;
		uio->uio_resid -= len;
		uio->uio_offset += len;
		cp = (char *)cp + len;
		left -= len;
	}
	return (0);
}

int
copyin(const void *from, void *to, size_t len)
{

	if (from == NULL)
		return (EFAULT);
	memcpy(to, from, len);
	return (0);
}

int
copyout(const void *from, void *to, size_t len)
{

	if (to == NULL)
		return (EFAULT);
	memcpy(to, from, len);
	return (0);
}

int
copystr(const void *from, void *to, size_t len, size_t *done)
{
	const char *s = from;
	char *d = to;
	size_t i;

	for (i = 0; i < len; i++) {
		if ((d[i] = s[i]) == '\0') {
			if (done != NULL)
				*done = i + 1;
			return (0);
		}
	}
	if (done != NULL)
		*done = len;
	return (ENAMETOOLONG);
}

int
copyinstr(const void *from, void *to, size_t len, size_t *done)
{

	return (from == NULL ? EFAULT : copystr(from, to, len, done));
}

int
copyoutstr(const void *from, void *to, size_t len, size_t *done)
{

	return (to == NULL ? EFAULT : copystr(from, to, len, done));
}
