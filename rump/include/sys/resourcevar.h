/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * resourcevar.h: accounting of an lwp.
 */
#ifndef _SYS_RESOURCEVAR_H_
#define	_SYS_RESOURCEVAR_H_

#include <sys/resource.h>
struct pstats {
	struct rusage p_ru;
};

#endif /* _SYS_RESOURCEVAR_H_ */
