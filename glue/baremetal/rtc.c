/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rtc.c: the CMOS clock (MC146818), for the wall clock where no hypervisor tells
 * it.  It takes up to a second to read to the second, so it is read once, when
 * somebody asks.
 */
#include "types.h"
#include "clock.h"
#include "cpu.h"

#define	RTC_STATUS_A	0x0a
#define	RTC_STATUS_B	0x0b
#define	A_UPDATING	0x80
#define	B_BINARY	0x04
#define	B_24HOUR	0x02
#define	HOUR_PM		0x80
#define	TRIES_MAX	1000
#define	YEAR_BASE	2000		/* the century byte is not standard */

/* Year, month, day, hours, minutes, seconds. */
static const uint8_t registers[6] = { 9, 8, 7, 4, 2, 0 };

static uint8_t
rtc_read(uint8_t reg)
{

	outb(0x70, reg);
	return inb(0x71);
}

/* Days from 1970-01-01; the year is taken to start in March. */
static uint64_t
days(unsigned year, unsigned month, unsigned day)
{

	if (month <= 2)
		year--, month += 12;
	return 365UL * year + year / 4 - year / 100 + year / 400 +
	    (153 * (month - 3) + 2) / 5 + day - 719469;
}

static unsigned
decode(unsigned v, unsigned status)
{

	return status & B_BINARY ? v : (v >> 4) * 10 + (v & 15);
}

uint64_t
rtc_seconds(void)
{
	unsigned now[6], i, status, seconds, hours, tries;

	status = rtc_read(RTC_STATUS_B);
	if (status == 0xff)
		return 0;
	/* The seconds the same before and after: no update came between. */
	for (tries = 0; tries < TRIES_MAX; tries++) {
		seconds = rtc_read(0);
		for (i = 0; i < 6; i++)
			now[i] = rtc_read(registers[i]);
		if (now[5] == seconds &&
		    (rtc_read(RTC_STATUS_A) & A_UPDATING) == 0)
			break;
	}
	hours = now[3];
	now[3] &= (unsigned)~HOUR_PM;
	for (i = 0; i < 6; i++)
		now[i] = decode(now[i], status);
	if ((status & B_24HOUR) == 0)
		now[3] = now[3] % 12 + (hours & HOUR_PM ? 12 : 0);
	return days(YEAR_BASE + now[0], now[1], now[2]) * 86400 +
	    now[3] * 3600 + now[4] * 60 + now[5];
}
