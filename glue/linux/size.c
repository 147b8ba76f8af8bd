/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * size.c: how long a file is: truncate, ftruncate, fallocate.
 */
#include "linux.h"
#include "file.h"
#include "mapfile.h"

#define	LINUX_ZEROS	(64UL * 1024)

/* Between these a mapped file's pages and its size change together. */
static struct linux_mapfile *
linux_size_begin(struct linux_mapfile *mf, int64_t *oldsize)
{

	*oldsize = mf != NULL ? linux_mapfile_size(mf) : 0;
	return mf;
}

static void
linux_size_end(struct linux_mapfile *mf, int64_t oldsize, int64_t size,
    int done)
{

	if (mf == NULL)
		return;
	if (done)
		linux_mapfile_was_resized(mf, (uint64_t)oldsize,
		    (uint64_t)size);
	linux_mapfile_leave(mf);
}

long
linux_sys_truncate(struct linux_call *lc)
{
	const char *path = (const char *)lc->lc_arg[0];
	const int64_t size = (int64_t)lc->lc_arg[1];
	struct linux_mapfile *mf = NULL;
	struct rump_stat st;
	int64_t oldsize;
	long result;

	if (size < 0)
		return -LINUX_EINVAL;
	if (rump_sys_stat(path, &st) == -1)
		return linux_result(-1);
	if ((st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR)
		return -LINUX_EISDIR;
	if ((st.st_mode & RUMP_S_IFMT) != RUMP_S_IFREG)
		return -LINUX_EINVAL;
	mf = linux_size_begin(linux_mapfile_enter_id(st.st_dev, st.st_ino),
	    &oldsize);
	result = linux_result(rump_sys_truncate(path, size));
	linux_size_end(mf, oldsize, size, result == 0);
	return result;
}

/* A regular file that is open for writing; notwritable is the error if not. */
static long
linux_size_file(int fd, long notwritable, struct linux_file **fp)
{
	struct linux_file *f;
	long error = 0;

	if ((f = linux_file_get(fd)) == NULL)
		return -LINUX_EBADF;
	if (f->f_flags & LINUX_O_PATH)
		error = -LINUX_EBADF;
	else if ((f->f_flags & LINUX_O_ACCMODE) == 0)
		error = notwritable;
	else if (!f->f_regular)
		error = f->f_rumpfd == -1 && notwritable == -LINUX_EBADF ?
		    -LINUX_ENODEV : -LINUX_EINVAL;
	if (error != 0)
		linux_file_put(f);
	*fp = f;
	return error;
}

static long
linux_size_set(struct linux_file *f, int64_t size)
{
	struct linux_mapfile *mf;
	int64_t oldsize;
	long result;

	mf = linux_size_begin(linux_mapfile_enter(f), &oldsize);
	result = linux_result(rump_sys_ftruncate(f->f_rumpfd, size));
	linux_size_end(mf, oldsize, size, result == 0);
	return result;
}

long
linux_sys_ftruncate(struct linux_call *lc)
{
	const int64_t size = (int64_t)lc->lc_arg[1];
	struct linux_file *f;
	long result;

	if (size < 0)
		return -LINUX_EINVAL;
	result = linux_size_file((int)lc->lc_arg[0], -LINUX_EINVAL, &f);
	if (result != 0)
		return result;
	result = linux_size_set(f, size);
	linux_file_put(f);
	return result;
}

/* Zeros from one position to another, for real: a hole would be no promise. */
static long
linux_fallocate_write(struct linux_file *f, int64_t from, int64_t to)
{
	size_t want;
	long n = 0;
	void *zeros;

	if (rumpuser_malloc(LINUX_ZEROS, 0, &zeros) != 0)
		return -LINUX_ENOMEM;
	memset(zeros, 0, LINUX_ZEROS);
	for (; from < to; from += n) {
		want = to - from < (int64_t)LINUX_ZEROS ? (size_t)(to - from) :
		    LINUX_ZEROS;
		n = f->f_ops->fo_write(f, zeros, want, from);
		if (n <= 0)
			break;
	}
	rumpuser_free(zeros, LINUX_ZEROS);
	return n < 0 ? n : from < to ? -LINUX_EIO : 0;
}

/*
 * What lies behind the end is written with zeros, and taken back if there is not
 * room for all of it.  Holes before the end cannot be filled without racing with
 * those who write: a file that has any is refused, as by a file system that
 * cannot allocate ahead.
 */
static long
linux_fallocate(struct linux_file *f, int64_t end)
{
	struct rump_stat st;
	long result;

	result = f->f_ops->fo_stat(f, &st);
	if (result != 0)
		return result;
	if (f->f_flags & LINUX_O_APPEND)
		return -LINUX_EOPNOTSUPP;
	if (st.st_blocks * 512 < st.st_size)
		return -LINUX_EOPNOTSUPP;
	if (end <= st.st_size)
		return 0;
	result = linux_fallocate_write(f, st.st_size, end);
	if (result != 0)
		(void)linux_size_set(f, st.st_size);
	return result;
}

/* The other modes (keep the size, punch a hole ...) need the file system's help. */
long
linux_sys_fallocate(struct linux_call *lc)
{
	const int64_t off = (int64_t)lc->lc_arg[2];
	const int64_t len = (int64_t)lc->lc_arg[3];
	struct linux_file *f;
	long result;

	if (off < 0 || len <= 0)
		return -LINUX_EINVAL;
	if (lc->lc_arg[1] != 0)
		return -LINUX_EOPNOTSUPP;
	result = linux_size_file((int)lc->lc_arg[0], -LINUX_EBADF, &f);
	if (result != 0)
		return result;
	result = len > INT64_MAX - off ? -LINUX_EFBIG :
	    linux_fallocate(f, off + len);
	linux_file_put(f);
	return result;
}
