/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * filedesc.h: descriptors and places of a process.
 */
#ifndef _SYS_FILEDESC_H_
#define	_SYS_FILEDESC_H_

#include <sys/file.h>

struct vnode;
struct process;

#define	FD_MOST	131072		/* descriptors of any process */

/* All fields belong to the virtual CPU. */
struct filedesc {
	int fd_refs;
	int fd_nfiles;			/* slots allocated */
	int fd_freefile;		/* no free slot below */
	struct file **fd_ofiles;
	uint8_t *fd_oflags;		/* RUMP_FD_CLOEXEC */
	mode_t fd_cmask;
	struct vnode *fd_cdir;		/* NULL: the root */
	struct vnode *fd_rdir;		/* NULL: the kernel's */
};

struct filedesc *fdinit(void);
struct filedesc *fdcopy(struct filedesc *);
void	fdfree(struct filedesc *, struct proc *);
/* Ends all locks of bytes that a process has. */
void	fdunlock(struct process *);
int	falloc(struct proc *, int flags, struct file **, int *fd);
int	fdalloc(struct filedesc *, int from, int *fd);
/* A counted reference to an open file: release it with frele(). */
int	fdget(struct proc *, int fd, struct file **);
int	frele(struct file *, struct proc *);
int	fdrelease(struct proc *, int fd);
void	fdabort(struct proc *, int fd);
int	fddup(struct proc *, int fd, int from, int to, int cloexec, int *newfd);

#endif /* _SYS_FILEDESC_H_ */
