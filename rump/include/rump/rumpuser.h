/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpuser.h: the lower edge. What a kernel asks of its host: the hypercalls
 * of NetBSD's rumpuser(3), version 17.
 *
 * This file includes nothing, so that it fits both a kernel that is compiled
 * without any host header and a host that is compiled without any kernel
 * header.  Whoever includes it has size_t, ssize_t, int64_t, uint64_t, uint8_t
 * and (with bool semantics) int at hand.
 *
 * Rules for all calls
 *  - A call that can fail returns 0 or a positive NetBSD errno (rumperr.h); its
 *    results go through pointers, which it leaves alone when it fails.
 *  - "May block" calls MUST call hyp_backend_unschedule() before they block and
 *    hyp_backend_schedule() after; *_nowrap calls MUST NOT.
 *  - Sizes are bytes; seconds and nanoseconds are separate arguments.
 *  - Memory handed out is owned by the kernel until it gives it back with the
 *    matching call and the same size.
 */
#ifndef _RUMP_RUMPUSER_H_
#define	_RUMP_RUMPUSER_H_

#define	RUMPUSER_VERSION	17

struct lwp;
struct rumpuser_mtx;
struct rumpuser_rw;
struct rumpuser_cv;

/*
 * Start.
 *
 * rumpuser_init() is the first call a kernel makes.  The host MUST refuse a
 * version that is not its own, and keeps the upcalls (it copies the structure).
 * The host makes the upcalls about lwps (hyp_lwproc_*, hyp_lwpexit,
 * hyp_execnotify, hyp_syscall) between hyp_schedule() and hyp_unschedule().
 */
struct rump_hyperup {
	void (*hyp_schedule)(void);
	void (*hyp_unschedule)(void);
	/* (lock count to drop; result: how many were held; interlock or NULL) */
	void (*hyp_backend_unschedule)(int, int *, void *);
	void (*hyp_backend_schedule)(int, void *);
	void (*hyp_lwproc_switch)(struct lwp *);
	void (*hyp_lwproc_release)(void);
	int (*hyp_lwproc_rfork)(void *, int, const char *);
	int (*hyp_lwproc_newlwp)(int);
	struct lwp *(*hyp_lwproc_curlwp)(void);
	int (*hyp_syscall)(int, void *, long *);
	void (*hyp_lwpexit)(void);
	void (*hyp_execnotify)(const char *);
	int (*hyp_getpid)(void);
	void *hyp__extra[8];
};
int	rumpuser_init(int version, const struct rump_hyperup *);

/* Only a host that can run in the background does anything here. */
int	rumpuser_daemonize_begin(void);
int	rumpuser_daemonize_done(int error);

/*
 * Memory.
 *
 * malloc: align is a power of two or 0 (the host's choice, 16 at least); MUST
 * honour alignments up to a page.  Contents are undefined.
 * anonmmap: zeroed, page-aligned; prefaddr is a wish; alignbit is the log2 of
 * the alignment, 0 for a page; exec asks for executable memory.
 */
int	rumpuser_malloc(size_t len, int align, void **);
void	rumpuser_free(void *, size_t len);
int	rumpuser_anonmmap(void *prefaddr, size_t len, int alignbit, int exec,
	    void **);
void	rumpuser_unmap(void *, size_t len);

/*
 * Files and block devices of the host, by the host's own names.
 *
 * getfileinfo: either result pointer may be NULL.  Size is in bytes.
 * open: mode is one RUMPUSER_OPEN_ access mode and flags; fails with EINVAL if
 * RUMPUSER_OPEN_BIO was not asked for and the file is a device.
 * bio: asynchronous; the host MAY complete it before it returns.  biodone is
 * called exactly once, by a thread that is not scheduled or is the caller's own:
 * the host wraps it in hyp_schedule()/hyp_unschedule() where it runs on a thread
 * of the host.  error is a NetBSD errno; done is the number of bytes moved.
 * RUMPUSER_BIO_SYNC: do not complete before the bytes are on stable storage; a
 * write of no bytes flushes what was completed before.
 * iovread/iovwrite: off is the position, or RUMPUSER_IOV_NOSEEK for the file's
 * own; result is the number of bytes, short at the end of the file.  May block.
 * syncfd: flags say what (READ: invalidate caches; WRITE: flush) and whether to
 * wait (SYNC) or to order only (BARRIER).  A length of 0 is "to the end".
 */
#define	RUMPUSER_FT_OTHER	0
#define	RUMPUSER_FT_DIR		1
#define	RUMPUSER_FT_REG		2
#define	RUMPUSER_FT_BLK		3
#define	RUMPUSER_FT_CHR		4
int	rumpuser_getfileinfo(const char *name, uint64_t *size, int *ft);

#define	RUMPUSER_OPEN_RDONLY	0x0000
#define	RUMPUSER_OPEN_WRONLY	0x0001
#define	RUMPUSER_OPEN_RDWR	0x0002
#define	RUMPUSER_OPEN_ACCMODE	0x0003
#define	RUMPUSER_OPEN_CREATE	0x0004
#define	RUMPUSER_OPEN_EXCL	0x0008
#define	RUMPUSER_OPEN_BIO	0x0010
int	rumpuser_open(const char *name, int mode, int *fdp);
int	rumpuser_close(int fd);

#define	RUMPUSER_BIO_READ	0x01
#define	RUMPUSER_BIO_WRITE	0x02
#define	RUMPUSER_BIO_SYNC	0x04
typedef void (*rump_biodone_fn)(void *donearg, size_t done, int error);
void	rumpuser_bio(int fd, int op, void *data, size_t len, int64_t off,
	    rump_biodone_fn biodone, void *donearg);

struct rumpuser_iovec {
	void *iov_base;
	size_t iov_len;
};
#define	RUMPUSER_IOV_NOSEEK	-1
int	rumpuser_iovread(int fd, struct rumpuser_iovec *, size_t iovlen,
	    int64_t off, size_t *);
int	rumpuser_iovwrite(int fd, const struct rumpuser_iovec *, size_t iovlen,
	    int64_t off, size_t *);

#define	RUMPUSER_SYNCFD_READ	0x01
#define	RUMPUSER_SYNCFD_WRITE	0x02
#define	RUMPUSER_SYNCFD_BOTH	(RUMPUSER_SYNCFD_READ | RUMPUSER_SYNCFD_WRITE)
#define	RUMPUSER_SYNCFD_BARRIER	0x04
#define	RUMPUSER_SYNCFD_SYNC	0x08
int	rumpuser_syncfd(int fd, int flags, uint64_t start, uint64_t len);

/*
 * Clocks.  RELWALL is the wall clock (seconds since 1970, UTC), ABSMONO runs
 * from any start and never back.  clock_sleep: RELWALL sleeps for the time
 * given, ABSMONO until it.  May block.
 */
enum rumpclock { RUMPUSER_CLOCK_RELWALL, RUMPUSER_CLOCK_ABSMONO };
int	rumpuser_clock_gettime(int which, int64_t *sec, long *nsec);
int	rumpuser_clock_sleep(int which, int64_t sec, long nsec);

/*
 * Parameters: strings by name.  The host MUST answer the two below; ENOENT for
 * a name that is not set, E2BIG if it does not fit.
 */
#define	RUMPUSER_PARAM_NCPU	"_RUMPUSER_NCPU"
#define	RUMPUSER_PARAM_HOSTNAME	"_RUMPUSER_HOSTNAME"
int	rumpuser_getparam(const char *name, void *buf, size_t buflen);

/*
 * The end.  rumpuser_exit() does not return; RUMPUSER_PANIC says that the kernel
 * met a broken invariant.  seterrno: the errno (NetBSD's number) of the system
 * call that this thread is returning from.
 */
#define	RUMPUSER_PANIC	(-1)
void	rumpuser_exit(int value) __attribute__((__noreturn__));
void	rumpuser_seterrno(int error);
#define	RUMPUSER_PID_SELF	((int64_t)-1)
int	rumpuser_kill(int64_t pid, int sig);

/*
 * Random bytes.  Without flags it returns what there is (at least 1 byte, may
 * block for it); HARD asks for true randomness; NOWAIT fails with EAGAIN
 * rather than block.
 */
#define	RUMPUSER_RANDOM_HARD	0x01
#define	RUMPUSER_RANDOM_NOWAIT	0x02
int	rumpuser_getrandom(void *buf, size_t len, int flags, size_t *);

/*
 * Threads.  A thread that is mustjoin is waited for by one thread_join(cookie).
 * priority and cpuidx are hints; -1 is "any".
 */
int	rumpuser_thread_create(void *(*fun)(void *), void *arg,
	    const char *name, int mustjoin, int priority, int cpuidx,
	    void **cookie);
void	rumpuser_thread_exit(void) __attribute__((__noreturn__));
int	rumpuser_thread_join(void *cookie);

/*
 * The lwp of a host thread: a pointer per thread.  CREATE and DESTROY tell the
 * host of lwps that come and go; SET and CLEAR bind one to this thread.
 */
enum rumplwpop {
	RUMPUSER_LWP_CREATE,
	RUMPUSER_LWP_DESTROY,
	RUMPUSER_LWP_SET,
	RUMPUSER_LWP_CLEAR
};
void	rumpuser_curlwpop(int op, struct lwp *);
struct lwp *rumpuser_curlwp(void);

/*
 * Locks.  A KMUTEX has an owner that the kernel may ask for; a SPIN mutex is
 * not released (unscheduled) around: its enter() is always nowrap.
 * mutex_enter, rw_enter, cv_wait and cv_timedwait may block.
 * cv_timedwait: relative time; ETIMEDOUT when it ran out, else 0.  A wakeup may
 * be spurious.
 */
#define	RUMPUSER_MTX_SPIN	0x01
#define	RUMPUSER_MTX_KMUTEX	0x02
void	rumpuser_mutex_init(struct rumpuser_mtx **, int flags);
void	rumpuser_mutex_enter(struct rumpuser_mtx *);
void	rumpuser_mutex_enter_nowrap(struct rumpuser_mtx *);
int	rumpuser_mutex_tryenter(struct rumpuser_mtx *);
void	rumpuser_mutex_exit(struct rumpuser_mtx *);
void	rumpuser_mutex_destroy(struct rumpuser_mtx *);
void	rumpuser_mutex_owner(struct rumpuser_mtx *, struct lwp **);

enum rumprwlock { RUMPUSER_RW_READER, RUMPUSER_RW_WRITER };
void	rumpuser_rw_init(struct rumpuser_rw **);
void	rumpuser_rw_enter(int, struct rumpuser_rw *);
int	rumpuser_rw_tryenter(int, struct rumpuser_rw *);
int	rumpuser_rw_tryupgrade(struct rumpuser_rw *);
void	rumpuser_rw_downgrade(struct rumpuser_rw *);
void	rumpuser_rw_exit(struct rumpuser_rw *);
void	rumpuser_rw_destroy(struct rumpuser_rw *);
void	rumpuser_rw_held(int, struct rumpuser_rw *, int *);

void	rumpuser_cv_init(struct rumpuser_cv **);
void	rumpuser_cv_destroy(struct rumpuser_cv *);
void	rumpuser_cv_wait(struct rumpuser_cv *, struct rumpuser_mtx *);
void	rumpuser_cv_wait_nowrap(struct rumpuser_cv *, struct rumpuser_mtx *);
int	rumpuser_cv_timedwait(struct rumpuser_cv *, struct rumpuser_mtx *,
	    int64_t sec, int64_t nsec);
void	rumpuser_cv_signal(struct rumpuser_cv *);
void	rumpuser_cv_broadcast(struct rumpuser_cv *);
void	rumpuser_cv_has_waiters(struct rumpuser_cv *, int *);

/*
 * Console.  putchar MAY buffer until a newline; dprintf is for what must be
 * seen even when the kernel is broken.
 */
void	rumpuser_putchar(int ch);
void	rumpuser_dprintf(const char *fmt, ...)
	    __attribute__((__format__(__printf__, 1, 2)));

/*
 * Components found by the host's dynamic linker; a host that links statically
 * does nothing.
 */
struct modinfo;
struct rump_component;
typedef void (*rump_modinit_fn)(const struct modinfo *const *, size_t);
typedef int (*rump_symload_fn)(void *, uint64_t, char *, uint64_t);
typedef void (*rump_compload_fn)(const struct rump_component *);
typedef void (*rump_evcntattach_fn)(void *);
void	rumpuser_dl_bootstrap(rump_modinit_fn, rump_symload_fn,
	    rump_compload_fn, rump_evcntattach_fn);

#endif /* _RUMP_RUMPUSER_H_ */
