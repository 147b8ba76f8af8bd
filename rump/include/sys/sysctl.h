/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sysctl.h: what file systems' sysctl entries use.
 */
#ifndef _SYS_SYSCTL_H_
#define	_SYS_SYSCTL_H_

int	sysctl_int(void *, size_t *, void *, size_t, int *);
int	sysctl_rdint(void *, size_t *, void *, int);

#endif /* _SYS_SYSCTL_H_ */
