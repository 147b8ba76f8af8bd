/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_watch.h: how the calls layer tells watchers (rump/fsevents.h) what it did.
 *
 * While nothing is watched all of it costs one look at a counter.  Events are
 * told with no vnode locked: a watch that ends gives back a use of its file.
 */
#ifndef _VFS_WATCH_H_
#define	_VFS_WATCH_H_

#include <sys/namei.h>
#include <sys/queue.h>
#include <sys/vnode.h>
#include <rump/fsevents.h>

struct fsqueue;

/* All fields belong to the virtual CPU.  A watch uses its vnode. */
struct watch {
	SLIST_ENTRY(watch) w_vlist;	/* of the vnode's */
	LIST_ENTRY(watch) w_qlist;	/* of the queue's */
	struct fsqueue *w_queue;
	struct vnode *w_vp;
	int w_id;
	uint32_t w_mask;
	int w_ends;			/* to be removed */
};

/* The name that a vnode was found by last; may be out of date. */
struct vname {
	struct vnode *vn_dvp;		/* not in use: look at the number */
	u_int vn_dvpid;
	u_int vn_len;
	char vn_name[];
};

/* What a call is about to change: kept while the operation releases it. */
struct watched_name {
	struct vnode *wn_dvp;		/* NULL: nobody watches anything */
	struct vnode *wn_vp;		/* or NULL */
	size_t wn_len;
	char wn_name[NAME_MAX];
};

/* vfs_watch.c */
extern int vfs_watches;			/* how many there are */
extern void (*watch_queue)(struct watch *, uint32_t mask, uint32_t cookie,
	    const char *name, size_t len);
void	vname_set(struct vnode *, struct vnode *dvp, const char *, size_t);
void	vname_free(struct vnode *);
void	watch_note(struct watched_name *, struct vnode *dvp, struct vnode *,
	    struct componentname *);
void	watch_done(struct watched_name *, int error, uint32_t mask);
void	watch_done_rename(struct watched_name *from, struct watched_name *to,
	    int error);
void	watch_tell(struct vnode *, uint32_t mask);
void	watch_tell_name(struct vnode *, uint32_t mask);
void	watch_remove(struct watch *);
int	watch_unmount(struct mount *);

/* vp is in use, not locked: something happened to it. */
static __inline void
watch_file(struct vnode *vp, uint32_t mask)
{

	if (__predict_false(vfs_watches != 0))
		watch_tell(vp, mask);
}

/* Around an operation on a name: see watch_note() and watch_done(). */
static __inline void
watch_begin(struct watched_name *wn, struct vnode *dvp, struct vnode *vp,
    struct componentname *cnp)
{

	wn->wn_dvp = NULL;
	if (__predict_false(vfs_watches != 0))
		watch_note(wn, dvp, vp, cnp);
}

static __inline void
watch_end(struct watched_name *wn, int error, uint32_t mask)
{

	if (__predict_false(wn->wn_dvp != NULL))
		watch_done(wn, error, mask);
}

#endif /* _VFS_WATCH_H_ */
