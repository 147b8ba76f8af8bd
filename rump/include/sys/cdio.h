/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cdio.h: commands of optical drives.
 */
#ifndef _SYS_CDIO_H_
#define	_SYS_CDIO_H_

#include <sys/ioccom.h>
#define	CDIOREADMSADDR	_IOWR('c', 6, int)

#endif /* _SYS_CDIO_H_ */
