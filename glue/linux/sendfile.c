/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sendfile.c: sendfile and copy_file_range, by copying through a buffer.
 */
#include "linux.h"
#include "file.h"

#define	LINUX_SENDFILE_BUF	(64UL * 1024)

/*
 * Copies until count bytes are through, the input ends, or something fails.  What
 * the output does not take of a buffer is lost to an input without a position, so
 * with an own position it is put back.
 */
static long
linux_sendfile_copy(struct linux_file *out, int64_t outoff,
    struct linux_file *in, int64_t off, size_t count, char *buf)
{
	size_t done = 0, want;
	long got, put;

	while (done < count) {
		put = 0;
		want = count - done < LINUX_SENDFILE_BUF ? count - done :
		    LINUX_SENDFILE_BUF;
		got = in->f_ops->fo_read(in, buf, want, off);
		if (got > 0)
			put = out->f_ops->fo_write(out, buf, (size_t)got,
			    outoff);
		if (put < 0 && off == LINUX_OFF_OWN &&
		    in->f_ops->fo_seek != NULL)
			(void)in->f_ops->fo_seek(in, -got, RUMP_SEEK_CUR);
		if (put == -LINUX_EPIPE)
			linux_pipe_broken(out);
		if (got < 0 || put < 0)
			return done != 0 ? (long)done : got < 0 ? got : put;
		done += (size_t)put;
		if (off != LINUX_OFF_OWN)
			off += put;
		else if (put < got && in->f_ops->fo_seek != NULL)
			(void)in->f_ops->fo_seek(in, put - got, RUMP_SEEK_CUR);
		if (outoff != LINUX_OFF_OWN)
			outoff += put;
		if (got == 0 || put < got)
			break;
	}
	return (long)done;
}

static long
linux_sendfile(struct linux_file *out, struct linux_file *in, uint64_t offp,
    size_t count)
{
	int64_t off = LINUX_OFF_OWN;
	long result;
	void *buf;

	if ((out->f_flags & LINUX_O_ACCMODE) == 0 ||
	    (in->f_flags & LINUX_O_ACCMODE) == 1)
		return -LINUX_EBADF;
	if (in->f_rumpfd == -1 || in->f_dir != NULL)
		return -LINUX_EINVAL;
	if (offp != 0) {
		if (linux_user_check(offp, sizeof(off),
		    HOST_PROT_READ | HOST_PROT_WRITE) != 0)
			return -LINUX_EFAULT;
		memcpy(&off, (const void *)offp, sizeof(off));
		if (off < 0)
			return -LINUX_EINVAL;
	}
	if (count > LINUX_RW_MAX)
		count = LINUX_RW_MAX;
	if (rumpuser_malloc(LINUX_SENDFILE_BUF, 0, &buf) != 0)
		return -LINUX_ENOMEM;
	result = linux_sendfile_copy(out, LINUX_OFF_OWN, in, off, count, buf);
	rumpuser_free(buf, LINUX_SENDFILE_BUF);
	if (offp != 0 && result > 0) {
		off += result;
		memcpy((void *)offp, &off, sizeof(off));
	}
	return result;
}

long
linux_sys_sendfile(struct linux_call *lc)
{
	struct linux_file *in, *out;
	long result = -LINUX_EBADF;

	out = linux_file_get((int)lc->lc_arg[0]);
	in = linux_file_get((int)lc->lc_arg[1]);
	if (out != NULL && in != NULL)
		result = linux_sendfile(out, in, lc->lc_arg[2],
		    lc->lc_arg[3]);
	if (in != NULL)
		linux_file_put(in);
	if (out != NULL)
		linux_file_put(out);
	return result;
}

/* A position of the program's: given (*off) or the file's own, which is told. */
static long
linux_copy_position(struct linux_file *f, uint64_t offp, int64_t *off,
    int64_t *start)
{

	*off = LINUX_OFF_OWN;
	if (offp == 0) {
		*start = rump_sys_lseek(f->f_rumpfd, 0, RUMP_SEEK_CUR);
		return 0;
	}
	if (linux_user_check(offp, sizeof(*off),
	    HOST_PROT_READ | HOST_PROT_WRITE) != 0)
		return -LINUX_EFAULT;
	memcpy(off, (const void *)offp, sizeof(*off));
	*start = *off;
	return *off < 0 ? -LINUX_EINVAL : 0;
}

static long
linux_copy_check(const struct linux_file *in, const struct linux_file *out)
{

	if (in->f_dir != NULL || out->f_dir != NULL)
		return -LINUX_EISDIR;
	if ((in->f_flags & LINUX_O_ACCMODE) == 1 ||
	    (out->f_flags & LINUX_O_ACCMODE) == 0 ||
	    ((in->f_flags | out->f_flags) & LINUX_O_PATH) ||
	    (out->f_flags & LINUX_O_APPEND))
		return -LINUX_EBADF;
	return in->f_regular && out->f_regular ? 0 : -LINUX_EINVAL;
}

static long
linux_copy_range(struct linux_file *in, struct linux_file *out,
    const struct linux_call *lc)
{
	int64_t inoff, outoff, instart, outstart;
	size_t count = lc->lc_arg[4];
	long result;
	void *buf;

	result = linux_copy_check(in, out);
	if (result == 0)
		result = linux_copy_position(in, lc->lc_arg[1], &inoff,
		    &instart);
	if (result == 0)
		result = linux_copy_position(out, lc->lc_arg[3], &outoff,
		    &outstart);
	if (result != 0)
		return result;
	if (count > LINUX_RW_MAX)
		count = LINUX_RW_MAX;
	/* Onto itself only beside itself. */
	if (in->f_dev == out->f_dev && in->f_ino == out->f_ino &&
	    instart < outstart + (int64_t)count &&
	    outstart < instart + (int64_t)count)
		return -LINUX_EINVAL;
	if (rumpuser_malloc(LINUX_SENDFILE_BUF, 0, &buf) != 0)
		return -LINUX_ENOMEM;
	result = linux_sendfile_copy(out, outoff, in, inoff, count, buf);
	rumpuser_free(buf, LINUX_SENDFILE_BUF);
	if (result > 0 && inoff != LINUX_OFF_OWN) {
		inoff += result;
		memcpy((void *)lc->lc_arg[1], &inoff, sizeof(inoff));
	}
	if (result > 0 && outoff != LINUX_OFF_OWN) {
		outoff += result;
		memcpy((void *)lc->lc_arg[3], &outoff, sizeof(outoff));
	}
	return result;
}

long
linux_sys_copy_file_range(struct linux_call *lc)
{
	struct linux_file *in, *out;
	long result = -LINUX_EBADF;

	if (lc->lc_arg[5] != 0)
		return -LINUX_EINVAL;
	in = linux_file_get((int)lc->lc_arg[0]);
	out = linux_file_get((int)lc->lc_arg[2]);
	if (in != NULL && out != NULL)
		result = linux_copy_range(in, out, lc);
	if (out != NULL)
		linux_file_put(out);
	if (in != NULL)
		linux_file_put(in);
	return result;
}
