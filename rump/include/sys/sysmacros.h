/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sysmacros.h: device-number macros live in types.h.
 */
#ifndef _SYS_SYSMACROS_H_
#define	_SYS_SYSMACROS_H_

#include <sys/types.h>

#endif /* _SYS_SYSMACROS_H_ */
