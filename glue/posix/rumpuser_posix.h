/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpuser_posix.h: what the posix host offers beyond rumpuser(3) to whoever
 * loads a kernel into a process: hooks, a guarded way into the kernel, and a
 * way to give everything back.
 *
 * All state belongs to one loaded copy of the shared object, so that two copies
 * are two independent hosts.  Includes nothing; the includer has size_t and the
 * <stdint.h> types.
 */
#ifndef _GLUE_RUMPUSER_POSIX_H_
#define	_GLUE_RUMPUSER_POSIX_H_

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Hooks.  Both may be called on any thread, also inside a kernel that is
 * broken: they must not enter the kernel.  Install them before rump_init().
 *
 * ph_exit: the kernel ended, with the value of rumpuser_exit().  With this hook
 * the process goes on: the thread that ended the kernel, and every other one
 * that is inside it, leaves through rumpuser_posix_call(); threads that the
 * kernel made end.  Without it rumpuser_exit() ends the process.
 * ph_console: bytes for the console.  Without it they go to standard error.
 */
struct rumpuser_posix_hooks {
	void (*ph_exit)(void *arg, int value);
	void (*ph_console)(void *arg, const char *bytes, size_t len);
	void *ph_arg;
};
void	rumpuser_posix_sethooks(const struct rumpuser_posix_hooks *);

/* Sets a parameter for rumpuser_getparam(); EINVAL if it is too long. */
int	rumpuser_posix_setparam(const char *name, const char *value);

/*
 * The guarded way in: calls fun with integer or pointer arguments.  fun may also
 * return an int: then only the low half of the result means something.
 *
 * *error is 0, or the NetBSD errno that fun handed to rumpuser_seterrno() if it
 * returned -1, or RUMPUSER_POSIX_ENDED if the kernel had ended before or ended
 * meanwhile (the result is then -1, and whatever fun held is lost with it).
 */
#define	RUMPUSER_POSIX_ENDED	(-1)
typedef int64_t (*rumpuser_posix_fn)(int64_t, int64_t, int64_t, int64_t,
    int64_t, int64_t);
int64_t	rumpuser_posix_call(rumpuser_posix_fn fun, int64_t, int64_t, int64_t,
	    int64_t, int64_t, int64_t, int *error);

/*
 * A call that is begun here and goes on elsewhere if it has to wait: runs
 * fun(arg), which enters the kernel through rumpuser_posix_call(), on a stack
 * and with an lwp (of process 1) of its own.
 *
 * DONE: fun returned.  BEGUN: it goes on on a thread of the host's, which calls
 * done(arg) when fun returned.  BUSY: too many calls are under way, this one was
 * not begun; any done() is the time to try again.
 * With LATER the call goes on on that thread from its first step.
 */
#define	RUMPUSER_POSIX_DONE	0
#define	RUMPUSER_POSIX_BEGUN	1
#define	RUMPUSER_POSIX_BUSY	2
#define	RUMPUSER_POSIX_LATER	0x01
int	rumpuser_posix_begin(void (*fun)(void *), void (*done)(void *),
	    void *arg, int flags);

/* From within fun: what follows is long, and is to go on on the other thread. */
void	rumpuser_posix_hand_over(void);

/* The last console output, at most len - 1 bytes and a NUL; returns the length. */
size_t	rumpuser_posix_console_tail(char *buf, size_t len);

/*
 * The end of the host: stops the kernel's threads, closes its files, frees its
 * memory.  No thread may be inside.  Returns the number of threads that did not
 * stop within the time; if it is not 0, the memory stays and the shared object
 * must stay mapped.
 */
int	rumpuser_posix_teardown(unsigned int milliseconds);

/* What the host holds now, for tests of leaks. */
struct rumpuser_posix_usage {
	size_t pu_bytes;	/* malloc and anonmmap */
	int pu_files;
	int pu_threads;
};
void	rumpuser_posix_usage(struct rumpuser_posix_usage *);

#ifdef __cplusplus
}
#endif

#endif /* _GLUE_RUMPUSER_POSIX_H_ */
