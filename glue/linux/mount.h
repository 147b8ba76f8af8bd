/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mount.h: disks and file systems, before the program starts and after its end.
 */
#ifndef _LINUX_MOUNT_H_
#define	_LINUX_MOUNT_H_

struct linux_bootconfig;
struct linux_mount;

/* mount_types.c: the file systems that can be mounted. */
struct linux_fs {
	const char *type;
	const char *component;
	int readonly;			/* the driver cannot write */
	int diskless;			/* its device says nothing */
	/* -1 as of rump_sys_mount(). */
	int (*mount)(const struct linux_mount *, int flags,
	    const char *device);
};
const struct linux_fs *linux_fs_find(const char *type);	/* NULL: unknown */

/* mount_ffs.c */
int	linux_mount_ffs(const struct linux_mount *, int flags,
	    const char *device);

/* mount.c */

/* NULL, or what failed (and has been said with the particulars). */
const char *linux_mount_all(struct linux_bootconfig *);
void	linux_unmount_all(void);

/* Says why a mount failed, and gives it back. */
const char *linux_mount_complain(const struct linux_mount *,
	    const char *problem);

#endif /* _LINUX_MOUNT_H_ */
