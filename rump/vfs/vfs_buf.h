/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_buf.h: what the two files of the buffer cache share: vfs_bio.c (buffers)
 * and vfs_cluster.c (their memory, and transfers of several blocks).
 */
#ifndef _VFS_BUF_H_
#define	_VFS_BUF_H_

struct buf;
struct vnode;

/* vfs_cluster.c.  bufmem: bytes of all clusters. */
extern size_t bufmem;
void	buf_freemem(struct buf *);
int	cluster_readn(struct vnode *, daddr_t, int size, int nblocks,
	    struct buf **);

/* vfs_bio.c */
struct buf *buf_new(void);
void	buf_enter(struct buf *, struct vnode *, daddr_t);
void	buf_makeroom(size_t);
void	bio_startread(struct buf *, int flags);

#endif /* _VFS_BUF_H_ */
