/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fsa_vnops.c: the operations of the adapter's vnodes: plain ones, devices, pipes.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/fcntl.h>
#include <sys/lockf.h>
#include <sys/mount.h>
#include <sys/poll.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>
#include <miscfs/fifofs/fifo.h>
#include <miscfs/specfs/specdev.h>
#include "fsa_private.h"

static int
fsa_open(void *v)
{
	struct vop_open_args *ap = v;

	if ((VTOF(ap->a_vp)->fn_attr.va_flags & UF_APPEND) &&
	    (ap->a_mode & (FWRITE | O_APPEND)) == FWRITE)
		return (EPERM);
	return (0);
}

static int
fsa_poll(void *v)
{
	struct vop_poll_args *ap = v;

	return (ap->a_events & (POLLIN | POLLOUT | POLLRDNORM));
}

static int
fsa_advlock(void *v)
{
	struct vop_advlock_args *ap = v;
	struct fsa_node *fn = VTOF(ap->a_vp);

	return (lf_advlock(&fn->fn_lockf, (off_t)fn->fn_attr.va_size, ap->a_id,
	    ap->a_op, ap->a_fl, ap->a_flags));
}

static int
fsa_print(void *v)
{
	struct vop_print_args *ap = v;
	struct fsa_node *fn = VTOF(ap->a_vp);

	printf("\t%s, number %u, %u names\n",
	    ap->a_vp->v_mount->mnt_vfc->vfc_name, fn->fn_id,
	    fn->fn_attr.va_nlink);
	return (0);
}

int (**fsa_vnodeop_p)(void *);
static struct vnodeopv_entry_desc fsa_vnodeop_entries[] = {
	{ &vop_default_desc, vn_default_error },
	{ &vop_lookup_desc, fsa_lookup },
	{ &vop_create_desc, fsa_create },
	{ &vop_mknod_desc, fsa_mknod },
	{ &vop_open_desc, fsa_open },
	{ &vop_close_desc, nullop },
	{ &vop_access_desc, fsa_access },
	{ &vop_getattr_desc, fsa_getattr },
	{ &vop_setattr_desc, fsa_setattr },
	{ &vop_read_desc, fsa_read },
	{ &vop_write_desc, fsa_write },
	{ &vop_lease_desc, nullop },
	{ &vop_poll_desc, fsa_poll },
	{ &vop_kqfilter_desc, vop_generic_kqfilter },
	{ &vop_revoke_desc, vop_generic_revoke },
	{ &vop_fsync_desc, fsa_fsync },
	{ &vop_remove_desc, fsa_remove },
	{ &vop_link_desc, fsa_link },
	{ &vop_rename_desc, fsa_rename },
	{ &vop_mkdir_desc, fsa_mkdir },
	{ &vop_rmdir_desc, fsa_rmdir },
	{ &vop_symlink_desc, fsa_symlink },
	{ &vop_readdir_desc, fsa_readdir },
	{ &vop_readlink_desc, fsa_readlink },
	{ &vop_abortop_desc, vop_generic_abortop },
	{ &vop_inactive_desc, fsa_inactive },
	{ &vop_reclaim_desc, fsa_reclaim },
	{ &vop_lock_desc, vop_generic_lock },
	{ &vop_unlock_desc, vop_generic_unlock },
	{ &vop_islocked_desc, vop_generic_islocked },
	{ &vop_bmap_desc, fsa_bmap },
	{ &vop_strategy_desc, fsa_strategy },
	{ &vop_bwrite_desc, vop_generic_bwrite },
	{ &vop_pathconf_desc, fsa_pathconf },
	{ &vop_advlock_desc, fsa_advlock },
	{ &vop_print_desc, fsa_print },
	{ NULL, NULL }
};
static struct vnodeopv_desc fsa_vnodeop_opv_desc =
	{ &fsa_vnodeop_p, fsa_vnodeop_entries };

/* Devices: the node's attributes are here, the rest is the device's. */
int (**fsa_specop_p)(void *);
static struct vnodeopv_entry_desc fsa_specop_entries[] = {
	{ &vop_default_desc, spec_vnoperate },
	{ &vop_access_desc, fsa_access },
	{ &vop_getattr_desc, fsa_getattr },
	{ &vop_setattr_desc, fsa_setattr },
	{ &vop_inactive_desc, fsa_inactive },
	{ &vop_reclaim_desc, fsa_reclaim },
	{ &vop_print_desc, fsa_print },
	{ NULL, NULL }
};
static struct vnodeopv_desc fsa_specop_opv_desc =
	{ &fsa_specop_p, fsa_specop_entries };

int (**fsa_fifoop_p)(void *);
static struct vnodeopv_entry_desc fsa_fifoop_entries[] = {
	{ &vop_default_desc, fifo_vnoperate },
	{ &vop_access_desc, fsa_access },
	{ &vop_getattr_desc, fsa_getattr },
	{ &vop_setattr_desc, fsa_setattr },
	{ &vop_inactive_desc, fsa_inactive },
	{ &vop_reclaim_desc, fsa_reclaim },
	{ &vop_print_desc, fsa_print },
	{ NULL, NULL }
};
static struct vnodeopv_desc fsa_fifoop_opv_desc =
	{ &fsa_fifoop_p, fsa_fifoop_entries };

struct vnodeopv_desc *const fsa_opvs[] = {
	&fsa_vnodeop_opv_desc,
	&fsa_specop_opv_desc,
	&fsa_fifoop_opv_desc,
	NULL
};
