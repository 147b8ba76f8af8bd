/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rootfs_vnops.c: operations on the files of the memory root.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/dirent.h>
#include <sys/lockf.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/pool.h>
#include <sys/poll.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/unistd.h>
#include <sys/vnode.h>
#include <miscfs/specfs/specdev.h>
#include "rootfs.h"
#include "vfs_private.h"

static int
rootfs_access(void *v)
{
	struct vop_access_args *ap = v;
	struct rootnode *rn = VTORN(ap->a_vp);

	return (vaccess(rn->rn_mode, rn->rn_uid, rn->rn_gid, ap->a_mode,
	    ap->a_cred));
}

/* In a sticky folder only who owns it or the file may remove the file. */
static int
sticky_check(struct rootnode *dir, struct rootnode *rn, struct ucred *cred)
{

	return ((dir->rn_mode & S_ISVTX) != 0 && cred->cr_uid != 0 &&
	    cred->cr_uid != dir->rn_uid && cred->cr_uid != rn->rn_uid ?
	    EPERM : 0);
}

/* Unlocks the parent unless the caller asked to have it. */
static void
lookup_unlock(struct vnode *dvp, struct componentname *cnp)
{

	if ((cnp->cn_flags & (LOCKPARENT | ISLASTCN)) !=
	    (LOCKPARENT | ISLASTCN)) {
		VOP_UNLOCK(dvp, 0, cnp->cn_proc);
		cnp->cn_flags |= PDIRUNLOCK;
	}
}

static int
lookup_dotdot(struct vnode *dvp, struct vnode **vpp, struct componentname *cnp)
{
	struct rootnode *up = VTORN(dvp)->rn_parent;
	int error;

	if (up == NULL)
		return (ENOENT);
	/* Parents are locked before children. */
	VOP_UNLOCK(dvp, 0, cnp->cn_proc);
	cnp->cn_flags |= PDIRUNLOCK;
	error = rootnode_vget(up, vpp);
	if (error != 0 || (cnp->cn_flags & (LOCKPARENT | ISLASTCN)) ==
	    (LOCKPARENT | ISLASTCN)) {
		(void)vn_lock(dvp, LK_EXCLUSIVE | LK_RETRY, cnp->cn_proc);
		cnp->cn_flags &= ~PDIRUNLOCK;
	}
	return (error);
}

static int
rootfs_lookup(void *v)
{
	struct vop_lookup_args *ap = v;
	struct componentname *cnp = ap->a_cnp;
	struct vnode *dvp = ap->a_dvp;
	struct rootdirent *rd;
	int error;

	*ap->a_vpp = NULL;
	cnp->cn_flags &= ~PDIRUNLOCK;
	if ((error = VOP_ACCESS(dvp, VEXEC, cnp->cn_cred, cnp->cn_proc)) != 0)
		return (error);
	if (cnp->cn_namelen == 1 && cnp->cn_nameptr[0] == '.') {
		vref(dvp);
		*ap->a_vpp = dvp;
		return (0);
	}
	if (cnp->cn_flags & ISDOTDOT)
		return (lookup_dotdot(dvp, ap->a_vpp, cnp));
	rd = rootdir_find(VTORN(dvp), cnp->cn_nameptr, (int)cnp->cn_namelen);
	if (rd == NULL) {
		/* Nothing can be made in a folder that was removed. */
		if (VTORN(dvp)->rn_parent == NULL)
			return (ENOENT);
		if ((cnp->cn_flags & ISLASTCN) && (cnp->cn_nameiop == CREATE ||
		    cnp->cn_nameiop == RENAME)) {
			error = VOP_ACCESS(dvp, VWRITE, cnp->cn_cred,
			    cnp->cn_proc);
			return (error != 0 ? error : EJUSTRETURN);
		}
		return (ENOENT);
	}
	if ((cnp->cn_flags & ISLASTCN) && cnp->cn_nameiop == DELETE &&
	    ((error = VOP_ACCESS(dvp, VWRITE, cnp->cn_cred, cnp->cn_proc)) != 0 ||
	    (error = sticky_check(VTORN(dvp), rd->rd_node, cnp->cn_cred)) != 0))
		return (error);
	if ((error = rootnode_vget(rd->rd_node, ap->a_vpp)) == 0)
		lookup_unlock(dvp, cnp);
	return (error);
}

static void
name_done(struct componentname *cnp)
{

	if ((cnp->cn_flags & (HASBUF | SAVESTART)) == HASBUF)
		pool_put(&namei_pool, cnp->cn_pnbuf);
}

/*
 * Enters a new node under the name of *cnp; releases dvp.  It has the group of
 * its folder, as in all BSDs.  A link's target is taken over.
 */
static int
make_node(struct vnode *dvp, struct vnode **vpp, struct componentname *cnp,
    struct vattr *va, char *target)
{
	struct rootnode *rn;
	int error = 0;

	rn = rootnode_new(va->va_type, va->va_mode);
	rn->rn_gid = VTORN(dvp)->rn_gid;
	if (va->va_type == VBLK || va->va_type == VCHR)
		rn->rn_rdev = va->va_rdev;
	if (va->va_type == VLNK) {
		rn->rn_link = target;
		rn->rn_size = (off_t)strlen(target);
	}
	rootdir_add(VTORN(dvp), rn, cnp->cn_nameptr, (int)cnp->cn_namelen);
	nanotime(&VTORN(dvp)->rn_time);
	if (vpp != NULL)
		error = rootnode_vget(rn, vpp);
	name_done(cnp);
	vput(dvp);
	return (error);
}

static int
rootfs_create(void *v)
{
	struct vop_create_args *ap = v;

	return (make_node(ap->a_dvp, ap->a_vpp, ap->a_cnp, ap->a_vap, NULL));
}

static int
rootfs_mkdir(void *v)
{
	struct vop_mkdir_args *ap = v;

	return (make_node(ap->a_dvp, ap->a_vpp, ap->a_cnp, ap->a_vap, NULL));
}

static int
rootfs_mknod(void *v)
{
	struct vop_mknod_args *ap = v;

	return (make_node(ap->a_dvp, NULL, ap->a_cnp, ap->a_vap, NULL));
}

static int
rootfs_symlink(void *v)
{
	struct vop_symlink_args *ap = v;
	size_t len = strlen(ap->a_target);
	char *target;

	target = malloc(len + 1, M_ROOTFS, M_WAITOK);
	memcpy(target, ap->a_target, len + 1);
	return (make_node(ap->a_dvp, NULL, ap->a_cnp, ap->a_vap, target));
}

/* Takes the name of *cnp out of dvp; releases both vnodes. */
static void
remove_name(struct vnode *dvp, struct vnode *vp, struct componentname *cnp)
{
	struct rootnode *dir = VTORN(dvp);
	struct rootdirent *rd;

	rd = rootdir_find(dir, cnp->cn_nameptr, (int)cnp->cn_namelen);
	KASSERT(rd != NULL && rd->rd_node == VTORN(vp));
	rootdir_remove(dir, rd);
	nanotime(&dir->rn_time);
	name_done(cnp);
	vput(dvp);
	vput(vp);
}

static int
rootfs_remove(void *v)
{
	struct vop_remove_args *ap = v;

	remove_name(ap->a_dvp, ap->a_vp, ap->a_cnp);
	return (0);
}

static int
rootfs_rmdir(void *v)
{
	struct vop_rmdir_args *ap = v;

	if (!TAILQ_EMPTY(&VTORN(ap->a_vp)->rn_entries)) {
		name_done(ap->a_cnp);
		vput(ap->a_dvp);
		vput(ap->a_vp);
		return (ENOTEMPTY);
	}
	remove_name(ap->a_dvp, ap->a_vp, ap->a_cnp);
	return (0);
}

static int
rootfs_link(void *v)
{
	struct vop_link_args *ap = v;
	struct rootnode *rn = VTORN(ap->a_vp);
	struct componentname *cnp = ap->a_cnp;
	int error = 0;

	if (rn->rn_nlink >= LINK_MAX) {
		error = EMLINK;
	} else {
		rootdir_add(VTORN(ap->a_dvp), rn, cnp->cn_nameptr,
		    (int)cnp->cn_namelen);
		nanotime(&VTORN(ap->a_dvp)->rn_time);
	}
	name_done(cnp);
	vput(ap->a_dvp);
	return (error);
}

/* May the source, found as frd, take the target's place? */
static int
rename_check(struct vop_rename_args *ap, struct rootdirent *frd)
{
	struct rootnode *fdir = VTORN(ap->a_fdvp), *tdir = VTORN(ap->a_tdvp);
	struct rootnode *tn = ap->a_tvp != NULL ? VTORN(ap->a_tvp) : NULL;
	struct ucred *cred = ap->a_tcnp->cn_cred;
	struct rootnode *fn = VTORN(ap->a_fvp);

	if (frd == NULL || frd->rd_node != fn || tdir->rn_parent == NULL)
		return (ENOENT);
	if (tn != NULL && tn->rn_type == VDIR && !TAILQ_EMPTY(&tn->rn_entries))
		return (ENOTEMPTY);
	if (tn != NULL && sticky_check(tdir, tn, cred) != 0)
		return (EPERM);
	/* Its ".." is written, which a stranger may not. */
	return (fn->rn_type == VDIR && fdir != tdir ?
	    vaccess(fn->rn_mode, fn->rn_uid, fn->rn_gid, VWRITE, cred) : 0);
}

/* Nothing in here sleeps once the entry of the source was found. */
static int
rootfs_rename(void *v)
{
	struct vop_rename_args *ap = v;
	struct componentname *fcnp = ap->a_fcnp, *tcnp = ap->a_tcnp;
	struct rootnode *fdir = VTORN(ap->a_fdvp), *tdir = VTORN(ap->a_tdvp);
	struct rootdirent *frd, *trd;
	int error;

	frd = rootdir_find(fdir, fcnp->cn_nameptr, (int)fcnp->cn_namelen);
	if ((error = rename_check(ap, frd)) == 0) {
		trd = rootdir_find(tdir, tcnp->cn_nameptr,
		    (int)tcnp->cn_namelen);
		/* Of two names of one file, the new one stays. */
		if (trd != NULL && ap->a_fvp != ap->a_tvp)
			rootdir_remove(tdir, trd);
		if (ap->a_fvp != ap->a_tvp)
			rootdir_add(tdir, VTORN(ap->a_fvp), tcnp->cn_nameptr,
			    (int)tcnp->cn_namelen);
		rootdir_remove(fdir, frd);
		if (ap->a_fvp->v_type == VDIR)
			VTORN(ap->a_fvp)->rn_parent = tdir;
		nanotime(&fdir->rn_time);
		tdir->rn_time = fdir->rn_time;
	}
	name_done(fcnp);
	name_done(tcnp);
	vput(ap->a_tdvp);
	if (ap->a_tvp != NULL)
		vput(ap->a_tvp);
	vrele(ap->a_fdvp);
	vrele(ap->a_fvp);
	return (error);
}

static int
rootfs_advlock(void *v)
{
	struct vop_advlock_args *ap = v;
	struct rootnode *rn = VTORN(ap->a_vp);

	return (lf_advlock(&rn->rn_lockf, rn->rn_size, ap->a_id, ap->a_op,
	    ap->a_fl, ap->a_flags));
}

static int
rootfs_getattr(void *v)
{
	struct vop_getattr_args *ap = v;
	struct rootnode *rn = VTORN(ap->a_vp);
	struct vattr *va = ap->a_vap;

	va->va_type = rn->rn_type;
	va->va_mode = rn->rn_mode;
	va->va_nlink = rn->rn_nlink;
	va->va_uid = rn->rn_uid;
	va->va_gid = rn->rn_gid;
	va->va_fsid = ap->a_vp->v_mount->mnt_stat.f_fsid.val[0];
	va->va_fileid = rn->rn_ino;
	va->va_size = va->va_bytes = rn->rn_size;
	va->va_blocksize = PAGE_SIZE;
	va->va_atime = va->va_mtime = va->va_ctime = rn->rn_time;
	va->va_gen = 1;
	va->va_flags = 0;
	if (rn->rn_type == VBLK || rn->rn_type == VCHR)
		va->va_rdev = rn->rn_rdev;
	return (0);
}

/*
 * Who is not the superuser may change the mode of what is his own, and give it
 * to another of his groups, but to nobody else (chmod(2), chown(2)).
 */
static int
setattr_check(struct rootnode *rn, struct vattr *va, struct ucred *cred)
{
	int ismode = va->va_mode != (mode_t)VNOVAL;
	int isuid = va->va_uid != (uid_t)VNOVAL && va->va_uid != rn->rn_uid;
	int isgid = va->va_gid != (gid_t)VNOVAL;

	if (cred->cr_uid == 0)
		return (0);
	if ((ismode || isuid || isgid) && cred->cr_uid != rn->rn_uid)
		return (EPERM);
	if (isuid || (isgid && va->va_gid != rn->rn_gid &&
	    !groupmember(va->va_gid, cred)))
		return (EPERM);
	/* Nor may he lend a group that he is not in. */
	return (ismode && (va->va_mode & S_ISGID) &&
	    !groupmember(rn->rn_gid, cred) ? EPERM : 0);
}

static int
rootfs_setattr(void *v)
{
	struct vop_setattr_args *ap = v;
	struct rootnode *rn = VTORN(ap->a_vp);
	struct vattr *va = ap->a_vap;
	int error;

	if ((error = setattr_check(rn, va, ap->a_cred)) != 0)
		return (error);
	if (va->va_size != (u_quad_t)VNOVAL && rn->rn_type == VREG &&
	    (error = rootfs_resize(rn, (off_t)va->va_size)) != 0)
		return (error);
	if (va->va_mode != (mode_t)VNOVAL)
		rn->rn_mode = va->va_mode;
	if (va->va_uid != (uid_t)VNOVAL)
		rn->rn_uid = va->va_uid;
	if (va->va_gid != (gid_t)VNOVAL)
		rn->rn_gid = va->va_gid;
	if ((va->va_uid != (uid_t)VNOVAL || va->va_gid != (gid_t)VNOVAL) &&
	    ap->a_cred->cr_uid != 0)
		rn->rn_mode &= ~(S_ISUID | S_ISGID);
	if (va->va_mtime.tv_sec != VNOVAL)
		rn->rn_time = va->va_mtime;
	return (0);
}

static int
rootfs_read(void *v)
{
	struct vop_read_args *ap = v;

	if (ap->a_vp->v_type != VREG)
		return (EISDIR);
	return (rootfs_rw(VTORN(ap->a_vp), ap->a_uio, ap->a_ioflag));
}

static int
rootfs_write(void *v)
{
	struct vop_write_args *ap = v;

	if (ap->a_vp->v_type != VREG)
		return (EISDIR);
	return (rootfs_rw(VTORN(ap->a_vp), ap->a_uio, ap->a_ioflag));
}

static int
put_dirent(struct uio *uio, ino_t ino, enum vtype type, const char *name,
    int namelen)
{
	struct dirent de;

	memset(&de, 0, sizeof(de));
	de.d_fileno = ino;
	de.d_type = IFTODT(VTTOIF(type));
	de.d_namlen = namelen;
	memcpy(de.d_name, name, namelen);
	de.d_reclen = DIRENT_SIZE(&de);
	if (uio->uio_resid < de.d_reclen)
		return (-1);
	return (uiomove(&de, de.d_reclen, uio));
}

/* The place in a directory is the cookie of the next entry. */
static int
rootfs_readdir(void *v)
{
	struct vop_readdir_args *ap = v;
	struct rootnode *dir = VTORN(ap->a_vp);
	struct uio *uio = ap->a_uio;
	off_t at = uio->uio_offset;
	struct rootdirent *rd;
	int error = 0;

	if (ap->a_vp->v_type != VDIR)
		return (ENOTDIR);
	if (dir->rn_parent == NULL) {	/* removed: not even "." */
		*ap->a_eofflag = 1;
		return (0);
	}
	if (at == 0 && (error = put_dirent(uio, dir->rn_ino, VDIR, ".",
	    1)) == 0)
		at = 1;
	if (at == 1 && error == 0 && (error = put_dirent(uio,
	    dir->rn_parent->rn_ino, VDIR, "..", 2)) == 0)
		at = 2;
	TAILQ_FOREACH(rd, &dir->rn_entries, rd_list) {
		if (error != 0)
			break;
		if (rd->rd_cookie < at)
			continue;
		error = put_dirent(uio, rd->rd_node->rn_ino,
		    rd->rd_node->rn_type, rd->rd_name, rd->rd_namelen);
		if (error == 0)
			at = rd->rd_cookie + 1;
	}
	uio->uio_offset = at;
	*ap->a_eofflag = error == 0;
	return (error > 0 ? error : 0);
}

static int
rootfs_readlink(void *v)
{
	struct vop_readlink_args *ap = v;
	struct rootnode *rn = VTORN(ap->a_vp);

	return (uiomove(rn->rn_link, (int)rn->rn_size, ap->a_uio));
}

/* The last use is gone; a file without names goes with it. */
static int
rootfs_inactive(void *v)
{
	struct vop_inactive_args *ap = v;
	struct rootnode *rn = VTORN(ap->a_vp);

	VOP_UNLOCK(ap->a_vp, 0, ap->a_p);
	if (rn != NULL && rn->rn_nlink <= 0 && rn->rn_keep == 0)
		vrecycle(ap->a_vp, NULL, ap->a_p);
	return (0);
}

static int
rootfs_reclaim(void *v)
{
	struct vop_reclaim_args *ap = v;
	struct rootnode *rn = VTORN(ap->a_vp);

	ap->a_vp->v_data = NULL;
	if (rn == NULL)
		return (0);
	rn->rn_vnode = NULL;
	if (rn->rn_nlink <= 0 && rn->rn_keep == 0)
		rootnode_free(rn);
	return (0);
}

static int
rootfs_pathconf(void *v)
{
	struct vop_pathconf_args *ap = v;

	switch (ap->a_name) {
	case _PC_NAME_MAX:
		*ap->a_retval = NAME_MAX;
		return (0);
	case _PC_PATH_MAX:
		*ap->a_retval = PATH_MAX;
		return (0);
	case _PC_LINK_MAX:
		*ap->a_retval = LINK_MAX;
		return (0);
	default:
		return (EINVAL);
	}
}

static int
rootfs_print(void *v)
{
	struct vop_print_args *ap = v;

	printf("\tmemory root, number %u\n", VTORN(ap->a_vp)->rn_ino);
	return (0);
}

static int
rootfs_poll(void *v)
{
	struct vop_poll_args *ap = v;

	return (ap->a_events & (POLLIN | POLLOUT | POLLRDNORM));
}

int (**rootfs_vnodeop_p)(void *);
static struct vnodeopv_entry_desc rootfs_vnodeop_entries[] = {
	{ &vop_default_desc, vn_default_error },
	{ &vop_lookup_desc, rootfs_lookup },
	{ &vop_create_desc, rootfs_create },
	{ &vop_mknod_desc, rootfs_mknod },
	{ &vop_open_desc, nullop },
	{ &vop_close_desc, nullop },
	{ &vop_access_desc, rootfs_access },
	{ &vop_getattr_desc, rootfs_getattr },
	{ &vop_setattr_desc, rootfs_setattr },
	{ &vop_read_desc, rootfs_read },
	{ &vop_write_desc, rootfs_write },
	{ &vop_poll_desc, rootfs_poll },
	{ &vop_kqfilter_desc, vop_generic_kqfilter },
	{ &vop_revoke_desc, vop_generic_revoke },
	{ &vop_fsync_desc, nullop },
	{ &vop_remove_desc, rootfs_remove },
	{ &vop_link_desc, rootfs_link },
	{ &vop_rename_desc, rootfs_rename },
	{ &vop_advlock_desc, rootfs_advlock },
	{ &vop_mkdir_desc, rootfs_mkdir },
	{ &vop_rmdir_desc, rootfs_rmdir },
	{ &vop_symlink_desc, rootfs_symlink },
	{ &vop_readdir_desc, rootfs_readdir },
	{ &vop_readlink_desc, rootfs_readlink },
	{ &vop_abortop_desc, vop_generic_abortop },
	{ &vop_inactive_desc, rootfs_inactive },
	{ &vop_reclaim_desc, rootfs_reclaim },
	{ &vop_lock_desc, vop_generic_lock },
	{ &vop_unlock_desc, vop_generic_unlock },
	{ &vop_islocked_desc, vop_generic_islocked },
	{ &vop_pathconf_desc, rootfs_pathconf },
	{ &vop_print_desc, rootfs_print },
	{ NULL, NULL }
};
struct vnodeopv_desc rootfs_vnodeop_opv_desc =
	{ &rootfs_vnodeop_p, rootfs_vnodeop_entries };

/* Device nodes: their attributes are here, the rest is the device's. */
int (**rootfs_specop_p)(void *);
static struct vnodeopv_entry_desc rootfs_specop_entries[] = {
	{ &vop_default_desc, spec_vnoperate },
	{ &vop_access_desc, rootfs_access },
	{ &vop_getattr_desc, rootfs_getattr },
	{ &vop_setattr_desc, rootfs_setattr },
	{ &vop_inactive_desc, rootfs_inactive },
	{ &vop_reclaim_desc, rootfs_reclaim },
	{ &vop_print_desc, rootfs_print },
	{ NULL, NULL }
};
struct vnodeopv_desc rootfs_specop_opv_desc =
	{ &rootfs_specop_p, rootfs_specop_entries };
