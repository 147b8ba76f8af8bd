/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * init.c: the first call of a kernel, and going to the background, which a
 * kernel inside somebody else's process does not do.
 */
#include "rumpuser_int.h"

struct rump_hyperup rumpuser__hyp;

int
rumpuser_init(int version, const struct rump_hyperup *hyp)
{

	if (version != RUMPUSER_VERSION) {
		rumpuser_dprintf("rumpuser: the kernel wants version %d of its "
		    "host, this is %d\n", version, RUMPUSER_VERSION);
		return RUMP_EPROGMISMATCH;
	}
	rumpuser__hyp = *hyp;
	return 0;
}

int
rumpuser_daemonize_begin(void)
{

	return 0;
}

int
rumpuser_daemonize_done(int error)
{

	(void)error;
	return 0;
}
