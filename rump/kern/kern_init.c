/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_init.c: boot and halt, and the components' part in both.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/proc.h>
#include <rump/rumpuser.h>
#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/component.h>
#include <rump-sys/kmem.h>
#include "kern_private.h"

void (*wait_end_fifos)(void);
void (*wait_end_sockets)(void);
void (*wait_end_tallies)(void);
int cold = 1;
int securelevel;
char hostname[MAXHOSTNAMELEN];
int hostnamelen;

/* The interface that we follow: NetBSD 9.0's, as __NetBSD_Version__ has it. */
#define	RUMP_NETBSD_VERSION	900000000

static int rump_howto;
static int rump_booted;

__link_set_decl(rump_components, const struct rump_component);

void
rump_component_init(enum rump_component_type type)
{
	const struct rump_component *const *rc;

	__link_set_foreach(rc, rump_components)
		if ((*rc)->rc_type == type)
			(*rc)->rc_init();
}

size_t
kmem_limit(void)
{
	char buf[32];
	const char *p;
	size_t n = 0;
	int shift = 0;

	if (rumpuser_getparam("RUMP_MEMLIMIT", buf, sizeof(buf)) != 0)
		return (SIZE_MAX);
	for (p = buf; *p >= '0' && *p <= '9'; p++) {
		if (n > SIZE_MAX / 16)
			return (SIZE_MAX);
		n = n * 10 + *p - '0';
	}
	switch (*p | 0x20) {
	case 'g':
		shift = 30;
		break;
	case 'm':
		shift = 20;
		break;
	case 'k':
		shift = 10;
		break;
	default:
		break;
	}
	return (n != 0 && n <= SIZE_MAX >> shift ? n << shift : SIZE_MAX);
}

int
rump_init(void)
{
	int error, stage;

	if (rump_booted)
		return (0);
	if ((error = rumpuser_init(RUMPUSER_VERSION, &hyperup)) != 0)
		return (error);
	rump_booted = 1;
	sched_init();
	synch_init();
	timeout_init();
	if (rumpuser_getparam(RUMPUSER_PARAM_HOSTNAME, hostname,
	    sizeof(hostname)) != 0)
		strlcpy(hostname, "rumpkit", sizeof(hostname));
	hostnamelen = (int)strlen(hostname);

	/* lwp0 takes the CPU by hand: it has no lwp to schedule before. */
	lwp_init();
	curproc = NULL;
	rump_schedule();
	initprocess_start();
	for (stage = RUMP_COMPONENT_KERN; stage <= RUMP_COMPONENT_POSTINIT;
	    stage++)
		rump_component_init(stage);
	cold = 0;
	rump_unschedule();
	return (0);
}

int
rump_pub_getversion(void)
{

	return (RUMP_NETBSD_VERSION);
}

int
rump_boot_gethowto(void)
{

	return (rump_howto);
}

void
rump_boot_sethowto(int howto)
{

	rump_howto = howto;
}

/*
 * Ends the kernel: file systems are unmounted, threads joined, and the host is
 * told.  Does not return.
 */
void
kern_halt(int howto)
{

	if ((howto & RUMP_RB_NOSYNC) == 0)
		rump_component_init(RUMP_COMPONENT_SHUTDOWN);
	if (kthread_stop != NULL)
		kthread_stop();
	timeout_shutdown();
	kthread_joinall();
	sched_leave();
	rumpuser_exit(0);
}
