/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.h: where the time comes from, by the file that defines it.  A factor is
 * nanoseconds per tick of the TSC, times 2^32; 0 is "not known here".
 */
#ifndef _BAREMETAL_CLOCK_H_
#define	_BAREMETAL_CLOCK_H_

#include "types.h"

/* kvmclock.c */
uint64_t kvmclock_factor(void);
uint64_t kvmclock_wall_ns(void);
uint64_t clock_cpuid_khz(uint64_t *apic_factor);

/* rtc.c: seconds since 1970; 0 if there is no such clock. */
uint64_t rtc_seconds(void);

#endif /* _BAREMETAL_CLOCK_H_ */
