/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * files.c: files and block devices of the host.
 */
#include "rumpuser_int.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* What a file descriptor is, by its number: kept to close it, and for bio.c. */
#define	FILES_MAX	65536
#define	FILE_CLOSED	0
#define	FILE_REGULAR	1
#define	FILE_OTHER	2
static _Atomic unsigned char files[FILES_MAX];

_Static_assert(sizeof(struct rumpuser_iovec) == sizeof(struct iovec) &&
    offsetof(struct rumpuser_iovec, iov_len) == offsetof(struct iovec, iov_len),
    "the kernel's iovec is the host's");

static int
file_type(mode_t mode)
{

	if (S_ISREG(mode))
		return RUMPUSER_FT_REG;
	if (S_ISDIR(mode))
		return RUMPUSER_FT_DIR;
	if (S_ISBLK(mode))
		return RUMPUSER_FT_BLK;
	if (S_ISCHR(mode))
		return RUMPUSER_FT_CHR;
	return RUMPUSER_FT_OTHER;
}

static int
block_device_size(const char *name, uint64_t *size)
{
	int error = 0, fd;

	if ((fd = open(name, O_RDONLY | O_CLOEXEC)) == -1)
		return rumpuser__errno();
	if (ioctl(fd, BLKGETSIZE64, size) == -1)
		error = rumpuser__errno();
	(void)close(fd);
	return error;
}

int
rumpuser_getfileinfo(const char *name, uint64_t *size, int *ft)
{
	struct stat st;
	uint64_t bytes;
	int error;

	if (stat(name, &st) == -1)
		return rumpuser__errno();
	bytes = (uint64_t)st.st_size;
	if (size != NULL && S_ISBLK(st.st_mode) &&
	    (error = block_device_size(name, &bytes)) != 0)
		return error;
	if (size != NULL)
		*size = bytes;
	if (ft != NULL)
		*ft = file_type(st.st_mode);
	return 0;
}

static int
open_flags(int mode)
{
	int flags = O_CLOEXEC;

	switch (mode & RUMPUSER_OPEN_ACCMODE) {
	case RUMPUSER_OPEN_RDONLY:
		flags |= O_RDONLY;
		break;
	case RUMPUSER_OPEN_WRONLY:
		flags |= O_WRONLY;
		break;
	case RUMPUSER_OPEN_RDWR:
		flags |= O_RDWR;
		break;
	default:
		return -1;
	}
	if (mode & RUMPUSER_OPEN_CREATE)
		flags |= O_CREAT;
	if (mode & RUMPUSER_OPEN_EXCL)
		flags |= O_EXCL;
	return flags;
}

static int
open_check(int fd, int mode)
{
	struct stat st;
	int type;

	if (fd >= FILES_MAX)
		return RUMP_EMFILE;
	if (fstat(fd, &st) == -1)
		return rumpuser__errno();
	type = file_type(st.st_mode);
	if ((mode & RUMPUSER_OPEN_BIO) == 0 &&
	    (type == RUMPUSER_FT_BLK || type == RUMPUSER_FT_CHR))
		return RUMP_EINVAL;
	atomic_store(&files[fd], type == RUMPUSER_FT_REG ? FILE_REGULAR :
	    FILE_OTHER);
	return 0;
}

int
rumpuser_open(const char *name, int mode, int *fdp)
{
	int error, fd, flags = open_flags(mode), nlocks;

	if (flags == -1)
		return RUMP_EINVAL;
	rumpuser__unschedule(&nlocks, NULL);
	fd = open(name, flags, 0644);
	error = fd == -1 ? rumpuser__errno() : open_check(fd, mode);
	rumpuser__schedule(nlocks, NULL);
	if (error != 0) {
		if (fd != -1)
			(void)close(fd);
		return error;
	}
	*fdp = fd;
	return 0;
}

static int
file_is_open(int fd)
{

	return fd >= 0 && fd < FILES_MAX && files[fd] != FILE_CLOSED;
}

int
rumpuser_close(int fd)
{
	int error = 0, nlocks;

	if (!file_is_open(fd))
		return RUMP_EBADF;
	rumpuser__unschedule(&nlocks, NULL);
	atomic_store(&files[fd], FILE_CLOSED);
	if (close(fd) == -1 && errno != EINTR)
		error = rumpuser__errno();
	rumpuser__schedule(nlocks, NULL);
	return error;
}

int
rumpuser__file_is_regular(int fd)
{

	return fd >= 0 && fd < FILES_MAX && files[fd] == FILE_REGULAR;
}

int
rumpuser__files_count(void)
{
	int count = 0, fd;

	for (fd = 0; fd < FILES_MAX; fd++)
		count += file_is_open(fd);
	return count;
}

void
rumpuser__files_close_all(void)
{
	int fd;

	for (fd = 0; fd < FILES_MAX; fd++) {
		if (file_is_open(fd)) {
			atomic_store(&files[fd], FILE_CLOSED);
			(void)close(fd);
		}
	}
}

int
rumpuser_iovread(int fd, struct rumpuser_iovec *iov, size_t iovlen,
    int64_t off, size_t *done)
{
	const struct iovec *hostiov = (const struct iovec *)(void *)iov;
	ssize_t n;
	int error, nlocks;

	rumpuser__unschedule(&nlocks, NULL);
	if (off == RUMPUSER_IOV_NOSEEK)
		n = readv(fd, hostiov, (int)iovlen);
	else
		n = preadv(fd, hostiov, (int)iovlen, off);
	error = n == -1 ? rumpuser__errno() : 0;
	rumpuser__schedule(nlocks, NULL);
	if (error == 0)
		*done = (size_t)n;
	return error;
}

int
rumpuser_iovwrite(int fd, const struct rumpuser_iovec *iov, size_t iovlen,
    int64_t off, size_t *done)
{
	const struct iovec *hostiov = (const struct iovec *)(const void *)iov;
	ssize_t n;
	int error, nlocks;

	rumpuser__unschedule(&nlocks, NULL);
	if (off == RUMPUSER_IOV_NOSEEK)
		n = writev(fd, hostiov, (int)iovlen);
	else
		n = pwritev(fd, hostiov, (int)iovlen, off);
	error = n == -1 ? rumpuser__errno() : 0;
	rumpuser__schedule(nlocks, NULL);
	if (error == 0)
		*done = (size_t)n;
	return error;
}

/*
 * Linux has no call that only orders writes, so that a barrier is a flush.  A
 * flush always waits, and is always of the whole file with its metadata.
 */
int
rumpuser_syncfd(int fd, int flags, uint64_t start, uint64_t len)
{
	int error = 0, nlocks;

	if ((flags & RUMPUSER_SYNCFD_BOTH) == 0)
		return RUMP_EINVAL;
	rumpuser__unschedule(&nlocks, NULL);
	if ((flags & RUMPUSER_SYNCFD_WRITE) && fdatasync(fd) == -1)
		error = rumpuser__errno();
	if (error == 0 && (flags & RUMPUSER_SYNCFD_READ))
		error = rumpglue_errno_from_linux(posix_fadvise(fd,
		    (off_t)start, (off_t)len, POSIX_FADV_DONTNEED));
	rumpuser__schedule(nlocks, NULL);
	return error;
}
