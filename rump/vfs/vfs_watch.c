/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_watch.c: watched files and folders: from a change to the queues that want
 * to hear of it.
 *
 * A change through a descriptor is told to the folder as well, by the name that
 * the file was found by last: noted when it is opened to be written, and, while
 * something is watched, by every lookup.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include "vfs_private.h"
#include "vfs_watch.h"

int vfs_watches;
void (*watch_queue)(struct watch *, uint32_t, uint32_t, const char *, size_t);
static uint32_t lastcookie;

/* Notes that vp has this name in dvp. */
void
vname_set(struct vnode *vp, struct vnode *dvp, const char *name, size_t len)
{
	struct vname *vn = vp->v_name;

	if (vn != NULL && vn->vn_dvp == dvp && vn->vn_dvpid == dvp->v_id &&
	    vn->vn_len == len && memcmp(vn->vn_name, name, len) == 0)
		return;
	vname_free(vp);
	vn = malloc(sizeof(*vn) + len, M_VNODE, M_WAITOK | M_CANFAIL);
	if (vn == NULL)
		return;
	vn->vn_dvp = dvp;
	vn->vn_dvpid = dvp->v_id;
	vn->vn_len = (u_int)len;
	memcpy(vn->vn_name, name, len);
	vp->v_name = vn;
}

void
vname_free(struct vnode *vp)
{

	free(vp->v_name, M_VNODE);
	vp->v_name = NULL;
}

void
watch_remove(struct watch *w)
{
	struct vnode *vp = w->w_vp;

	SLIST_REMOVE(&vp->v_watches, w, watch, w_vlist);
	LIST_REMOVE(w, w_qlist);
	free(w, M_VNODE);
	vfs_watches--;
	vrele(vp);
}

/* Removes the watches of vp that end; removing may sleep. */
static void
remove_ended(struct vnode *vp)
{
	struct watch *w;

again:
	SLIST_FOREACH(w, &vp->v_watches, w_vlist) {
		if (w->w_ends) {
			watch_queue(w, RUMP_FSEVENT_IGNORED, 0, NULL, 0);
			watch_remove(w);
			goto again;
		}
	}
}

/* Tells the watches of vp, which is in use and not locked. */
static void
deliver(struct vnode *vp, uint32_t mask, uint32_t cookie, const char *name,
    size_t len)
{
	struct watch *w;
	int ends = 0;

	SLIST_FOREACH(w, &vp->v_watches, w_vlist) {
		if (w->w_ends || (w->w_mask & mask & RUMP_FSEVENT_ALL) == 0)
			continue;
		watch_queue(w, mask, cookie, name, len);
		if (w->w_mask & RUMP_FSEVENT_ONESHOT)
			w->w_ends = 1;
		ends |= w->w_ends;
	}
	if (ends)
		remove_ended(vp);
}

/* Tells and ends all watches of vp, which is in use. */
static void
deliver_last(struct vnode *vp, uint32_t mask)
{
	struct watch *w;

	SLIST_FOREACH(w, &vp->v_watches, w_vlist) {
		if ((w->w_mask & mask) || mask == RUMP_FSEVENT_UNMOUNT)
			watch_queue(w, mask, 0, NULL, 0);
		w->w_ends = 1;
	}
	remove_ended(vp);
}

static uint32_t
isdir(struct vnode *vp)
{

	return (vp != NULL && vp->v_type == VDIR ? RUMP_FSEVENT_ISDIR : 0);
}

/* Tells the folder that vp was found in last, if that still is one. */
void
watch_tell_name(struct vnode *vp, uint32_t mask)
{
	struct vname *vn = vp->v_name;
	struct vnode *dvp;
	char name[NAME_MAX];
	size_t len;

	if (vn == NULL || (dvp = vn->vn_dvp)->v_id != vn->vn_dvpid ||
	    dvp->v_type != VDIR || SLIST_EMPTY(&dvp->v_watches))
		return;
	len = vn->vn_len;
	memcpy(name, vn->vn_name, len);
	vref(dvp);		/* its watches use it already */
	deliver(dvp, mask | isdir(vp), 0, name, len);
	vrele(dvp);
}

void
watch_tell(struct vnode *vp, uint32_t mask)
{

	deliver(vp, mask | isdir(vp), 0, NULL, 0);
	watch_tell_name(vp, mask);
}

/*
 * Before an operation on the name of *cnp in dvp; vp is what it names, or NULL.
 * Both are in use.
 */
void
watch_note(struct watched_name *wn, struct vnode *dvp, struct vnode *vp,
    struct componentname *cnp)
{

	wn->wn_len = MIN((size_t)cnp->cn_namelen, sizeof(wn->wn_name));
	memcpy(wn->wn_name, cnp->cn_nameptr, wn->wn_len);
	vref(dvp);
	if (vp != NULL)
		vref(vp);
	wn->wn_dvp = dvp;
	wn->wn_vp = vp;
}

static void
watch_release(struct watched_name *wn)
{

	vrele(wn->wn_dvp);
	if (wn->wn_vp != NULL)
		vrele(wn->wn_vp);
}

/* A name of vp went: the file, too? */
static void
tell_unlinked(struct vnode *vp)
{
	struct proc *p = curproc;
	struct vattr va;
	int error;

	if (vp == NULL || SLIST_EMPTY(&vp->v_watches))
		return;
	(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, p);
	memset(&va, 0, sizeof(va));
	error = VOP_GETATTR(vp, &va, p->p_ucred, p);
	VOP_UNLOCK(vp, 0, p);
	/* Some file systems say nothing of links in what is removed. */
	if (vp->v_type != VDIR)
		deliver(vp, RUMP_FSEVENT_ATTRIB, 0, NULL, 0);
	if (error != 0 || va.va_nlink == 0 || vp->v_type == VDIR)
		deliver_last(vp, RUMP_FSEVENT_DELETE_SELF);
}

/* After it: mask is what it is for the folder, if it succeeded. */
void
watch_done(struct watched_name *wn, int error, uint32_t mask)
{

	if (error == 0) {
		deliver(wn->wn_dvp, mask | isdir(wn->wn_vp), 0, wn->wn_name,
		    wn->wn_len);
		if (mask & RUMP_FSEVENT_DELETE)
			tell_unlinked(wn->wn_vp);
		else if (wn->wn_vp != NULL)	/* another name of it */
			deliver(wn->wn_vp, RUMP_FSEVENT_ATTRIB, 0, NULL, 0);
	}
	watch_release(wn);
}

/* The same for a rename: the halves have a cookie in common. */
void
watch_done_rename(struct watched_name *from, struct watched_name *to, int error)
{
	struct vnode *vp;

	if (error == 0) {
		vp = from->wn_vp;
		if (++lastcookie == 0)
			lastcookie = 1;
		deliver(from->wn_dvp, RUMP_FSEVENT_MOVED_FROM | isdir(vp),
		    lastcookie, from->wn_name, from->wn_len);
		deliver(to->wn_dvp, RUMP_FSEVENT_MOVED_TO | isdir(vp),
		    lastcookie, to->wn_name, to->wn_len);
		deliver(vp, RUMP_FSEVENT_MOVE_SELF | isdir(vp), 0, NULL, 0);
		vname_set(vp, to->wn_dvp, to->wn_name, to->wn_len);
		if (to->wn_vp != vp)
			tell_unlinked(to->wn_vp);
	}
	watch_release(from);
	watch_release(to);
}

/* Ends the watches on a mount, which would keep it busy; were there any? */
int
watch_unmount(struct mount *mp)
{
	struct vnode *vp;
	int found = 0;

again:
	LIST_FOREACH(vp, &mp->mnt_vnodelist, v_mntvnodes) {
		if (SLIST_EMPTY(&vp->v_watches))
			continue;
		found = 1;
		vref(vp);
		deliver_last(vp, RUMP_FSEVENT_UNMOUNT);
		vrele(vp);
		goto again;
	}
	return (found);
}
