/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dead_vnops.c: operations of a vnode whose file was taken away.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/vnode.h>
#include "vfs_private.h"

static int
dead_eio(void *v)
{

	(void)v;
	return (EIO);
}

static int
dead_lookup(void *v)
{
	struct vop_lookup_args *ap = v;

	*ap->a_vpp = NULL;
	return (ENOTDIR);
}

static int
dead_open(void *v)
{

	(void)v;
	return (ENXIO);
}

static int
dead_print(void *v)
{

	(void)v;
	printf("\tits file was taken away\n");
	return (0);
}

int (**dead_vnodeop_p)(void *);
static struct vnodeopv_entry_desc dead_vnodeop_entries[] = {
	{ &vop_default_desc, dead_eio },
	{ &vop_lookup_desc, dead_lookup },
	{ &vop_open_desc, dead_open },
	{ &vop_close_desc, nullop },
	{ &vop_fsync_desc, nullop },
	{ &vop_inactive_desc, nullop },
	{ &vop_reclaim_desc, nullop },
	{ &vop_lock_desc, nullop },
	{ &vop_unlock_desc, nullop },
	{ &vop_islocked_desc, nullop },
	{ &vop_abortop_desc, vop_generic_abortop },
	{ &vop_print_desc, dead_print },
	{ NULL, NULL }
};
struct vnodeopv_desc dead_vnodeop_opv_desc =
	{ &dead_vnodeop_p, dead_vnodeop_entries };
