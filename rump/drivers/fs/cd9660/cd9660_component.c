/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cd9660_component.c: attaches the ISO 9660 file system: its operation vectors,
 * and its type under the name that mount(2) knows.
 */
#include <sys/param.h>
#include <sys/mount.h>
#include <sys/vnode.h>
#include <rump-sys/component.h>

extern const struct vfsops cd9660_vfsops;
extern struct vnodeopv_desc cd9660_vnodeop_opv_desc;
extern struct vnodeopv_desc cd9660_specop_opv_desc;
extern struct vnodeopv_desc cd9660_fifoop_opv_desc;

static struct vnodeopv_desc *const cd9660_opvs[] = {
	&cd9660_vnodeop_opv_desc,
	&cd9660_specop_opv_desc,
	&cd9660_fifoop_opv_desc,
	NULL
};

static struct vfsconf cd9660_vfsconf = {
	.vfc_vfsops = &cd9660_vfsops,
	.vfc_name = "cd9660",
	.vfc_flags = VFCF_READONLY,
};

RUMP_COMPONENT(RUMP_COMPONENT_VFS)
{

	vfs_opv_add(cd9660_opvs);
	vfs_attach(&cd9660_vfsconf);
}
