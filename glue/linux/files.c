/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * files.c: moving bytes: read, write and their vector and position forms, lseek.
 *
 * A large transfer goes in chunks, each checked just before it is moved: so a
 * buffer that ends in unmapped memory gives a short count, as on Linux, and a
 * large demand-zero buffer is not made present for a short file.
 */
#include "linux.h"
#include "file.h"

#define	LINUX_CHUNK	(1024UL * 1024)
#define	LINUX_OFF_BAD	(-2)	/* a negative position, refused */

/* Named pipes, sockets and the like: what there is comes in one call. */
static int
linux_file_is_stream(const struct linux_file *f)
{

	return f->f_rumpfd != -1 && !f->f_regular && f->f_dir == NULL;
}

/* One buffer.  off is a position or LINUX_OFF_OWN; iswrite is the direction. */
static long
linux_move(struct linux_file *f, uint64_t addr, size_t len, int64_t off,
    int iswrite)
{
	size_t chunk, done = 0;
	long n;

	if (len > LINUX_RW_MAX)
		len = LINUX_RW_MAX;
	do {
		chunk = len - done < LINUX_CHUNK ? len - done : LINUX_CHUNK;
		n = linux_user_check(addr + done, chunk,
		    iswrite ? HOST_PROT_READ : HOST_PROT_WRITE);
		if (n == 0 && iswrite)
			n = f->f_ops->fo_write(f, (const void *)(addr + done),
			    chunk, off);
		else if (n == 0)
			n = f->f_ops->fo_read(f, (void *)(addr + done), chunk,
			    off);
		if (n < 0)
			return done != 0 ? (long)done : n;
		done += (size_t)n;
		if (off != LINUX_OFF_OWN)
			off += n;
		/* Of a stream what there is, and never a wait for more. */
		if (!iswrite && linux_file_is_stream(f))
			break;
	} while ((size_t)n == chunk && done < len);
	return (long)done;
}

/* The file of fd if it can be read (written) at all. */
static long
linux_file_for(int fd, int iswrite, struct linux_file **fp)
{
	struct linux_file *f;
	int access;

	if ((f = linux_file_get(fd)) == NULL)
		return -LINUX_EBADF;
	access = f->f_flags & LINUX_O_ACCMODE;
	if ((f->f_flags & LINUX_O_PATH) || access == (iswrite ? 0 : 1)) {
		linux_file_put(f);
		return -LINUX_EBADF;
	}
	*fp = f;
	return 0;
}

/* Positions: only for what can seek. */
static long
linux_position_check(const struct linux_file *f, int64_t off)
{

	if (off == LINUX_OFF_OWN)
		return 0;
	if (f->f_ops->fo_seek == NULL)
		return -LINUX_ESPIPE;
	return off < 0 ? -LINUX_EINVAL : 0;
}

static long
linux_move_one(struct linux_call *lc, int64_t off, int iswrite)
{
	struct linux_file *f;
	long result;

	result = linux_file_for((int)lc->lc_arg[0], iswrite, &f);
	if (result != 0)
		return result;
	result = linux_position_check(f, off);
	if (result == 0)
		result = linux_move(f, lc->lc_arg[1], lc->lc_arg[2], off,
		    iswrite);
	if (iswrite && result == -LINUX_EPIPE)
		linux_pipe_broken(f);
	linux_file_put(f);
	return result;
}

_Static_assert(sizeof(struct linux_iovec) == sizeof(struct rump_iovec),
    "an iovec is the same on both sides");

/*
 * All buffers in one call of the kernel's: who asked for more than there is would
 * wait for the rest, and pieces of a small write could be mixed with others.
 */
static long
linux_move_stream(struct linux_file *f, const struct linux_iovec *iov,
    uint64_t count, int iswrite)
{
	const struct rump_iovec *riov = (const void *)iov;
	long error;
	uint64_t i;

	for (i = 0; i < count; i++) {
		error = linux_user_check(iov[i].iov_base, iov[i].iov_len,
		    iswrite ? HOST_PROT_READ : HOST_PROT_WRITE);
		if (error != 0)
			return error;
	}
	if (count == 0)
		return 0;
	return linux_result(iswrite ?
	    rump_sys_writev(f->f_rumpfd, riov, (int)count) :
	    rump_sys_readv(f->f_rumpfd, riov, (int)count));
}

long
linux_move_vector(struct linux_call *lc, int64_t off, int iswrite)
{
	const struct linux_iovec *iov = (const void *)lc->lc_arg[1];
	uint64_t count = lc->lc_arg[2];
	struct linux_file *f;
	long done = 0, result;
	uint64_t i;

	result = linux_file_for((int)lc->lc_arg[0], iswrite, &f);
	if (result != 0)
		return result;
	if (count > LINUX_IOV_MAX)
		result = -LINUX_EINVAL;
	else if ((result = linux_position_check(f, off)) == 0)
		result = linux_user_check(lc->lc_arg[1],
		    count * sizeof(*iov), HOST_PROT_READ);
	for (i = 0; i < count && result == 0; i++) {
		if (iov[i].iov_len > LINUX_RW_MAX)
			result = -LINUX_EINVAL;
	}
	if (result == 0 && off == LINUX_OFF_OWN && linux_file_is_stream(f)) {
		result = linux_move_stream(f, iov, count, iswrite);
		if (iswrite && result == -LINUX_EPIPE)
			linux_pipe_broken(f);
		count = 0;
	}
	for (i = 0; i < count && result == 0; i++) {
		const uint64_t len = iov[i].iov_len;

		if (len == 0)
			continue;
		result = linux_move(f, iov[i].iov_base, len, off, iswrite);
		if (result < 0)
			break;
		done += result;
		if (off != LINUX_OFF_OWN)
			off += result;
		if ((uint64_t)result != len)
			break;
		result = 0;
		/* Who waits for a line gets it, and no more. */
		if (!iswrite && f->f_ops == &linux_console_ops)
			break;
	}
	linux_file_put(f);
	return done != 0 ? done : result;
}

/* A position from a program; a negative one must not become "own". */
int64_t
linux_position(uint64_t arg)
{

	return (int64_t)arg < 0 ? LINUX_OFF_BAD : (int64_t)arg;
}

long
linux_sys_read(struct linux_call *lc)
{

	return linux_move_one(lc, LINUX_OFF_OWN, 0);
}

long
linux_sys_write(struct linux_call *lc)
{

	return linux_move_one(lc, LINUX_OFF_OWN, 1);
}

long
linux_sys_pread64(struct linux_call *lc)
{

	return linux_move_one(lc, linux_position(lc->lc_arg[3]), 0);
}

long
linux_sys_pwrite64(struct linux_call *lc)
{

	return linux_move_one(lc, linux_position(lc->lc_arg[3]), 1);
}

long
linux_sys_readv(struct linux_call *lc)
{

	return linux_move_vector(lc, LINUX_OFF_OWN, 0);
}

long
linux_sys_writev(struct linux_call *lc)
{

	return linux_move_vector(lc, LINUX_OFF_OWN, 1);
}

long
linux_sys_preadv(struct linux_call *lc)
{

	return linux_move_vector(lc, linux_position(lc->lc_arg[3]), 0);
}

long
linux_sys_pwritev(struct linux_call *lc)
{

	return linux_move_vector(lc, linux_position(lc->lc_arg[3]), 1);
}

long
linux_sys_lseek(struct linux_call *lc)
{
	int whence = (int)lc->lc_arg[2];
	struct linux_file *f;
	long result;

	if ((f = linux_file_get((int)lc->lc_arg[0])) == NULL)
		return -LINUX_EBADF;
	if (f->f_ops->fo_seek == NULL)
		result = -LINUX_ESPIPE;
	else if (whence < RUMP_SEEK_SET || whence > RUMP_SEEK_END)
		result = -LINUX_EINVAL;
	else
		result = f->f_ops->fo_seek(f, (int64_t)lc->lc_arg[1], whence);
	linux_file_put(f);
	return result;
}
