/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpuser_clock.c: rumpuser(3)'s clocks, on top of clock.c.
 */
#include "types.h"
#include "../../rump/include/rump/rumpuser.h"
#include "clock.h"
#include "cpu.h"
#include "host_int.h"
#include "program.h"
#include "sched.h"

/* Nanoseconds since 1970.  The first question reads the machine's clock. */
static uint64_t
wall_ns(void)
{
	static uint64_t offset;

	if (offset == 0) {
		offset = kvmclock_wall_ns();
		if (offset == 0)
			offset = rtc_seconds() * NS_PER_SEC;
		offset -= MIN(offset, clock_ns());
		offset |= 1;
	}
	return offset + clock_ns();
}

int
rumpuser_clock_gettime(int which, int64_t *sec, long *nsec)
{
	uint64_t ns;

	switch (which) {
	case RUMPUSER_CLOCK_RELWALL:
		ns = wall_ns();
		break;
	case RUMPUSER_CLOCK_ABSMONO:
		ns = clock_ns();
		break;
	default:
		return RUMP_EINVAL;
	}
	*sec = (int64_t)(ns / NS_PER_SEC);
	*nsec = (long)(ns % NS_PER_SEC);
	return 0;
}

int
rumpuser_clock_sleep(int which, int64_t sec, long nsec)
{
	uint64_t deadline, flags;
	int nlocks;

	deadline = (uint64_t)sec * NS_PER_SEC + (uint64_t)nsec;
	if (which == RUMPUSER_CLOCK_RELWALL)
		deadline += clock_ns();
	nlocks = rumpkern_release(NULL);
	flags = intr_disable();
	if (deadline > clock_ns())
		(void)sched_wait(NULL, deadline);
	intr_restore(flags);
	rumpkern_acquire(nlocks, NULL);
	return 0;
}
