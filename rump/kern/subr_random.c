/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subr_random.c: random numbers from the host.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <dev/rndvar.h>
#include <rump/rumpuser.h>

void
arc4random_buf(void *buf, size_t len)
{
	size_t got;

	while (len > 0) {
		if (rumpuser_getrandom(buf, len, 0, &got) != 0 || got == 0)
			panic("the host has no random numbers");
		buf = (char *)buf + got;
		len -= got;
	}
}

u_int32_t
arc4random(void)
{
	u_int32_t n;

	arc4random_buf(&n, sizeof(n));
	return (n);
}

/* The host's generator is seeded better than by what a disk holds. */
void
rnd_lopool_add(const void *p, size_t len)
{

	(void)p;
	(void)len;
}

void
rnd_lopool_addh(const void *p, size_t len)
{

	(void)p;
	(void)len;
}
