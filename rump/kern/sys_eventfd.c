/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys_eventfd.c: eventfd(2): a count as a file.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/ucred.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/syscall.h>
#include "tally.h"

#define	EVENTFD_MOST	(UINT64_MAX - 1)

struct eventfd {
	struct tally ev_tally;		/* has to come first */
	int ev_semaphore;		/* a read takes 1, not all */
};

static int
eventfd_read(struct file *fp, off_t *off, struct uio *uio, struct ucred *cred)
{
	const struct eventfd *ev = fp->f_data;
	int error;

	(void)cred;
	if ((error = tally_await(fp, off, uio)) != 0)
		return (error);
	return (tally_read(fp, ev->ev_semaphore ? 1 : UINT64_MAX, uio));
}

static int
eventfd_write(struct file *fp, off_t *off, struct uio *uio, struct ucred *cred)
{
	struct tally *ta = fp->f_data;
	const size_t resid = uio->uio_resid;
	uint64_t n;
	int error;

	(void)cred;
	if (off != &fp->f_offset)
		return (ESPIPE);
	if (resid < sizeof(n))
		return (EINVAL);
	if ((error = uiomove(&n, sizeof(n), uio)) != 0)
		return (error);
	if (n > EVENTFD_MOST)
		error = EINVAL;
	while (error == 0 && n > EVENTFD_MOST - ta->ta_count)
		error = tally_wait(fp);
	if (error != 0) {
		uio->uio_resid = resid;	/* nothing was taken */
		return (error);
	}
	ta->ta_count += n;
	tally_tell(ta, &ta->ta_rnote);
	return (0);
}

static int
eventfd_stat(struct file *fp, struct rump_stat *sb, struct proc *p)
{
	const struct tally *ta = fp->f_data;

	(void)p;
	file_stat(fp, S_IFIFO | S_IRUSR | S_IWUSR, sb);
	sb->st_size = (int64_t)ta->ta_count;
	sb->st_blksize = sizeof(ta->ta_count);
	return (0);
}

static int
eventfd_close(struct file *fp, struct proc *p)
{
	struct eventfd *ev = fp->f_data;

	(void)p;
	tally_fini(&ev->ev_tally);
	free(ev, M_FILE);
	return (0);
}

static const struct fileops eventfdops = {
	.fo_read = eventfd_read,
	.fo_write = eventfd_write,
	.fo_stat = eventfd_stat,
	.fo_close = eventfd_close,
	.fo_interrupt = tally_interrupt,
	.fo_kqfilter = tally_kqfilter,
	.fo_poll = tally_poll,
};

static int
do_eventfd(u_int value, int flags, int *rv)
{
	struct eventfd *ev;
	struct file *fp;
	int error;

	if (flags & ~(RUMP_EFD_CLOEXEC | RUMP_EFD_NONBLOCK |
	    RUMP_EFD_SEMAPHORE))
		return (EINVAL);
	ev = malloc(sizeof(*ev), M_FILE, M_WAITOK | M_CANFAIL | M_ZERO);
	if (ev == NULL)
		return (ENOMEM);
	error = falloc(curproc, FREAD | FWRITE |
	    (flags & (RUMP_EFD_CLOEXEC | RUMP_EFD_NONBLOCK)), &fp, rv);
	if (error != 0) {
		free(ev, M_FILE);
		return (error);
	}
	ev->ev_semaphore = (flags & RUMP_EFD_SEMAPHORE) != 0;
	ev->ev_tally.ta_count = value;
	ev->ev_tally.ta_most = EVENTFD_MOST;
	tally_init(&ev->ev_tally);
	fp->f_type = DTYPE_EVENTFD;
	fp->f_data = ev;
	fp->f_ops = &eventfdops;
	return (0);
}

int
rump_sys_eventfd(unsigned int value, int flags)
{

	SYSCALL_RESULT(int, rv, do_eventfd(value, flags, &rv));
}
