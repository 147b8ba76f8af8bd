/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * local_rights.c: descriptors in messages (SCM_RIGHTS).
 *
 * On its way a message has pointers to open files, each a reference that is
 * counted in f_inflight, too.  Outside it has numbers of descriptors.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <rump/rumpdefs.h>
#include "local.h"

#define	INFLIGHT_MOST	16384		/* files in messages, at a time */

static int inflight;

/* How many descriptors a program's message has; -1: it is not one of them. */
static int
count_rights(const struct mbuf *m)
{
	const struct rump_cmsghdr *cmsg = mtod(m, const struct rump_cmsghdr *);

	if (cmsg->cmsg_level != RUMP_SOL_SOCKET ||
	    cmsg->cmsg_type != RUMP_SCM_RIGHTS ||
	    cmsg->cmsg_len < RUMP_CMSG_LEN(0) || cmsg->cmsg_len > m->m_len ||
	    RUMP_CMSG_ALIGN(cmsg->cmsg_len) < m->m_len ||
	    (cmsg->cmsg_len - RUMP_CMSG_LEN(0)) % sizeof(int) != 0)
		return (-1);
	return ((int)((cmsg->cmsg_len - RUMP_CMSG_LEN(0)) / sizeof(int)));
}

/* May the file of this descriptor go into a message? */
static int
check_right(const struct filedesc *fdp, int fd)
{

	if ((u_int)fd >= (u_int)fdp->fd_nfiles ||
	    fdp->fd_ofiles[fd] == NULL || fdp->fd_ofiles[fd]->f_ops == NULL)
		return (EBADF);
	/* A queue's notes are about descriptors of one table. */
	return (fdp->fd_ofiles[fd]->f_type == DTYPE_KQUEUE ? EOPNOTSUPP : 0);
}

static void
take_right(struct file *fp)
{
	struct socket *so = fp->f_data;

	fp->f_count++;
	fp->f_inflight++;
	inflight++;
	if (fp->f_type == DTYPE_SOCKET && so->so_domain == &local_domain)
		sotounpcb(so)->unp_file = fp;
}

/* One message with descriptors: nothing else may be sent along. */
int
local_internalize(struct mbuf **mp, struct proc *p)
{
	const struct filedesc *fdp = p->p_fd;
	struct mbuf *old = *mp, *m;
	const int *fds;
	int error, i, n;

	if ((n = count_rights(old)) < 0)
		return (EINVAL);
	if (inflight + n > INFLIGHT_MOST)
		return (ETOOMANYREFS);
	/* With room for what it will be outside. */
	m = m_get((u_int)MAX((size_t)n * sizeof(struct file *),
	    RUMP_CMSG_SPACE((size_t)n * sizeof(int))), MT_CONTROL);
	if (m == NULL)
		return (ENOBUFS);
	fds = (const int *)(const void *)
	    RUMP_CMSG_DATA(mtod(old, struct rump_cmsghdr *));
	for (i = 0; i < n; i++) {
		if ((error = check_right(fdp, fds[i])) != 0) {
			(void)m_free(m);
			return (error);
		}
	}
	/* From here on nothing sleeps or fails. */
	for (i = 0; i < n; i++) {
		mtod(m, struct file **)[i] = fdp->fd_ofiles[fds[i]];
		take_right(fdp->fd_ofiles[fds[i]]);
	}
	m->m_len = (u_int)((size_t)n * sizeof(struct file *));
	m_freem(old);
	if (n == 0) {
		(void)m_free(m);
		m = NULL;
	}
	*mp = m;
	return (0);
}

/* The file is no longer in flight: its reference is the caller's. */
static void
land(struct file *fp)
{

	fp->f_inflight--;
	inflight--;
}

int
local_externalize(struct mbuf *m, struct proc *p, int cloexec)
{
	int error = 0, i, j, *fds, n = (int)(m->m_len / sizeof(struct file *));
	struct file **files = mtod(m, struct file **);
	struct filedesc *fdp = p->p_fd;
	struct rump_cmsghdr *cmsg;

	fds = malloc((size_t)n * sizeof(*fds), M_TEMP, M_WAITOK | M_CANFAIL);
	if (fds == NULL)
		return (ENOBUFS);
	for (i = 0; i < n; i++) {
		if ((error = fdalloc(fdp, 0, &fds[i])) != 0)
			break;
		fdp->fd_ofiles[fds[i]] = files[i];
		fdp->fd_oflags[fds[i]] = cloexec ? RUMP_FD_CLOEXEC : 0;
		land(files[i]);
	}
	if (error != 0) {
		/* All or none; what is left is the caller's to dispose of. */
		for (j = 0; j < i; j++) {
			if (fdp->fd_ofiles[fds[j]] == files[j])
				(void)fdrelease(p, fds[j]);
			files[j] = NULL;
		}
	} else {
		cmsg = mtod(m, struct rump_cmsghdr *);
		cmsg->cmsg_len =
		    (uint32_t)RUMP_CMSG_LEN((size_t)n * sizeof(int));
		cmsg->cmsg_level = RUMP_SOL_SOCKET;
		cmsg->cmsg_type = RUMP_SCM_RIGHTS;
		memset(cmsg + 1, 0,
		    RUMP_CMSG_ALIGN(sizeof(*cmsg)) - sizeof(*cmsg));
		memcpy(RUMP_CMSG_DATA(cmsg), fds, (size_t)n * sizeof(int));
		m->m_len = cmsg->cmsg_len;
	}
	free(fds, M_TEMP);
	return (error);
}

void
local_unexternalize(struct mbuf *m, struct proc *p)
{
	struct rump_cmsghdr *cmsg = mtod(m, struct rump_cmsghdr *);
	const int *fds = (const int *)(const void *)RUMP_CMSG_DATA(cmsg);
	int i, n = (int)((cmsg->cmsg_len - RUMP_CMSG_LEN(0)) / sizeof(int));

	for (i = 0; i < n; i++)
		(void)fdrelease(p, fds[i]);
}

/*
 * A message is thrown away.  Its files are closed one after the other, not one
 * inside the other: a queue may hold a socket whose queue holds a socket, and so
 * on, further than a stack reaches.
 */
void
local_dispose(struct mbuf *m)
{
	static struct file *thrown;
	static int isthrowing;
	struct file **files = mtod(m, struct file **), *fp;
	int i, n = (int)(m->m_len / sizeof(struct file *)), times;

	for (i = 0; i < n; i++) {
		if ((fp = files[i]) == NULL)
			continue;
		files[i] = NULL;
		land(fp);
		if (fp->f_thrown++ == 0) {
			fp->f_nextthrown = thrown;
			thrown = fp;
		}
	}
	if (isthrowing)
		return;
	isthrowing = 1;
	while ((fp = thrown) != NULL) {
		thrown = fp->f_nextthrown;
		times = fp->f_thrown;
		fp->f_thrown = 0;
		while (times-- > 0)
			(void)frele(fp, curproc);
	}
	isthrowing = 0;
}
