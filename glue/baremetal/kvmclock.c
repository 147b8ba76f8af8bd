/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kvmclock.c: what the hypervisor or the CPU tell about time: KVM's paravirtual
 * clock (Linux's Documentation/virt/kvm/x86/{cpuid,msr}.rst), the frequency leaf
 * 0x40000010, and Intel's leaves 0x15 and 0x16.
 *
 * Programs do not see KVM's page: it is read twice, for the TSC's frequency and
 * for the wall clock, and switched off again.
 */
#include "types.h"
#include "clock.h"
#include "cpu.h"
#include "mem.h"

#define	CPUID_HYPERVISOR	0x40000000
#define	CPUID_KVM_FEATURES	0x40000001
#define	CPUID_TIMING		0x40000010
#define	KVM_FEATURE_CLOCK2	(1U << 3)
#define	MSR_KVM_WALL_CLOCK	0x4b564d00
#define	MSR_KVM_SYSTEM_TIME	0x4b564d01

struct pvclock {
	uint32_t pc_version, pc_spare;
	uint64_t pc_tsc, pc_ns;
	uint32_t pc_mul;
	int8_t pc_shift;
	uint8_t pc_flags, pc_spare2[2];
};

struct pvclock_wall {
	uint32_t pw_version, pw_sec, pw_nsec;
};

static bool
have_kvmclock(void)
{
	struct cpuid id = cpuid(CPUID_HYPERVISOR, 0);

	return id.b == 0x4b4d564b && id.c == 0x564b4d56 && id.d == 0x4d &&
	    (cpuid(CPUID_KVM_FEATURES, 0).a & KVM_FEATURE_CLOCK2) != 0;
}

/* KVM fills the record in during the write. */
static void
pvclock_read(struct pvclock *out)
{
	static struct pvclock record __aligned(64);

	wrmsr(MSR_KVM_SYSTEM_TIME, virt_to_phys(&record) | 1);
	*out = *(volatile struct pvclock *)&record;
	wrmsr(MSR_KVM_SYSTEM_TIME, 0);
}

static uint64_t
pvclock_factor(const struct pvclock *pc)
{

	return pc->pc_shift >= 0 ? (uint64_t)pc->pc_mul << pc->pc_shift :
	    pc->pc_mul >> -pc->pc_shift;
}

uint64_t
kvmclock_factor(void)
{
	struct pvclock pc;

	if (!have_kvmclock())
		return 0;
	pvclock_read(&pc);
	return pvclock_factor(&pc);
}

/* Nanoseconds since 1970; 0 if KVM does not offer its clock. */
uint64_t
kvmclock_wall_ns(void)
{
	static struct pvclock_wall wall __aligned(16);
	struct pvclock pc;
	uint64_t ns;

	if (!have_kvmclock())
		return 0;
	wrmsr(MSR_KVM_WALL_CLOCK, virt_to_phys(&wall));
	pvclock_read(&pc);
	ns = pc.pc_ns + (uint64_t)((unsigned __int128)(rdtsc() - pc.pc_tsc) *
	    pvclock_factor(&pc) >> 32);
	return *(volatile uint32_t *)&wall.pw_sec * NS_PER_SEC +
	    *(volatile uint32_t *)&wall.pw_nsec + ns;
}

/*
 * The TSC's frequency in kHz where a CPUID leaf tells it.  The local APIC's timer
 * counts at the rate of *apic_factor per nanosecond, times 2^32.
 */
uint64_t
clock_cpuid_khz(uint64_t *apic_factor)
{
	struct cpuid id = cpuid(CPUID_HYPERVISOR, 0);
	bool hypervisor = (cpuid(1, 0).c & (1U << 31)) != 0;
	uint64_t crystal;

	if (hypervisor && id.a >= CPUID_TIMING && id.a < CPUID_TIMING + 0x1000) {
		id = cpuid(CPUID_TIMING, 0);
		if (id.b != 0)
			*apic_factor = ((uint64_t)id.b << 32) / 1000000;
		if (id.a != 0)
			return id.a;
	}
	if (cpuid(0, 0).a < 0x15)
		return 0;
	id = cpuid(0x15, 0);
	if (id.a == 0 || id.b == 0)
		return 0;
	crystal = id.c;			/* Hz */
	if (crystal == 0 && cpuid(0, 0).a >= 0x16)
		crystal = (uint64_t)cpuid(0x16, 0).a * 1000000 * id.a / id.b;
	if (!hypervisor)
		*apic_factor = (crystal << 32) / NS_PER_SEC;
	return crystal * id.b / id.a / 1000;
}
