/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ffs_component.c: attaches the Berkeley fast file system: its operation
 * vectors, and its type under the name that mount(2) knows.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/mount.h>
#include <sys/vnode.h>
#include <rump-sys/component.h>
#include <rump-sys/syncer.h>
#include <rump-sys/syscall.h>
#include "ffs_component.h"
#include "ffs_guard.h"

int	softdep_process_worklist(struct mount *);
extern const struct vfsops ffs_vfsops;
extern struct vnodeopv_desc ffs_vnodeop_opv_desc;
extern struct vnodeopv_desc ffs_specop_opv_desc;
extern struct vnodeopv_desc ffs_fifoop_opv_desc;

static struct vnodeopv_desc *const ffs_opvs[] = {
	&ffs_vnodeop_opv_desc,
	&ffs_specop_opv_desc,
	&ffs_fifoop_opv_desc,
	NULL
};

/* The driver's operations, but for what stands in front of them. */
static struct vfsops ffs_front_vfsops;

static struct vfsconf ffs_vfsconf = {
	.vfc_vfsops = &ffs_front_vfsops,
	.vfc_name = "ffs",
	.vfc_flags = VFCF_SOFTDEP,
};

static int
ffs_front_unmount(struct mount *mp, int flags, struct proc *p)
{
	int error;

	error = ffs_vfsops.vfs_unmount(mp, flags, p);
	/* It is gone, whatever the device said when it was closed. */
	if (error != 0 && mp->mnt_data == NULL) {
		printf("%s: unmounted, but not all was written: error %d\n",
		    mp->mnt_stat.f_mntonname, error);
		error = 0;
	}
	if (error == 0)
		ffs_forget_newdirs(mp);
	return (error);
}

static void
put_in_front(struct vnodeop_desc *op, int (*function)(void *))
{
	struct vnodeopv_entry_desc *entry;

	for (entry = ffs_vnodeop_opv_desc.opv_desc_ops; entry->opve_op != NULL;
	    entry++)
		if (entry->opve_op == op)
			entry->opve_impl = function;
}

RUMP_COMPONENT(RUMP_COMPONENT_VFS)
{

	ffs_front_vfsops = ffs_vfsops;
	ffs_front_vfsops.vfs_unmount = ffs_front_unmount;
	put_in_front(&vop_close_desc, ffs_front_close);
	put_in_front(&vop_getattr_desc, ffs_front_getattr);
	ffs_front_vfsops.vfs_vget = ffs_guard_vget;
	ffs_guard_attach();
	put_in_front(&vop_read_desc, ffs_front_read);
	put_in_front(&vop_readdir_desc, ffs_guard_readdir);
	put_in_front(&vop_mkdir_desc, ffs_note_mkdir);
	put_in_front(&vop_reallocblks_desc, ffs_front_reallocblks);
	put_in_front(&vop_remove_desc, ffs_front_remove);
	vfs_opv_add(ffs_opvs);
	vfs_attach(&ffs_vfsconf);
	bioops.io_complete = ffs_write_over;
	bioops.io_fsync = ffs_fsync_names;
	syncer_worklist = softdep_process_worklist;
	syscall_make_room = ffs_make_room;
}
