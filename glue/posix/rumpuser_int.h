/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpuser_int.h: what the files of the posix host share.
 *
 * The contract is named by its path, because rump/include has headers of the
 * same names as the C library's and must not stand in its way.
 */
#ifndef _GLUE_RUMPUSER_INT_H_
#define	_GLUE_RUMPUSER_INT_H_

#include <errno.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include "../../rump/include/rump/rumperr.h"
#include "../../rump/include/rump/rumpuser.h"
#include "../common/errtrans.h"
#include "../common/rump_errno.h"
#include "rumpuser_posix.h"

#define	RUMPUSER__HIDDEN	__attribute__((__visibility__("hidden")))
#define	RUMPUSER__LIKELY(e)	__builtin_expect((e) != 0, 1)

/* init.c: the kernel's upcalls. */
extern struct rump_hyperup rumpuser__hyp RUMPUSER__HIDDEN;

/* fibers.c: where this thread is going to wait; another one may come back. */
void	rumpuser__handover(void) RUMPUSER__HIDDEN;
void	rumpuser__fibers_free_all(void) RUMPUSER__HIDDEN;

static inline void
rumpuser__unschedule(int *nlocks, void *interlock)
{

	rumpuser__hyp.hyp_backend_unschedule(0, nlocks, interlock);
	rumpuser__handover();
}

static inline void
rumpuser__schedule(int nlocks, void *interlock)
{

	rumpuser__hyp.hyp_backend_schedule(nlocks, interlock);
}

/* A result of the C library as a NetBSD errno. */
static inline int
rumpuser__errno(void)
{

	return rumpglue_errno_from_linux(errno);
}

/*
 * lwp.c: what a thread knows of itself.  One thread-local, because each access
 * in a shared object that is loaded late costs a call.
 */
struct rumpuser__entry {
	struct rumpuser__entry *re_outer;
	jmp_buf re_jump;
};
struct rumpuser__self {
	struct lwp *rs_lwp;
	struct rumpuser__entry *rs_entry;	/* the way out, or NULL */
	struct rumpuser__fiber *rs_fiber;	/* may be handed over, or NULL */
	int rs_error;				/* NetBSD errno */
};
extern __thread struct rumpuser__self rumpuser__self RUMPUSER__HIDDEN;

/*
 * wait.c: the one way to block.  Sleeps while *word is value, at most until the
 * deadline of CLOCK_MONOTONIC (NULL: no limit); ETIMEDOUT or 0, which may be
 * spurious.  Does not return once the kernel has ended.
 */
int	rumpuser__wait(_Atomic uint32_t *word, uint32_t value,
	    const struct timespec *deadline) RUMPUSER__HIDDEN;
void	rumpuser__wake(_Atomic uint32_t *word, int nthreads) RUMPUSER__HIDDEN;
/* Marks the kernel as ended and gets every blocked thread out of it. */
void	rumpuser__wait_end(void) RUMPUSER__HIDDEN;
int	rumpuser__wait_ended(void) RUMPUSER__HIDDEN;
/* Leaves the kernel on this thread. */
void	rumpuser__leave(void) __attribute__((__noreturn__, __noinline__))
	    RUMPUSER__HIDDEN;

/* wait.c: a plain lock of the host's own; held briefly, never across an upcall. */
struct rumpuser__lock {
	_Atomic uint32_t rl_word;
};
void	rumpuser__lock(struct rumpuser__lock *) RUMPUSER__HIDDEN;
void	rumpuser__unlock(struct rumpuser__lock *) RUMPUSER__HIDDEN;

/* clock.c: now plus a relative time, on CLOCK_MONOTONIC. */
void	rumpuser__deadline(struct timespec *, int64_t sec, int64_t nsec)
	    RUMPUSER__HIDDEN;

/* exit.c: true if whoever loaded the kernel wants to survive it. */
int	rumpuser__has_exit_hook(void) RUMPUSER__HIDDEN;
extern struct rumpuser_posix_hooks rumpuser__hooks RUMPUSER__HIDDEN;

/* threads.c: a thread of the host's own (an I/O thread) is one like others. */
int	rumpuser__threads_stop(const struct timespec *deadline)
	    RUMPUSER__HIDDEN;
int	rumpuser__threads_count(void) RUMPUSER__HIDDEN;

/* The parts of teardown; each leaves its file as it was at the start. */
void	rumpuser__memory_free_all(void) RUMPUSER__HIDDEN;
size_t	rumpuser__memory_bytes(void) RUMPUSER__HIDDEN;
void	rumpuser__files_close_all(void) RUMPUSER__HIDDEN;
int	rumpuser__files_count(void) RUMPUSER__HIDDEN;
int	rumpuser__file_is_regular(int fd) RUMPUSER__HIDDEN;

#endif /* _GLUE_RUMPUSER_INT_H_ */
