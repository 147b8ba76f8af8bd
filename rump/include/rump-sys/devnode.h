/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * devnode.h: device nodes that a driver wants in /dev, if there are files at all.
 */
#ifndef _RUMP_SYS_DEVNODE_H_
#define	_RUMP_SYS_DEVNODE_H_

#include <sys/types.h>

struct devnode {
	const char *dn_path;
	int dn_minor;
};

/* Makes character device nodes; without the vfs faction it does nothing. */
void	devnode_make(const struct devnode *, size_t, int major);

/* Set by the vfs faction. */
extern int (*devnode_maker)(const char *path, dev_t);

#endif /* _RUMP_SYS_DEVNODE_H_ */
