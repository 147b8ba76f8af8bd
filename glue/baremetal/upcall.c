/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * upcall.c: rumpuser_init() and the kernel's upcalls.  Before there is a kernel
 * they do nothing, so that the host's own threads and locks work without one.
 */
#include "types.h"
#include "../../rump/include/rump/rumpuser.h"
#include "host_int.h"
#include "program.h"
#include "sched.h"

static void
no_schedule(void)
{
}

static void
no_backend_unschedule(int count __unused, int *nlocks,
    void *interlock __unused)
{

	*nlocks = 0;
}

static void
no_backend_schedule(int nlocks __unused, void *interlock __unused)
{
}

static struct rump_hyperup hyp = {
	.hyp_schedule = no_schedule,
	.hyp_unschedule = no_schedule,
	.hyp_backend_unschedule = no_backend_unschedule,
	.hyp_backend_schedule = no_backend_schedule,
};

int
rumpuser_init(int version, const struct rump_hyperup *upcalls)
{

	if (version != RUMPUSER_VERSION) {
		print("rumpuser: the kernel asks for version %d, this host has "
		    "%d\n", version, RUMPUSER_VERSION);
		return RUMP_EINVAL;
	}
	hyp = *upcalls;
	return 0;
}

int
rumpkern_release(void *interlock)
{
	int nlocks;

	hyp.hyp_backend_unschedule(0, &nlocks, interlock);
	return nlocks;
}

void
rumpkern_acquire(int nlocks, void *interlock)
{

	hyp.hyp_backend_schedule(nlocks, interlock);
}

void
rumpkern_enter(void)
{

	hyp.hyp_schedule();
}

void
rumpkern_leave(void)
{

	hyp.hyp_unschedule();
}

/* An lwp of the kernel's own process for this thread, if it has none. */
void
rumpkern_adopt(void)
{

	if (curthread->t_lwp != NULL)
		return;
	hyp.hyp_schedule();
	(void)hyp.hyp_lwproc_newlwp(0);
	hyp.hyp_unschedule();
}

int
rumpuser_daemonize_begin(void)
{

	return 0;
}

int
rumpuser_daemonize_done(int error __unused)
{

	return 0;
}

void
rumpuser_dl_bootstrap(rump_modinit_fn modinit __unused,
    rump_symload_fn symload __unused, rump_compload_fn compload __unused,
    rump_evcntattach_fn evcntattach __unused)
{
}
