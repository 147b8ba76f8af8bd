/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stdarg.h: the kernel's name for it.
 */
#ifndef _SYS_STDARG_H_
#define	_SYS_STDARG_H_

#include <stdarg.h>

#endif /* _SYS_STDARG_H_ */
