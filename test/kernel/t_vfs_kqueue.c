/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_vfs_kqueue.c: events of files through kqueue(2).
 */
#include <pthread.h>
#include "h_kern.h"
#include <rump/fsevents.h>

static const struct rump_timespec now_or_never = { 0, 0 };

static int
change(int kq, int fd, uint32_t filter, uint32_t flags, uint32_t fflags)
{
	struct rump_kevent kev = { .ident = (uint64_t)fd, .filter = filter,
	    .flags = flags, .fflags = fflags, .udata = 4711 };

	return rump_sys_kevent(kq, &kev, 1, NULL, 0, NULL);
}

/* The next event, or none. */
static int
next(int kq, struct rump_kevent *kev)
{

	memset(kev, 0, sizeof(*kev));
	return rump_sys_kevent(kq, NULL, 0, kev, 1, &now_or_never);
}

#define	CHECK_NOTE(kq, what) do {					\
	struct rump_kevent kev_;					\
	CHECK_EQUAL(next(kq, &kev_), 1);				\
	CHECK_EQUAL(kev_.filter, RUMP_EVFILT_VNODE);			\
	CHECK_EQUAL(kev_.fflags, what);					\
	CHECK_EQUAL(kev_.udata, 4711);					\
	CHECK_EQUAL(next(kq, &kev_), 0);				\
} while (0)

static void
vnode_notes(void)
{
	struct rump_kevent kev;
	int kq, fd, dir, all = 0x7f;

	_Static_assert(sizeof(struct rump_kevent) == 40, "NetBSD's layout");
	CHECK_OK(rump_sys_mkdir("/d", 0755));
	kq = rump_sys_kqueue();
	CHECK_OK(kq);
	fd = h_open("/d/f", RUMP_O_RDWR | RUMP_O_CREAT);
	dir = h_open("/d", RUMP_O_RDONLY);
	CHECK_OK(change(kq, fd, RUMP_EVFILT_VNODE, RUMP_EV_ADD | RUMP_EV_CLEAR,
	    (uint32_t)all));
	CHECK_EQUAL(next(kq, &kev), 0);
	CHECK_EQUAL(rump_sys_write(fd, "x", 1), 1);
	CHECK_NOTE(kq, RUMP_NOTE_WRITE | RUMP_NOTE_EXTEND);
	CHECK_EQUAL(rump_sys_pwrite(fd, "y", 1, 0), 1);
	CHECK_NOTE(kq, RUMP_NOTE_WRITE);
	CHECK_OK(rump_sys_fchmod(fd, 0600));
	CHECK_NOTE(kq, RUMP_NOTE_ATTRIB);
	CHECK_OK(rump_sys_link("/d/f", "/d/g"));
	CHECK_NOTE(kq, RUMP_NOTE_LINK);
	CHECK_OK(change(kq, dir, RUMP_EVFILT_VNODE, RUMP_EV_ADD |
	    RUMP_EV_CLEAR, RUMP_NOTE_WRITE | RUMP_NOTE_LINK));
	CHECK_OK(rump_sys_rename("/d/g", "/h"));
	CHECK_EQUAL(next(kq, &kev), 1);
	CHECK_EQUAL(next(kq, &kev), 1);
	CHECK_EQUAL(next(kq, &kev), 0);
	CHECK_OK(rump_sys_mkdir("/d/sub", 0755));
	CHECK_EQUAL(next(kq, &kev), 1);
	CHECK_EQUAL(kev.ident, dir);
	CHECK_EQUAL(kev.fflags, RUMP_NOTE_WRITE | RUMP_NOTE_LINK);
	CHECK_OK(rump_sys_unlink("/h"));
	CHECK_NOTE(kq, RUMP_NOTE_DELETE);
	/* Several that come before one looks are one event. */
	CHECK_OK(rump_sys_fchmod(fd, 0644));
	CHECK_EQUAL(rump_sys_pwrite(fd, "y", 1, 0), 1);
	CHECK_NOTE(kq, RUMP_NOTE_WRITE | RUMP_NOTE_ATTRIB);
	CHECK_OK(rump_sys_close(kq));
	/* Nobody listens any more. */
	CHECK_OK(rump_sys_fchmod(fd, 0600));
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_close(dir));
	CHECK_OK(rump_sys_rmdir("/d/sub"));
	CHECK_OK(rump_sys_unlink("/d/f"));
	CHECK_OK(rump_sys_rmdir("/d"));
}

static void
reading_and_writing(void)
{
	struct rump_kevent kev;
	char c;
	int kq, fd;

	h_file("/f", "abc");
	fd = h_open("/f", RUMP_O_RDWR);
	kq = rump_sys_kqueue1(RUMP_O_CLOEXEC);
	CHECK_OK(change(kq, fd, RUMP_EVFILT_READ, RUMP_EV_ADD, 0));
	CHECK_EQUAL(next(kq, &kev), 1);
	CHECK_EQUAL(kev.data, 3);
	CHECK_EQUAL(rump_sys_read(fd, &c, 1), 1);
	CHECK_EQUAL(next(kq, &kev), 1);		/* as long as it is so */
	CHECK_EQUAL(kev.data, 2);
	CHECK_EQUAL(rump_sys_lseek(fd, 0, RUMP_SEEK_END), 3);
	CHECK_EQUAL(next(kq, &kev), 0);
	CHECK_EQUAL(rump_sys_pwrite(fd, "de", 2, 3), 2);
	CHECK_EQUAL(next(kq, &kev), 1);
	CHECK_EQUAL(kev.data, 2);
	CHECK_OK(change(kq, fd, RUMP_EVFILT_READ, RUMP_EV_DELETE, 0));
	CHECK_EQUAL(next(kq, &kev), 0);
	CHECK_OK(change(kq, fd, RUMP_EVFILT_WRITE, RUMP_EV_ADD |
	    RUMP_EV_ONESHOT, 0));
	CHECK_EQUAL(next(kq, &kev), 1);
	CHECK_EQUAL(next(kq, &kev), 0);
	CHECK_FAILS(change(kq, fd, RUMP_EVFILT_WRITE, RUMP_EV_ENABLE, 0),
	    RUMP_ENOENT);
	CHECK_OK(change(kq, fd, RUMP_EVFILT_WRITE, RUMP_EV_ADD |
	    RUMP_EV_DISPATCH, 0));
	CHECK_EQUAL(next(kq, &kev), 1);
	CHECK_EQUAL(next(kq, &kev), 0);
	CHECK_OK(change(kq, fd, RUMP_EVFILT_WRITE, RUMP_EV_ENABLE, 0));
	CHECK_EQUAL(next(kq, &kev), 1);
	/* A note goes with its descriptor. */
	CHECK_OK(change(kq, fd, RUMP_EVFILT_WRITE, RUMP_EV_ENABLE, 0));
	CHECK_OK(rump_sys_close(fd));
	CHECK_EQUAL(next(kq, &kev), 0);
	CHECK_OK(rump_sys_close(kq));
	CHECK_OK(rump_sys_unlink("/f"));
}

static void
errors(void)
{
	struct rump_kevent kev[2] = { { .ident = 99, .filter =
	    RUMP_EVFILT_READ, .flags = RUMP_EV_ADD }, { .ident = 0 } };
	struct rump_timespec bad = { 0, 1000000000 };
	int kq, fd;

	h_file("/f", "abc");
	fd = h_open("/f", RUMP_O_RDONLY);
	kq = rump_sys_kqueue();
	CHECK_FAILS(rump_sys_kevent(fd, NULL, 0, kev, 1, NULL), RUMP_EBADF);
	CHECK_FAILS(rump_sys_kevent(99, NULL, 0, kev, 1, NULL), RUMP_EBADF);
	CHECK_FAILS(rump_sys_kevent(kq, NULL, 1, NULL, 0, NULL), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_kevent(kq, NULL, 0, kev, 1, &bad), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_kqueue1(RUMP_O_APPEND), RUMP_EINVAL);
	CHECK_FAILS(change(kq, fd, 4, RUMP_EV_ADD, 0), RUMP_EINVAL);
	CHECK_FAILS(change(kq, kq, RUMP_EVFILT_READ, RUMP_EV_ADD, 0),
	    RUMP_EINVAL);
	CHECK_FAILS(change(kq, 99, RUMP_EVFILT_READ, RUMP_EV_ADD, 0),
	    RUMP_EBADF);
	CHECK_FAILS(rump_sys_write(kq, "x", 1), RUMP_ENXIO);
	/* With room for it, an error is an event. */
	CHECK_EQUAL(rump_sys_kevent(kq, kev, 1, kev, 2, NULL), 1);
	CHECK_EQUAL(kev[0].flags, RUMP_EV_ERROR);
	CHECK_EQUAL(kev[0].data, RUMP_EBADF);
	CHECK_OK(rump_sys_close(kq));
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unlink("/f"));
}

/* The file is taken away under the note. */
static void
revoked_files(void)
{
	struct rump_tmpfs_args args = { .ta_version = RUMP_TMPFS_ARGS_VERSION,
	    .ta_root_mode = 0755 };
	struct rump_kevent kev;
	int kq, fd;

	CHECK_OK(rump_sys_mkdir("/m", 0755));
	CHECK_OK(rump_sys_mount("tmpfs", "/m", 0, &args, sizeof(args)));
	h_file("/m/f", "abc");
	fd = h_open("/m/f", RUMP_O_RDONLY);
	kq = rump_sys_kqueue();
	CHECK_OK(change(kq, fd, RUMP_EVFILT_VNODE, RUMP_EV_ADD,
	    RUMP_NOTE_REVOKE));
	CHECK_EQUAL(next(kq, &kev), 0);
	CHECK_OK(rump_sys_unmount("/m", RUMP_MNT_FORCE));
	CHECK_EQUAL(next(kq, &kev), 1);
	CHECK_EQUAL(kev.fflags, RUMP_NOTE_REVOKE);
	CHECK(kev.flags & RUMP_EV_EOF);
	CHECK_EQUAL(next(kq, &kev), 0);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_close(kq));
	CHECK_OK(rump_sys_rmdir("/m"));
}

/* A queue of named events is a file like any other to kqueue. */
static void
named_events(void)
{
	struct rump_kevent kev;
	int kq, q, w;

	kq = rump_sys_kqueue();
	CHECK_EQUAL(rump_pub_fsevents_open(0, &q), 0);
	CHECK_EQUAL(rump_pub_fsevents_add(q, "/", RUMP_FSEVENT_CREATE, &w), 0);
	CHECK_OK(change(kq, q, RUMP_EVFILT_READ, RUMP_EV_ADD, 0));
	CHECK_EQUAL(next(kq, &kev), 0);
	CHECK_OK(rump_sys_mkdir("/d", 0755));
	CHECK_EQUAL(next(kq, &kev), 1);
	CHECK_EQUAL(kev.data, 32);
	CHECK_OK(rump_sys_close(q));
	CHECK_EQUAL(next(kq, &kev), 0);
	CHECK_OK(rump_sys_close(kq));
	CHECK_OK(rump_sys_rmdir("/d"));
}

struct waiter {
	int w_kq;
	struct rump_kevent w_kev;
	int w_first, w_second, w_errno;
	pthread_barrier_t w_ready;
};

static void *
wait_twice(void *arg)
{
	struct waiter *w = arg;

	w->w_first = rump_sys_kevent(w->w_kq, NULL, 0, &w->w_kev, 1, NULL);
	pthread_barrier_wait(&w->w_ready);
	w->w_second = rump_sys_kevent(w->w_kq, NULL, 0, &w->w_kev, 1, NULL);
	w->w_errno = rumpglue_errno();
	return NULL;
}

static void
waiting(void)
{
	struct rump_timespec soon = { 0, 1000000 };
	struct waiter w;
	pthread_t t;
	int fd;

	fd = h_open("/f", RUMP_O_RDWR | RUMP_O_CREAT);
	w.w_kq = rump_sys_kqueue();
	CHECK_OK(change(w.w_kq, fd, RUMP_EVFILT_VNODE, RUMP_EV_ADD |
	    RUMP_EV_CLEAR, RUMP_NOTE_WRITE));
	CHECK_EQUAL(rump_sys_kevent(w.w_kq, NULL, 0, &w.w_kev, 1, &soon), 0);
	pthread_barrier_init(&w.w_ready, NULL, 2);
	CHECK_EQUAL(pthread_create(&t, NULL, wait_twice, &w), 0);
	CHECK_EQUAL(rump_sys_write(fd, "x", 1), 1);
	pthread_barrier_wait(&w.w_ready);
	CHECK_OK(rump_sys_close(w.w_kq));
	pthread_join(t, NULL);
	CHECK_EQUAL(w.w_first, 1);
	CHECK_EQUAL(w.w_second, -1);
	CHECK_EQUAL(w.w_errno, RUMP_EBADF);
	pthread_barrier_destroy(&w.w_ready);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unlink("/f"));
}

/* A process's descriptors are its own, also those that are copies. */
static void
another_process(void)
{
	struct lwp *first = rump_pub_lwproc_curlwp();
	int kq, fd;

	fd = h_open("/f", RUMP_O_RDWR | RUMP_O_CREAT);
	kq = rump_sys_kqueue();
	CHECK_OK(change(kq, fd, RUMP_EVFILT_VNODE, RUMP_EV_ADD | RUMP_EV_CLEAR,
	    RUMP_NOTE_WRITE));
	CHECK_EQUAL(rump_pub_lwproc_rfork(RUMP_RFFDG), 0);
	CHECK_OK(rump_sys_close(fd));
	rump_pub_lwproc_releaselwp();
	rump_pub_lwproc_switch(first);
	CHECK_EQUAL(rump_sys_write(fd, "x", 1), 1);
	CHECK_NOTE(kq, RUMP_NOTE_WRITE);
	CHECK_EQUAL(rump_pub_lwproc_rfork(RUMP_RFFDG), 0);
	rump_pub_lwproc_releaselwp();
	rump_pub_lwproc_switch(first);
	CHECK_EQUAL(rump_sys_write(fd, "x", 1), 1);
	CHECK_NOTE(kq, RUMP_NOTE_WRITE);
	CHECK_OK(rump_sys_close(kq));
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unlink("/f"));
}

static const struct tap_case cases[] = {
	{ "EVFILT_VNODE: each note", vnode_notes },
	{ "EVFILT_READ, EVFILT_WRITE; once, disabled, deleted",
	    reading_and_writing },
	{ "what cannot be waited for", errors },
	{ "a file that is taken away", revoked_files },
	{ "a queue of named events", named_events },
	{ "waiting, with a limit, until the queue is closed", waiting },
	{ "another process closes its copies", another_process },
};

RUN_KERNEL(cases)
