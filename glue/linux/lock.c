/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lock.c: locks on files.
 *
 * Those of fcntl belong to the process, and there is but one: none can ever clash,
 * so they are checked and forgotten.  Those of flock belong to an open file, and
 * are the kernel's.
 */
#include "linux.h"
#include "file.h"

#define	LINUX_LOCK_SH	1
#define	LINUX_LOCK_EX	2
#define	LINUX_LOCK_NB	4
#define	LINUX_LOCK_UN	8

_Static_assert(LINUX_LOCK_SH == RUMP_LOCK_SH && LINUX_LOCK_EX == RUMP_LOCK_EX &&
    LINUX_LOCK_NB == RUMP_LOCK_NB && LINUX_LOCK_UN == RUMP_LOCK_UN,
    "flock(2) has the same numbers");

/* Where the lock starts, if there can be such a lock. */
static long
linux_lock_start(struct linux_file *f, const struct linux_flock *fl)
{
	struct rump_stat st;
	int64_t base = 0;

	switch (fl->l_whence) {
	case RUMP_SEEK_SET:
		break;
	case RUMP_SEEK_CUR:
		base = rump_sys_lseek(f->f_rumpfd, 0, RUMP_SEEK_CUR);
		break;
	case RUMP_SEEK_END:
		if (f->f_ops->fo_stat(f, &st) != 0)
			return -LINUX_EINVAL;
		base = st.st_size;
		break;
	default:
		return -LINUX_EINVAL;
	}
	if (base < 0 || (fl->l_start > 0 && fl->l_start > INT64_MAX - base))
		return -LINUX_EOVERFLOW;
	return base + fl->l_start < 0 ? -LINUX_EINVAL : base + fl->l_start;
}

static long
linux_lock_check(struct linux_file *f, int cmd, const struct linux_flock *fl)
{
	const int access = f->f_flags & LINUX_O_ACCMODE;
	long start;

	if (fl->l_type != LINUX_F_RDLCK && fl->l_type != LINUX_F_WRLCK &&
	    fl->l_type != LINUX_F_UNLCK)
		return -LINUX_EINVAL;
	if (cmd == LINUX_F_GETLK && fl->l_type == LINUX_F_UNLCK)
		return -LINUX_EINVAL;
	start = linux_lock_start(f, fl);
	if (start < 0)
		return start;
	if (fl->l_len > 0 && fl->l_len - 1 > INT64_MAX - start)
		return -LINUX_EOVERFLOW;
	if (fl->l_len < 0 && start + fl->l_len < 0)
		return -LINUX_EINVAL;
	if (cmd != LINUX_F_GETLK &&
	    ((fl->l_type == LINUX_F_RDLCK && access == 1) ||
	    (fl->l_type == LINUX_F_WRLCK && access == 0)))
		return -LINUX_EBADF;
	return 0;
}

long
linux_lock(struct linux_file *f, int cmd, uint64_t arg)
{
	struct linux_flock fl;
	long error;

	if (linux_user_in(&fl, arg, sizeof(fl)) != 0 ||
	    (cmd == LINUX_F_GETLK &&
	    linux_user_check(arg, sizeof(fl), HOST_PROT_WRITE) != 0))
		return -LINUX_EFAULT;
	if (f->f_rumpfd == -1 || (f->f_flags & LINUX_O_PATH))
		return f->f_rumpfd == -1 ? 0 : -LINUX_EBADF;
	error = linux_lock_check(f, cmd, &fl);
	if (error != 0 || cmd != LINUX_F_GETLK)
		return error;
	fl.l_type = LINUX_F_UNLCK;
	memcpy((void *)arg, &fl, sizeof(fl));
	return 0;
}

long
linux_sys_flock(struct linux_call *lc)
{
	const int op = (int)lc->lc_arg[1];
	const int what = op & ~LINUX_LOCK_NB;
	struct linux_file *f;
	long result = 0;

	if ((f = linux_file_get((int)lc->lc_arg[0])) == NULL)
		return -LINUX_EBADF;
	if (what != LINUX_LOCK_SH && what != LINUX_LOCK_EX &&
	    what != LINUX_LOCK_UN)
		result = -LINUX_EINVAL;
	else if (f->f_flags & LINUX_O_PATH)
		result = -LINUX_EBADF;
	else if (f->f_rumpfd != -1)
		result = linux_result(rump_sys_flock(f->f_rumpfd, op));
	linux_file_put(f);
	return result;
}
