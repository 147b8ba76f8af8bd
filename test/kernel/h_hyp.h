/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * h_hyp.h: the upcalls of a kernel that has one virtual CPU and nothing else,
 * so that the tests see when a hypercall gives the CPU up.
 */
#ifndef _TEST_H_HYP_H_
#define	_TEST_H_HYP_H_

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "../../rump/include/rump/rumperr.h"
#include "../../rump/include/rump/rumpuser.h"
#include "../../glue/posix/rumpuser_posix.h"

#define	H_NLOCKS	3

static pthread_mutex_t h_cpu = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int h_unschedules, h_schedules;

static void
h_schedule(void)
{

	pthread_mutex_lock(&h_cpu);
}

static void
h_unschedule(void)
{

	pthread_mutex_unlock(&h_cpu);
}

static void
h_backend_unschedule(int nlocks, int *count, void *interlock)
{

	(void)nlocks;
	(void)interlock;
	*count = H_NLOCKS;
	h_unschedules++;
	pthread_mutex_unlock(&h_cpu);
}

static void
h_backend_schedule(int nlocks, void *interlock)
{

	(void)interlock;
	if (nlocks != H_NLOCKS)
		abort();
	pthread_mutex_lock(&h_cpu);
	h_schedules++;
}

static int
h_newlwp(int pid)
{

	(void)pid;
	return 0;
}

static void
h_init(void)
{
	struct rump_hyperup hyp;

	memset(&hyp, 0, sizeof(hyp));
	hyp.hyp_schedule = h_schedule;
	hyp.hyp_unschedule = h_unschedule;
	hyp.hyp_backend_unschedule = h_backend_unschedule;
	hyp.hyp_backend_schedule = h_backend_schedule;
	hyp.hyp_lwproc_newlwp = h_newlwp;
	if (rumpuser_init(RUMPUSER_VERSION, &hyp) != 0)
		abort();
}

#endif /* _TEST_H_HYP_H_ */
