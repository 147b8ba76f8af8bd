/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * program.h: the programs' side of threads, and the kernel's upcalls, by the file
 * that defines them.
 */
#ifndef _BAREMETAL_PROGRAM_H_
#define	_BAREMETAL_PROGRAM_H_

#include "types.h"

struct thread;

#define	FRAME_SIZE	176		/* of struct host_frame; traps.S knows it */

/* program.c */
void	program_switch(struct thread *from, struct thread *to);
void	program_forget(struct thread *);

/* fpu.c.  switch: interrupts off. */
void	fpu_init(void);
int	fpu_attach(struct thread *);
void	fpu_inherit(struct thread *child);
void	fpu_switch(struct thread *to);
void	fpu_forget(struct thread *);

/* upcall.c: leave and enter the kernel's virtual CPU around what blocks. */
int	rumpkern_release(void *interlock);
void	rumpkern_adopt(void);
void	rumpkern_acquire(int nlocks, void *interlock);
void	rumpkern_enter(void);
void	rumpkern_leave(void);

#endif /* _BAREMETAL_PROGRAM_H_ */
