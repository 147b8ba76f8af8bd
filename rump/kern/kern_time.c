/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_time.c: the kernel's clocks, which are the host's.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kernel.h>
#include <rump/rumpuser.h>

struct timeval time;
struct timeval mono_time;
struct timeval boottime;
int time_users;

static void
clock_read(enum rumpclock which, struct timespec *ts)
{
	int64_t sec;
	long nsec;

	rumpuser_clock_gettime(which, &sec, &nsec);
	ts->tv_sec = sec;
	ts->tv_nsec = nsec;
}

/* Caller holds the virtual CPU. */
void
time_refresh(void)
{

	microtime(&time);
	microuptime(&mono_time);
}

void
nanotime(struct timespec *ts)
{

	clock_read(RUMPUSER_CLOCK_RELWALL, ts);
}

void
nanouptime(struct timespec *ts)
{

	clock_read(RUMPUSER_CLOCK_ABSMONO, ts);
}

void
microtime(struct timeval *tv)
{
	struct timespec ts;

	nanotime(&ts);
	TIMESPEC_TO_TIMEVAL(tv, &ts);
}

void
microuptime(struct timeval *tv)
{
	struct timespec ts;

	nanouptime(&ts);
	TIMESPEC_TO_TIMEVAL(tv, &ts);
}

void
getnanotime(struct timespec *ts)
{

	nanotime(ts);
}

void
getmicrotime(struct timeval *tv)
{

	microtime(tv);
}

/* The host keeps the date; a file system's idea of it is not needed. */
void
inittodr(time_t base)
{

	(void)base;
	time_refresh();
}

int
tvtohz(struct timeval *tv)
{
	int64_t us = tv->tv_sec * 1000000 + tv->tv_usec;

	return (us <= 0 ? 1 : (int)MIN(us / tick + 1, INT_MAX));
}

/*
 * Days from 1970-01-01 to the first of a month of the proleptic Gregorian
 * calendar.  Years are counted from March, so that the leap day comes last.
 */
static int64_t
days_to(int64_t year, int month)
{
	int64_t era, yoe, doy;

	if (month < 2)
		year--;
	era = (year >= 0 ? year : year - 399) / 400;
	yoe = year - era * 400;
	doy = (153 * ((month + 10) % 12) + 2) / 5;
	return (era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468);
}

time_t
tm2timet(struct tm *tm)
{
	int64_t year = (int64_t)tm->tm_year + 1900;
	int64_t month = tm->tm_mon;

	year += month / 12;
	month %= 12;
	if (month < 0) {
		month += 12;
		year--;
	}
	return ((days_to(year, (int)month) + tm->tm_mday - 1) * 86400 +
	    (int64_t)tm->tm_hour * 3600 + (int64_t)tm->tm_min * 60 +
	    tm->tm_sec - tm->tm_gmtoff);
}
