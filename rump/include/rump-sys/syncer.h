/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * syncer.h: what file systems and the base ask of the syncer, the lwp that
 * writes what was left for later (vfs_sync.c).
 */
#ifndef _RUMP_SYS_SYNCER_H_
#define	_RUMP_SYS_SYNCER_H_

struct mount;
struct proc;
struct ucred;
struct vnode;

/*
 * Work that a file system has for the syncer, done in each of its rounds: the
 * mount is NULL (all); negative when there is more.  One file system type has it:
 * the soft updates of FFS.
 */
extern int (*syncer_worklist)(struct mount *);

void	vn_syncer_add_to_worklist(struct vnode *, int delay);	/* seconds */
void	vn_syncer_remove_from_worklist(struct vnode *);
void	syncer_kick(void);		/* there may be work for it */
void	syncer_wake(void);		/* the same, without waiting */
void	syncer_stop(void);

/*
 * Writes a file, waits, and flushes the device of its mount.  An error of an
 * earlier write that nobody waited for is told, once.  Caller has vp locked.
 */
int	vn_fsync(struct vnode *, struct ucred *, struct proc *);

/* Flushes the cache of the device that a file system is on, if it has one. */
int	vfs_flushdev(struct mount *, struct proc *);

#endif /* _RUMP_SYS_SYNCER_H_ */
