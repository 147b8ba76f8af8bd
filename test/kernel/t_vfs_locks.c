/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_vfs_locks.c: advisory locks: fcntl(2) between processes, flock(2) between
 * open files, waiting, deadlocks.
 */
#include <pthread.h>
#include "h_kern.h"

static struct lwp *first;

static int
lock(int fd, int cmd, int type, int64_t start, int64_t len)
{
	struct rump_flock fl = { .l_type = (int16_t)type, .l_start = start,
	    .l_len = len, .l_whence = RUMP_SEEK_SET };

	return rump_sys_fcntl(fd, cmd, &fl);
}

/* Another process, with copies of the descriptors, becomes the caller's. */
static struct lwp *
fork_process(void)
{

	first = rump_pub_lwproc_curlwp();
	CHECK_EQUAL(rump_pub_lwproc_rfork(RUMP_RFFDG), 0);
	return rump_pub_lwproc_curlwp();
}

static void
end_process(struct lwp *l)
{

	rump_pub_lwproc_switch(l);
	rump_pub_lwproc_releaselwp();
	rump_pub_lwproc_switch(first);
}

static void
between_processes(void)
{
	struct rump_flock fl;
	struct lwp *other;
	int fd, rd, pid;

	h_file("/l", "0123456789");
	fd = h_open("/l", RUMP_O_RDWR);
	rd = h_open("/l", RUMP_O_RDONLY);
	CHECK_OK(lock(fd, RUMP_F_SETLK, RUMP_F_WRLCK, 2, 4));
	CHECK_OK(lock(fd, RUMP_F_SETLK, RUMP_F_WRLCK, 2, 4));	/* its own */
	CHECK_FAILS(lock(rd, RUMP_F_SETLK, RUMP_F_WRLCK, 0, 0), RUMP_EBADF);
	CHECK_FAILS(lock(fd, RUMP_F_SETLK, 9, 0, 0), RUMP_EINVAL);
	CHECK_FAILS(lock(fd, RUMP_F_SETLK, RUMP_F_RDLCK, -1, 0), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_fcntl(fd, RUMP_F_SETLK, NULL), RUMP_EFAULT);
	CHECK_FAILS(lock(99, RUMP_F_SETLK, RUMP_F_RDLCK, 0, 0), RUMP_EBADF);
	pid = rump_sys_getpid();
	other = fork_process();
	CHECK_FAILS(lock(fd, RUMP_F_SETLK, RUMP_F_RDLCK, 5, 1), RUMP_EAGAIN);
	CHECK_OK(lock(fd, RUMP_F_SETLK, RUMP_F_RDLCK, 6, 1));
	CHECK_OK(lock(fd, RUMP_F_SETLK, RUMP_F_WRLCK, 0, 2));
	memset(&fl, 0, sizeof(fl));
	fl.l_type = RUMP_F_RDLCK;
	fl.l_whence = RUMP_SEEK_END;
	fl.l_start = 0;
	fl.l_len = -10;
	CHECK_OK(rump_sys_fcntl(fd, RUMP_F_GETLK, &fl));
	CHECK_EQUAL(fl.l_type, RUMP_F_WRLCK);
	CHECK_EQUAL(fl.l_whence, RUMP_SEEK_SET);
	CHECK_EQUAL(fl.l_start, 2);
	CHECK_EQUAL(fl.l_len, 4);
	CHECK_EQUAL(fl.l_pid, pid);
	rump_pub_lwproc_switch(first);
	/* The middle goes: two are left. */
	CHECK_OK(lock(fd, RUMP_F_SETLK, RUMP_F_UNLCK, 3, 1));
	rump_pub_lwproc_switch(other);
	CHECK_OK(lock(fd, RUMP_F_SETLK, RUMP_F_WRLCK, 3, 1));
	CHECK_FAILS(lock(fd, RUMP_F_SETLK, RUMP_F_WRLCK, 2, 1), RUMP_EAGAIN);
	CHECK_FAILS(lock(fd, RUMP_F_SETLK, RUMP_F_WRLCK, 4, 1), RUMP_EAGAIN);
	/* Closing any descriptor of the file ends all of a process's locks. */
	rump_pub_lwproc_switch(first);
	CHECK_OK(rump_sys_close(rd));
	rump_pub_lwproc_switch(other);
	CHECK_OK(lock(fd, RUMP_F_SETLK, RUMP_F_WRLCK, 0, 0));
	end_process(other);
	CHECK_OK(lock(fd, RUMP_F_SETLK, RUMP_F_WRLCK, 0, 0));
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unlink("/l"));
}

/* Processes that share their descriptors: a close is one for all of them. */
static void
shared_descriptors(void)
{
	struct lwp *other;
	int fd;

	h_file("/l", "0123456789");
	fd = h_open("/l", RUMP_O_RDWR);
	first = rump_pub_lwproc_curlwp();
	CHECK_EQUAL(rump_pub_lwproc_rfork(0), 0);
	other = rump_pub_lwproc_curlwp();
	CHECK_OK(lock(fd, RUMP_F_SETLK, RUMP_F_WRLCK, 0, 0));
	rump_pub_lwproc_switch(first);
	CHECK_FAILS(lock(fd, RUMP_F_SETLK, RUMP_F_RDLCK, 0, 1), RUMP_EAGAIN);
	CHECK_OK(rump_sys_close(fd));
	fd = h_open("/l", RUMP_O_RDWR);
	CHECK_OK(lock(fd, RUMP_F_SETLK, RUMP_F_WRLCK, 0, 0));
	end_process(other);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unlink("/l"));
}

static void
between_open_files(void)
{
	int a, b;

	h_file("/l", "x");
	a = h_open("/l", RUMP_O_RDWR);
	b = h_open("/l", RUMP_O_RDONLY);
	CHECK_OK(rump_sys_flock(a, RUMP_LOCK_SH));
	CHECK_OK(rump_sys_flock(b, RUMP_LOCK_SH));
	CHECK_FAILS(rump_sys_flock(a, RUMP_LOCK_EX | RUMP_LOCK_NB),
	    RUMP_EAGAIN);
	CHECK_OK(rump_sys_flock(b, RUMP_LOCK_UN));
	CHECK_OK(rump_sys_flock(a, RUMP_LOCK_EX | RUMP_LOCK_NB));
	CHECK_FAILS(rump_sys_flock(b, RUMP_LOCK_SH | RUMP_LOCK_NB),
	    RUMP_EAGAIN);
	CHECK_FAILS(rump_sys_open("/l", RUMP_O_RDWR | RUMP_O_EXLOCK |
	    RUMP_O_NONBLOCK), RUMP_EAGAIN);
	CHECK_OK(rump_sys_close(a));		/* closing unlocks */
	a = h_open("/l", RUMP_O_RDWR | RUMP_O_EXLOCK | RUMP_O_NONBLOCK);
	CHECK_FAILS(rump_sys_flock(b, RUMP_LOCK_SH | RUMP_LOCK_NB),
	    RUMP_EAGAIN);
	CHECK_FAILS(rump_sys_flock(b, 0), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_flock(99, RUMP_LOCK_SH), RUMP_EBADF);
	CHECK_OK(rump_sys_close(a));
	CHECK_OK(rump_sys_close(b));
	CHECK_OK(rump_sys_unlink("/l"));
}

/* The other side of the waiting tests: a thread with a process of its own. */
struct waiter {
	struct lwp *w_from;
	pthread_barrier_t w_ready;
	int w_fd;
	int w_result;
	int w_errno;
};

static void *
wait_and_lock(void *arg)
{
	struct waiter *w = arg;

	rump_pub_lwproc_rfork(RUMP_RFFDG);
	w->w_fd = rump_sys_open("/l", RUMP_O_RDWR);
	w->w_result = lock(w->w_fd, RUMP_F_SETLK, RUMP_F_WRLCK, 0, 1);
	pthread_barrier_wait(&w->w_ready);
	if (w->w_result == 0)
		w->w_result = lock(w->w_fd, RUMP_F_SETLKW, RUMP_F_WRLCK, 1, 1);
	w->w_errno = rumpglue_errno();
	rump_pub_lwproc_releaselwp();
	return NULL;
}

/* Either both requests go round in a ring and one fails, or neither does. */
static void
waiting_and_deadlock(void)
{
	struct waiter w;
	pthread_t t;
	int fd, mine, err;

	h_file("/l", "xy");
	fd = h_open("/l", RUMP_O_RDWR);
	CHECK_OK(lock(fd, RUMP_F_SETLK, RUMP_F_WRLCK, 1, 1));
	pthread_barrier_init(&w.w_ready, NULL, 2);
	CHECK_EQUAL(pthread_create(&t, NULL, wait_and_lock, &w), 0);
	pthread_barrier_wait(&w.w_ready);
	/* It has byte 0 and wants byte 1; here it is the other way round. */
	mine = lock(fd, RUMP_F_SETLKW, RUMP_F_WRLCK, 0, 1);
	err = rumpglue_errno();
	CHECK_OK(lock(fd, RUMP_F_SETLK, RUMP_F_UNLCK, 0, 0));
	pthread_join(t, NULL);
	CHECK((mine == -1) != (w.w_result == -1));
	CHECK_EQUAL(mine == -1 ? err : w.w_errno, RUMP_EDEADLK);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unlink("/l"));
	pthread_barrier_destroy(&w.w_ready);
}

static void *
wait_for_file(void *arg)
{
	struct waiter *w = arg;

	rump_pub_lwproc_rfork(RUMP_RFFDG);
	w->w_fd = rump_sys_open("/m/l", RUMP_O_RDWR);
	w->w_result = w->w_fd == -1 ? -1 : 0;
	pthread_barrier_wait(&w->w_ready);
	if (w->w_result == 0)
		w->w_result = lock(w->w_fd, RUMP_F_SETLKW, RUMP_F_WRLCK, 0, 0);
	w->w_errno = rumpglue_errno();
	rump_pub_lwproc_releaselwp();
	return NULL;
}

/* Locks go with their file; who waits for one is told. */
static void
file_taken_away(void)
{
	struct rump_tmpfs_args args = { .ta_version = RUMP_TMPFS_ARGS_VERSION,
	    .ta_root_mode = 0755 };
	struct waiter w;
	pthread_t t;
	int fd, locked;

	CHECK_OK(rump_sys_mkdir("/m", 0755));
	CHECK_OK(rump_sys_mount("tmpfs", "/m", 0, &args, sizeof(args)));
	h_file("/m/l", "xy");
	fd = h_open("/m/l", RUMP_O_RDWR);
	h_file("/m/f", "x");
	locked = h_open("/m/f", RUMP_O_RDWR);
	CHECK_OK(lock(fd, RUMP_F_SETLK, RUMP_F_WRLCK, 0, 1));
	CHECK_OK(rump_sys_flock(locked, RUMP_LOCK_SH | RUMP_LOCK_NB));
	pthread_barrier_init(&w.w_ready, NULL, 2);
	CHECK_EQUAL(pthread_create(&t, NULL, wait_for_file, &w), 0);
	pthread_barrier_wait(&w.w_ready);
	usleep(50000);
	CHECK_OK(rump_sys_unmount("/m", RUMP_MNT_FORCE));
	pthread_join(t, NULL);
	CHECK_EQUAL(w.w_result, -1);
	CHECK_EQUAL(w.w_errno, RUMP_EIO);
	CHECK_FAILS(lock(fd, RUMP_F_SETLK, RUMP_F_UNLCK, 0, 1), RUMP_EIO);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_close(locked));
	CHECK_OK(rump_sys_rmdir("/m"));
	pthread_barrier_destroy(&w.w_ready);
}

static const struct tap_case cases[] = {
	{ "fcntl: bytes of a file, between processes", between_processes },
	{ "fcntl: between processes that share descriptors",
	    shared_descriptors },
	{ "flock: whole files, between open files", between_open_files },
	{ "a lock is waited for; a ring of waiters is refused",
	    waiting_and_deadlock },
	{ "and ends when the file is taken away", file_taken_away },
};

RUN_KERNEL(cases)
