/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpfile.c: open files that are files of the kernel.
 */
#include "linux.h"
#include "file.h"
#include "mapfile.h"

/* The file's own position, where a transfer without one begins. */
static int64_t
linux_rumpfile_position(struct linux_file *f)
{

	return rump_sys_lseek(f->f_rumpfd, 0, RUMP_SEEK_CUR);
}

static long
linux_rumpfile_read_kernel(struct linux_file *f, void *buf, size_t len,
    int64_t off)
{

	if (off == LINUX_OFF_OWN)
		return linux_result(rump_sys_read(f->f_rumpfd, buf, len));
	return linux_result(rump_sys_pread(f->f_rumpfd, buf, len, off));
}

static long
linux_rumpfile_read(struct linux_file *f, void *buf, size_t len, int64_t off)
{

	struct linux_mapfile *mf;
	long n;

	if (f->f_dir != NULL)
		return -LINUX_EISDIR;
	if ((mf = linux_mapfile_enter(f)) == NULL)
		return linux_rumpfile_read_kernel(f, buf, len, off);
	n = linux_rumpfile_read_kernel(f, buf, len, off);
	if (n > 0 && off == LINUX_OFF_OWN)
		off = linux_rumpfile_position(f) - n;
	if (n > 0)
		linux_mapfile_was_read(mf, buf, (size_t)n, (uint64_t)off);
	linux_mapfile_leave(mf);
	return n;
}

static long
linux_rumpfile_write_kernel(struct linux_file *f, const void *buf, size_t len,
    int64_t off)
{

	if (off == LINUX_OFF_OWN)
		return linux_result(rump_sys_write(f->f_rumpfd, buf, len));
	return linux_result(rump_sys_pwrite(f->f_rumpfd, buf, len, off));
}

/* To where a transfer went that appended, whatever position it was given. */
static int64_t
linux_rumpfile_written_at(struct linux_file *f, struct linux_mapfile *mf,
    long n, int64_t off)
{

	if (off == LINUX_OFF_OWN)
		return linux_rumpfile_position(f) - n;
	return f->f_flags & LINUX_O_APPEND ? linux_mapfile_size(mf) - n : off;
}

static long
linux_rumpfile_write(struct linux_file *f, const void *buf, size_t len,
    int64_t off)
{
	struct linux_mapfile *mf;
	int64_t oldsize;
	long n;

	if ((mf = linux_mapfile_enter(f)) == NULL)
		return linux_rumpfile_write_kernel(f, buf, len, off);
	oldsize = linux_mapfile_size(mf);
	n = linux_rumpfile_write_kernel(f, buf, len, off);
	if (n > 0)
		linux_mapfile_was_written(mf, buf, (size_t)n,
		    (uint64_t)linux_rumpfile_written_at(f, mf, n, off),
		    (uint64_t)oldsize);
	linux_mapfile_leave(mf);
	return n;
}

static long
linux_rumpfile_seek(struct linux_file *f, int64_t off, int whence)
{

	if (f->f_dir != NULL)
		return linux_dir_seek(f, off, whence);
	return linux_result(rump_sys_lseek(f->f_rumpfd, off, whence));
}

static int
linux_rumpfile_stat(struct linux_file *f, struct rump_stat *st)
{

	return (int)linux_result(rump_sys_fstat(f->f_rumpfd, st));
}

static void
linux_rumpfile_close(struct linux_file *f)
{

	(void)rump_sys_close(f->f_rumpfd);
}

const struct linux_fileops linux_rumpfile_ops = {
	.fo_read = linux_rumpfile_read,
	.fo_write = linux_rumpfile_write,
	.fo_seek = linux_rumpfile_seek,
	.fo_stat = linux_rumpfile_stat,
	.fo_ioctl = linux_kernelfile_ioctl,
	.fo_close = linux_rumpfile_close
};

/* The open has emptied it. */
static void
linux_rumpfile_truncated(const struct linux_file *f)
{
	struct linux_mapfile *mf;

	if ((mf = linux_mapfile_enter(f)) == NULL)
		return;
	linux_mapfile_was_resized(mf, UINT64_MAX, 0);
	linux_mapfile_leave(mf);
}

/*
 * Makes a file of the kernel's descriptor rumpfd, which is the file's from then
 * on, also on failure.
 */
int
linux_rumpfile_open(int rumpfd, int flags, struct linux_file **fp)
{
	struct linux_file *f = NULL;
	struct rump_stat st;
	int error;

	error = (int)linux_result(rump_sys_fstat(rumpfd, &st));
	if (error != 0)
		goto out_close;
	error = -LINUX_ENOTDIR;
	if ((flags & LINUX_O_DIRECTORY) &&
	    (st.st_mode & RUMP_S_IFMT) != RUMP_S_IFDIR)
		goto out_close;
	error = linux_file_create(&linux_rumpfile_ops,
	    flags & ~(LINUX_O_CREAT | LINUX_O_EXCL | LINUX_O_NOCTTY |
	    LINUX_O_TRUNC | LINUX_O_CLOEXEC), &f);
	if (error != 0)
		goto out_close;
	f->f_rumpfd = rumpfd;
	f->f_regular = (st.st_mode & RUMP_S_IFMT) == RUMP_S_IFREG;
	f->f_dev = st.st_dev;
	f->f_ino = st.st_ino;
	if (flags & LINUX_O_TRUNC)
		linux_rumpfile_truncated(f);
	if ((st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR) {
		error = linux_dir_create(&f->f_dir);
		if (error != 0) {
			linux_file_put(f);
			return error;
		}
	}
	*fp = f;
	return 0;

out_close:
	(void)rump_sys_close(rumpfd);
	return error;
}
