/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * consolepoll.c: waiting for the console along with other files.
 *
 * The kernel does not know the console.  So there is a count of its own
 * (eventfd) that can be read from when there may be input, and a thread, which
 * begins with the first who asks, that waits for what is typed.
 */
#include "linux.h"
#include "file.h"

static struct rumpuser_mtx *linux_console_lock;
static struct rumpuser_cv *linux_console_cv;

/* All are the lock's.  waitfd: the count; -1: nobody has asked yet. */
static int linux_console_waitfd = -1;
static int linux_console_told;		/* the count is 1, or will be */
static int linux_console_watched;	/* the thread waits for input */

void
linux_console_init(void)
{

	linux_mutex_init(&linux_console_lock);
	rumpuser_cv_init(&linux_console_cv);
}

int
linux_console_ready(void)
{

	return linux_program.lp_plainconsole ? host_console_ready(0) :
	    linux_tty_ready();
}

static void
linux_console_tell(int waitfd)
{
	const uint64_t one = 1;

	(void)rump_sys_write(waitfd, &one, sizeof(one));
}

static void *
linux_console_watch(void *arg)
{
	int tells, waitfd;

	(void)arg;
	for (;;) {
		rumpuser_mutex_enter_nowrap(linux_console_lock);
		while (!linux_console_watched)
			rumpuser_cv_wait_nowrap(linux_console_cv,
			    linux_console_lock);
		rumpuser_mutex_exit(linux_console_lock);
		(void)host_console_ready(1);
		rumpuser_mutex_enter_nowrap(linux_console_lock);
		linux_console_watched = 0;
		tells = !linux_console_told;
		linux_console_told = 1;
		waitfd = linux_console_waitfd;
		rumpuser_mutex_exit(linux_console_lock);
		if (tells)
			linux_console_tell(waitfd);
	}
	return NULL;
}

/* The count and its thread; -1 if they cannot be had. */
static int
linux_console_begin(void)
{
	int isfirst, waitfd;
	void *cookie;

	rumpuser_mutex_enter_nowrap(linux_console_lock);
	waitfd = linux_console_waitfd;
	rumpuser_mutex_exit(linux_console_lock);
	if (waitfd != -1)
		return waitfd;
	waitfd = rump_sys_eventfd(0, RUMP_EFD_NONBLOCK);
	if (waitfd == -1)
		return -1;
	rumpuser_mutex_enter_nowrap(linux_console_lock);
	isfirst = linux_console_waitfd == -1;
	if (isfirst)
		linux_console_waitfd = waitfd;
	rumpuser_mutex_exit(linux_console_lock);
	if (!isfirst) {
		(void)rump_sys_close(waitfd);
		return linux_console_waitfd;
	}
	(void)rumpuser_thread_create(linux_console_watch, NULL, "console", 0,
	    -1, -1, &cookie);
	return waitfd;
}

/*
 * Makes the count say what there is.  Where somebody else took or typed something
 * meanwhile it is done once more.
 */
static int
linux_console_settle(int waitfd)
{
	int ready, tells;
	uint64_t n;

	do {
		ready = linux_console_ready();
		rumpuser_mutex_enter_nowrap(linux_console_lock);
		tells = ready && !linux_console_told;
		linux_console_told = ready;
		if (!ready) {
			linux_console_watched = 1;
			rumpuser_cv_signal(linux_console_cv);
		}
		rumpuser_mutex_exit(linux_console_lock);
		if (tells)
			linux_console_tell(waitfd);
		else if (!ready)
			(void)rump_sys_read(waitfd, &n, sizeof(n));
	} while (!ready && linux_console_ready());
	return ready;
}

/* An edge comes only where there was nothing any more. */
void
linux_console_was_read(void)
{

	if (linux_console_waitfd != -1)
		(void)linux_console_settle(linux_console_waitfd);
}

/* It always takes output. */
int
linux_console_poll(struct linux_file *f, int events, int *waitfd)
{
	const int in = LINUX_POLLIN | LINUX_POLLRDNORM;
	const int out = LINUX_POLLOUT | LINUX_POLLWRNORM;
	int revents = events & out;

	(void)f;
	*waitfd = -1;
	if (revents != 0)
		return revents | (linux_console_ready() ? events & in : 0);
	*waitfd = linux_console_begin();
	if (*waitfd != -1 && linux_console_settle(*waitfd))
		revents = events & in;
	return revents;
}
