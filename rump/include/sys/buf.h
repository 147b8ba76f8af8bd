/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * buf.h: buffers: blocks of a vnode in memory, and requests to a device.
 */
#ifndef _SYS_BUF_H_
#define	_SYS_BUF_H_

#include <sys/types.h>
#include <sys/queue.h>

struct buf;
struct vnode;
struct proc;
struct ucred;
struct mount;
struct bufcluster;

LIST_HEAD(workhead, worklist);

/*
 * Hooks of soft updates (set by the driver); the cache calls them where a write
 * starts and ends, where dependencies move and go, and where it asks for them.
 */
extern struct bio_ops {
	void (*io_start)(struct buf *);
	void (*io_complete)(struct buf *);
	void (*io_deallocate)(struct buf *);
	void (*io_movedeps)(struct buf *, struct buf *);
	int (*io_countdeps)(struct buf *, int, int);
	/* Set by attach code: for fsync(2), after VOP_FSYNC; vnode locked. */
	int (*io_fsync)(struct vnode *);
} bioops;

/*
 * All fields belong to the virtual CPU; while B_BUSY is set they belong to the
 * lwp that set it (or, with an I/O under way, to whoever completes it).
 */
struct buf {
	LIST_ENTRY(buf) b_hash;		/* by vnode and logical block */
	LIST_ENTRY(buf) b_vnbufs;	/* of the vnode: clean or dirty */
	TAILQ_ENTRY(buf) b_freelist;	/* not busy: least recently used first */
	volatile long b_flags;
	struct proc *b_proc;		/* who made it busy */
	int b_error;
	long b_bufsize;			/* bytes allocated */
	long b_bcount;			/* bytes that are valid */
	size_t b_resid;			/* bytes not moved */
	dev_t b_dev;
	caddr_t b_data;
	daddr_t b_lblkno;		/* block of the vnode */
	daddr_t b_blkno;		/* block of the device, DEV_BSIZE each */
	void (*b_iodone)(struct buf *);
	struct vnode *b_vp;
	int b_dirtyoff;
	int b_dirtyend;
	struct workhead b_dep;		/* soft updates */
	int b_vnlist;			/* which list b_vnbufs is on */
	int b_queue;			/* which list b_freelist is on */
	struct bufcluster *b_cluster;	/* memory shared with neighbours */
	struct buf *b_chain;		/* parts of one clustered transfer */
};
#define	b_un_addr	b_data

#define	B_WRITE		0x00000000
#define	B_AGE		0x00000001	/* reuse it first */
#define	B_NEEDCOMMIT	0x00000002
#define	B_ASYNC		0x00000004	/* nobody waits */
#define	B_BAD		0x00000008
#define	B_BUSY		0x00000010
#define	B_CACHE		0x00000020	/* was found in the cache */
#define	B_CALL		0x00000040	/* call b_iodone */
#define	B_DELWRI	0x00000080	/* to be written later */
#define	B_DONE		0x00000100
#define	B_EINTR		0x00000200
#define	B_ERROR		0x00000400
#define	B_INVAL		0x00000800
#define	B_NOCACHE	0x00001000
#define	B_PHYS		0x00002000
#define	B_RAW		0x00004000
#define	B_READ		0x00008000
#define	B_WANTED	0x00010000
#define	B_WRITEINPROG	0x00020000
#define	B_KEEP		0x00040000	/* stays dirty if its write fails */
#define	B_VFLUSH	0x00080000
#define	B_DEFERRED	0x00100000
#define	B_LOCKED	0x00200000
#define	B_SCANNED	0x00400000
#define	B_CHECKED	0x00800000	/* its file system found it sound */
#define	B_PATCH		0x01000000	/* its device has newer parts in memory */

#define	clrbuf(bp) do {							\
	__builtin_memset((bp)->b_data, 0, (size_t)(bp)->b_bcount);	\
	(bp)->b_resid = 0;						\
} while (0)

/* getblk() and allocation flags. */
#define	B_CLRBUF	0x01
#define	B_SYNC		0x02
#define	B_METAONLY	0x04

/* The buffers of a cluster whose blocks are to be moved together. */
struct cluster_save {
	long bs_bcount;
	long bs_bufsize;
	caddr_t bs_saveaddr;
	int bs_nchildren;
	struct buf **bs_children;
};

/* What a driver remembers of a file to see sequential access. */
struct cluster_info {
	daddr_t ci_lastr;		/* last block read */
	daddr_t ci_lastw;		/* last block written */
	daddr_t ci_cstart;		/* first block of the cluster */
	daddr_t ci_lasta;		/* last block allocated */
	int ci_clen;			/* length of the cluster */
	int ci_ralen;			/* length of the next read-ahead */
	daddr_t ci_maxra;		/* last block read ahead */
};

/*
 * bread() and its like hand back a busy buffer, also when they fail (then it
 * carries the error, and the caller releases it all the same).
 */
int	bread(struct vnode *, daddr_t, int size, struct ucred *, struct buf **);
int	breadn(struct vnode *, daddr_t, int size, daddr_t *rablks, int *rasizes,
	    int nra, struct ucred *, struct buf **);
int	cluster_read(struct vnode *, struct cluster_info *, u_quad_t filesize,
	    daddr_t, long size, struct ucred *, struct buf **);
void	cluster_write(struct buf *, struct cluster_info *, u_quad_t filesize);
void	brelse(struct buf *);
void	bremfree(struct buf *);
int	bwrite(struct buf *);
void	bawrite(struct buf *);
void	bdwrite(struct buf *);
void	buf_dirty(struct buf *);
void	buf_undirty(struct buf *);
struct buf *getblk(struct vnode *, daddr_t, int size, int slpflag, int slptimeo);
struct buf *geteblk(int size);
struct buf *incore(struct vnode *, daddr_t);
int	allocbuf(struct buf *, int size);
int	biowait(struct buf *);
void	biodone(struct buf *);

static __inline int
buf_countdeps(struct buf *bp, int i, int islocked)
{
	return (bioops.io_countdeps == 0 ? 0 :
	    bioops.io_countdeps(bp, i, islocked));
}

/* Of the base. */
void	bufinit(void);
int	buf_reclaim(size_t bytes);	/* frees clean buffers; bytes freed */
void	bgetvp(struct vnode *, struct buf *);
void	brelvp(struct buf *);
void	reassignbuf(struct buf *);
int	vwaitforio(struct vnode *, int slpflag, const char *, int timo);
void	vwakeup(struct vnode *);

#endif /* _SYS_BUF_H_ */
