/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rootfs.c: the memory root: the file system that every kernel starts with, to
 * mount on and to show devices in.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>
#include <rump/rumpuser.h>
#include "rootfs.h"
#include "vfs_private.h"

struct mount *rootfs_mp;
static struct rootnode *rootfs_root;

static int
rootfs_vfs_root(struct mount *mp, struct vnode **vpp)
{

	(void)mp;
	return (rootnode_vget(rootfs_root, vpp));
}

static int
rootfs_statfs(struct mount *mp, struct statfs *sbp, struct proc *p)
{

	(void)mp;
	(void)p;
	sbp->f_bsize = PAGE_SIZE;
	sbp->f_iosize = PAGE_SIZE;
	return (0);
}

static int
sync_device(struct vnode *vp, void *arg)
{
	int *waitfor = arg;

	if (vp->v_type == VBLK && !LIST_EMPTY(&vp->v_dirtyblkhd) &&
	    vget(vp, LK_EXCLUSIVE | LK_NOWAIT, curproc) == 0) {
		(void)VOP_FSYNC(vp, NOCRED, *waitfor, curproc);
		vput(vp);
	}
	return (0);
}

/* Files are in memory; what was written to devices is not yet on them. */
static int
rootfs_sync(struct mount *mp, int waitfor, struct ucred *cred, struct proc *p)
{

	(void)cred;
	(void)p;
	return (vfs_mount_foreach_vnode(mp, sync_device, &waitfor));
}

/* There is one memory root; neither a second mount nor an update makes sense. */
static int
rootfs_mount(struct mount *mp, const char *path, void *data,
    struct nameidata *ndp, struct proc *p)
{

	(void)mp;
	(void)path;
	(void)data;
	(void)ndp;
	(void)p;
	return (EOPNOTSUPP);
}

static const struct vfsops rootfs_vfsops = {
	.vfs_mount = rootfs_mount,
	.vfs_root = rootfs_vfs_root,
	.vfs_statfs = rootfs_statfs,
	.vfs_sync = rootfs_sync,
};

static struct vfsconf rootfs_vfsconf = {
	.vfc_vfsops = &rootfs_vfsops,
	.vfc_name = "rootfs",
};

/* At boot: makes the root and enters its mount as the first. */
void
rootfs_mountroot(void)
{
	struct vnode *vp;

	vfs_attach(&rootfs_vfsconf);
	if (vfs_rootmountalloc("rootfs", "root", &rootfs_mp) != 0)
		panic("no memory root");
	rootfs_mp->mnt_flag = MNT_LOCAL;
	rootfs_mp->mnt_stat.f_fsid.val[0] = makedev(0, 1);
	rootfs_mp->mnt_stat.f_fsid.val[1] = rootfs_vfsconf.vfc_typenum;
	rootfs_root = rootnode_new(VDIR, 0755);
	rootfs_root->rn_parent = rootfs_root;
	rootfs_root->rn_nlink = 2;
	CIRCLEQ_INSERT_TAIL(&mountlist, rootfs_mp, mnt_list);
	vfs_unbusy(rootfs_mp, curproc);
	if (rootnode_vget(rootfs_root, &vp) != 0)
		panic("no vnode for the root");
	VOP_UNLOCK(vp, 0, curproc);
	rootvnode = vp;
}

/* A name that a directory can have: not too long, not empty, "." or "..". */
static int
check_name(const char *name, size_t len)
{

	if (len == 0 || (len <= 2 && name[0] == '.' && name[len - 1] == '.'))
		return (EINVAL);
	return (len > NAME_MAX ? ENAMETOOLONG : 0);
}

/* An absolute path of names that directories can have. */
static int
check_path(const char *path)
{
	const char *end;
	int error;

	if (*path != '/')
		return (EINVAL);
	for (;;) {
		while (*path == '/')
			path++;
		if ((end = strchr(path, '/')) == NULL)
			return (check_name(path, strlen(path)));
		if ((error = check_name(path, end - path)) != 0)
			return (error);
		path = end;
	}
}

/*
 * The folder that path, checked, lies in, and the last name.  Folders that are
 * missing are made if create says so.
 */
static int
walk(const char *path, int create, struct rootnode **dirp, const char **name,
    int *namelen)
{
	struct rootnode *dir = rootfs_root, *rn;
	struct rootdirent *rd;
	const char *end;

	for (;;) {
		while (*path == '/')
			path++;
		if ((end = strchr(path, '/')) == NULL)
			break;
		if ((rd = rootdir_find(dir, path, (int)(end - path))) == NULL) {
			if (!create)
				return (ENOENT);
			rn = rootnode_new(VDIR, 0755);
			rootdir_add(dir, rn, path, (int)(end - path));
			dir = rn;
		} else if (rd->rd_node->rn_type != VDIR) {
			return (ENOTDIR);
		} else {
			dir = rd->rd_node;
		}
		path = end;
	}
	*dirp = dir;
	*name = path;
	*namelen = (int)strlen(path);
	return (0);
}

static int
enter(const char *path, struct rootnode *rn, struct rootnode **rnp)
{
	struct rootnode *dir;
	const char *name;
	int error, namelen;

	if ((error = check_path(path)) == 0 &&
	    (error = walk(path, 1, &dir, &name, &namelen)) == 0 &&
	    rootdir_find(dir, name, namelen) != NULL)
		error = EEXIST;
	if (error != 0) {
		rootnode_free(rn);
		return (error);
	}
	rootdir_add(dir, rn, name, namelen);
	if (rnp != NULL)
		*rnp = rn;
	return (0);
}

/* Makes a device node. */
int
rootfs_mkdev(const char *path, enum vtype type, dev_t dev,
    struct rootnode **rnp)
{
	struct rootnode *rn;

	rn = rootnode_new(type, type == VCHR ? 0666 : 0640);
	rn->rn_rdev = dev;
	return (enter(path, rn, rnp));
}

/*
 * Makes a regular file of size bytes of an open host file, which it takes; also
 * when it fails.
 */
int
rootfs_mkhostfile(const char *path, int fd, int rdonly, off_t begin,
    off_t size, struct rootnode **rnp)
{
	struct rootnode *rn;

	rn = rootnode_new(VREG, 0644);
	rn->rn_hostfd = fd;
	rn->rn_rdonly = rdonly;
	rn->rn_begin = begin;
	rn->rn_size = size;
	return (enter(path, rn, rnp));
}

/* The node stays even if its name is removed. */
void
rootfs_keep(struct rootnode *rn)
{

	rn->rn_keep++;
}

/* Ends that, and takes the name out if it still is the node's. */
void
rootfs_drop(const char *path, struct rootnode *rn)
{
	struct rootdirent *rd;
	struct rootnode *dir;
	const char *name;
	int namelen;

	if (walk(path, 0, &dir, &name, &namelen) == 0 &&
	    (rd = rootdir_find(dir, name, namelen)) != NULL &&
	    rd->rd_node == rn)
		rootdir_remove(dir, rd);
	if (rn->rn_vnode != NULL && rn->rn_vnode->v_usecount == 0)
		vgone(rn->rn_vnode);
	rootnode_unkeep(rn);
}
