/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.c: time since the start, and the timer.
 *
 * Time is the TSC times a factor.  KVM and some CPUs tell the factor.  Where
 * nobody does (QEMU's own emulation) the local APIC's timer is known to count
 * nanoseconds, and every time it is looked at the factor is learnt better, over
 * time that passes anyway: nothing waits for a calibration.  Until then the
 * timer runs in its periodic mode, so that its count still tells the time after
 * it has fired.
 *
 * Everything here runs with interrupts off.
 */
#include "types.h"
#include "../../rump/include/rump/rumpuser.h"
#include "clock.h"
#include "cpu.h"
#include "host_int.h"
#include "sched.h"
#include "trap.h"

#define	MSR_TSC_DEADLINE	0x6e0
#define	CPUID1_ECX_DEADLINE	(1U << 24)
#define	CPUID1_ECX_HYPERVISOR	(1U << 31)
#define	COUNT_MAX		0xffffffffU
#define	COUNT_MIN		20000U		/* no storm of interrupts */
#define	LEARN_NS		3000000000UL	/* then the factor is good */
#define	APIC_NS_FACTOR		(1UL << 32)

static uint64_t base_ns, base_tsc;	/* time = base_ns + (tsc - base_tsc) */
static uint64_t factor;			/* nanoseconds per tick, times 2^32 */
static uint64_t armed = NO_DEADLINE;	/* when the timer will fire */
static uint64_t count_factor = APIC_NS_FACTOR;	/* counts per ns, times 2^32 */
static bool started, use_deadline;

/* While the factor is being learnt. */
static struct {
	bool on;
	uint64_t tsc;			/* at the start */
	uint64_t ns;			/* from then to the timer's last start */
	uint64_t count_tsc;		/* TSC at the timer's last start */
	uint32_t count;			/* what it was started with */
	uint64_t next;			/* look again at this TSC */
} learn;

static inline uint64_t
scale(uint64_t ticks, uint64_t f)
{

	return (uint64_t)((unsigned __int128)ticks * f >> 32);
}

/* Called at the start of the machine; all else waits for the first use. */
void
clock_init(void)
{

	apic_timer_mode(APIC_TIMER_PERIODIC);
	apic_timer_start(COUNT_MAX);
	learn.tsc = learn.count_tsc = base_tsc = rdtsc();
	learn.count = COUNT_MAX;
}

/* The APIC's nanoseconds since the timer's last start. */
static uint64_t
count_elapsed(uint64_t now)
{
	uint64_t period = (uint64_t)learn.count + 1, part, guess;

	part = learn.count - apic_timer_left();
	guess = scale(now - learn.count_tsc, factor);
	if (guess > part)
		part += (guess - part + period / 2) / period * period;
	return part;
}

static void
learn_factor(void)
{
	uint64_t now = rdtsc(), ns, ticks;

	ns = learn.ns + count_elapsed(now);
	ticks = now - learn.tsc;
	if (ticks == 0 || ns == 0)
		return;
	base_ns += scale(now - base_tsc, factor);
	base_tsc = now;
	learn.next = now + ticks / 2;
	if (ns >= LEARN_NS) {
		learn.on = false;
		apic_timer_mode(APIC_TIMER_ONESHOT);
	}
	for (; ns >> 32 != 0; ns >>= 1)
		ticks >>= 1;
	factor = (ns << 32) / ticks;
}

/* Finds out what tells the time. */
static void
clock_start(void)
{
	struct cpuid id = cpuid(1, 0);
	uint64_t khz;

	started = true;
	use_deadline = (id.c & CPUID1_ECX_DEADLINE) != 0;
	if ((id.c & CPUID1_ECX_HYPERVISOR) != 0)
		factor = kvmclock_factor();
	if (factor == 0 && (khz = clock_cpuid_khz(&count_factor)) != 0)
		factor = (1000000UL << 32) / khz;
	if (factor == 0) {
		learn.on = true;
		use_deadline = false;
		learn_factor();
		base_ns = scale(base_tsc - learn.tsc, factor);
	} else if (use_deadline) {
		apic_timer_mode(APIC_TIMER_DEADLINE);
	} else {
		apic_timer_mode(APIC_TIMER_ONESHOT);
	}
}

uint64_t
clock_ns(void)
{
	uint64_t flags = intr_disable(), ns;

	if (predict_false(!started))
		clock_start();
	if (predict_false(learn.on) && rdtsc() > learn.next)
		learn_factor();
	ns = base_ns + scale(rdtsc() - base_tsc, factor);
	intr_restore(flags);
	return ns;
}

static void
timer_start(uint64_t ns)
{
	uint64_t count = scale(ns, count_factor), now;

	count = MAX(MIN(count, COUNT_MAX), COUNT_MIN);
	if (learn.on) {
		now = rdtsc();
		learn.ns += count_elapsed(now);
		apic_timer_start((uint32_t)count);
		learn.count_tsc = rdtsc();
		learn.ns += scale(learn.count_tsc - now, factor);
		learn.count = (uint32_t)count;
	} else {
		apic_timer_start((uint32_t)count);
	}
}

/* Makes sure that the timer fires at a deadline or before. */
void
clock_arm(uint64_t deadline)
{
	uint64_t now;

	if (deadline >= armed)
		return;
	armed = deadline;
	now = clock_ns();
	if (use_deadline)
		wrmsr(MSR_TSC_DEADLINE, rdtsc() + (deadline <= now ? 0 :
		    scale(deadline - now, ~0UL / factor)));
	else
		timer_start(deadline <= now ? 0 : deadline - now);
}

/* The timer's interrupt. */
void
clock_tick(void)
{

	armed = NO_DEADLINE;
	if (!started) {
		learn.ns += (uint64_t)COUNT_MAX + 1;
		learn.count_tsc = rdtsc();
	}
	sched_timeouts();
	if (armed != NO_DEADLINE || use_deadline)
		return;
	if (learn.on)
		timer_start(COUNT_MAX);
}
