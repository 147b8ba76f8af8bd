/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fibers.c: calls that are begun on one thread and go on on another if they
 * have to wait.
 *
 * Such a call runs on a stack and with an lwp of its own: a fiber.  The thread
 * that begins it goes over to that stack.  Where the call would wait (for a
 * lock, a wakeup, the virtual CPU, a system call of the host's that may take
 * long), rumpuser__handover() goes back to the beginner's stack, and the fiber's
 * own thread, its carrier, goes on where the call stood.  So a call that does
 * not wait costs two changes of stacks and no change of threads, and nobody has
 * to know beforehand which calls will wait.
 *
 * Each fiber has a carrier of its own, so that one that waits for another can
 * never keep the other from going on.
 *
 * What a thread knows of itself (rumpuser__self) goes along with the fiber.
 * Compilers take the address of a thread-local variable for the same throughout
 * a function: a function that may hand over must not look at it on both sides.
 */
#include "rumpuser_int.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define	FIBERS_MAX	16
/* Address space only, with a page below it that nobody may touch. */
#define	FIBER_STACK	(512UL * 1024UL)
#define	INITPROCESS	1

struct rumpuser__fiber {
	struct rumpuser__fiber *fi_next;	/* fibers_lock: free ones */
	/* These belong to whoever runs the fiber. */
	void *fi_sp;			/* the fiber's, while it does not run */
	void *fi_outer;			/* its runner's, while it does */
	struct rumpuser__self fi_self;
	void (*fi_fun)(void *);
	void (*fi_done)(void *);
	void *fi_arg;
	int fi_finished, fi_later;
	char *fi_stack;
	/* The carrier. */
	_Atomic uint32_t fi_go;		/* 1: it is the carrier's turn */
	int fi_carried;			/* fibers_lock: the carrier is there */
};

/* Guarded by fibers_lock. */
static struct rumpuser__lock fibers_lock;
static struct rumpuser__fiber *fibers_free;
static struct rumpuser__fiber *fibers[FIBERS_MAX];
static int nfibers;

/*
 * Goes over to another stack: saves what the calling convention wants kept, and
 * where it stands in *from.
 */
void	rumpuser__switch(void **from, void *to) RUMPUSER__HIDDEN;
__asm__(
    ".text\n"
    ".p2align 4\n"
    ".hidden rumpuser__switch\n"
    ".globl rumpuser__switch\n"
    ".type rumpuser__switch, @function\n"
    "rumpuser__switch:\n"
    "	pushq %rbp\n"
    "	pushq %rbx\n"
    "	pushq %r12\n"
    "	pushq %r13\n"
    "	pushq %r14\n"
    "	pushq %r15\n"
    "	movq %rsp, (%rdi)\n"
    "	movq %rsi, %rsp\n"
    "	popq %r15\n"
    "	popq %r14\n"
    "	popq %r13\n"
    "	popq %r12\n"
    "	popq %rbx\n"
    "	popq %rbp\n"
    "	ret\n"
    ".size rumpuser__switch, .-rumpuser__switch\n");
#define	SWITCH_WORDS	7	/* six registers and the way back */

/* Through the guarded entry: making the lwp may find the kernel gone. */
static int64_t
take_lwp(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)
{

	(void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
	rumpuser__hyp.hyp_schedule();
	(void)rumpuser__hyp.hyp_lwproc_newlwp(INITPROCESS);
	rumpuser__hyp.hyp_unschedule();
	return 0;
}

/* The fiber's first function, which never returns. */
static void
fiber_main(struct rumpuser__fiber *fi)
{
	int error;

	for (;;) {
		if (fi->fi_later)
			rumpuser__handover();
		if (fi->fi_self.rs_lwp == NULL)
			(void)rumpuser_posix_call(take_lwp, 0, 0, 0, 0, 0, 0,
			    &error);
		fi->fi_fun(fi->fi_arg);
		fi->fi_finished = 1;
		rumpuser__switch(&fi->fi_sp, fi->fi_outer);
	}
}

/* Every new stack begins here, with its fiber in a register that is kept. */
__asm__(
    ".text\n"
    ".p2align 4\n"
    ".hidden rumpuser__fiber_start\n"
    ".globl rumpuser__fiber_start\n"
    ".type rumpuser__fiber_start, @function\n"
    "rumpuser__fiber_start:\n"
    "	movq %rbx, %rdi\n"
    "	xorl %ebp, %ebp\n"
    "	callq *%r12\n"
    "	ud2\n"
    ".size rumpuser__fiber_start, .-rumpuser__fiber_start\n");
void	rumpuser__fiber_start(void) RUMPUSER__HIDDEN;

static struct rumpuser__fiber *
fiber_create(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct rumpuser__fiber *fi;
	void **sp;

	if ((fi = calloc(1, sizeof(*fi))) == NULL)
		return NULL;
	fi->fi_stack = mmap(NULL, FIBER_STACK, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
	if (fi->fi_stack == MAP_FAILED) {
		free(fi);
		return NULL;
	}
	(void)mprotect(fi->fi_stack, page, PROT_NONE);
	/* The stack is a multiple of 16 where a function is called. */
	sp = (void **)(void *)(fi->fi_stack + FIBER_STACK) - 2;
	sp -= SWITCH_WORDS;
	sp[3] = (void *)(uintptr_t)fiber_main;		/* %r12 */
	sp[4] = fi;					/* %rbx */
	sp[6] = (void *)(uintptr_t)rumpuser__fiber_start;
	fi->fi_sp = sp;
	return fi;
}

static struct rumpuser__fiber *
fiber_get(void)
{
	struct rumpuser__fiber *fi;

	rumpuser__lock(&fibers_lock);
	if ((fi = fibers_free) != NULL)
		fibers_free = fi->fi_next;
	else if (nfibers < FIBERS_MAX && (fi = fiber_create()) != NULL)
		fibers[nfibers++] = fi;
	rumpuser__unlock(&fibers_lock);
	return fi;
}

static void
fiber_put(struct rumpuser__fiber *fi)
{

	rumpuser__lock(&fibers_lock);
	fi->fi_next = fibers_free;
	fibers_free = fi;
	rumpuser__unlock(&fibers_lock);
}

/*
 * Runs the fiber on this thread until it is done or, if may_leave, until it
 * would wait.  Returns whether it is done.
 */
static __attribute__((__noinline__)) int
fiber_run(struct rumpuser__fiber *fi, int may_leave)
{
	struct rumpuser__self outer = rumpuser__self;

	fi->fi_self.rs_fiber = may_leave ? fi : NULL;
	rumpuser__self = fi->fi_self;
	rumpuser__switch(&fi->fi_outer, fi->fi_sp);
	/* The thread is the one that called: only the fiber moves. */
	fi->fi_self = rumpuser__self;
	rumpuser__self = outer;
	return fi->fi_finished;
}

void
rumpuser__handover(void)
{
	struct rumpuser__fiber *fi = rumpuser__self.rs_fiber;

	if (RUMPUSER__LIKELY(fi == NULL))
		return;
	rumpuser__self.rs_fiber = NULL;
	rumpuser__switch(&fi->fi_sp, fi->fi_outer);
}

/* The end of the kernel changes the words that are waited for, by 4. */
static int
carrier_has_work(struct rumpuser__fiber *fi)
{

	return (atomic_load(&fi->fi_go) & 3) == 1;
}

/* Without work the carrier of a kernel that ended ends. */
static int
carrier_ends(struct rumpuser__fiber *fi)
{
	int ends;

	rumpuser__lock(&fibers_lock);
	ends = !carrier_has_work(fi);
	if (ends)
		fi->fi_carried = 0;
	rumpuser__unlock(&fibers_lock);
	return ends;
}

/* A kernel that ended makes rumpuser__wait() leave, through the entry here. */
static void
carrier_wait(struct rumpuser__fiber *fi)
{
	struct rumpuser__entry entry = { .re_outer = rumpuser__self.rs_entry };

	rumpuser__self.rs_entry = &entry;
	if (_setjmp(entry.re_jump) == 0) {
		while (!carrier_has_work(fi))
			(void)rumpuser__wait(&fi->fi_go, 0, NULL);
	}
	rumpuser__self.rs_entry = entry.re_outer;
}

static void *
carrier_main(void *arg)
{
	struct rumpuser__fiber *fi = arg;
	void (*done)(void *);
	void *donearg;

	for (;;) {
		carrier_wait(fi);
		if (!carrier_has_work(fi) && carrier_ends(fi))
			return NULL;
		atomic_store(&fi->fi_go, 0);
		(void)fiber_run(fi, 0);
		done = fi->fi_done;
		donearg = fi->fi_arg;
		fiber_put(fi);
		done(donearg);
	}
}

/*
 * Gives the fiber to its carrier.  Without one (no thread can be had, or the
 * kernel ended and it left) the caller has to run it to its end.
 */
static int
carrier_go(struct rumpuser__fiber *fi)
{
	int carried, start;

	rumpuser__lock(&fibers_lock);
	start = !fi->fi_carried && !rumpuser__wait_ended();
	carried = fi->fi_carried |= start;
	if (carried)
		atomic_store(&fi->fi_go, 1);
	rumpuser__unlock(&fibers_lock);
	if (start && rumpuser_thread_create(carrier_main, fi, "rumpfiber", 0,
	    -1, -1, NULL) != 0) {
		rumpuser__lock(&fibers_lock);
		fi->fi_carried = 0;
		atomic_store(&fi->fi_go, 0);
		rumpuser__unlock(&fibers_lock);
		return 0;
	}
	if (carried)
		rumpuser__wake(&fi->fi_go, 1);
	return carried;
}

int
rumpuser_posix_begin(void (*fun)(void *), void (*done)(void *), void *arg,
    int flags)
{
	struct rumpuser__fiber *fi;

	if ((fi = fiber_get()) == NULL)
		return RUMPUSER_POSIX_BUSY;
	fi->fi_fun = fun;
	fi->fi_done = done;
	fi->fi_arg = arg;
	fi->fi_finished = 0;
	fi->fi_later = (flags & RUMPUSER_POSIX_LATER) != 0;
	if (!fiber_run(fi, 1)) {
		if (carrier_go(fi))
			return RUMPUSER_POSIX_BEGUN;
		(void)fiber_run(fi, 0);
	}
	fiber_put(fi);
	return RUMPUSER_POSIX_DONE;
}

/* No thread is inside; the lwps go with the kernel's memory. */
void
rumpuser__fibers_free_all(void)
{
	int i;

	for (i = 0; i < nfibers; i++) {
		(void)munmap(fibers[i]->fi_stack, FIBER_STACK);
		free(fibers[i]);
	}
	nfibers = 0;
	fibers_free = NULL;
}

void
rumpuser_posix_hand_over(void)
{

	rumpuser__handover();
}
