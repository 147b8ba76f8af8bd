/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel.h: globals of the running kernel.
 */
#ifndef _SYS_KERNEL_H_
#define	_SYS_KERNEL_H_

extern int hz;			/* ticks per second */
extern int tick;		/* microseconds per tick */
extern struct timeval boottime;
extern int domainnamelen;
int	tvtohz(struct timeval *);

#endif /* _SYS_KERNEL_H_ */
