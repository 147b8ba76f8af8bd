/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tmpfs_init.c: the memory root: the tmpfs that every kernel starts with, to
 * mount on and to show devices in; and its nodes by absolute path, for the
 * kernel itself.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <rump/rumpuser.h>
#include <rump-sys/tmpfs.h>
#include "tmpfs.h"
#include "vfs_private.h"

struct tmpfs_mount *tmpfs_rootmount;

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
	.vfs_root = tmpfs_root,
	.vfs_statfs = tmpfs_statfs,
	.vfs_sync = tmpfs_sync,
};

static struct vfsconf rootfs_vfsconf = {
	.vfc_vfsops = &rootfs_vfsops,
	.vfc_name = "rootfs",
};

/* At boot: makes the root and enters its mount as the first. */
void
tmpfs_mountroot(void)
{
	static const struct tmpfs_limits limits = { .tl_mode = 0755 };
	struct mount *mp;
	struct vnode *vp;

	tmpfs_mem_init();
	tmpfs_node_init();
	vfs_attach(&rootfs_vfsconf);
	if (vfs_rootmountalloc("rootfs", "root", &mp) != 0 ||
	    tmpfs_mount(mp, &limits) != 0)
		panic("no memory root");
	mp->mnt_flag = MNT_LOCAL;
	tmpfs_rootmount = MPTOTM(mp);
	CIRCLEQ_INSERT_TAIL(&mountlist, mp, mnt_list);
	vfs_unbusy(mp, curproc);
	if (tmpfs_vget(tmpfs_rootmount->tm_root, &vp) != 0)
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

static struct tmpfs_dirent *
find(struct tmpfs_node *dir, const char *name, size_t len)
{

	return (tmpfs_dir_find(dir, name, len, tmpfs_hash(name, len)));
}

/* Enters tn in dir under a name that is free there. */
static int
add(struct tmpfs_node *dir, struct tmpfs_node *tn, const char *name,
    size_t len)
{
	struct tmpfs_dirent *td;

	td = tmpfs_dirent_new(name, len, tmpfs_hash(name, len));
	if (td == NULL)
		return (ENOSPC);
	tmpfs_dir_add(dir, tn, td);
	return (0);
}

static int
new_node(enum vtype type, mode_t mode, struct tmpfs_node **tnp)
{

	return (tmpfs_node_new(tmpfs_rootmount, type, mode, curproc->p_ucred,
	    tnp));
}

static int
make_dir(struct tmpfs_node **dirp, const char *name, size_t len)
{
	struct tmpfs_node *tn;
	int error;

	if ((error = new_node(VDIR, 0755, &tn)) != 0)
		return (error);
	if ((error = add(*dirp, tn, name, len)) != 0)
		tmpfs_node_free(tn);
	else
		*dirp = tn;
	return (error);
}

/*
 * The folder that path, checked, lies in, and the last name.  Folders that are
 * missing are made if create says so.
 */
static int
walk(const char *path, int create, struct tmpfs_node **dirp, const char **name)
{
	struct tmpfs_node *dir = tmpfs_rootmount->tm_root;
	struct tmpfs_dirent *td;
	const char *end;
	size_t len;
	int error;

	for (;;) {
		while (*path == '/')
			path++;
		if ((end = strchr(path, '/')) == NULL)
			break;
		len = (size_t)(end - path);
		if ((td = find(dir, path, len)) == NULL) {
			if (!create)
				return (ENOENT);
			if ((error = make_dir(&dir, path, len)) != 0)
				return (error);
		} else if (td->td_node->tn_type != VDIR) {
			return (ENOTDIR);
		} else {
			dir = td->td_node;
		}
		path = end;
	}
	*dirp = dir;
	*name = path;
	return (0);
}

static int
enter(const char *path, struct tmpfs_node *tn, struct tmpfs_node **tnp)
{
	struct tmpfs_node *dir;
	const char *name;
	int error;

	if ((error = check_path(path)) == 0 &&
	    (error = walk(path, 1, &dir, &name)) == 0)
		error = find(dir, name, strlen(name)) != NULL ? EEXIST :
		    add(dir, tn, name, strlen(name));
	if (error != 0)
		tmpfs_node_free(tn);
	else if (tnp != NULL)
		*tnp = tn;
	return (error);
}

/* Makes a device node. */
int
tmpfs_mkdev(const char *path, enum vtype type, dev_t dev,
    struct tmpfs_node **tnp)
{
	struct tmpfs_node *tn;
	int error;

	error = new_node(type, type == VCHR ? 0666 : 0640, &tn);
	if (error != 0)
		return (error);
	tn->tn_rdev = dev;
	return (enter(path, tn, tnp));
}

/*
 * Makes a regular file of size bytes of an open host file, which it takes; also
 * when it fails.
 */
int
tmpfs_mkhostfile(const char *path, const struct tmpfs_host *th, off_t size,
    struct tmpfs_node **tnp)
{
	struct tmpfs_host *copy;
	struct tmpfs_node *tn;
	int error;

	if ((error = new_node(VREG, 0644, &tn)) != 0) {
		(void)rumpuser_close(th->th_fd);
		return (error);
	}
	copy = malloc(sizeof(*copy), M_ROOTFS, M_WAITOK);
	*copy = *th;
	tn->tn_host = copy;
	tn->tn_size = size;
	return (enter(path, tn, tnp));
}

/* The node stays even if its name is removed. */
void
tmpfs_keep(struct tmpfs_node *tn)
{

	tn->tn_keep++;
}

/* Ends that, and takes the name out if it still is the node's. */
void
tmpfs_drop(const char *path, struct tmpfs_node *tn)
{
	struct tmpfs_dirent *td;
	struct tmpfs_node *dir;
	const char *name;

	if (walk(path, 0, &dir, &name) == 0 &&
	    (td = find(dir, name, strlen(name))) != NULL && td->td_node == tn)
		tmpfs_dir_remove(dir, td);
	if (tn->tn_vnode != NULL && tn->tn_vnode->v_usecount == 0)
		vgone(tn->tn_vnode);
	tmpfs_node_unkeep(tn);
}
