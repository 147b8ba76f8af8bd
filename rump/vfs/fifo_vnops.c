/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fifo_vnops.c: named pipes: they can be looked at and removed; opening one
 * fails with EOPNOTSUPP, as nothing here connects readers and writers.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/vnode.h>
#include <miscfs/fifofs/fifo.h>
#include "vfs_private.h"

void
fifo_printinfo(struct vnode *vp)
{

	(void)vp;
	printf(", a named pipe");
}

int
fifo_reclaim(void *v)
{

	(void)v;
	return (0);
}

int (**fifo_vnodeop_p)(void *);
static struct vnodeopv_entry_desc fifo_vnodeop_entries[] = {
	{ &vop_default_desc, eopnotsupp },
	{ &vop_close_desc, nullop },
	{ &vop_fsync_desc, nullop },
	{ &vop_lease_desc, nullop },
	{ &vop_inactive_desc, nullop },
	{ &vop_reclaim_desc, fifo_reclaim },
	{ &vop_lock_desc, vop_generic_lock },
	{ &vop_unlock_desc, vop_generic_unlock },
	{ &vop_islocked_desc, vop_generic_islocked },
	{ &vop_abortop_desc, vop_generic_abortop },
	{ &vop_revoke_desc, vop_generic_revoke },
	{ NULL, NULL }
};
struct vnodeopv_desc fifo_vnodeop_opv_desc =
	{ &fifo_vnodeop_p, fifo_vnodeop_entries };

int
fifo_vnoperate(void *v)
{
	struct vop_generic_args *ap = v;

	return (VOCALL(fifo_vnodeop_p, ap->a_desc->vdesc_offset, ap));
}
