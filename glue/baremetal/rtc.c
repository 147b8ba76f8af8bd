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
#define	YEAR_BASE	2000		/* the century byte is not standard */

/* Seconds, minutes, hours, day, month, year. */
static const uint8_t registers[6] = { 0, 2, 4, 7, 8, 9 };

static uint8_t
rtc_read(uint8_t reg)
{

	outb(0x70, reg);
	return inb(0x71);
}

static void
rtc_read_all(uint8_t now[6])
{
	unsigned i;

	for (i = 0; i < 6; i++)
		now[i] = rtc_read(registers[i]);
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
	uint8_t now[6], again[6];
	unsigned i, status, hour, tries;

	status = rtc_read(RTC_STATUS_B);
	if (status == 0xff)
		return 0;
	/* Twice the same, so that no update came between. */
	rtc_read_all(now);
	for (tries = 0; tries < 1000; tries++) {
		while ((rtc_read(RTC_STATUS_A) & A_UPDATING) != 0 &&
		    ++tries < 1000)
			continue;
		rtc_read_all(again);
		if (memcmp(now, again, sizeof(now)) == 0)
			break;
		memcpy(now, again, sizeof(now));
	}
	hour = decode(now[2] & ~HOUR_PM, status);
	if ((status & B_24HOUR) == 0)
		hour = hour % 12 + (now[2] & HOUR_PM ? 12 : 0);
	for (i = 0; i < 6; i++)
		now[i] = (uint8_t)(i == 2 ? hour : decode(now[i], status));
	return days(YEAR_BASE + now[5], now[4], now[3]) * 86400 +
	    now[2] * 3600U + now[1] * 60U + now[0];
}
