/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ffs_component.c: attaches the Berkeley fast file system: its operation
 * vectors, and its type under the name that mount(2) knows.
 */
#include <sys/param.h>
#include <sys/mount.h>
#include <sys/vnode.h>
#include <rump-sys/component.h>
#include <rump-sys/syncer.h>

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

static struct vfsconf ffs_vfsconf = {
	.vfc_vfsops = &ffs_vfsops,
	.vfc_name = "ffs",
};

RUMP_COMPONENT(RUMP_COMPONENT_VFS)
{

	vfs_opv_add(ffs_opvs);
	vfs_attach(&ffs_vfsconf);
	syncer_worklist = softdep_process_worklist;
}
