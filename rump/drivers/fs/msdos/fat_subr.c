/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fat_subr.c: errors, names and times, from the library's form and to it.
 */
#include "fat.h"
#include <sys/malloc.h>
#include <sys/time.h>

int
fat_errno(FRESULT res)
{

	switch (res) {
	case FR_OK:
		return (0);
	case FR_NO_FILE:
	case FR_NO_PATH:
		return (ENOENT);
	case FR_INVALID_NAME:
		return (EINVAL);
	case FR_DENIED:
		return (ENOSPC);
	case FR_EXIST:
		return (EEXIST);
	case FR_WRITE_PROTECTED:
		return (EROFS);
	case FR_NO_FILESYSTEM:
		return (EINVAL);
	default:
		return (EIO);
	}
}

/* EINVAL if FAT has no such name.  (To the library '\\' would end it.) */
int
fat_name(struct fatmount *m, const char *name, size_t len, struct fatname *to)
{
	char buf[NAME_MAX + 1];
	FF_DIR dir;
	size_t i;

	if (len > NAME_MAX)
		return (ENAMETOOLONG);
	for (i = 0; i < len; i++)
		if ((u_char)name[i] < ' ' || name[i] == '\\' || name[i] == '/')
			return (EINVAL);
	memcpy(buf, name, len);
	buf[len] = '\0';
	memset(&dir, 0, sizeof(dir));
	dir.obj.fs = &m->m_fs;
	if (ff_create_name(&dir, buf) != FR_OK)
		return (EINVAL);
	memcpy(to->fn_long, m->m_lfn, sizeof(to->fn_long));
	memcpy(to->fn_short, dir.fn, sizeof(to->fn_short));
	return (0);
}

/* Days since 1970 of a date (Gregorian calendar), and back. */
static int64_t
days_of(int year, int month, int day)
{
	int64_t y = year - (month <= 2), era = y / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return (era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468);
}

static void
date_of(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468, era = z / 146097, doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

#define	YEAR_FIRST	1980
#define	YEAR_LAST	2107

/* Date and time in one word, and what the 2 s leave in units of 10 ms. */
DWORD
fat_fromtime(struct fatmount *m, const struct timespec *ts, BYTE *cent)
{
	int64_t secs = ts->tv_sec + m->m_gmtoff, days;
	int year, month, day, rest;

	if (secs < days_of(YEAR_FIRST, 1, 1) * 86400) {
		secs = days_of(YEAR_FIRST, 1, 1) * 86400;
		*cent = 0;
	} else if (secs >= days_of(YEAR_LAST + 1, 1, 1) * 86400) {
		secs = days_of(YEAR_LAST + 1, 1, 1) * 86400 - 2;
		*cent = 0;
	} else {
		*cent = (BYTE)(secs % 2 * 100 + ts->tv_nsec / 10000000);
	}
	days = secs / 86400;
	rest = (int)(secs % 86400);
	date_of(days, &year, &month, &day);
	return ((DWORD)(year - YEAR_FIRST) << 25 | (DWORD)month << 21 |
	    (DWORD)day << 16 | (DWORD)(rest / 3600) << 11 |
	    (DWORD)(rest / 60 % 60) << 5 | (DWORD)(rest % 60) / 2);
}

/* A date that is none (a damaged disk) is the first that there is. */
void
fat_totime(struct fatmount *m, DWORD word, BYTE cent, struct timespec *ts)
{
	int month = word >> 21 & 15, day = word >> 16 & 31;

	if (month < 1 || month > 12)
		month = 1;
	if (day < 1)
		day = 1;
	if (cent >= 200)
		cent = 0;
	ts->tv_sec = days_of((int)(word >> 25) + YEAR_FIRST, month, day) * 86400 +
	    (word >> 11 & 31) * 3600 + (word >> 5 & 63) * 60 +
	    (word & 31) * 2 + cent / 100 - m->m_gmtoff;
	ts->tv_nsec = cent % 100 * 10000000L;
}

/*
 * A time as it will be read from the disk: from the first to the last year that there
 * is, in steps of 2 s or (exFAT) 10 ms, that of an access by the day or (exFAT) 2 s.
 */
void
fat_stored(struct fatmount *m, struct timespec *ts, int isaccess)
{
	DWORD word;
	BYTE cent;

	word = fat_fromtime(m, ts, &cent);
	if (isaccess && !ISEXFAT(&m->m_fs))
		word &= 0xffff0000;
	fat_totime(m, word, isaccess || !ISEXFAT(&m->m_fs) ? 0 : cent, ts);
}

/* What the library asks of its surroundings. */
DWORD
get_fattime(void)
{
	static struct fatmount utc;
	struct timespec ts;
	BYTE cent;

	getnanotime(&ts);
	return (fat_fromtime(&utc, &ts, &cent));
}

void *
ff_memalloc(UINT size)
{

	return (malloc(size, M_TEMP, M_WAITOK));
}

void
ff_memfree(void *p)
{

	free(p, M_TEMP);
}
