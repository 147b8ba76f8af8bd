/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * poll.c: poll and ppoll.
 *
 * Files of the kernel are waited for in the kernel, by one call for all of them.
 * Others say by themselves what they are ready for, and name a descriptor of the
 * kernel's that ends the wait when that changes.
 */
#include "linux.h"
#include "file.h"
#include "poll.h"

#define	LINUX_POLL_SMALL	16	/* descriptors on the stack */

/* Bits with the same meaning on both sides. */
static const struct {
	int16_t linux_event;
	int16_t rump_event;
} linux_poll_events[] = {
	{ LINUX_POLLIN, RUMP_POLLIN },
	{ LINUX_POLLPRI, RUMP_POLLPRI },
	{ LINUX_POLLOUT, RUMP_POLLOUT },
	{ LINUX_POLLERR, RUMP_POLLERR },
	{ LINUX_POLLHUP, RUMP_POLLHUP },
	{ LINUX_POLLNVAL, RUMP_POLLNVAL },
	{ LINUX_POLLRDNORM, RUMP_POLLRDNORM },
	{ LINUX_POLLRDBAND, RUMP_POLLRDBAND },
	{ LINUX_POLLWRNORM, RUMP_POLLOUT },
	{ LINUX_POLLWRBAND, RUMP_POLLWRBAND },
	{ LINUX_POLLRDHUP, RUMP_POLLRDHUP }
};

int16_t
linux_poll_to_rump(int events)
{
	int rumpevents = 0;
	size_t i;

	for (i = 0; i < LINUX_NELEM(linux_poll_events); i++) {
		if (events & linux_poll_events[i].linux_event)
			rumpevents |= linux_poll_events[i].rump_event;
	}
	return (int16_t)rumpevents;
}

/*
 * The other end of a pipe is gone: on Linux its reader is told that there is
 * something only if there is, and its writer that it has failed.
 */
static int
linux_poll_broken(struct linux_file *f, int revents)
{
	struct rump_stat st;
	int n = 0;

	if (rump_sys_fstat(f->f_rumpfd, &st) != 0 ||
	    (st.st_mode & RUMP_S_IFMT) != RUMP_S_IFIFO)
		return revents;
	if ((f->f_flags & LINUX_O_ACCMODE) == 1)
		return (revents & ~LINUX_POLLHUP) | LINUX_POLLERR;
	if (rump_sys_ioctl(f->f_rumpfd, RUMP_FIONREAD, &n) == 0 && n == 0)
		revents &= ~(LINUX_POLLIN | LINUX_POLLRDNORM);
	return revents;
}

int
linux_poll_from_rump(struct linux_file *f, int rumpevents, int events)
{
	int revents = 0;
	size_t i;

	events |= LINUX_POLLERR | LINUX_POLLHUP | LINUX_POLLNVAL;
	for (i = 0; i < LINUX_NELEM(linux_poll_events); i++) {
		if (rumpevents & linux_poll_events[i].rump_event)
			revents |= linux_poll_events[i].linux_event;
	}
	revents &= events;
	return revents & LINUX_POLLHUP ? linux_poll_broken(f, revents) :
	    revents;
}

/* The files of a call, each with a reference, and what the kernel is asked. */
struct linux_pollset {
	size_t ps_n;
	struct linux_pollfd *ps_fds;
	struct linux_file **ps_files;
	struct rump_pollfd *ps_rump;	/* -1: the kernel is not asked */
};

static int
linux_poll_nowait(struct linux_file *f, int events)
{
	const int ready = LINUX_POLLIN | LINUX_POLLRDNORM | LINUX_POLLOUT |
	    LINUX_POLLWRNORM;

	(void)f;
	return events & ready;
}

/* What is ready without the kernel; the rest of what it has to be asked. */
static long
linux_poll_prepare(struct linux_pollset *ps)
{
	struct linux_pollfd *pfd;
	struct rump_pollfd *rfd;
	struct linux_file *f;
	long ready = 0;
	size_t i;

	for (i = 0; i < ps->ps_n; i++) {
		pfd = &ps->ps_fds[i];
		rfd = &ps->ps_rump[i];
		f = ps->ps_files[i];
		*rfd = (struct rump_pollfd){ .fd = -1 };
		pfd->revents = 0;
		if (pfd->fd < 0)
			continue;
		if (f == NULL) {
			pfd->revents = LINUX_POLLNVAL;
		} else if (f->f_ops->fo_poll != NULL) {
			rfd->events = RUMP_POLLIN;
			pfd->revents = (int16_t)f->f_ops->fo_poll(f,
			    pfd->events, &rfd->fd);
		} else if (f->f_rumpfd != -1) {
			rfd->fd = f->f_rumpfd;
			rfd->events = linux_poll_to_rump(pfd->events);
		} else {
			pfd->revents = (int16_t)linux_poll_nowait(f,
			    pfd->events);
		}
		ready += pfd->revents != 0;
	}
	return ready;
}

/* The kernel has answered: what is ready altogether. */
static long
linux_poll_collect(struct linux_pollset *ps)
{
	struct linux_pollfd *pfd;
	struct linux_file *f;
	long ready = 0;
	size_t i;
	int waitfd;

	for (i = 0; i < ps->ps_n; i++) {
		pfd = &ps->ps_fds[i];
		f = ps->ps_files[i];
		if (f != NULL && ps->ps_rump[i].revents != 0)
			pfd->revents = (int16_t)(f->f_ops->fo_poll != NULL ?
			    f->f_ops->fo_poll(f, pfd->events, &waitfd) :
			    linux_poll_from_rump(f, ps->ps_rump[i].revents,
			    pfd->events));
		ready += pfd->revents != 0;
	}
	return ready;
}

/* left: nanoseconds, or negative for ever. */
static int
linux_poll_kernel(struct linux_pollset *ps, int64_t left)
{
	const struct rump_timespec ts = { left / LINUX_NSEC,
	    left % LINUX_NSEC };

	return (int)linux_result(rump_sys_pollts(ps->ps_rump,
	    (unsigned int)ps->ps_n, left < 0 ? NULL : &ts, NULL));
}

static long
linux_poll_loop(struct linux_pollset *ps, struct linux_timespec *ts)
{
	int64_t deadline = 0, left = -1;
	long ready;
	int error;

	if (ts != NULL) {
		left = ts->tv_sec > INT32_MAX ? INT32_MAX * LINUX_NSEC :
		    ts->tv_sec * LINUX_NSEC + ts->tv_nsec;
		deadline = linux_monotonic() + left;
	}
	for (;;) {
		ready = linux_poll_prepare(ps);
		error = linux_poll_kernel(ps, ready != 0 ? 0 : left);
		if (error < 0)
			return error;
		ready = linux_poll_collect(ps);
		if (ts != NULL) {
			left = deadline - linux_monotonic();
			left = left < 0 ? 0 : left;
		}
		if (ready != 0 || left == 0)
			break;
	}
	if (ts != NULL)
		*ts = (struct linux_timespec){ left / LINUX_NSEC,
		    left % LINUX_NSEC };
	return ready;
}

long
linux_poll_wait(struct linux_pollfd *fds, size_t n, struct linux_timespec *ts)
{
	struct linux_file *files[LINUX_POLL_SMALL];
	struct rump_pollfd rump[LINUX_POLL_SMALL];
	struct linux_pollset ps = { n, fds, files, rump };
	const size_t bytes = n * (sizeof(*files) + sizeof(*rump));
	void *mem = NULL;
	long result;
	size_t i;

	if (n > LINUX_POLL_SMALL) {
		if (rumpuser_malloc(bytes, 0, &mem) != 0)
			return -LINUX_ENOMEM;
		ps.ps_files = mem;
		ps.ps_rump = (void *)(ps.ps_files + n);
	}
	for (i = 0; i < n; i++)
		ps.ps_files[i] = linux_file_get(fds[i].fd);
	result = linux_poll_loop(&ps, ts);
	for (i = 0; i < n; i++) {
		if (ps.ps_files[i] != NULL)
			linux_file_put(ps.ps_files[i]);
	}
	if (mem != NULL)
		rumpuser_free(mem, bytes);
	return result;
}

/* From the program's memory and back: what it has there may change meanwhile. */
static long
linux_poll(uint64_t addr, unsigned int n, struct linux_timespec *ts)
{
	struct linux_pollfd small[LINUX_POLL_SMALL], *fds = small;
	const size_t bytes = n * sizeof(*fds);
	void *mem = NULL;
	long result;

	if (n > (unsigned int)linux_limit_nofile())
		return -LINUX_EINVAL;
	if (linux_user_check(addr, bytes, HOST_PROT_READ | HOST_PROT_WRITE) !=
	    0)
		return -LINUX_EFAULT;
	if (n > LINUX_POLL_SMALL) {
		if (rumpuser_malloc(bytes, 0, &mem) != 0)
			return -LINUX_ENOMEM;
		fds = mem;
	}
	memcpy(fds, (const void *)addr, bytes);
	result = linux_poll_wait(fds, n, ts);
	if (result >= 0 && linux_user_out(addr, fds, bytes) != 0)
		result = -LINUX_EFAULT;
	if (mem != NULL)
		rumpuser_free(mem, bytes);
	return result;
}

long
linux_sys_poll(struct linux_call *lc)
{
	const int ms = (int)lc->lc_arg[2];
	struct linux_timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	return linux_poll(lc->lc_arg[0], (unsigned int)lc->lc_arg[1],
	    ms < 0 ? NULL : &ts);
}

int
linux_poll_limit(uint64_t addr, struct linux_timespec *ts)
{
	int error;

	error = linux_user_in(ts, addr, sizeof(*ts));
	if (error == 0 && (ts->tv_sec < 0 || ts->tv_nsec < 0 ||
	    ts->tv_nsec >= LINUX_NSEC))
		error = -LINUX_EINVAL;
	return error;
}

/* Handlers are not called, so that nothing can come while the call waits. */
int
linux_poll_sigmask(uint64_t addr, size_t size)
{

	if (addr == 0)
		return 0;
	if (size != sizeof(uint64_t))
		return -LINUX_EINVAL;
	return linux_user_check(addr, size, HOST_PROT_READ);
}

/* The call itself says what is left; C libraries hide that. */
long
linux_sys_ppoll(struct linux_call *lc)
{
	const uint64_t limit = lc->lc_arg[2];
	struct linux_timespec ts;
	long result = 0;

	if (limit != 0)
		result = linux_poll_limit(limit, &ts);
	if (result == 0)
		result = linux_poll_sigmask(lc->lc_arg[3], lc->lc_arg[4]);
	if (result != 0)
		return result;
	result = linux_poll(lc->lc_arg[0], (unsigned int)lc->lc_arg[1],
	    limit != 0 ? &ts : NULL);
	if (limit != 0)
		(void)linux_user_out(limit, &ts, sizeof(ts));
	return result;
}
