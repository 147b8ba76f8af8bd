/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_init.c: the vfs faction comes up; file system types and their operation
 * vectors are taken in.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/vnode.h>
#include <sys/buf.h>
#include <sys/namei.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <rump-sys/component.h>
#include <rump-sys/devnode.h>
#include <rump-sys/kmem.h>
#include "tmpfs.h"
#include "vfs_private.h"

int desiredvnodes;

static int nvnodeops;
static struct vfsconf *vfsconfs;
static int lastvfstype;

/* Numbers the operations: their places in every vector. */
void
vfs_opv_init(void)
{

	for (nvnodeops = 0; vnode_ops[nvnodeops] != NULL; nvnodeops++)
		vnode_ops[nvnodeops]->vdesc_offset = nvnodeops;
}

/* Makes the vector of a description; what it leaves out is its default. */
static void
opv_make(struct vnodeopv_desc *desc)
{
	struct vnodeopv_entry_desc *e;
	int (**vec)(void *), (*deflt)(void *) = vn_default_error;
	int i;

	vec = malloc(nvnodeops * sizeof(*vec), M_VNODE, M_WAITOK | M_ZERO);
	for (e = desc->opv_desc_ops; e->opve_op != NULL; e++) {
		vec[e->opve_op->vdesc_offset] = e->opve_impl;
		if (e->opve_op == &vop_default_desc)
			deflt = e->opve_impl;
	}
	for (i = 0; i < nvnodeops; i++)
		if (vec[i] == NULL)
			vec[i] = deflt;
	*desc->opv_desc_vector_p = vec;
}

void
vfs_opv_add(struct vnodeopv_desc *const *descs)
{

	for (; *descs != NULL; descs++)
		opv_make(*descs);
}

void
vfs_attach(struct vfsconf *vfc)
{

	KASSERT(vfs_byname(vfc->vfc_name) == NULL);
	vfc->vfc_typenum = ++lastvfstype;
	vfc->vfc_next = vfsconfs;
	vfsconfs = vfc;
	if (vfc->vfc_vfsops->vfs_init != NULL)
		(void)vfc->vfc_vfsops->vfs_init(vfc);
}

struct vfsconf *
vfs_byname(const char *name)
{
	struct vfsconf *vfc;

	for (vfc = vfsconfs; vfc != NULL; vfc = vfc->vfc_next)
		if (strcmp(vfc->vfc_name, name) == 0)
			return (vfc);
	return (NULL);
}

static size_t
vfs_reclaim(size_t bytes)
{

	size_t done;

	done = buf_reclaim(bytes);
	return (done < bytes ? done + tmpfs_mem_reclaim(bytes - done) : done);
}

static struct vnodeopv_desc *const base_opvs[] = {
	&dead_vnodeop_opv_desc,
	&spec_vnodeop_opv_desc,
	&fifo_vnodeop_opv_desc,
	&tmpfs_vnodeop_opv_desc,
	&tmpfs_specop_opv_desc,
	&tmpfs_fifoop_opv_desc,
	NULL
};

static int
make_chrdev(const char *path, dev_t dev)
{

	return (tmpfs_mkdev(path, VCHR, dev, NULL));
}

RUMP_COMPONENT(RUMP__FACTION_VFS)
{
	size_t limit = kmem_limit();

	/* A vnode with its file is about 1 KiB: an eighth of the memory. */
	desiredvnodes = (int)MIN(limit / 8192, 32768);
	desiredvnodes = MAX(desiredvnodes, 128);
	fd_vref = vref;
	fd_vrele = vrele;
	kmem_reclaim = vfs_reclaim;
	devnode_maker = make_chrdev;
	pool_init(&namei_pool, MAXPATHLEN, 0, 0, 0, "namei", NULL);
	bufinit();
	nchinit();
	vnode_init();
	lockinit(&vfs_topology_lock, PVFS, "topology", 0, 0);
	vfs_opv_init();
	vfs_opv_add(base_opvs);
	fifo_init();
	tmpfs_mountroot();
}

RUMP_COMPONENT(RUMP_COMPONENT_SHUTDOWN)
{

	vfs_unmountall();
}
