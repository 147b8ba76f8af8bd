/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * random.c: random bytes, from getrandom(2).  Linux has one generator, so HARD
 * gets the same bytes as everybody.
 */
#include "rumpuser_int.h"

#include <sys/random.h>

int
rumpuser_getrandom(void *buf, size_t len, int flags, size_t *got)
{
	unsigned int how = flags & RUMPUSER_RANDOM_NOWAIT ? GRND_NONBLOCK : 0;
	ssize_t n;
	int nlocks = 0;

	if (len == 0) {
		*got = 0;
		return 0;
	}
	/* It blocks only while the machine boots; ask first without waiting. */
	n = getrandom(buf, len, GRND_NONBLOCK);
	if (n == -1 && errno == EAGAIN && how == 0) {
		rumpuser__unschedule(&nlocks, NULL);
		do {
			n = getrandom(buf, len, 0);
		} while (n == -1 && errno == EINTR);
		rumpuser__schedule(nlocks, NULL);
	}
	if (n == -1)
		return rumpuser__errno();
	*got = (size_t)n;
	return 0;
}
