/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * namei.h: from a path to a vnode, and the cache of names.
 */
#ifndef _SYS_NAMEI_H_
#define	_SYS_NAMEI_H_

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/uio.h>
#include <sys/proc.h>

struct mount;
struct pool;
struct vnode;

struct nameidata {
	/* What is asked. */
	const char *ni_dirp;
	enum uio_seg ni_segflg;
	struct vnode *ni_startdir;
	struct vnode *ni_rootdir;
	struct vnode *ni_topdir;
	int ni_dirfd;			/* start of a relative path */
	int ni_created;			/* out: vn_open() made it */
	/* What came out. */
	struct vnode *ni_vp;
	struct vnode *ni_dvp;
	/* In between. */
	size_t ni_pathlen;
	char *ni_next;
	u_long ni_loopcnt;
	struct componentname {
		u_long cn_nameiop;
		u_long cn_flags;
		struct proc *cn_proc;
		struct ucred *cn_cred;
		char *cn_pnbuf;
		long cn_pnlen;
		char *cn_nameptr;
		long cn_namelen;
		u_long cn_hash;
		long cn_consume;
	} ni_cnd;
};
#define	ni_pnbuf	ni_cnd.cn_pnbuf

/* Operations. */
#define	LOOKUP		0
#define	CREATE		1
#define	DELETE		2
#define	RENAME		3
#define	OPMASK		3

/* Modifiers. */
#define	LOCKLEAF	0x000004
#define	LOCKPARENT	0x000008
#define	WANTPARENT	0x000010
#define	NOCACHE		0x000020
#define	FOLLOW		0x000040
#define	NOFOLLOW	0x000000
#define	MODMASK		0x0000fc

/* State. */
#define	NOCROSSMOUNT	0x000100
#define	RDONLY		0x000200
#define	HASBUF		0x000400
#define	SAVENAME	0x000800
#define	SAVESTART	0x001000
#define	ISDOTDOT	0x002000
#define	MAKEENTRY	0x004000
#define	ISLASTCN	0x008000
#define	ISSYMLINK	0x010000
#define	ISWHITEOUT	0x020000
#define	DOWHITEOUT	0x040000
#define	REQUIREDIR	0x080000
#define	NOTENAME	0x100000	/* the vnode remembers the name */
#define	PDIRUNLOCK	0x200000	/* the parent is no longer locked */

#define	NDINIT(ndp, op, flags, segflg, namep, p)			\
	ndinit(ndp, op, flags, segflg, namep, RUMP_AT_CWD, p)
#define	RUMP_AT_CWD	(-100)
static __inline void
ndinit(struct nameidata *ndp, u_long op, u_long flags, enum uio_seg segflg,
    const char *name, int dirfd, struct proc *p)
{
	ndp->ni_cnd.cn_nameiop = op;
	ndp->ni_cnd.cn_flags = flags;
	ndp->ni_segflg = segflg;
	ndp->ni_dirp = name;
	ndp->ni_dirfd = dirfd;
	ndp->ni_cnd.cn_proc = p;
}

extern struct pool namei_pool;		/* items of MAXPATHLEN bytes */
int	namei(struct nameidata *);
int	lookup(struct nameidata *);
int	relookup(struct vnode *, struct vnode **, struct componentname *);

/*
 * cache_lookup: -1 not known; 0 found (*vpp held and locked as VOP_LOOKUP
 * would); ENOENT known not to be there.
 */
int	cache_lookup(struct vnode *, struct vnode **, struct componentname *);
void	cache_enter(struct vnode *, struct vnode *, struct componentname *);
void	cache_purge(struct vnode *);
void	cache_purgevfs(struct mount *);
int	cache_reclaim(int);
void	nchinit(void);

struct nchstats {
	long ncs_goodhits;
	long ncs_neghits;
	long ncs_badhits;
	long ncs_falsehits;
	long ncs_miss;
	long ncs_long;
	long ncs_pass2;
	long ncs_2passes;
};
extern struct nchstats nchstats;

#endif /* _SYS_NAMEI_H_ */
