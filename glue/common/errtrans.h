/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * errtrans.h: errno values between the kernel (NetBSD's) and Linux/x86-64, for
 * hosts below the lower edge and for layers above the upper edge.
 *
 * Includes nothing and needs no errno.h, so that it serves freestanding code.
 * Both calls take and give positive numbers; 0 stays 0.  A number that the
 * other side has no word for becomes the nearest one, in the end EIO.
 */
#ifndef _GLUE_ERRTRANS_H_
#define	_GLUE_ERRTRANS_H_

#ifdef __cplusplus
extern "C" {
#endif

int	rumpglue_errno_to_linux(int netbsd);
int	rumpglue_errno_from_linux(int linuxerror);

#ifdef __cplusplus
}
#endif

#endif /* _GLUE_ERRTRANS_H_ */
