/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_buf.h: what the files of the buffer cache share: vfs_bio.c (buffers),
 * vfs_bufmem.c (their memory), vfs_bufclean.c (its limits, and dirty buffers),
 * vfs_cluster.c and vfs_clusterw.c (transfers of several blocks).
 */
#ifndef _VFS_BUF_H_
#define	_VFS_BUF_H_

#include <sys/queue.h>

struct buf;
struct bufcluster;
struct mount;
struct vnode;

TAILQ_HEAD(bufqueue, buf);

/* vfs_bufmem.c.  bufmem: bytes of all clusters. */
extern size_t bufmem;
struct bufcluster *bufcluster_alloc(size_t size);
void	bufcluster_attach(struct bufcluster *, struct buf *, size_t off,
	    int size);
void	bufcluster_share(struct bufcluster *, struct buf *);
int	bufcluster_isfull(struct buf *);
void	buf_freemem(struct buf *);
size_t	bufmem_freespares(void);
void	buf_allocbehind(struct buf *, struct buf *prev, int size);

/* vfs_bufclean.c.  All in bytes. */
extern size_t bufmem_limit;
extern size_t buf_transfer;	/* the most that one transfer gathers */
extern size_t bufdirty;		/* of delayed writes */
extern size_t bufwriting;	/* of writes under way that nobody waits for */
void	bufclean_init(void);
void	buf_makeroom(size_t);
void	buf_throttle(void);

/* vfs_cluster.c */
int	bmap_run(struct vnode *, daddr_t, int size, int n, daddr_t *dblk,
	    struct vnode **devvp);
struct buf *buf_cluster(struct vnode *devvp, struct buf *first, int n);
int	cluster_readn(struct vnode *, daddr_t, int size, int nblocks,
	    struct buf **);

/* vfs_clusterw.c: 0 if the buffer, which is busy, has to be written alone. */
int	cluster_writeout(struct buf *);

/* vfs_bio.c */
#define	BQ_CLEAN	0
#define	BQ_DIRTY	1
extern struct bufqueue bufqueue[2];	/* not busy; oldest use first */
extern struct pool buf_pool;
struct buf *buf_new(void);
void	buf_free(struct buf *);
void	buf_enter(struct buf *, struct vnode *, daddr_t);
void	buf_take(struct buf *);
void	buf_startwrite(struct buf *);
int	buf_hasdeps(struct buf *);
void	bio_startread(struct buf *, int flags);

#endif /* _VFS_BUF_H_ */
