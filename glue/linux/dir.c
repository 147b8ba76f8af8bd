/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dir.c: reading folders: getdents64 over rump_sys_getdents().
 *
 * NetBSD's records are larger than Linux's and carry no position for each entry,
 * so records are read into a buffer of our own and handed on one by one.  The
 * position that a program sees (d_off, lseek) is the number of entries before:
 * going back reads from the start again.
 */
#include "linux.h"
#include "file.h"

#define	LINUX_DIRBUF	4096UL
#define	LINUX_DIRENT_HEAD	offsetof(struct rump_dirent, d_name)

struct linux_dir {
	struct rumpuser_mtx *dir_lock;
	/* Under dir_lock, which is marked rather than held across the kernel. */
	struct rumpuser_cv *dir_cv;
	int dir_busy;
	int64_t dir_index;		/* entries handed out or skipped */
	int64_t dir_want;		/* where the program wants to go on */
	size_t dir_pos, dir_end;	/* of what is left in the buffer */
	char *dir_buf;			/* NULL until the first read */
};

int
linux_dir_create(struct linux_dir **dirp)
{
	struct linux_dir *dir;
	void *mem;

	if (rumpuser_malloc(sizeof(*dir), 0, &mem) != 0)
		return -LINUX_ENOMEM;
	dir = mem;
	memset(dir, 0, sizeof(*dir));
	linux_mutex_init(&dir->dir_lock);
	rumpuser_cv_init(&dir->dir_cv);
	*dirp = dir;
	return 0;
}

void
linux_dir_destroy(struct linux_dir *dir)
{

	rumpuser_cv_destroy(dir->dir_cv);
	rumpuser_mutex_destroy(dir->dir_lock);
	if (dir->dir_buf != NULL)
		rumpuser_free(dir->dir_buf, LINUX_DIRBUF);
	rumpuser_free(dir, sizeof(*dir));
}

static void
linux_dir_enter(struct linux_dir *dir)
{

	rumpuser_mutex_enter_nowrap(dir->dir_lock);
	while (dir->dir_busy)
		rumpuser_cv_wait_nowrap(dir->dir_cv, dir->dir_lock);
	dir->dir_busy = 1;
	rumpuser_mutex_exit(dir->dir_lock);
}

static void
linux_dir_leave(struct linux_dir *dir)
{

	rumpuser_mutex_enter_nowrap(dir->dir_lock);
	dir->dir_busy = 0;
	rumpuser_cv_signal(dir->dir_cv);
	rumpuser_mutex_exit(dir->dir_lock);
}

/*
 * The next record, or NULL with *error 0 at the end.  It stays the next until
 * linux_dir_advance().  A record that does not hold together is the end of the
 * folder with EIO: it comes from a disk.
 */
static const struct rump_dirent *
linux_dir_next(struct linux_file *f, int *error)
{
	struct linux_dir *dir = f->f_dir;
	const struct rump_dirent *de;
	long n;

	*error = 0;
	for (;;) {
		if (dir->dir_pos == dir->dir_end) {
			n = linux_result(rump_sys_getdents(f->f_rumpfd,
			    dir->dir_buf, LINUX_DIRBUF));
			if (n <= 0) {
				*error = (int)n;
				return NULL;
			}
			dir->dir_pos = 0;
			dir->dir_end = (size_t)n;
		}
		de = (const void *)(dir->dir_buf + dir->dir_pos);
		if (dir->dir_end - dir->dir_pos < LINUX_DIRENT_HEAD + 1 ||
		    de->d_reclen > dir->dir_end - dir->dir_pos ||
		    LINUX_DIRENT_HEAD + de->d_namlen >= de->d_reclen) {
			dir->dir_pos = dir->dir_end = 0;
			*error = -LINUX_EIO;
			return NULL;
		}
		if (de->d_fileno != 0)
			return de;
		dir->dir_pos += de->d_reclen;
	}
}

static void
linux_dir_advance(struct linux_dir *dir, const struct rump_dirent *de)
{

	dir->dir_pos += de->d_reclen;
	dir->dir_index++;
}

/* Goes to the entry that the program wants. */
static int
linux_dir_position(struct linux_file *f)
{
	struct linux_dir *dir = f->f_dir;
	const struct rump_dirent *de;
	int error;
	void *mem;

	if (dir->dir_buf == NULL) {
		if (rumpuser_malloc(LINUX_DIRBUF, 0, &mem) != 0)
			return -LINUX_ENOMEM;
		dir->dir_buf = mem;
	}
	if (dir->dir_want < dir->dir_index) {
		if (rump_sys_lseek(f->f_rumpfd, 0, RUMP_SEEK_SET) == -1)
			return (int)linux_result(-1);
		dir->dir_pos = dir->dir_end = 0;
		dir->dir_index = 0;
	}
	while (dir->dir_index < dir->dir_want) {
		de = linux_dir_next(f, &error);
		if (de == NULL)
			return error;
		linux_dir_advance(dir, de);
	}
	return 0;
}

/* The bytes that a record takes on Linux. */
static size_t
linux_dirent_size(const struct rump_dirent *de)
{

	return (sizeof(struct linux_dirent64) + de->d_namlen + 1 + 7) & ~7UL;
}

static void
linux_dirent_out(char *out, const struct rump_dirent *de, int64_t next)
{
	size_t size = linux_dirent_size(de);
	struct linux_dirent64 head = {
		.d_ino = de->d_fileno,
		.d_off = next,
		.d_reclen = (uint16_t)size,
		.d_type = de->d_type		/* the same numbers */
	};

	memset(out, 0, size);
	memcpy(out, &head, sizeof(head));
	memcpy(out + sizeof(head), de->d_name, de->d_namlen);
}

static long
linux_dir_fill(struct linux_file *f, char *out, size_t len)
{
	struct linux_dir *dir = f->f_dir;
	const struct rump_dirent *de;
	size_t done = 0;
	int error;

	error = linux_dir_position(f);
	while (error == 0) {
		de = linux_dir_next(f, &error);
		if (de == NULL)
			break;
		if (len - done < linux_dirent_size(de)) {
			if (done == 0)
				error = -LINUX_EINVAL;
			break;
		}
		linux_dirent_out(out + done, de, dir->dir_index + 1);
		done += linux_dirent_size(de);
		linux_dir_advance(dir, de);
	}
	dir->dir_want = dir->dir_index;
	return done != 0 ? (long)done : error;
}

long
linux_sys_getdents64(struct linux_call *lc)
{
	size_t len = (uint32_t)lc->lc_arg[2];
	struct linux_file *f;
	long result;

	if ((f = linux_file_get((int)lc->lc_arg[0])) == NULL)
		return -LINUX_EBADF;
	if (len > 16 * LINUX_DIRBUF)
		len = 16 * LINUX_DIRBUF;
	if (f->f_dir == NULL)
		result = -LINUX_ENOTDIR;
	else
		result = linux_user_check(lc->lc_arg[1], len,
		    HOST_PROT_WRITE);
	if (result == 0) {
		linux_dir_enter(f->f_dir);
		result = linux_dir_fill(f, (char *)lc->lc_arg[1], len);
		linux_dir_leave(f->f_dir);
	}
	linux_file_put(f);
	return result;
}

/* There is no telling where a folder ends but by reading it. */
long
linux_dir_seek(struct linux_file *f, int64_t off, int whence)
{
	struct linux_dir *dir = f->f_dir;
	int64_t want;

	if (whence == RUMP_SEEK_END)
		return -LINUX_EINVAL;
	linux_dir_enter(dir);
	want = whence == RUMP_SEEK_CUR ? dir->dir_want + off : off;
	if (want >= 0)
		dir->dir_want = want;
	linux_dir_leave(dir);
	return want >= 0 ? want : -LINUX_EINVAL;
}
