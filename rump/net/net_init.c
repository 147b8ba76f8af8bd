/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net_init.c: how sockets end with the kernel.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/proc.h>
#include <sys/socketvar.h>
#include <rump-sys/component.h>
#include <rump-sys/kmem.h>
#include "net_private.h"

/* Whoever waits on a socket fails with EINTR: wait_ended is set. */
static void
net_end(void)
{
	struct socket *so;

	LIST_FOREACH(so, &net_sockets, so_all) {
		wakeup(&so->so_state);
		wakeup(&so->so_rcv);
		wakeup(&so->so_snd);
		wakeup(&so->so_rcv.sb_locked);
		wakeup(&so->so_snd.sb_locked);
	}
}

RUMP_COMPONENT(RUMP__FACTION_NET)
{

	wait_end_sockets = net_end;
}
