/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys_socket.c: sockets as open files.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/ioctl.h>
#include <sys/poll.h>
#include <sys/proc.h>
#include <sys/socketvar.h>
#include <sys/stat.h>
#include <sys/ucred.h>
#include <sys/uio.h>
#include <net/if.h>
#include <rump/rumpdefs.h>
#include "net_private.h"

static int
soo_flags(const struct file *fp)
{

	return (fp->f_flag & FNONBLOCK ? RUMP_MSG_DONTWAIT : 0);
}

static int
soo_read(struct file *fp, off_t *off, struct uio *uio, struct ucred *cred)
{
	int flags = soo_flags(fp);

	(void)cred;
	if (off != &fp->f_offset)
		return (ESPIPE);
	return (soreceive(fp->f_data, NULL, uio, NULL, &flags, curproc));
}

static int
soo_write(struct file *fp, off_t *off, struct uio *uio, struct ucred *cred)
{

	(void)cred;
	if (off != &fp->f_offset)
		return (ESPIPE);
	return (sosend(fp->f_data, NULL, uio, NULL, soo_flags(fp), curproc));
}

static int
soo_ioctl(struct file *fp, u_long cmd, caddr_t data, struct proc *p)
{
	struct socket *so = fp->f_data;

	switch (cmd) {
	case FIONREAD:
		*(int *)(void *)data = (int)so->so_rcv.sb_cc;
		return (0);
	default:
		if (IOCGROUP(cmd) == 'i')
			return (ifioctl(cmd, data, p));
		return (so->so_proto->pr_ioctl == NULL ? ENOTTY :
		    so->so_proto->pr_ioctl(so, cmd, data, p));
	}
}

static int
soo_stat(struct file *fp, struct rump_stat *sb, struct proc *p)
{
	const struct socket *so = fp->f_data;

	(void)p;
	memset(sb, 0, sizeof(*sb));
	sb->st_mode = S_IFSOCK | 0777;
	sb->st_uid = so->so_cred->cr_uid;
	sb->st_gid = so->so_cred->cr_gid;
	sb->st_blksize = (int32_t)so->so_snd.sb_hiwat;
	return (0);
}

static int
soo_close(struct file *fp, struct proc *p)
{
	struct socket *so = fp->f_data;

	(void)p;
	fp->f_data = NULL;
	return (so == NULL ? 0 : soclose(so));
}

/* Calls that wait look whether it was their descriptor. */
static void
soo_interrupt(struct file *fp)
{
	struct socket *so = fp->f_data;

	so->so_closes++;
	wakeup(&so->so_state);
	wakeup(&so->so_rcv);
	wakeup(&so->so_snd);
}

static void
soo_adrift(struct file *fp)
{
	struct socket *so = fp->f_data;

	if (so->so_domain->dom_adrift != NULL)
		so->so_domain->dom_adrift(so);
}

static int
soo_poll(struct file *fp, int events)
{
	const struct socket *so = fp->f_data;
	int revents = 0;

	if (soreadable(so))
		revents |= events & (POLLIN | POLLRDNORM);
	if (sowritable(so))
		revents |= events & (POLLOUT | POLLWRNORM);
	if (so->so_state & SS_CANTRCVMORE)
		revents |= events & POLLRDHUP;
	if (so->so_error != 0)
		revents |= POLLERR;
	if ((so->so_state & (SS_CANTRCVMORE | SS_CANTSENDMORE)) ==
	    (SS_CANTRCVMORE | SS_CANTSENDMORE))
		revents |= POLLHUP;
	return (revents);
}

static void
filt_sordetach(struct knote *kn)
{
	struct socket *so = kn->kn_fp->f_data;

	SLIST_REMOVE(&so->so_rcv.sb_note, kn, knote, kn_selnext);
}

static void
filt_sowdetach(struct knote *kn)
{
	struct socket *so = kn->kn_fp->f_data;

	SLIST_REMOVE(&so->so_snd.sb_note, kn, knote, kn_selnext);
}

static int
filt_soread(struct knote *kn, long hint)
{
	const struct socket *so = kn->kn_fp->f_data;

	(void)hint;
	kn->kn_data = so->so_options & RUMP_SO_ACCEPTCONN ? so->so_qlen :
	    (int64_t)so->so_rcv.sb_cc;
	kn->kn_flags &= (u_short)~EV_EOF;
	if (so->so_state & SS_CANTRCVMORE)
		kn->kn_flags |= EV_EOF;
	kn->kn_fflags = so->so_error;
	return (soreadable(so));
}

static int
filt_sowrite(struct knote *kn, long hint)
{
	const struct socket *so = kn->kn_fp->f_data;

	(void)hint;
	kn->kn_data = net_sendspace(so);
	kn->kn_flags &= (u_short)~EV_EOF;
	if (so->so_state & SS_CANTSENDMORE)
		kn->kn_flags |= EV_EOF;
	kn->kn_fflags = so->so_error;
	return (sowritable(so));
}

static const struct filterops soread_filtops =
	{ 1, NULL, filt_sordetach, filt_soread };
static const struct filterops sowrite_filtops =
	{ 1, NULL, filt_sowdetach, filt_sowrite };

static int
soo_kqfilter(struct file *fp, struct knote *kn)
{
	struct socket *so = fp->f_data;

	if (kn->kn_filter == EVFILT_READ) {
		kn->kn_fop = &soread_filtops;
		SLIST_INSERT_HEAD(&so->so_rcv.sb_note, kn, kn_selnext);
	} else if (kn->kn_filter == EVFILT_WRITE) {
		kn->kn_fop = &sowrite_filtops;
		SLIST_INSERT_HEAD(&so->so_snd.sb_note, kn, kn_selnext);
	} else {
		return (EINVAL);
	}
	return (0);
}

const struct fileops socketops = {
	.fo_read = soo_read,
	.fo_write = soo_write,
	.fo_ioctl = soo_ioctl,
	.fo_stat = soo_stat,
	.fo_close = soo_close,
	.fo_interrupt = soo_interrupt,
	.fo_adrift = soo_adrift,
	.fo_kqfilter = soo_kqfilter,
	.fo_poll = soo_poll,
};

int
socket_file(struct socket *so, int flags, struct proc *p, int *fd)
{
	struct file *fp;
	int error, fflags = FREAD | FWRITE;

	if (flags & RUMP_SOCK_NONBLOCK)
		fflags |= FNONBLOCK;
	if (flags & RUMP_SOCK_CLOEXEC)
		fflags |= O_CLOEXEC;
	if ((error = falloc(p, fflags, &fp, fd)) != 0)
		return (error);
	fp->f_type = DTYPE_SOCKET;
	fp->f_data = so;
	fp->f_ops = &socketops;
	return (0);
}
