/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fifo.h: vnodes of named pipes.
 */
#ifndef _MISCFS_FIFOFS_FIFO_H_
#define	_MISCFS_FIFOFS_FIFO_H_

extern int (**fifo_vnodeop_p)(void *);
int	fifo_vnoperate(void *);
void	fifo_printinfo(struct vnode *);
int	fifo_reclaim(void *);

#endif /* _MISCFS_FIFOFS_FIFO_H_ */
