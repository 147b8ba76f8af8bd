/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kmem.h: hooks between the base and the factions above it, which it must not
 * know by name.
 */
#ifndef _RUMP_SYS_KMEM_H_
#define	_RUMP_SYS_KMEM_H_

struct vnode;

/* Gives back cached memory when the host has no more; returns bytes freed. */
extern size_t (*kmem_reclaim)(size_t bytes);

/* The memory that the kernel may use, in bytes: the host's RUMP_MEMLIMIT. */
size_t	kmem_limit(void);

/*
 * Waiting ends before the kernel is shut down (rump_pub_pipes_end()): wakes who
 * waits in named pipes (vfs), on sockets (net) and for counts (eventfd, timerfd).
 */
extern int wait_ended;
extern void (*wait_end_fifos)(void);
extern void (*wait_end_sockets)(void);
extern void (*wait_end_tallies)(void);

/* References of a process to its folders (vfs). */
extern void (*fd_vref)(struct vnode *);
extern void (*fd_vrele)(struct vnode *);

#endif /* _RUMP_SYS_KMEM_H_ */
