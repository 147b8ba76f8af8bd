/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mount.h: disks and file systems, before the program starts and after its end.
 */
#ifndef _LINUX_MOUNT_H_
#define	_LINUX_MOUNT_H_

struct linux_bootconfig;

/* NULL, or what failed (and has been said with the particulars). */
const char *linux_mount_all(struct linux_bootconfig *);
void	linux_unmount_all(void);

#endif /* _LINUX_MOUNT_H_ */
