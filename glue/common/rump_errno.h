/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rump_errno.h: how code above the upper edge learns why a rump_sys_*() call
 * failed.  Every host implements it beside its rumpuser_seterrno().
 */
#ifndef _GLUE_RUMP_ERRNO_H_
#define	_GLUE_RUMP_ERRNO_H_

/*
 * The NetBSD errno that the kernel last handed to rumpuser_seterrno() on this
 * thread.  Only meaningful right after a call that returned -1.
 */
int	rumpglue_errno(void);

#endif /* _GLUE_RUMP_ERRNO_H_ */
