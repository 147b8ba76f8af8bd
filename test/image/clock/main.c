/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c: says what time it is, sleeps, and says it again, so that whoever runs
 * it can compare with a clock of their own.  Also random bytes.
 */
#include "../guest.h"

static void
say(const char *what)
{
	int64_t wall, mono;
	long wallns, monons;

	CHECK(rumpuser_clock_gettime(RUMPUSER_CLOCK_RELWALL, &wall,
	    &wallns) == 0);
	CHECK(rumpuser_clock_gettime(RUMPUSER_CLOCK_ABSMONO, &mono,
	    &monons) == 0);
	rumpuser_dprintf("%s wall %lld.%09ld mono %lld.%09ld\n", what,
	    (long long)wall, wallns, (long long)mono, monons);
}

static void
check_monotonic(void)
{
	int64_t sec, last = 0;
	long nsec;
	int i;

	for (i = 0; i < 20000; i++) {
		CHECK(rumpuser_clock_gettime(RUMPUSER_CLOCK_ABSMONO, &sec,
		    &nsec) == 0);
		CHECK(nsec >= 0 && nsec < 1000000000);
		CHECK(sec * 1000000000 + nsec >= last);
		last = sec * 1000000000 + nsec;
	}
}

static void
check_random(void)
{
	unsigned char buf[1000];
	size_t n, i;
	int ones = 0;

	memset(buf, 0, sizeof(buf));
	CHECK(rumpuser_getrandom(buf, sizeof(buf), 0, &n) == 0);
	CHECK(n == sizeof(buf));
	for (i = 0; i < n; i++)
		ones += __builtin_parity(buf[i]);
	CHECK(ones > 400 && ones < 600);
	rumpuser_dprintf("random %02x%02x%02x%02x\n", buf[0], buf[1], buf[2],
	    buf[3]);
}

void
host_main(const struct host_bootinfo *hb)
{

	(void)hb;
	check_monotonic();
	check_random();
	say("start");
	CHECK(rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 1, 500000000) == 0);
	say("after 1.5 s");
	CHECK(rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 4, 500000000) == 0);
	say("after 4.5 s");
	check_monotonic();
}
