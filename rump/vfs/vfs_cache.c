/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_cache.c: the cache of names: (directory, name) to vnode, or to nothing.
 *
 * An entry holds no uses: it goes when either vnode loses its file, so that it
 * never points to a wrong one.  All of it belongs to the virtual CPU.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include "vfs_private.h"

struct namecache {
	LIST_ENTRY(namecache) nc_hash;
	TAILQ_ENTRY(namecache) nc_lru;
	LIST_ENTRY(namecache) nc_src;	/* of nc_dvp */
	LIST_ENTRY(namecache) nc_dst;	/* of nc_vp, if not NULL */
	struct vnode *nc_dvp;
	struct vnode *nc_vp;		/* NULL: known not to be there */
	uint32_t nc_namehash;
	int nc_namelen;
	char nc_name[];
};

LIST_HEAD(nchead, namecache);
static struct nchead *nchash;
static u_long nchash_mask;
static TAILQ_HEAD(, namecache) nclru;
static int numcache;

struct nchstats nchstats;

void
nchinit(void)
{

	TAILQ_INIT(&nclru);
	nchash = hashinit(desiredvnodes, M_CACHE, M_WAITOK, &nchash_mask);
}

static struct nchead *
nchash_of(struct vnode *dvp, uint32_t namehash)
{
	uintptr_t n = (uintptr_t)dvp;

	return (&nchash[((n >> 7) ^ namehash) & nchash_mask]);
}

static void
cache_remove(struct namecache *ncp)
{

	LIST_REMOVE(ncp, nc_hash);
	LIST_REMOVE(ncp, nc_src);
	if (ncp->nc_vp != NULL)
		LIST_REMOVE(ncp, nc_dst);
	TAILQ_REMOVE(&nclru, ncp, nc_lru);
	free(ncp, M_CACHE);
	numcache--;
}

static struct namecache *
cache_find(struct vnode *dvp, struct componentname *cnp)
{
	struct namecache *ncp;

	LIST_FOREACH(ncp, nchash_of(dvp, cnp->cn_hash), nc_hash)
		if (ncp->nc_dvp == dvp && ncp->nc_namehash == cnp->cn_hash &&
		    ncp->nc_namelen == cnp->cn_namelen &&
		    memcmp(ncp->nc_name, cnp->cn_nameptr, cnp->cn_namelen) == 0)
			return (ncp);
	return (NULL);
}

/*
 * Uses and locks vp, found under dvp, and leaves dvp locked or not just as
 * VOP_LOOKUP would.  ENOENT: dvp, unlocked meanwhile, lost its file (and stays
 * unlocked); -1: only vp did, and the file system has to be asked.
 */
static int
cache_lockpair(struct vnode *dvp, struct vnode *vp, struct componentname *cnp)
{
	struct proc *p = cnp->cn_proc;
	int keep = (cnp->cn_flags & LOCKPARENT) && (cnp->cn_flags & ISLASTCN);
	int error;

	if (vp == dvp) {
		vref(vp);
		return (0);
	}
	if (cnp->cn_flags & ISDOTDOT) {
		/* Parents are locked before children: let go first. */
		VOP_UNLOCK(dvp, 0, p);
		cnp->cn_flags |= PDIRUNLOCK;
		error = vget(vp, LK_EXCLUSIVE, p);
		if (error == 0 && !keep)
			return (0);
		if (vn_lock(dvp, LK_EXCLUSIVE, p) != 0 ||
		    dvp->v_type == VBAD) {
			if (error == 0)
				vput(vp);
			return (ENOENT);
		}
		cnp->cn_flags &= ~PDIRUNLOCK;
		return (error != 0 ? -1 : 0);
	}
	if (vget(vp, LK_EXCLUSIVE, p) != 0)
		return (-1);
	if (!keep) {
		VOP_UNLOCK(dvp, 0, p);
		cnp->cn_flags |= PDIRUNLOCK;
	}
	return (0);
}

int
cache_lookup(struct vnode *dvp, struct vnode **vpp, struct componentname *cnp)
{
	struct namecache *ncp;
	struct vnode *vp;
	int error;

	*vpp = NULL;
	if (cnp->cn_namelen > NAME_MAX) {
		cnp->cn_flags &= ~MAKEENTRY;
		return (-1);
	}
	if ((ncp = cache_find(dvp, cnp)) == NULL) {
		nchstats.ncs_miss++;
		return (-1);
	}
	/* The caller is about to change what the name means. */
	if ((cnp->cn_flags & MAKEENTRY) == 0) {
		nchstats.ncs_badhits++;
		cache_remove(ncp);
		return (-1);
	}
	if ((vp = ncp->nc_vp) == NULL) {
		if (cnp->cn_nameiop == CREATE && (cnp->cn_flags & ISLASTCN)) {
			nchstats.ncs_badhits++;
			cache_remove(ncp);
			return (-1);
		}
		nchstats.ncs_neghits++;
		return (ENOENT);
	}
	/* Entries near the young end stay where they are: moving costs. */
	if (TAILQ_NEXT(ncp, nc_lru) != NULL && numcache > desiredvnodes / 2) {
		TAILQ_REMOVE(&nclru, ncp, nc_lru);
		TAILQ_INSERT_TAIL(&nclru, ncp, nc_lru);
	}
	if ((error = cache_lockpair(dvp, vp, cnp)) != 0) {
		nchstats.ncs_falsehits++;
		return (error);
	}
	nchstats.ncs_goodhits++;
	*vpp = vp;
	return (0);
}

void
cache_enter(struct vnode *dvp, struct vnode *vp, struct componentname *cnp)
{
	struct namecache *ncp;

	if (cnp->cn_namelen > NAME_MAX)
		return;
	/* Two lookups may have missed at the same time. */
	if ((ncp = cache_find(dvp, cnp)) != NULL)
		cache_remove(ncp);
	if (numcache >= 2 * desiredvnodes)
		cache_remove(TAILQ_FIRST(&nclru));
	ncp = malloc(sizeof(*ncp) + cnp->cn_namelen, M_CACHE, M_WAITOK);
	ncp->nc_dvp = dvp;
	ncp->nc_vp = vp;
	ncp->nc_namehash = (uint32_t)cnp->cn_hash;
	ncp->nc_namelen = (int)cnp->cn_namelen;
	memcpy(ncp->nc_name, cnp->cn_nameptr, cnp->cn_namelen);
	LIST_INSERT_HEAD(nchash_of(dvp, ncp->nc_namehash), ncp, nc_hash);
	LIST_INSERT_HEAD(&dvp->v_cache_src, ncp, nc_src);
	if (vp != NULL)
		LIST_INSERT_HEAD(&vp->v_cache_dst, ncp, nc_dst);
	TAILQ_INSERT_TAIL(&nclru, ncp, nc_lru);
	numcache++;
}

/* Forgets all names in and of a vnode. */
void
cache_purge(struct vnode *vp)
{
	struct namecache *ncp;

	while ((ncp = LIST_FIRST(&vp->v_cache_src)) != NULL)
		cache_remove(ncp);
	while ((ncp = LIST_FIRST(&vp->v_cache_dst)) != NULL)
		cache_remove(ncp);
}

void
cache_purgevfs(struct mount *mp)
{
	struct namecache *ncp, *next;

	for (ncp = TAILQ_FIRST(&nclru); ncp != NULL; ncp = next) {
		next = TAILQ_NEXT(ncp, nc_lru);
		if (ncp->nc_dvp->v_mount == mp)
			cache_remove(ncp);
	}
}
