/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_private.h: what the files of the base share and nobody else sees.
 */
#ifndef _KERN_PRIVATE_H_
#define	_KERN_PRIVATE_H_

struct rump_hyperup;
extern const struct rump_hyperup hyperup;

/* kern_lwp.c */
void	initprocess_start(void);
void	kthread_joinall(void);

/* kern_init.c */
void	kern_halt(int howto) __attribute__((__noreturn__));

#endif /* _KERN_PRIVATE_H_ */
