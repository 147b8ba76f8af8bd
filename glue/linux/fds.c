/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fds.c: the program's descriptors.
 *
 * The table is this layer's own, since a descriptor may stand for the console or
 * a device that the kernel does not know.  Descriptors that share an open file
 * share one struct linux_file, and with it one descriptor of the kernel: so
 * positions and flags are shared as they should be.
 */
#include "linux.h"
#include "file.h"

struct linux_fd {
	struct linux_file *fd_file;
	int fd_cloexec;
};

static struct rumpuser_mtx *linux_fds_lock;	/* all of this, and f_refs */
static struct linux_fd linux_fds_first[16];	/* for most programs enough */
static struct linux_fd *linux_fds = linux_fds_first;
static int linux_nfds = LINUX_NELEM(linux_fds_first);
static int linux_fds_free;		/* no free place is below */

/* A new file with one reference, which the caller owns. */
int
linux_file_create(const struct linux_fileops *ops, int flags,
    struct linux_file **fp)
{
	struct linux_file *f;
	void *mem;

	if (rumpuser_malloc(sizeof(*f), 0, &mem) != 0)
		return -LINUX_ENOMEM;
	f = mem;
	memset(f, 0, sizeof(*f));
	f->f_ops = ops;
	f->f_rumpfd = -1;
	f->f_refs = 1;
	f->f_flags = flags;
	*fp = f;
	return 0;
}

/* The file behind fd, with a reference that linux_file_put() gives back. */
struct linux_file *
linux_file_get(int fd)
{
	struct linux_file *f = NULL;

	rumpuser_mutex_enter_nowrap(linux_fds_lock);
	if (fd >= 0 && fd < linux_nfds)
		f = linux_fds[fd].fd_file;
	if (f != NULL)
		f->f_refs++;
	rumpuser_mutex_exit(linux_fds_lock);
	return f;
}

/* One more reference, for who found it otherwise and knows that it is not freed. */
struct linux_file *
linux_file_hold(struct linux_file *f)
{

	rumpuser_mutex_enter_nowrap(linux_fds_lock);
	if (f->f_refs == 0)
		f = NULL;
	else
		f->f_refs++;
	rumpuser_mutex_exit(linux_fds_lock);
	return f;
}

void
linux_file_put(struct linux_file *f)
{
	int refs;

	rumpuser_mutex_enter_nowrap(linux_fds_lock);
	refs = --f->f_refs;
	rumpuser_mutex_exit(linux_fds_lock);
	if (refs > 0)
		return;
	if (f->f_epitems != NULL)
		linux_epoll_empty(&f->f_epitems);
	if (f->f_ops->fo_close != NULL)
		f->f_ops->fo_close(f);
	if (f->f_dir != NULL)
		linux_dir_destroy(f->f_dir);
	rumpuser_free(f, sizeof(*f));
}

/* Makes the table reach beyond fd; memory is asked for without the lock. */
static int
linux_fds_reach(int fd)
{
	struct linux_fd *new, *old;
	int have, n;
	void *mem;

	rumpuser_mutex_enter_nowrap(linux_fds_lock);
	have = linux_nfds;
	rumpuser_mutex_exit(linux_fds_lock);
	for (n = have; n <= fd; n *= 2)
		continue;
	if (n == have)
		return 0;
	if (rumpuser_malloc((size_t)n * sizeof(*new), 0, &mem) != 0)
		return -LINUX_ENOMEM;
	new = mem;
	memset(new, 0, (size_t)n * sizeof(*new));
	rumpuser_mutex_enter_nowrap(linux_fds_lock);
	old = linux_fds;
	have = linux_nfds;
	if (have < n) {
		memcpy(new, old, (size_t)have * sizeof(*new));
		linux_fds = new;
		linux_nfds = n;
	} else {
		old = new;		/* somebody was faster */
		have = n;
	}
	rumpuser_mutex_exit(linux_fds_lock);
	if (old != linux_fds_first)
		rumpuser_free(old, (size_t)have * sizeof(*old));
	return 0;
}

/* Takes the first free place in [lowest, limit) of the table; 0: there is none. */
static int
linux_fd_place(struct linux_file *f, int lowest, int limit, int cloexec,
    int *fdp)
{
	int fd, from, isfree;

	rumpuser_mutex_enter_nowrap(linux_fds_lock);
	from = lowest > linux_fds_free ? lowest : linux_fds_free;
	for (fd = from; fd < linux_nfds && fd < limit; fd++) {
		if (linux_fds[fd].fd_file == NULL)
			break;
	}
	isfree = fd < linux_nfds && fd < limit;
	if (from == linux_fds_free)
		linux_fds_free = fd;
	if (isfree) {
		linux_fds[fd].fd_file = f;
		linux_fds[fd].fd_cloexec = cloexec;
	}
	rumpuser_mutex_exit(linux_fds_lock);
	*fdp = fd;
	return isfree;
}

/*
 * Gives f the first free descriptor from lowest on.  The caller's reference goes
 * to the table; on failure it stays with the caller.
 */
int
linux_fd_install(struct linux_file *f, int lowest, int cloexec)
{
	const int limit = linux_limit_nofile();
	int error, fd;

	if (lowest < 0 || (lowest != 0 && lowest >= limit))
		return -LINUX_EINVAL;
	while (!linux_fd_place(f, lowest, limit, cloexec, &fd)) {
		if (fd >= limit)
			return -LINUX_EMFILE;
		if ((error = linux_fds_reach(fd)) != 0)
			return error;
	}
	return fd;
}

/* Takes the file out of the table; the reference goes to the caller. */
static struct linux_file *
linux_fd_replace(int fd, struct linux_file *f, int cloexec)
{
	struct linux_file *old = NULL;

	rumpuser_mutex_enter_nowrap(linux_fds_lock);
	if (fd >= 0 && fd < linux_nfds) {
		old = linux_fds[fd].fd_file;
		linux_fds[fd].fd_file = f;
		linux_fds[fd].fd_cloexec = cloexec;
		if (f == NULL && fd < linux_fds_free)
			linux_fds_free = fd;
	}
	rumpuser_mutex_exit(linux_fds_lock);
	return old;
}

/*
 * Descriptors 0, 1 and 2 are the console.  The limit is kept here, so the kernel
 * gives what is asked for, and some more for what this layer opens itself.
 */
void
linux_fds_init(void)
{
	const struct rump_rlimit rl = { LINUX_NFDS + 1024, LINUX_NFDS + 1024 };
	struct linux_file *f;
	int fd;

	linux_mutex_init(&linux_fds_lock);
	(void)rump_sys_setrlimit(RUMP_RLIMIT_NOFILE, &rl);
	if (linux_file_create(&linux_console_ops, 2, &f) != 0)
		host_abort("out of memory: the console's descriptors");
	for (fd = 0; fd <= 2; fd++) {
		linux_fds[fd].fd_file = f;
		f->f_refs = fd + 1;
	}
}

int
linux_fd_close(int fd)
{
	struct linux_file *f;

	f = linux_fd_replace(fd, NULL, 0);
	if (f == NULL)
		return -LINUX_EBADF;
	linux_file_put(f);
	return 0;
}

long
linux_sys_close(struct linux_call *lc)
{

	return linux_fd_close((int)lc->lc_arg[0]);
}

static long
linux_dup_from(int fd, int lowest, int cloexec)
{
	struct linux_file *f;
	int new;

	if ((f = linux_file_get(fd)) == NULL)
		return -LINUX_EBADF;
	new = linux_fd_install(f, lowest, cloexec);
	if (new < 0)
		linux_file_put(f);
	return new;
}

static long
linux_dup_to(int fd, int to, int cloexec)
{
	struct linux_file *f, *old;
	int error;

	if (to < 0 || to >= linux_limit_nofile())
		return -LINUX_EBADF;
	if ((f = linux_file_get(fd)) == NULL)
		return -LINUX_EBADF;
	if ((error = linux_fds_reach(to)) != 0) {
		linux_file_put(f);
		return error;
	}
	old = linux_fd_replace(to, f, cloexec);
	if (old != NULL)
		linux_file_put(old);
	return to;
}

long
linux_sys_dup(struct linux_call *lc)
{

	return linux_dup_from((int)lc->lc_arg[0], 0, 0);
}

long
linux_sys_dup2(struct linux_call *lc)
{
	int fd = (int)lc->lc_arg[0], to = (int)lc->lc_arg[1];
	struct linux_file *f;

	if (fd != to)
		return linux_dup_to(fd, to, 0);
	if ((f = linux_file_get(fd)) == NULL)
		return -LINUX_EBADF;
	linux_file_put(f);
	return to;
}

long
linux_sys_dup3(struct linux_call *lc)
{
	int fd = (int)lc->lc_arg[0], to = (int)lc->lc_arg[1];
	int flags = (int)lc->lc_arg[2];

	if (fd == to || (flags & ~LINUX_O_CLOEXEC) != 0)
		return -LINUX_EINVAL;
	return linux_dup_to(fd, to, flags != 0);
}

/* The flags of a descriptor, or (set) new ones: FD_CLOEXEC. */
long
linux_fd_flags(int fd, int set, int cloexec)
{
	long result = -LINUX_EBADF;

	rumpuser_mutex_enter_nowrap(linux_fds_lock);
	if (fd >= 0 && fd < linux_nfds && linux_fds[fd].fd_file != NULL) {
		result = set ? 0 : linux_fds[fd].fd_cloexec;
		if (set)
			linux_fds[fd].fd_cloexec = cloexec;
	}
	rumpuser_mutex_exit(linux_fds_lock);
	return result;
}

/* O_APPEND and O_NONBLOCK are what the kernel lets a program change. */
long
linux_file_setfl(struct linux_file *f, int flags)
{
	const int may = LINUX_O_APPEND | LINUX_O_NONBLOCK;
	int rumpflags = 0;

	if (f->f_rumpfd != -1) {
		if (flags & LINUX_O_APPEND)
			rumpflags |= RUMP_O_APPEND;
		if (flags & LINUX_O_NONBLOCK)
			rumpflags |= RUMP_O_NONBLOCK;
		if (rump_sys_fcntl(f->f_rumpfd, RUMP_F_SETFL,
		    (void *)(intptr_t)rumpflags) == -1)
			return linux_result(-1);
	}
	f->f_flags = (f->f_flags & ~may) | (flags & may);
	return 0;
}

long
linux_sys_fcntl(struct linux_call *lc)
{
	int fd = (int)lc->lc_arg[0], cmd = (int)lc->lc_arg[1];
	uint64_t arg = lc->lc_arg[2];
	struct linux_file *f;
	long result;

	if ((f = linux_file_get(fd)) == NULL)
		return -LINUX_EBADF;
	switch (cmd) {
	case LINUX_F_DUPFD:
	case LINUX_F_DUPFD_CLOEXEC:
		result = linux_dup_from(fd, (int)arg,
		    cmd == LINUX_F_DUPFD_CLOEXEC);
		break;
	case LINUX_F_GETFD:
	case LINUX_F_SETFD:
		result = linux_fd_flags(fd, cmd == LINUX_F_SETFD,
		    (int)arg & LINUX_FD_CLOEXEC);
		break;
	case LINUX_F_GETFL:
		result = f->f_flags;
		break;
	case LINUX_F_SETFL:
		result = linux_file_setfl(f, (int)arg);
		break;
	case LINUX_F_GETLK:
	case LINUX_F_SETLK:
	case LINUX_F_SETLKW:
		result = linux_lock(f, cmd, arg);
		break;
	case LINUX_F_GETPIPE_SZ:
	case LINUX_F_SETPIPE_SZ:
		result = linux_pipe_size(f, cmd, arg);
		break;
	default:
		result = -LINUX_EINVAL;
		break;
	}
	linux_file_put(f);
	return result;
}

/* Advice: nothing to do, but for a descriptor that is open. */
long
linux_sys_fdnothing(struct linux_call *lc)
{
	struct linux_file *f;

	if ((f = linux_file_get((int)lc->lc_arg[0])) == NULL)
		return -LINUX_EBADF;
	linux_file_put(f);
	return 0;
}
