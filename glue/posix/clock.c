/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.c: clocks and sleeping.
 */
#include "rumpuser_int.h"

#define	NSEC_PER_SEC	1000000000L

/* Seconds past this are "for ever": keeps sums far from overflow. */
#define	SEC_FOREVER	((int64_t)1 << 40)

int
rumpuser_clock_gettime(int which, int64_t *sec, long *nsec)
{
	struct timespec now;
	clockid_t clock;

	switch (which) {
	case RUMPUSER_CLOCK_RELWALL:
		clock = CLOCK_REALTIME;
		break;
	case RUMPUSER_CLOCK_ABSMONO:
		clock = CLOCK_MONOTONIC;
		break;
	default:
		return RUMP_EINVAL;
	}
	if (clock_gettime(clock, &now) == -1)
		return rumpuser__errno();
	*sec = now.tv_sec;
	*nsec = now.tv_nsec;
	return 0;
}

void
rumpuser__deadline(struct timespec *deadline, int64_t sec, int64_t nsec)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	if (sec > SEC_FOREVER)
		sec = SEC_FOREVER;
	if (sec < 0 || nsec < 0)
		sec = nsec = 0;
	sec += nsec / NSEC_PER_SEC;
	deadline->tv_sec = now.tv_sec + sec;
	deadline->tv_nsec = now.tv_nsec + nsec % NSEC_PER_SEC;
	if (deadline->tv_nsec >= NSEC_PER_SEC) {
		deadline->tv_sec++;
		deadline->tv_nsec -= NSEC_PER_SEC;
	}
}

int
rumpuser_clock_sleep(int which, int64_t sec, long nsec)
{
	_Atomic uint32_t never = 0;
	struct timespec deadline;
	int nlocks;

	switch (which) {
	case RUMPUSER_CLOCK_RELWALL:
		rumpuser__deadline(&deadline, sec, nsec);
		break;
	case RUMPUSER_CLOCK_ABSMONO:
		if (sec < 0 || nsec < 0 || nsec >= NSEC_PER_SEC)
			return RUMP_EINVAL;
		deadline.tv_sec = sec;
		deadline.tv_nsec = nsec;
		break;
	default:
		return RUMP_EINVAL;
	}
	rumpuser__unschedule(&nlocks, NULL);
	while (rumpuser__wait(&never, 0, &deadline) != ETIMEDOUT)
		continue;
	rumpuser__schedule(nlocks, NULL);
	return 0;
}
