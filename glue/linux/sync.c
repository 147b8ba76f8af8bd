/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync.c: what has to be on the disk before a call returns: fsync and its like, and
 * the forms of read and write that ask for it.
 */
#include "linux.h"
#include "file.h"
#include "mapfile.h"

#define	LINUX_RWF_HIPRI		0x01
#define	LINUX_RWF_DSYNC		0x02
#define	LINUX_RWF_SYNC		0x04

#define	LINUX_SYNC_FILE_RANGE	7	/* all its flags */

/* What the program has mapped, then what the kernel has of it, then the device. */
static long
linux_sync_file(struct linux_file *f, int dataonly)
{
	struct linux_mapfile *mf;
	long result = 0;

	if (f->f_flags & LINUX_O_PATH)
		return -LINUX_EBADF;
	if (f->f_rumpfd == -1)
		return -LINUX_EINVAL;
	if ((mf = linux_mapfile_enter(f)) != NULL) {
		result = linux_mapfile_clean(mf);
		linux_mapfile_leave(mf);
	}
	if (result == 0)
		result = linux_result(dataonly &&
		    (f->f_flags & LINUX_O_ACCMODE) != 0 ?
		    rump_sys_fdatasync(f->f_rumpfd) :
		    rump_sys_fsync(f->f_rumpfd));
	return result;
}

static long
linux_sync_fd(int fd, int dataonly)
{
	struct linux_file *f;
	long result;

	if ((f = linux_file_get(fd)) == NULL)
		return -LINUX_EBADF;
	result = linux_sync_file(f, dataonly);
	linux_file_put(f);
	return result;
}

long
linux_sys_fsync(struct linux_call *lc)
{

	return linux_sync_fd((int)lc->lc_arg[0], 0);
}

long
linux_sys_fdatasync(struct linux_call *lc)
{

	return linux_sync_fd((int)lc->lc_arg[0], 1);
}

/* Does more than it has to: all of the file, and down to the device. */
long
linux_sys_sync_file_range(struct linux_call *lc)
{
	const int64_t off = (int64_t)lc->lc_arg[1];
	const int64_t len = (int64_t)lc->lc_arg[2];
	struct linux_file *f;
	long result;

	if ((f = linux_file_get((int)lc->lc_arg[0])) == NULL)
		return -LINUX_EBADF;
	if (off < 0 || len < 0 || len > INT64_MAX - off ||
	    (lc->lc_arg[3] & ~(uint64_t)LINUX_SYNC_FILE_RANGE) != 0)
		result = -LINUX_EINVAL;
	else if (!f->f_regular && f->f_dir == NULL)
		result = -LINUX_ESPIPE;
	else
		result = lc->lc_arg[3] == 0 ? 0 : linux_sync_file(f, 1);
	linux_file_put(f);
	return result;
}

long
linux_sys_sync(struct linux_call *lc)
{

	(void)lc;
	linux_mapfile_clean_all();
	rump_sys_sync();
	return 0;
}

/* All file systems, the one of the descriptor among them. */
long
linux_sys_syncfs(struct linux_call *lc)
{
	struct linux_file *f;

	if ((f = linux_file_get((int)lc->lc_arg[0])) == NULL)
		return -LINUX_EBADF;
	linux_file_put(f);
	return linux_sys_sync(lc);
}

/* -1 as position is the file's own here. */
static int64_t
linux_sync_position(const struct linux_call *lc)
{

	return (int64_t)lc->lc_arg[3] == -1 ? LINUX_OFF_OWN :
	    linux_position(lc->lc_arg[3]);
}

/* NOWAIT and APPEND are refused, as by a file system that cannot. */
long
linux_sys_preadv2(struct linux_call *lc)
{

	if ((lc->lc_arg[5] & ~(uint64_t)LINUX_RWF_HIPRI) != 0)
		return -LINUX_EOPNOTSUPP;
	return linux_move_vector(lc, linux_sync_position(lc), 0);
}

long
linux_sys_pwritev2(struct linux_call *lc)
{
	const uint64_t flags = lc->lc_arg[5];
	long n, error = 0;

	if ((flags & ~(uint64_t)(LINUX_RWF_HIPRI | LINUX_RWF_DSYNC |
	    LINUX_RWF_SYNC)) != 0)
		return -LINUX_EOPNOTSUPP;
	n = linux_move_vector(lc, linux_sync_position(lc), 1);
	if (n > 0 && (flags & (LINUX_RWF_DSYNC | LINUX_RWF_SYNC)))
		error = linux_sync_fd((int)lc->lc_arg[0],
		    (flags & LINUX_RWF_SYNC) == 0);
	return error != 0 && error != -LINUX_EINVAL ? error : n;
}
