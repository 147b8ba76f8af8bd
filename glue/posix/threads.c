/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * threads.c: threads of the kernel.
 *
 * Every thread is joined by somebody, also one that the kernel does not wait
 * for: only a join proves that no thread executes code of this shared object
 * any more, and then it may be unmapped.  Threads that the kernel does not wait
 * for are joined when the next one is made, or at the end.
 */
#include "rumpuser_int.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* Address space only; what a thread does not touch costs nothing. */
#define	THREAD_STACK	(1024UL * 1024UL)
#define	THREAD_NAME_MAX	16

struct thread {
	struct thread *t_next, **t_prevp;	/* threads_lock */
	int t_joined;				/* threads_lock: somebody does */
	_Atomic int t_done;
	int t_mustjoin;
	pthread_t t_thread;
	void *(*t_fun)(void *);
	void *t_arg;
};

/* Guarded by threads_lock. */
static struct rumpuser__lock threads_lock;
static struct thread *threads;
static int nthreads;

static void *
thread_main(void *arg)
{
	struct thread *t = arg;
	struct rumpuser__entry entry = { .re_outer = NULL };

	rumpuser__self.rs_entry = &entry;
	if (_setjmp(entry.re_jump) == 0)
		(void)t->t_fun(t->t_arg);
	rumpuser__self.rs_lwp = NULL;
	atomic_store(&t->t_done, 1);
	return NULL;
}

static void
thread_insert(struct thread *t)
{

	rumpuser__lock(&threads_lock);
	t->t_next = threads;
	t->t_prevp = &threads;
	if (threads != NULL)
		threads->t_prevp = &t->t_next;
	threads = t;
	nthreads++;
	rumpuser__unlock(&threads_lock);
}

static void
thread_remove(struct thread *t)
{

	rumpuser__lock(&threads_lock);
	*t->t_prevp = t->t_next;
	if (t->t_next != NULL)
		t->t_next->t_prevp = t->t_prevp;
	nthreads--;
	rumpuser__unlock(&threads_lock);
	free(t);
}

/* A thread that is done and that the kernel does not wait for, or NULL. */
static struct thread *
thread_take_done(void)
{
	struct thread *t;

	rumpuser__lock(&threads_lock);
	for (t = threads; t != NULL; t = t->t_next)
		if (!t->t_mustjoin && !t->t_joined && atomic_load(&t->t_done))
			break;
	if (t != NULL)
		t->t_joined = 1;
	rumpuser__unlock(&threads_lock);
	return t;
}

static void
threads_reap(void)
{
	struct thread *t;

	while ((t = thread_take_done()) != NULL) {
		(void)pthread_join(t->t_thread, NULL);
		thread_remove(t);
	}
}

/* Signals are for the threads of the process, not for the kernel's. */
static int
thread_start(struct thread *t)
{
	pthread_attr_t attr;
	sigset_t all, before;
	int error;

	if ((error = pthread_attr_init(&attr)) != 0)
		return error;
	(void)pthread_attr_setstacksize(&attr, THREAD_STACK);
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&t->t_thread, &attr, thread_main, t);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&attr);
	return error;
}

int
rumpuser_thread_create(void *(*fun)(void *), void *arg, const char *name,
    int mustjoin, int priority, int cpuidx, void **cookie)
{
	char shortname[THREAD_NAME_MAX];
	struct thread *t;
	int error;

	(void)priority;
	(void)cpuidx;
	threads_reap();
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return RUMP_ENOMEM;
	t->t_fun = fun;
	t->t_arg = arg;
	t->t_mustjoin = mustjoin;
	thread_insert(t);
	if ((error = thread_start(t)) != 0) {
		thread_remove(t);
		return rumpglue_errno_from_linux(error);
	}
	if (name != NULL) {
		strncpy(shortname, name, sizeof(shortname) - 1);
		shortname[sizeof(shortname) - 1] = '\0';
		(void)pthread_setname_np(t->t_thread, shortname);
	}
	if (cookie != NULL)
		*cookie = t;
	return 0;
}

void
rumpuser_thread_exit(void)
{

	rumpuser__leave();
}

int
rumpuser_thread_join(void *cookie)
{
	struct thread *t = cookie;
	int error, nlocks;

	rumpuser__unschedule(&nlocks, NULL);
	rumpuser__lock(&threads_lock);
	t->t_joined = 1;
	rumpuser__unlock(&threads_lock);
	if ((error = pthread_join(t->t_thread, NULL)) == 0)
		thread_remove(t);
	rumpuser__schedule(nlocks, NULL);
	return rumpglue_errno_from_linux(error);
}

/* A thread that nobody joins yet, or NULL. */
static struct thread *
thread_take_any(void)
{
	struct thread *t;

	rumpuser__lock(&threads_lock);
	for (t = threads; t != NULL && t->t_joined; t = t->t_next)
		continue;
	if (t != NULL)
		t->t_joined = 1;
	rumpuser__unlock(&threads_lock);
	return t;
}

/*
 * Returns how many threads did not stop before the deadline (CLOCK_REALTIME,
 * as pthread_timedjoin_np() has it).  The kernel must have ended.
 */
int
rumpuser__threads_stop(const struct timespec *deadline)
{
	struct thread *t;

	while ((t = thread_take_any()) != NULL)
		if (pthread_timedjoin_np(t->t_thread, NULL, deadline) == 0)
			thread_remove(t);
	return rumpuser__threads_count();
}

int
rumpuser__threads_count(void)
{
	int count;

	rumpuser__lock(&threads_lock);
	count = nthreads;
	rumpuser__unlock(&threads_lock);
	return count;
}
