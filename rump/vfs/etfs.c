/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * etfs.c: files and devices of the host, shown at paths of the kernel's
 * (rump_etfs(3)).
 *
 * Each is a node of the memory root; it is found under exactly its path even
 * when something is mounted above.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <miscfs/specfs/specdev.h>
#include <rump/rumpuser.h>
#include <rump/rump.h>
#include "tmpfs.h"
#include "vfs_private.h"

/* The list and its entries belong to the virtual CPU. */
struct etfs {
	LIST_ENTRY(etfs) et_list;
	char *et_key;
	struct tmpfs_node *et_tn;	/* kept */
	dev_t et_dev;			/* NODEV: a regular file */
};
static LIST_HEAD(, etfs) etfslist = LIST_HEAD_INITIALIZER(etfslist);

static struct etfs *
etfs_find(const char *key)
{
	struct etfs *et;

	LIST_FOREACH(et, &etfslist, et_list)
		if (strcmp(et->et_key, key) == 0)
			return (et);
	return (NULL);
}

int
etfs_lookup(const char *path, struct vnode **vpp)
{
	struct etfs *et;

	if ((et = etfs_find(path)) == NULL)
		return (0);
	if (tmpfs_vget(et->et_tn, vpp) != 0)
		return (0);
	VOP_UNLOCK(*vpp, 0, curproc);
	return (1);
}

static int
register_file(struct etfs *et, const char *host, off_t begin, off_t size)
{
	struct tmpfs_host th = { .th_begin = begin };
	int error;

	error = rumpuser_open(host, RUMPUSER_OPEN_RDWR, &th.th_fd);
	if (error == EACCES || error == EROFS || error == EPERM) {
		th.th_rdonly = 1;
		error = rumpuser_open(host, RUMPUSER_OPEN_RDONLY, &th.th_fd);
	}
	if (error != 0)
		return (error);
	return (tmpfs_mkhostfile(et->et_key, &th, size, &et->et_tn));
}

static int
register_device(struct etfs *et, const char *host, enum rump_etfs_type type,
    off_t begin, off_t size)
{
	int error;

	if ((error = rumpblk_attach(host, begin, size, &et->et_dev)) != 0)
		return (error);
	error = tmpfs_mkdev(et->et_key, type == RUMP_ETFS_BLK ? VBLK : VCHR,
	    et->et_dev, &et->et_tn);
	if (error != 0)
		(void)rumpblk_detach(et->et_dev);
	return (error);
}

static int
etfs_register(const char *key, const char *host, enum rump_etfs_type type,
    uint64_t begin, uint64_t size)
{
	uint64_t hostsize;
	struct etfs *et;
	int error, ft;

	if (key == NULL || host == NULL)
		return (EFAULT);
	if (*key != '/' || strlen(key) >= MAXPATHLEN)
		return (EINVAL);
	if (etfs_find(key) != NULL)
		return (EEXIST);
	if (type == RUMP_ETFS_DIR || type == RUMP_ETFS_DIR_SUBDIRS)
		return (EOPNOTSUPP);
	if ((error = rumpuser_getfileinfo(host, &hostsize, &ft)) != 0)
		return (error);
	if (ft == RUMPUSER_FT_DIR)
		return (EISDIR);
	if (begin > hostsize || hostsize > INT64_MAX)
		return (EINVAL);
	if (size == RUMP_ETFS_SIZE_ENDOFF)
		size = hostsize - begin;
	else if (size > hostsize - begin)
		return (EINVAL);
	et = malloc(sizeof(*et), M_ETFS, M_WAITOK | M_ZERO);
	et->et_dev = NODEV;
	et->et_key = malloc(strlen(key) + 1, M_ETFS, M_WAITOK);
	strlcpy(et->et_key, key, strlen(key) + 1);
	error = type == RUMP_ETFS_REG ?
	    register_file(et, host, (off_t)begin, (off_t)size) :
	    register_device(et, host, type, (off_t)begin, (off_t)size);
	if (error != 0) {
		free(et->et_key, M_ETFS);
		free(et, M_ETFS);
		return (error);
	}
	tmpfs_keep(et->et_tn);
	LIST_INSERT_HEAD(&etfslist, et, et_list);
	return (0);
}

static int
etfs_remove(const char *key)
{
	struct etfs *et;
	struct vnode *vp;
	int error = 0;

	if ((et = etfs_find(key)) == NULL)
		return (ENOENT);
	/* A mount and an open file use the vnode, or another of the device's. */
	vp = et->et_tn->tn_vnode;
	if ((vp != NULL && vp->v_usecount != 0) ||
	    (et->et_dev != NODEV && rumpblk_isopen(et->et_dev)))
		return (EBUSY);
	LIST_REMOVE(et, et_list);
	tmpfs_drop(key, et->et_tn);
	if (et->et_dev != NODEV)
		error = rumpblk_detach(et->et_dev);
	free(et->et_key, M_ETFS);
	free(et, M_ETFS);
	return (error);
}

int
rump_pub_etfs_register_withsize(const char *key, const char *hostpath,
    enum rump_etfs_type type, uint64_t begin, uint64_t size)
{
	int error;

	rump_schedule();
	error = etfs_register(key, hostpath, type, begin, size);
	rump_unschedule();
	return (error);
}

int
rump_pub_etfs_register(const char *key, const char *hostpath,
    enum rump_etfs_type type)
{

	return (rump_pub_etfs_register_withsize(key, hostpath, type, 0,
	    RUMP_ETFS_SIZE_ENDOFF));
}

int
rump_pub_etfs_remove(const char *key)
{
	int error;

	rump_schedule();
	error = etfs_remove(key);
	rump_unschedule();
	return (error);
}
