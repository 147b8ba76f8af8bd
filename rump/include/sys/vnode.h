/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vnode.h: files in memory, and the operations that a file system offers on them.
 */
#ifndef _SYS_VNODE_H_
#define	_SYS_VNODE_H_

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/lock.h>
#include <sys/event.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/unistd.h>

struct buf;
struct mount;
struct namecache;
struct proc;
struct socket;
struct specinfo;
struct vname;
struct watch;
struct fifoinfo;
struct ucred;

enum vtype { VNON, VREG, VDIR, VBLK, VCHR, VLNK, VSOCK, VFIFO, VBAD };

enum vtagtype {
	VT_NON, VT_UFS, VT_NFS, VT_MFS, VT_MSDOSFS, VT_ISOFS, VT_EXT2FS,
	VT_TMPFS, VT_ROOTFS, VT_VFS
};

LIST_HEAD(buflists, buf);
LIST_HEAD(vnclist, namecache);

/*
 * All fields belong to the virtual CPU, unless said otherwise.  A vnode with
 * v_usecount or v_holdcnt is not recycled; one with neither is on the free
 * list, where it keeps its file until somebody needs the vnode.
 */
struct vnode {
	int (**v_op)(void *);
	enum vtype v_type;
	enum vtagtype v_tag;
	u_int v_flag;			/* V* below */
	u_int v_bioflag;		/* VBIO* below */
	int v_usecount;
	int v_holdcnt;			/* buffers and name cache entries */
	int v_writecount;
	int v_numoutput;		/* writes under way */
	int v_ioerror;			/* of a write nobody waited for; 0 */
	u_int v_id;			/* changes with each reuse */
	struct mount *v_mount;
	void *v_data;			/* of the file system */
	TAILQ_ENTRY(vnode) v_freelist;
	LIST_ENTRY(vnode) v_mntvnodes;
	struct buflists v_cleanblkhd;
	struct buflists v_dirtyblkhd;
	LIST_ENTRY(vnode) v_synclist;
	union {
		struct mount *vu_mountedhere;	/* VDIR */
		struct socket *vu_socket;	/* VSOCK */
		struct specinfo *vu_specinfo;	/* VCHR, VBLK */
		struct fifoinfo *vu_fifoinfo;	/* VFIFO */
	} v_un;
	struct vnclist v_cache_src;	/* names in this directory */
	struct vnclist v_cache_dst;	/* names of this vnode */
	struct vname *v_name;		/* found by it last; or NULL */
	SLIST_HEAD(, watch) v_watches;
	struct simplelock v_interlock;
	struct lock v_lock;		/* for file systems without their own */
	struct {
		struct simplelock vsi_lock;
		struct selinfo vsi_selinfo;
	} v_selectinfo;
};
#define	v_mountedhere	v_un.vu_mountedhere
#define	v_socket	v_un.vu_socket
#define	v_specinfo	v_un.vu_specinfo
#define	v_fifoinfo	v_un.vu_fifoinfo

/* v_flag */
#define	VROOT		0x0001	/* root of its file system */
#define	VTEXT		0x0002
#define	VSYSTEM		0x0004	/* used by the kernel only */
#define	VISTTY		0x0008
#define	VXLOCK		0x0100	/* being taken from its file */
#define	VXWANT		0x0200
#define	VALIASED	0x0800
#define	VONFREELIST	0x2000
#define	VLOCKSWORK	0x4000

/* v_bioflag */
#define	VBIOWAIT	0x0001	/* somebody waits for v_numoutput == 0 */
#define	VBIOONSYNCLIST	0x0002
#define	VBIOONFREELIST	0x0004
#define	VBIOLOST	0x0008	/* v_ioerror: and the data are lost */

/* Attributes; VNOVAL where not to be set. */
struct vattr {
	enum vtype va_type;
	mode_t va_mode;
	nlink_t va_nlink;
	uid_t va_uid;
	gid_t va_gid;
	long va_fsid;
	u_quad_t va_fileid;
	u_quad_t va_size;
	long va_blocksize;
	struct timespec va_atime;
	struct timespec va_mtime;
	struct timespec va_ctime;
	u_long va_gen;
	u_long va_flags;
	dev_t va_rdev;
	u_quad_t va_bytes;
	u_quad_t va_filerev;
	struct timespec va_birthtime;
	u_int va_vaflags;
};
#define	VA_UTIMES_NULL	0x01
#define	VA_EXCLUSIVE	0x02
#define	VNOVAL		(-1)
void	vattr_null(struct vattr *);
#define	VATTR_NULL(vap)	vattr_null(vap)

/* Tells whoever watches a vnode by kqueue(2) (drivers say VN_KNOTE). */
#define	VNODE_NOTE(vp, hint)						\
	KNOTE(&(vp)->v_selectinfo.vsi_selinfo.si_note, (hint))

/* Access modes, as in the owner's bits of a file's mode. */
#define	VEXEC	00100
#define	VWRITE	00200
#define	VREAD	00400
#define	VSVTX	01000
#define	VSGID	02000
#define	VSUID	04000

/* ioflag of VOP_READ and VOP_WRITE. */
#define	IO_UNIT		0x01
#define	IO_APPEND	0x02
#define	IO_SYNC		0x04
#define	IO_NODELOCKED	0x08
#define	IO_NDELAY	0x10
#define	IO_NOLIMIT	0x20

extern enum vtype iftovt_tab[];
extern int vttoif_tab[];
#define	IFTOVT(mode)	(iftovt_tab[((mode) & S_IFMT) >> 12])
#define	VTTOIF(type)	(vttoif_tab[(int)(type)])
#define	MAKEIMODE(type, mode)	(int)(VTTOIF(type) | (mode))

/* vflush(), vclean(), vinvalbuf() */
#define	SKIPSYSTEM	0x0001
#define	FORCECLOSE	0x0002
#define	WRITECLOSE	0x0004
#define	DOCLOSE		0x0008
#define	V_SAVE		0x0001
#define	V_SAVEMETA	0x0002
#define	REVOKEALL	0x0001

/* The generated-in-spirit operations interface. */
struct vnodeop_desc {
	int vdesc_offset;		/* in the vectors; given at boot */
	const char *vdesc_name;
};
struct vnodeopv_entry_desc {
	struct vnodeop_desc *opve_op;
	int (*opve_impl)(void *);
};
struct vnodeopv_desc {
	int (***opv_desc_vector_p)(void *);
	struct vnodeopv_entry_desc *opv_desc_ops;
};
struct vop_generic_args {
	struct vnodeop_desc *a_desc;
};
#define	VOCALL(opsv, off, ap)	((*((opsv)[(off)]))(ap))
#define	VCALL(vp, off, ap)	VOCALL((vp)->v_op, (off), (ap))
#define	VDESC(op)		(&__CONCAT(op, _desc))
#define	VOFFSET(op)		(VDESC(op)->vdesc_offset)
#include <sys/vnode_if.h>

/* A component hands in its vectors before its file system's first mount. */
void	vfs_opv_add(struct vnodeopv_desc *const *);

/* Life cycle (vfs_subr.c). */
int	getnewvnode(enum vtagtype, struct mount *, int (**)(void *),
	    struct vnode **);
void	insmntque(struct vnode *, struct mount *);
int	vget(struct vnode *, int flags, struct proc *);
void	vref(struct vnode *);
void	vrele(struct vnode *);
void	vput(struct vnode *);
void	vhold(struct vnode *);
void	holdrele(struct vnode *);
#define	vdrop(vp)	holdrele(vp)
#define	VREF(vp)	vref(vp)
#define	VHOLD(vp)	vhold(vp)
#define	HOLDRELE(vp)	holdrele(vp)
void	vgone(struct vnode *);
void	vgonel(struct vnode *, struct proc *);
int	vrecycle(struct vnode *, struct simplelock *, struct proc *);
int	vflush(struct mount *, struct vnode *skip, int flags);
int	vinvalbuf(struct vnode *, int flags, struct ucred *, struct proc *,
	    int slpflag, int slptimeo);
void	vprint(const char *, struct vnode *);
int	vn_isdisk(struct vnode *, int *errp);
extern int prtactive;
extern struct vnode *rootvnode;

/* Devices (spec_vnops.c). */
int	bdevvp(dev_t, struct vnode **);
int	cdevvp(dev_t, struct vnode **);
struct vnode *checkalias(struct vnode *, dev_t, struct mount *);
int	vcount(struct vnode *);
int	vfinddev(dev_t, enum vtype, struct vnode **);

/* Generic operations (vfs_default.c). */
int	vn_default_error(void *);
int	vop_generic_abortop(void *);
int	vop_generic_bwrite(void *);
int	vop_generic_islocked(void *);
int	vop_generic_lock(void *);
int	vop_generic_unlock(void *);
int	vop_generic_revoke(void *);
int	vop_generic_kqfilter(void *);
void	vop_generic_kqdetach(struct knote *);
int	vaccess(mode_t filemode, uid_t, gid_t, mode_t acc, struct ucred *);

/* Helpers above the operations (vfs_vnops.c). */
struct nameidata;
struct rump_stat;
int	vn_open(struct nameidata *, int fmode, int cmode);
int	vn_close(struct vnode *, int flags, struct ucred *, struct proc *);
int	vn_rdwr(enum uio_rw, struct vnode *, caddr_t base, int len, off_t,
	    enum uio_seg, int ioflg, struct ucred *, size_t *aresid,
	    struct proc *);
int	vn_lock(struct vnode *, int flags, struct proc *);
int	vn_stat(struct vnode *, struct rump_stat *, struct proc *);
int	vn_writechk(struct vnode *);
/* A new name for a socket: its vnode comes back in use.  EEXIST. */
int	vfs_makesocket(const char *path, struct vnode **);

/* A file's size changed: mappings of it (none yet) would have to know. */
void	uvm_vnp_setsize(struct vnode *, off_t);
int	uvm_vnp_uncache(struct vnode *);

/* Soft updates and the syncer. */
int	speedup_syncer(void);

#endif /* _SYS_VNODE_H_ */
