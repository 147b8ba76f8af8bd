/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fsadapter.h: what a file system library has to offer to be mounted.
 *
 * Libraries that read and write some format, but were not written as a driver of
 * this lineage, know nothing of vnodes.  The component fs/adapter does all that is
 * the same for them: vnodes and their locks, the name cache, permissions, times,
 * the rules of rename and rmdir, files that are open and have no name any more,
 * the buffer cache with read-ahead and clustering, fsync, events.  A library comes
 * with a table of functions on nodes, below, and with a small component of its own
 * that declares a struct fsa_type and hands it to fsa_attach() at stage
 * RUMP_COMPONENT_VFS.
 *
 * Rules:
 *  - Locks.  Each function of the table is called with the mount's lock held
 *    (fsa_lock), inside the kernel, so that no two of them run in one mount at the
 *    same time; they may sleep in the buffer cache.  Order: vnodes, then the
 *    mount's lock, then buffers of the device.  A function must not lock or release
 *    vnodes, nor touch buffers of files (it has those of the device, fm_devvp).
 *    fo_unload and fo_store may be called for any node between two other calls,
 *    never during one.
 *  - Nodes.  A node has a number (fn_id, not 0) that names it as long as it is in
 *    memory and that no other node of the mount has; it is st_ino.  The adapter
 *    makes nodes (fo_load), counts their uses, and ends them (fo_unload).  What the
 *    library remembers of a node hangs on fn_data and is the library's to free.
 *  - Attributes.  fo_load fills fn_attr; from then on it is what counts.  Who
 *    changes it sets the bits of what he changed in fn_dirty; fo_store brings it to
 *    the disk's buffers and the adapter clears fn_dirty.  va_nlink and va_bytes
 *    are kept by the library (in fo_create, fo_link, fo_unlink, fo_rename and
 *    fo_bmap, fo_truncate), also those of the folders; va_size, times, owner and
 *    mode by the adapter.
 *  - Names are bytes with a length, no NUL behind them, never "." and only in
 *    fo_lookup "..".
 *  - Errors are positive errno values of NetBSD; a function that fails has changed
 *    nothing that can be seen.  Damage on the disk is EIO (or EINVAL at mount),
 *    never a crash or an endless loop: the library's component guards that.
 */
#ifndef _RUMP_SYS_FSADAPTER_H_
#define	_RUMP_SYS_FSADAPTER_H_

#include <sys/param.h>
#include <sys/buf.h>
#include <sys/lock.h>
#include <sys/mount.h>
#include <sys/queue.h>
#include <sys/vnode.h>

struct fsa_mount;
struct fsa_node;
struct fsa_extents;
struct lockf;

LIST_HEAD(fsa_hashhead, fsa_node);

/* fn_dirty */
#define	FSA_SIZE	0x01
#define	FSA_TIMES	0x02
#define	FSA_MODE	0x04		/* mode, owner, flags */
#define	FSA_NLINK	0x08

#define	FSA_ALLVALID	(~(u_quad_t)0)

struct fsa_node {
	struct fsa_mount *fn_mount;
	ino_t fn_id;
	struct vattr fn_attr;		/* mount's lock; see above */
	int fn_dirty;			/* FSA_ bits; mount's lock */
	int fn_nomap;			/* library: use fo_read and fo_write */
	u_quad_t fn_valid;		/* library: bytes from here on were
					   allocated but never written, and
					   read as zeroes; FSA_ALLVALID, as it
					   is unless set: none.  The adapter
					   writes them before it writes
					   anything else, and says so here */
	void *fn_data;			/* the library's */

	/* Of the adapter, on the virtual CPU. */
	struct vnode *fn_vnode;		/* NULL: it has none (yet) */
	int fn_keep;			/* uses without a vnode */
	u_int fn_namegen;		/* folders: counts names that went */
	LIST_ENTRY(fsa_node) fn_hash;
	struct cluster_info fn_cluster;
	struct fsa_extents *fn_extents;
	struct lockf *fn_lockf;
};

struct fsa_mount {
	/* Set by the adapter before fo_mount. */
	struct mount *fm_mp;
	const struct fsa_ops *fm_ops;
	struct vnode *fm_devvp;		/* open; never locked by the library */
	off_t fm_devsize;		/* bytes */
	int fm_rdonly;

	/* Set by fo_mount. */
	u_int fm_bsize;			/* bytes of a file's block, see fo_bmap:
					   a power of 2, 512 to MAXBSIZE */
	ino_t fm_rootid;
	u_quad_t fm_maxsize;		/* largest file; beyond it EFBIG */
	u_int fm_namemax;		/* bytes of a name; at most NAME_MAX */
	u_int fm_linkmax;
	int fm_flags;			/* FSA_NO* below */
	long fm_timeunit;		/* nanoseconds: times are multiples of
					   it; 0: it does not matter */
	void *fm_data;			/* the library's */

	/* Of the adapter. */
	struct lock fm_lock;
	struct fsa_hashhead *fm_hash;
	u_long fm_hashmask;
	enum vtagtype fm_tag;
};
#define	FSA_NOHOLES	0x01	/* files are filled with zeroes, not sparse */
#define	FSA_NOCASE	0x02	/* several spellings are one name: what is not
				   there is not cached */
#define	FSA_NOATIME	0x04	/* reading does not set the time of access */
#define	FSA_NOCTIME	0x08	/* st_ctime is st_mtime */

/* Where a name leads. */
struct fsa_found {
	ino_t ff_id;
	u_int64_t ff_where[4];		/* the library's, handed to fo_load */
};

/* Takes one entry of a folder; other than 0: it wants no more (this one neither). */
typedef int (*fsa_fill_t)(void *arg, ino_t id, enum vtype, const char *name,
    size_t namelen, off_t next);

/*
 * "Optional" may be NULL.  Unless said otherwise all return 0 or an errno.
 */
struct fsa_ops {
	/*
	 * Mounts: reads from fm_devvp, sets the fields above.  args is a copy of
	 * mount(2)'s data, ft_argsize bytes.
	 */
	int (*fo_mount)(struct fsa_mount *, void *args);
	/* All nodes are gone and stored.  It has to free fm_data in any case. */
	int (*fo_unmount)(struct fsa_mount *);
	/* From or to read-only; fm_rdonly is the new state.  Optional. */
	int (*fo_remount)(struct fsa_mount *);
	/* f_bsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree. */
	int (*fo_statfs)(struct fsa_mount *, struct statfs *);
	/*
	 * Brings what the library keeps in memory to the device's buffers; the
	 * adapter writes those and flushes the device.  Optional.
	 */
	int (*fo_sync)(struct fsa_mount *);

	/*
	 * Fills fn_attr, fn_data, fn_nomap of a new node.  found is what
	 * fo_lookup or fo_create gave under the same hold of the mount's lock,
	 * or has only ff_id, fm_rootid.
	 */
	int (*fo_load)(struct fsa_node *, const struct fsa_found *found);
	/* Writes what of fn_attr fn_dirty says to the device's buffers. */
	int (*fo_store)(struct fsa_node *);
	/* The node leaves memory; frees fn_data.  Nothing is dirty. */
	void (*fo_unload)(struct fsa_node *);
	/* The last use of a node with va_nlink 0 is over: frees its blocks. */
	int (*fo_free)(struct fsa_node *);
	/*
	 * May these attributes (those that are not VNOVAL; no size) be set?  It may
	 * change *va into what the format can hold.  Permissions were checked,
	 * the adapter sets them in fn_attr.  Optional.
	 */
	int (*fo_setattr)(struct fsa_node *, struct vattr *va);

	/*
	 * Frees the blocks behind size, which is not more than fn_attr.va_size; if
	 * it is just that, blocks may have been allocated behind it in vain.  The
	 * file's buffers there are gone already.
	 */
	int (*fo_truncate)(struct fsa_node *, u_quad_t size);
	/*
	 * Where on the device is block lblk (fm_bsize bytes each) of the file?
	 * *dblk in units of DEV_BSIZE, or -1 where there is a hole; *run: so many
	 * blocks from lblk on, at least 1, lie (or miss) one behind the other;
	 * more than want need not be looked for.  With alloc, blocks that miss
	 * are allocated, want at most, one at least, else ENOSPC; they hold
	 * garbage, the adapter writes all of them.  A file without holes is
	 * asked for blocks in ascending order.  The adapter remembers the
	 * answers until it calls fo_truncate or fo_free.
	 */
	int (*fo_bmap)(struct fsa_node *, daddr_t lblk, int want, int alloc,
	    daddr_t *dblk, int *run);
	/*
	 * Instead of fo_bmap for nodes with fn_nomap: moves len bytes; *done are
	 * moved also on error.  fo_write may extend the file (the adapter sets
	 * va_size).  Optional.
	 */
	int (*fo_read)(struct fsa_node *, off_t, void *, size_t len,
	    size_t *done);
	int (*fo_write)(struct fsa_node *, off_t, const void *, size_t len,
	    size_t *done);
	/* The target of a link, *len bytes at most; *len comes back.  Optional. */
	int (*fo_readlink)(struct fsa_node *, char *, size_t *len);

	/* ENOENT if dir has no such name. */
	int (*fo_lookup)(struct fsa_node *dir, const char *name, size_t namelen,
	    struct fsa_found *);
	/*
	 * A new node of va's type, mode, owner, device and times; for a VLNK with
	 * its target.  EEXIST if the name is there, EOPNOTSUPP for types that the
	 * format does not have.  dir's va_nlink grows by a folder.
	 */
	int (*fo_create)(struct fsa_node *dir, const char *name, size_t namelen,
	    const struct vattr *va, const char *target, struct fsa_found *);
	/* Another name for node.  Optional: then EOPNOTSUPP. */
	int (*fo_link)(struct fsa_node *dir, const char *name, size_t namelen,
	    struct fsa_node *);
	/*
	 * Takes a name, which must still be node's (else ENOENT), from dir, and
	 * lowers va_nlink: to 0 if it was the last or node is a folder (it is
	 * empty, and dir's goes down too).  The blocks stay until fo_free.
	 */
	int (*fo_unlink)(struct fsa_node *dir, const char *name, size_t namelen,
	    struct fsa_node *);
	/*
	 * node changes from fdir's fname to tdir's tname.  victim has that name
	 * now, and loses it as in fo_unlink; NULL: nobody has (EEXIST if somebody
	 * has).  Both folders, or neither; a folder is not moved below itself.  A
	 * folder's ".." and both va_nlink follow.  With FSA_NOCASE, both names
	 * may be node's (another spelling).
	 */
	int (*fo_rename)(struct fsa_node *fdir, const char *fname, size_t flen,
	    struct fsa_node *, struct fsa_node *tdir, const char *tname,
	    size_t tlen, struct fsa_node *victim);
	/*
	 * Hands entries to fill, from place *off on (0: the first), "." and ".."
	 * with them; *off comes back as the place of the first that was not taken.
	 */
	int (*fo_readdir)(struct fsa_node *dir, off_t *off, fsa_fill_t fill,
	    void *arg);
	/* ENOTEMPTY, or 0. */
	int (*fo_isempty)(struct fsa_node *dir);
	/* EINVAL if dir is node or below it, or 0. */
	int (*fo_isoutside)(struct fsa_node *dir, struct fsa_node *);
};

/* A type that mount(2) knows.  Its data starts with char *fspec. */
struct fsa_type {
	struct vfsconf ft_vfc;		/* vfc_name; must be first */
	const struct fsa_ops *ft_ops;
	size_t ft_argsize;
	enum vtagtype ft_tag;
};

void	fsa_attach(struct fsa_type *);

/* The mount's lock; its owner may enter again. */
void	fsa_lock(struct fsa_mount *);
void	fsa_unlock(struct fsa_mount *);

/* The node with this number if it is in memory; mount's lock. */
struct fsa_node *fsa_incore(struct fsa_mount *, ino_t);

/*
 * Forgets the device's buffers of bytes from blkno (DEV_BSIZE) on, dirty or not:
 * for blocks that held the library's own data (folders, maps) and come free, lest a
 * file that gets them be overwritten later.
 */
void	fsa_forget(struct fsa_mount *, daddr_t blkno, size_t bytes);

#endif /* _RUMP_SYS_FSADAPTER_H_ */
