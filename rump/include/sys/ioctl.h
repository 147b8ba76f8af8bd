/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ioctl.h: commands that drivers answer.
 */
#ifndef _SYS_IOCTL_H_
#define	_SYS_IOCTL_H_

#include <sys/ioccom.h>
#define	FIONREAD	_IOR('f', 127, int)
#define	FIBMAP		_IOWR('f', 122, daddr_t)
#define	FIOASYNC	_IOW('f', 125, int)
#define	DIOCCACHESYNC	_IOW('d', 118, int)
#define	FIONBIO		_IOW('f', 126, int)

#endif /* _SYS_IOCTL_H_ */
