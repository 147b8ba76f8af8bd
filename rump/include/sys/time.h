/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * time.h: times and the kernel's clocks.
 */
#ifndef _SYS_TIME_H_
#define	_SYS_TIME_H_

#include <sys/types.h>

struct timeval {
	time_t tv_sec;
	long tv_usec;
};

struct timespec {
	time_t tv_sec;
	long tv_nsec;
};

struct itimerval {
	struct timeval it_interval;
	struct timeval it_value;
};

/* Broken-down time (UTC unless tm_gmtoff says otherwise, in seconds). */
struct tm {
	int tm_sec;
	int tm_min;
	int tm_hour;
	int tm_mday;
	int tm_mon;		/* 0-11 */
	int tm_year;		/* since 1900 */
	int tm_wday;
	int tm_yday;
	int tm_isdst;
	long tm_gmtoff;
};

/*
 * Seconds since 1970 (UTC).  Fields out of range carry over; wild values give a
 * wild time, never a fault.
 */
time_t	tm2timet(struct tm *);

#define	TIMEVAL_TO_TIMESPEC(tv, ts) do {				\
	(ts)->tv_sec = (tv)->tv_sec;					\
	(ts)->tv_nsec = (tv)->tv_usec * 1000;				\
} while (0)
#define	TIMESPEC_TO_TIMEVAL(tv, ts) do {				\
	(tv)->tv_sec = (ts)->tv_sec;					\
	(tv)->tv_usec = (ts)->tv_nsec / 1000;				\
} while (0)
#define	timerclear(tv)	((tv)->tv_sec = 0, (tv)->tv_usec = 0)
#define	timerisset(tv)	((tv)->tv_sec || (tv)->tv_usec)
#define	timercmp(a, b, cmp)						\
	((a)->tv_sec == (b)->tv_sec ? (a)->tv_usec cmp (b)->tv_usec :	\
	    (a)->tv_sec cmp (b)->tv_sec)
#define	timespeccmp(a, b, cmp)						\
	((a)->tv_sec == (b)->tv_sec ? (a)->tv_nsec cmp (b)->tv_nsec :	\
	    (a)->tv_sec cmp (b)->tv_sec)

#define	timersub(a, b, result) do {					\
	(result)->tv_sec = (a)->tv_sec - (b)->tv_sec;			\
	(result)->tv_usec = (a)->tv_usec - (b)->tv_usec;		\
	if ((result)->tv_usec < 0) {					\
		(result)->tv_sec--;					\
		(result)->tv_usec += 1000000;				\
	}								\
} while (0)

#ifdef _KERNEL
/*
 * The wall clock and the clock since boot, which drivers read as variables.
 * Brought up to date whenever an lwp takes the virtual CPU, if time_users (the
 * number of those that stamp files: writable mounts) is not zero.
 */
extern struct timeval time;
extern struct timeval mono_time;
extern int time_users;
void	time_refresh(void);

void	microtime(struct timeval *);
void	nanotime(struct timespec *);
void	getmicrotime(struct timeval *);
void	getnanotime(struct timespec *);
void	microuptime(struct timeval *);
void	nanouptime(struct timespec *);
void	inittodr(time_t);
#endif

#endif /* _SYS_TIME_H_ */
