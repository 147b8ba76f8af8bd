/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tmpfs.h: what the vfs faction offers to whoever mounts files in memory: the
 * memory root's implementation, for any number of mounts.
 */
#ifndef _RUMP_SYS_TMPFS_H_
#define	_RUMP_SYS_TMPFS_H_

#include <sys/types.h>

struct mount;
struct proc;
struct statfs;
struct ucred;
struct vnode;

/* 0: as much as the kernel has. */
struct tmpfs_limits {
	uint64_t tl_nodes;		/* files, folders and so on */
	uint64_t tl_bytes;		/* of their contents */
	uid_t tl_uid;			/* of the root folder */
	gid_t tl_gid;
	mode_t tl_mode;
};

/* Makes a new mount a tmpfs: 0 or ENOSPC. */
int	tmpfs_mount(struct mount *, const struct tmpfs_limits *);
/* EINVAL: more is used than that. */
int	tmpfs_setlimits(struct mount *, const struct tmpfs_limits *);

/* Operations of a file system type made of it. */
int	tmpfs_unmount(struct mount *, int flags, struct proc *);
int	tmpfs_start(struct mount *, int flags, struct proc *);
int	tmpfs_root(struct mount *, struct vnode **);
int	tmpfs_statfs(struct mount *, struct statfs *, struct proc *);
int	tmpfs_sync(struct mount *, int waitfor, struct ucred *, struct proc *);

#endif /* _RUMP_SYS_TMPFS_H_ */
