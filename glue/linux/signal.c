/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signal.c: signals that the program sends to itself.
 *
 * Actions and masks are kept as the program sets them, and the default action is
 * carried out: most signals end the program.  A handler is not called yet; that
 * is said on the console when one would be.
 */
#include "linux.h"
#include "thread.h"

#define	LINUX_SIGBIT(sig)	(1UL << ((sig) - 1))
#define	LINUX_SIG_BLOCK		0
#define	LINUX_SIG_UNBLOCK	1
#define	LINUX_SIG_SETMASK	2

static struct linux_sigaction linux_actions[LINUX_NSIG + 1];

static const char *const linux_signal_names[] = {
	"0", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT",
	"SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2",
	"SIGPIPE", "SIGALRM", "SIGTERM"
};

void
linux_signal_end(int sig)
{

	rumpuser_dprintf("rumpkit: program ended by signal %d (%s)\n", sig,
	    (size_t)sig < LINUX_NELEM(linux_signal_names) ?
	    linux_signal_names[sig] : "of a program's own");
	linux_end(128 + sig);
}

/* Ignored by default; a stop too, since nobody could continue the program. */
static int
linux_signal_harmless(int sig)
{
	const uint64_t harmless = LINUX_SIGBIT(LINUX_SIGCHLD) |
	    LINUX_SIGBIT(LINUX_SIGCONT) | LINUX_SIGBIT(LINUX_SIGSTOP) |
	    LINUX_SIGBIT(LINUX_SIGTSTP) | LINUX_SIGBIT(LINUX_SIGTTIN) |
	    LINUX_SIGBIT(LINUX_SIGTTOU) | LINUX_SIGBIT(LINUX_SIGURG) |
	    LINUX_SIGBIT(LINUX_SIGWINCH);

	return (harmless & LINUX_SIGBIT(sig)) != 0;
}

static void
linux_signal_act(int sig)
{
	static uint64_t said;
	const uint64_t handler = linux_actions[sig].sa_handler;

	if (handler == LINUX_SIG_IGN)
		return;
	if (handler == LINUX_SIG_DFL) {
		if (!linux_signal_harmless(sig))
			linux_signal_end(sig);
		return;
	}
	if ((said & LINUX_SIGBIT(sig)) == 0) {
		said |= LINUX_SIGBIT(sig);
		rumpuser_dprintf("rumpkit: signal %d has a handler; calling "
		    "it is not implemented\n", sig);
	}
}

/* Sends sig to a thread: at once, or when it is no longer blocked. */
static void
linux_signal_post(struct linux_thread *lt, int sig)
{

	if (sig != LINUX_SIGKILL && (lt->lt_sigmask & LINUX_SIGBIT(sig)))
		lt->lt_pending |= LINUX_SIGBIT(sig);
	else
		linux_signal_act(sig);
}

/* What became unblocked takes effect. */
static void
linux_signal_unblocked(struct linux_thread *lt)
{
	uint64_t now = lt->lt_pending & ~lt->lt_sigmask;
	int sig;

	lt->lt_pending &= ~now;
	for (sig = 1; now != 0 && sig <= LINUX_NSIG; sig++) {
		if (now & LINUX_SIGBIT(sig)) {
			now &= ~LINUX_SIGBIT(sig);
			linux_signal_act(sig);
		}
	}
}

void
linux_signal_self(int sig)
{

	linux_signal_post(linux_thread_self(), sig);
}

static long
linux_signal_send(int tid, int sig)
{
	struct linux_thread *lt;

	if (sig < 0 || sig > LINUX_NSIG)
		return -LINUX_EINVAL;
	if ((lt = linux_thread_find(tid)) == NULL)
		return -LINUX_ESRCH;
	if (sig != 0)
		linux_signal_post(lt, sig);
	return 0;
}

long
linux_sys_kill(struct linux_call *lc)
{
	const int self = rump_sys_getpid(), pid = (int)lc->lc_arg[0];

	if (pid != self && pid != 0 && pid != -1 && pid != -self)
		return -LINUX_ESRCH;
	return linux_signal_send(linux_thread_self()->lt_tid,
	    (int)lc->lc_arg[1]);
}

long
linux_sys_tkill(struct linux_call *lc)
{

	if ((int)lc->lc_arg[0] <= 0)
		return -LINUX_EINVAL;
	return linux_signal_send((int)lc->lc_arg[0], (int)lc->lc_arg[1]);
}

long
linux_sys_tgkill(struct linux_call *lc)
{

	if ((int)lc->lc_arg[0] <= 0 || (int)lc->lc_arg[1] <= 0)
		return -LINUX_EINVAL;
	if ((int)lc->lc_arg[0] != rump_sys_getpid())
		return -LINUX_ESRCH;
	return linux_signal_send((int)lc->lc_arg[1], (int)lc->lc_arg[2]);
}

long
linux_sys_rt_sigaction(struct linux_call *lc)
{
	const int sig = (int)lc->lc_arg[0];
	struct linux_sigaction new, old;
	int error;

	if (sig < 1 || sig > LINUX_NSIG || lc->lc_arg[3] != sizeof(uint64_t))
		return -LINUX_EINVAL;
	old = new = linux_actions[sig];
	if (lc->lc_arg[1] != 0) {
		if (sig == LINUX_SIGKILL || sig == LINUX_SIGSTOP)
			return -LINUX_EINVAL;
		error = linux_user_in(&new, lc->lc_arg[1], sizeof(new));
		if (error != 0)
			return error;
	}
	if (lc->lc_arg[2] != 0) {
		error = linux_user_out(lc->lc_arg[2], &old, sizeof(old));
		if (error != 0)
			return error;
	}
	linux_actions[sig] = new;
	return 0;
}

static int
linux_sigmask_change(struct linux_thread *lt, int how, uint64_t set)
{

	set &= ~(LINUX_SIGBIT(LINUX_SIGKILL) | LINUX_SIGBIT(LINUX_SIGSTOP));
	switch (how) {
	case LINUX_SIG_BLOCK:
		lt->lt_sigmask |= set;
		return 0;
	case LINUX_SIG_UNBLOCK:
		lt->lt_sigmask &= ~set;
		return 0;
	case LINUX_SIG_SETMASK:
		lt->lt_sigmask = set;
		return 0;
	default:
		return -LINUX_EINVAL;
	}
}

long
linux_sys_rt_sigprocmask(struct linux_call *lc)
{
	struct linux_thread *lt = linux_thread_self();
	const uint64_t old = lt->lt_sigmask;
	uint64_t set;
	int error;

	if (lc->lc_arg[3] != sizeof(set))
		return -LINUX_EINVAL;
	if (lc->lc_arg[1] != 0) {
		error = linux_user_in(&set, lc->lc_arg[1], sizeof(set));
		if (error == 0)
			error = linux_sigmask_change(lt, (int)lc->lc_arg[0],
			    set);
		if (error != 0)
			return error;
	}
	error = 0;
	if (lc->lc_arg[2] != 0)
		error = linux_user_out(lc->lc_arg[2], &old, sizeof(old));
	linux_signal_unblocked(lt);
	return error;
}

long
linux_sys_sigaltstack(struct linux_call *lc)
{
	struct linux_thread *lt = linux_thread_self();
	const struct linux_sigaltstack old = lt->lt_altstack;
	struct linux_sigaltstack new;
	int error;

	if (lc->lc_arg[0] != 0) {
		error = linux_user_in(&new, lc->lc_arg[0], sizeof(new));
		if (error != 0)
			return error;
		if ((new.ss_flags & ~LINUX_SS_DISABLE) != 0)
			return -LINUX_EINVAL;
		lt->lt_altstack = new;
	}
	if (lc->lc_arg[1] == 0)
		return 0;
	return linux_user_out(lc->lc_arg[1], &old, sizeof(old));
}
