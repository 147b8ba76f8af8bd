/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tmpfs_vnops.c: operations of a tmpfs on the contents of files and folders, and
 * its vectors.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/dirent.h>
#include <sys/event.h>
#include <sys/lockf.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/poll.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/unistd.h>
#include <sys/vnode.h>
#include <miscfs/fifofs/fifo.h>
#include <miscfs/specfs/specdev.h>
#include "tmpfs.h"
#include "vfs_private.h"

static void
mark_read(struct vnode *vp)
{

	if (vp->v_mount == NULL ||
	    (vp->v_mount->mnt_flag & (MNT_NOATIME | MNT_RDONLY)) == 0)
		nanotime(&VTOTN(vp)->tn_atime);
}

static int
tmpfs_read(void *v)
{
	struct vop_read_args *ap = v;
	struct tmpfs_node *tn = VTOTN(ap->a_vp);
	struct uio *uio = ap->a_uio;

	if (ap->a_vp->v_type != VREG)
		return (EISDIR);
	if (uio->uio_offset < 0)
		return (EINVAL);
	if (uio->uio_resid == 0)
		return (0);
	mark_read(ap->a_vp);
	return (tn->tn_host != NULL ? tmpfs_host_rw(tn, uio) :
	    tmpfs_read_file(tn, uio));
}

/* The process may not make its files that long (setrlimit(2)). */
static int
is_beyond_limit(struct uio *uio, int ioflag)
{
	struct proc *p = uio->uio_procp;

	return (p != NULL && (ioflag & IO_NOLIMIT) == 0 &&
	    p->p_rlimit[RLIMIT_FSIZE].rlim_cur != RLIM_INFINITY &&
	    (off_t)uio->uio_resid >
	    p->p_rlimit[RLIMIT_FSIZE].rlim_cur - uio->uio_offset);
}

static int
tmpfs_write(void *v)
{
	struct vop_write_args *ap = v;
	struct tmpfs_node *tn = VTOTN(ap->a_vp);
	struct uio *uio = ap->a_uio;
	size_t before = uio->uio_resid;
	off_t size = tn->tn_size;
	int error;

	if (ap->a_vp->v_type != VREG)
		return (EISDIR);
	/* To write nothing moves nothing, not even to the end. */
	if (before == 0)
		return (uio->uio_offset < 0 ? EINVAL : 0);
	if (ap->a_ioflag & IO_APPEND)
		uio->uio_offset = size;
	if (uio->uio_offset < 0)
		return (EINVAL);
	if (is_beyond_limit(uio, ap->a_ioflag))
		return (EFBIG);
	if ((tn->tn_flags & APPEND) && uio->uio_offset != size)
		return (EPERM);
	error = tn->tn_host != NULL ? tmpfs_host_rw(tn, uio) :
	    tmpfs_write_file(tn, uio);
	if (uio->uio_resid == before)
		return (error);
	nanotime(&tn->tn_mtime);
	tn->tn_ctime = tn->tn_mtime;
	if ((tn->tn_mode & (S_ISUID | S_ISGID)) && ap->a_cred->cr_uid != 0)
		tn->tn_mode &= ~(S_ISUID | S_ISGID);
	VNODE_NOTE(ap->a_vp, NOTE_WRITE | (tn->tn_size > size ? NOTE_EXTEND : 0));
	return (error);
}

static int
put_dirent(struct uio *uio, ino_t ino, enum vtype type, const char *name,
    size_t namelen)
{
	struct dirent de;

	de.d_fileno = ino;
	de.d_type = IFTODT(VTTOIF(type));
	de.d_namlen = (u_int8_t)namelen;
	de.d_reclen = DIRENT_SIZE(&de);
	if (uio->uio_resid < de.d_reclen)
		return (-1);
	memcpy(de.d_name, name, namelen);
	memset(de.d_name + namelen, 0,
	    de.d_reclen - offsetof(struct dirent, d_name) - namelen);
	return (uiomove(&de, de.d_reclen, uio));
}

/* The place in a directory is the cookie of the next entry. */
static int
tmpfs_readdir(void *v)
{
	struct vop_readdir_args *ap = v;
	struct tmpfs_node *dir = VTOTN(ap->a_vp);
	struct uio *uio = ap->a_uio;
	off_t at = uio->uio_offset;
	struct tmpfs_dirent *td;
	int error = 0;

	if (ap->a_vp->v_type != VDIR)
		return (ENOTDIR);
	if (dir->tn_parent == NULL) {	/* removed: not even "." */
		*ap->a_eofflag = 1;
		return (0);
	}
	mark_read(ap->a_vp);
	if (at == 0 && (error = put_dirent(uio, dir->tn_ino, VDIR, ".",
	    1)) == 0)
		at = 1;
	if (at == 1 && error == 0 && (error = put_dirent(uio,
	    dir->tn_parent->tn_ino, VDIR, "..", 2)) == 0)
		at = 2;
	td = error == 0 ? tmpfs_dir_seek(dir, at) : NULL;
	for (; td != NULL; td = TAILQ_NEXT(td, td_list)) {
		error = put_dirent(uio, td->td_node->tn_ino,
		    td->td_node->tn_type, td->td_name, td->td_namelen);
		if (error != 0)
			break;
		at = td->td_cookie + 1;
	}
	dir->tn_hint = td;
	uio->uio_offset = at;
	*ap->a_eofflag = error == 0;
	return (error > 0 ? error : 0);
}

static int
tmpfs_readlink(void *v)
{
	struct vop_readlink_args *ap = v;
	struct tmpfs_node *tn = VTOTN(ap->a_vp);

	mark_read(ap->a_vp);
	return (uiomove(tn->tn_link, (int)tn->tn_size, ap->a_uio));
}

/* The last use is gone; a file without names goes with it. */
static int
tmpfs_inactive(void *v)
{
	struct vop_inactive_args *ap = v;
	struct tmpfs_node *tn = VTOTN(ap->a_vp);

	VOP_UNLOCK(ap->a_vp, 0, ap->a_p);
	if (tn != NULL && tn->tn_nlink <= 0 && tn->tn_keep == 0)
		vrecycle(ap->a_vp, NULL, ap->a_p);
	return (0);
}

static int
tmpfs_reclaim(void *v)
{
	struct vop_reclaim_args *ap = v;
	struct tmpfs_node *tn = VTOTN(ap->a_vp);

	ap->a_vp->v_data = NULL;
	if (tn == NULL)
		return (0);
	tn->tn_vnode = NULL;
	if (tn->tn_nlink <= 0 && tn->tn_keep == 0)
		tmpfs_node_free(tn);
	return (0);
}

static int
tmpfs_advlock(void *v)
{
	struct vop_advlock_args *ap = v;
	struct tmpfs_node *tn = VTOTN(ap->a_vp);

	return (lf_advlock(&tn->tn_lockf, tn->tn_size, ap->a_id, ap->a_op,
	    ap->a_fl, ap->a_flags));
}

static int
tmpfs_pathconf(void *v)
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
tmpfs_print(void *v)
{
	struct vop_print_args *ap = v;

	printf("\ta file in memory, number %u\n", VTOTN(ap->a_vp)->tn_ino);
	return (0);
}

static int
tmpfs_poll(void *v)
{
	struct vop_poll_args *ap = v;

	return (ap->a_events & (POLLIN | POLLOUT | POLLRDNORM));
}

int (**tmpfs_vnodeop_p)(void *);
static struct vnodeopv_entry_desc tmpfs_vnodeop_entries[] = {
	{ &vop_default_desc, vn_default_error },
	{ &vop_lookup_desc, tmpfs_lookup },
	{ &vop_create_desc, tmpfs_create },
	{ &vop_mknod_desc, tmpfs_mknod },
	{ &vop_open_desc, tmpfs_open },
	{ &vop_close_desc, nullop },
	{ &vop_access_desc, tmpfs_access },
	{ &vop_getattr_desc, tmpfs_getattr },
	{ &vop_setattr_desc, tmpfs_setattr },
	{ &vop_read_desc, tmpfs_read },
	{ &vop_write_desc, tmpfs_write },
	{ &vop_poll_desc, tmpfs_poll },
	{ &vop_kqfilter_desc, vop_generic_kqfilter },
	{ &vop_revoke_desc, vop_generic_revoke },
	{ &vop_fsync_desc, nullop },
	{ &vop_remove_desc, tmpfs_remove },
	{ &vop_link_desc, tmpfs_link },
	{ &vop_rename_desc, tmpfs_rename },
	{ &vop_advlock_desc, tmpfs_advlock },
	{ &vop_mkdir_desc, tmpfs_mkdir },
	{ &vop_rmdir_desc, tmpfs_rmdir },
	{ &vop_symlink_desc, tmpfs_symlink },
	{ &vop_readdir_desc, tmpfs_readdir },
	{ &vop_readlink_desc, tmpfs_readlink },
	{ &vop_abortop_desc, vop_generic_abortop },
	{ &vop_inactive_desc, tmpfs_inactive },
	{ &vop_reclaim_desc, tmpfs_reclaim },
	{ &vop_lock_desc, vop_generic_lock },
	{ &vop_unlock_desc, vop_generic_unlock },
	{ &vop_islocked_desc, vop_generic_islocked },
	{ &vop_pathconf_desc, tmpfs_pathconf },
	{ &vop_print_desc, tmpfs_print },
	{ NULL, NULL }
};
struct vnodeopv_desc tmpfs_vnodeop_opv_desc =
	{ &tmpfs_vnodeop_p, tmpfs_vnodeop_entries };

/* Device nodes: their attributes are here, the rest is the device's. */
int (**tmpfs_specop_p)(void *);
static struct vnodeopv_entry_desc tmpfs_specop_entries[] = {
	{ &vop_default_desc, spec_vnoperate },
	{ &vop_access_desc, tmpfs_access },
	{ &vop_getattr_desc, tmpfs_getattr },
	{ &vop_setattr_desc, tmpfs_setattr },
	{ &vop_inactive_desc, tmpfs_inactive },
	{ &vop_reclaim_desc, tmpfs_reclaim },
	{ &vop_print_desc, tmpfs_print },
	{ NULL, NULL }
};
struct vnodeopv_desc tmpfs_specop_opv_desc =
	{ &tmpfs_specop_p, tmpfs_specop_entries };

/* Named pipes: the same. */
int (**tmpfs_fifoop_p)(void *);
static struct vnodeopv_entry_desc tmpfs_fifoop_entries[] = {
	{ &vop_default_desc, fifo_vnoperate },
	{ &vop_access_desc, tmpfs_access },
	{ &vop_getattr_desc, tmpfs_getattr },
	{ &vop_setattr_desc, tmpfs_setattr },
	{ &vop_inactive_desc, tmpfs_inactive },
	{ &vop_reclaim_desc, tmpfs_reclaim },
	{ &vop_print_desc, tmpfs_print },
	{ NULL, NULL }
};
struct vnodeopv_desc tmpfs_fifoop_opv_desc =
	{ &tmpfs_fifoop_p, tmpfs_fifoop_entries };
