/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.c: threads of the program: clone (of a thread; there is no second
 * process), and a thread's end.
 *
 * Numbers that the program sees are this layer's: the first thread's is the
 * process's, as on Linux.  The host's numbers find the entry of the running one.
 */
#include "linux.h"
#include "thread.h"

static struct rumpuser_mtx *linux_threads_lock;	/* list, count, next number */
static struct linux_thread linux_thread_first;
static struct linux_thread *linux_threads = &linux_thread_first;
static int linux_nthreads = 1;
static int linux_nexttid;

void
linux_thread_init(void)
{

	linux_mutex_init(&linux_threads_lock);
	linux_thread_first.lt_tid = rump_sys_getpid();
	linux_thread_first.lt_hosttid = host_program_thread_self();
	linux_thread_first.lt_altstack.ss_flags = LINUX_SS_DISABLE;
	rumpuser_cv_init(&linux_thread_first.lt_cv);
	linux_nexttid = linux_thread_first.lt_tid + 1;
}

struct linux_thread *
linux_thread_self(void)
{
	const int self = host_program_thread_self();
	struct linux_thread *lt;

	rumpuser_mutex_enter_nowrap(linux_threads_lock);
	for (lt = linux_threads; lt != NULL; lt = lt->lt_next) {
		if (lt->lt_hosttid == self)
			break;
	}
	rumpuser_mutex_exit(linux_threads_lock);
	if (lt == NULL)
		host_abort("a thread that the program did not make");
	return lt;
}

struct linux_thread *
linux_thread_find(int tid)
{
	struct linux_thread *lt;

	rumpuser_mutex_enter_nowrap(linux_threads_lock);
	for (lt = linux_threads; lt != NULL; lt = lt->lt_next) {
		if (lt->lt_tid == tid)
			break;
	}
	rumpuser_mutex_exit(linux_threads_lock);
	return lt;
}

static void
linux_thread_destroy(struct linux_thread *lt)
{

	rumpuser_cv_destroy(lt->lt_cv);
	if (lt != &linux_thread_first)
		rumpuser_free(lt, sizeof(*lt));
}

/* Caller must hold the list's lock. */
static void
linux_thread_unlink(struct linux_thread *lt)
{
	struct linux_thread **p;

	for (p = &linux_threads; *p != lt; p = &(*p)->lt_next)
		continue;
	*p = lt->lt_next;
	linux_nthreads--;
}

static struct linux_thread *
linux_thread_new(const struct linux_thread *parent)
{
	struct linux_thread *lt;
	void *mem;

	if (rumpuser_malloc(sizeof(*lt), 0, &mem) != 0)
		return NULL;
	lt = mem;
	memset(lt, 0, sizeof(*lt));
	lt->lt_hosttid = -1;
	lt->lt_sigmask = parent->lt_sigmask;
	lt->lt_altstack.ss_flags = LINUX_SS_DISABLE;
	rumpuser_cv_init(&lt->lt_cv);
	return lt;
}

/* What clone and clone3 ask for. */
struct linux_clone {
	uint64_t flags;
	uint64_t stack;			/* its top, or 0 for the parent's */
	uint64_t parenttid, childtid;
	uint64_t tls;
};

/*
 * The new thread may run as soon as it is made, so its number is in place before.
 * Its first system call waits for the list's lock, hence finds lt_hosttid set.
 */
static long
linux_thread_start(struct linux_thread *lt, const struct linux_clone *cl,
    const struct host_frame *parent)
{
	struct host_frame hf = *parent;
	int error = 0, tid;

	hf.hf_rax = 0;
	if (cl->stack != 0)
		hf.hf_rsp = cl->stack;
	rumpuser_mutex_enter_nowrap(linux_threads_lock);
	lt->lt_tid = tid = linux_nexttid++;
	if (cl->flags & LINUX_CLONE_PARENT_SETTID)
		error = linux_user_out(cl->parenttid, &tid, sizeof(tid));
	if (error == 0 && (cl->flags & LINUX_CLONE_CHILD_SETTID))
		error = linux_user_out(cl->childtid, &tid, sizeof(tid));
	if (error == 0)
		error = -linux_errno(host_program_thread_create(&hf,
		    cl->flags & LINUX_CLONE_SETTLS ? cl->tls :
		    host_fsbase_get(), &lt->lt_hosttid));
	if (error == 0) {
		lt->lt_next = linux_threads;
		linux_threads = lt;
		linux_nthreads++;
	}
	rumpuser_mutex_exit(linux_threads_lock);
	return error != 0 ? error : tid;
}

static long
linux_clone(const struct linux_clone *cl, const struct host_frame *hf)
{
	const uint64_t need = LINUX_CLONE_VM | LINUX_CLONE_THREAD;
	struct linux_thread *lt;
	long result;

	if ((cl->flags & need) != need) {
		rumpuser_dprintf("rumpkit: system call clone: a second "
		    "process is not implemented\n");
		return -LINUX_ENOSYS;
	}
	if ((cl->flags & LINUX_CLONE_SETTLS) && cl->tls >= HOST_VM_HIGH)
		return -LINUX_EPERM;
	if ((lt = linux_thread_new(linux_thread_self())) == NULL)
		return -LINUX_EAGAIN;
	if (cl->flags & LINUX_CLONE_CHILD_CLEARTID)
		lt->lt_cleartid = cl->childtid;
	result = linux_thread_start(lt, cl, hf);
	if (result < 0)
		linux_thread_destroy(lt);
	return result;
}

long
linux_sys_clone(struct linux_call *lc)
{
	const struct linux_clone cl = {
		.flags = lc->lc_arg[0],
		.stack = lc->lc_arg[1],
		.parenttid = lc->lc_arg[2],
		.childtid = lc->lc_arg[3],
		.tls = lc->lc_arg[4]
	};

	return linux_clone(&cl, lc->lc_frame);
}

/* The same with a structure, of which this layer knows the first version. */
long
linux_sys_clone3(struct linux_call *lc)
{
	struct linux_clone_args args;
	struct linux_clone cl;
	int error;

	if (lc->lc_arg[1] < sizeof(args))
		return -LINUX_EINVAL;
	error = linux_user_in(&args, lc->lc_arg[0], sizeof(args));
	if (error != 0)
		return error;
	cl = (struct linux_clone){
		.flags = args.flags,
		.stack = args.stack != 0 ? args.stack + args.stack_size : 0,
		.parenttid = args.parent_tid,
		.childtid = args.child_tid,
		.tls = args.tls
	};
	return linux_clone(&cl, lc->lc_frame);
}

/* The end of one thread; with the last one the program ends. */
long
linux_sys_exit(struct linux_call *lc)
{
	struct linux_thread *lt = linux_thread_self();
	const int zero = 0;
	int last;

	rumpuser_mutex_enter_nowrap(linux_threads_lock);
	last = linux_nthreads == 1;
	if (!last)
		linux_thread_unlink(lt);
	rumpuser_mutex_exit(linux_threads_lock);
	if (last)
		linux_end((int)lc->lc_arg[0]);
	if (lt->lt_cleartid != 0 &&
	    linux_user_out(lt->lt_cleartid, &zero, sizeof(zero)) == 0)
		(void)linux_futex_wake(lt->lt_cleartid, 1, UINT32_MAX);
	linux_thread_destroy(lt);
	host_program_thread_exit();
}

long
linux_sys_set_tid_address(struct linux_call *lc)
{
	struct linux_thread *lt = linux_thread_self();

	lt->lt_cleartid = lc->lc_arg[0];
	return lt->lt_tid;
}

long
linux_sys_gettid(struct linux_call *lc)
{

	(void)lc;
	return linux_thread_self()->lt_tid;
}

/* Robust locks matter when a process dies and another lives on. */
long
linux_sys_set_robust_list(struct linux_call *lc)
{

	return lc->lc_arg[1] == 24 ? 0 : -LINUX_EINVAL;
}
