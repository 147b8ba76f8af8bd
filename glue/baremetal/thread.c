/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.c: threads of the host, and rumpuser(3)'s calls for them.
 */
#include "types.h"
#include "../../rump/include/rump/rumpuser.h"
#include "../common/rump_errno.h"
#include "cpu.h"
#include "host_int.h"
#include "layout.h"
#include "mem.h"
#include "program.h"
#include "sched.h"

void	thread_trampoline(void);
void	thread_begin(struct thread *);

static int last_id = FIRST_THREAD;

/* What switch_stacks() finds on the stack of a thread that never ran. */
struct start_stack {
	uint64_t ss_r15, ss_r14, ss_r13, ss_r12, ss_rbx, ss_rbp, ss_rip;
};

/*
 * A thread that is not on the run queue yet: sched_start() does that.  Room for
 * a struct host_frame is left above its first registers.  NULL without memory.
 */
struct thread *
thread_new(const char *name, void *(*function)(void *), void *arg)
{
	struct thread *t = heap_zalloc(sizeof(*t));
	struct start_stack *ss;

	if (t == NULL)
		return NULL;
	t->t_kstack = kstack_alloc();
	if (t->t_kstack == 0) {
		heap_free(t, sizeof(*t));
		memory_note_refusal();
		return NULL;
	}
	t->t_function = function;
	t->t_argument = arg;
	t->t_id = __atomic_add_fetch(&last_id, 1, __ATOMIC_RELAXED);
	string_copy(t->t_name, name == NULL ? "thread" : name,
	    sizeof(t->t_name));
	ss = (struct start_stack *)(t->t_kstack + KSTACK_SIZE - FRAME_SIZE) - 1;
	memset(ss, 0, sizeof(*ss));
	ss->ss_rbx = (uint64_t)t;
	ss->ss_rip = (uint64_t)thread_trampoline;
	t->t_sp = (uint64_t)ss;
	return t;
}

/* Called by traps.S.  Returning goes on with the frame of a program thread. */
void
thread_begin(struct thread *t)
{

	sched_switched();
	if (t->t_function == NULL)
		return;
	intr_enable();
	t->t_function(t->t_argument);
	sched_end();
}

/*
 * Frees a dead thread that is off its stack.  The first one was not allocated,
 * and programs may well let it end before the others.
 */
void
thread_release(struct thread *t)
{

	program_forget(t);
	kstack_free(t->t_kstack);
	if (t->t_id != FIRST_THREAD)
		heap_free(t, sizeof(*t));
}

int
rumpuser_thread_create(void *(*fun)(void *), void *arg, const char *name,
    int mustjoin, int priority __unused, int cpuidx __unused, void **cookie)
{
	struct thread *t = thread_new(name, fun, arg);

	if (t == NULL)
		return RUMP_EAGAIN;
	t->t_mustjoin = mustjoin != 0;
	if (mustjoin)
		*cookie = t;
	sched_start(t);
	return 0;
}

void
rumpuser_thread_exit(void)
{

	sched_end();
}

int
rumpuser_thread_join(void *cookie)
{
	struct thread *t = cookie;
	uint64_t flags;
	int nlocks;

	nlocks = rumpkern_release(NULL);
	flags = intr_disable();
	while (t->t_state != THREAD_DEAD)
		sched_wait(&t->t_joiners, NO_DEADLINE);
	intr_restore(flags);
	rumpkern_acquire(nlocks, NULL);
	thread_release(t);
	return 0;
}

void
rumpuser_curlwpop(int op, struct lwp *l)
{

	if (op == RUMPUSER_LWP_SET)
		curthread->t_lwp = l;
	else if (op == RUMPUSER_LWP_CLEAR)
		curthread->t_lwp = NULL;
}

struct lwp *
rumpuser_curlwp(void)
{

	return curthread->t_lwp;
}

void
rumpuser_seterrno(int error)
{

	curthread->t_errno = error;
}

int
rumpglue_errno(void)
{

	return curthread->t_errno;
}
