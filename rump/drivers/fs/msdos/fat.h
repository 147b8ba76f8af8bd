/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fat.h: what the files of fs/msdos share.
 *
 * All of it is used under the mount's lock (fsadapter.h).
 */
#ifndef _FAT_H_
#define	_FAT_H_

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/queue.h>
#include <ff.h>
#include <rump-sys/fsadapter.h>
#include "fat_ff.h"

#define	FAT_HASH	1024

struct fatindex;

LIST_HEAD(fatnodehead, fatnode);

/* Clusters of a chain that lie side by side. */
struct fatrun {
	DWORD r_index;			/* in the chain */
	DWORD r_clust;
	DWORD r_len;
};

/*
 * A file or folder that somebody knows: its node, or what is in it.  It stays as
 * long as either is there, and so its number.
 */
struct fatnode {
	LIST_ENTRY(fatnode) n_lochash;
	LIST_ENTRY(fatnode) n_idhash;
	struct fatmount *n_fm;
	int n_refs;
	ino_t n_id;
	/*
	 * The directory entries are n_first to n_last (bytes in the folder
	 * n_dir); the main one is the short name's, which is the last, or with
	 * exFAT the first.  n_loc is that one's number on the device, 0 for the
	 * root and for what has no name any more.
	 */
	u_int64_t n_loc;
	struct fatnode *n_dir;		/* referenced; NULL: the root */
	DWORD n_first;
	DWORD n_last;
	/* sclust, attr; with exFAT also stat, objsize (of whole clusters). */
	FFOBJID n_obj;
	u_quad_t n_valid;		/* exFAT: as fn_valid of the adapter's */
	u_int n_made;			/* m_syncs when it was; 0: before */
	/* The chain as far as it was followed (fat_chain.c). */
	struct fatrun *n_runs;
	int n_nruns, n_roomruns;
	DWORD n_known;			/* clusters */
	int n_complete;			/* that is all */
	DWORD n_mark, n_markat;		/* to find loops */
	struct fatindex *n_index;	/* folders (fat_index.c) */
};

struct fatmount {
	FATFS m_fs;
	struct fsa_mount *m_fsa;
	struct fatnode *m_root;
	struct fatnodehead m_lochash[FAT_HASH];
	struct fatnodehead m_idhash[FAT_HASH];
	u_int32_t m_lastid;		/* of numbers that say no place */
	uid_t m_uid;
	gid_t m_gid;
	mode_t m_mask, m_dirmask;
	int m_gmtoff;			/* seconds */
	u_int m_syncs;			/* times that all went to the disk, from 1 */
	u_int m_freed;			/* m_syncs when clusters came free */
	int m_wasdirty;			/* was not unmounted last time */
	int m_clearing;			/* what is written is a new cluster */
	u_int m_ssize;			/* bytes of a sector, before m_fs knows */
	WCHAR m_lfn[FF_MAX_LFN + 1];	/* the library's name buffers */
	BYTE m_xdir[(FF_MAX_LFN + 44U) / 15 * 32];
};

/* A name in the library's form. */
struct fatname {
	WCHAR fn_long[FF_MAX_LFN + 1];
	BYTE fn_short[12];		/* with its flags, as create_name() */
};

#define	ISEXFAT(fs)	((fs)->fs_type == FS_EXFAT)
#define	CLUSTER_BYTES(fs) ((DWORD)(fs)->csize * (fs)->ssize)
#define	ENTRY		32		/* bytes of a directory entry */
#define	MTOFAT(fsa)	((struct fatmount *)(fsa)->fm_data)
#define	NTOFAT(fn)	((struct fatnode *)(fn)->fn_data)

/* fat_subr.c */
int	fat_errno(FRESULT);
int	fat_name(struct fatmount *, const char *, size_t, struct fatname *);
DWORD	fat_fromtime(struct fatmount *, const struct timespec *, BYTE *cent);
int	fat_flush(struct fatmount *);
int	fat_order(struct fatmount *);
int	fat_flushold(struct fatmount *, int wasblank);
void	fat_totime(struct fatmount *, DWORD, BYTE cent, struct timespec *);
void	fat_stored(struct fatmount *, struct timespec *, int isaccess);

/* fat_diskio.c */
int	fat_isblank(struct fatmount *, DWORD clust);

/* fat_chain.c */
int	fat_cluster(struct fatnode *, DWORD index, DWORD *clust, DWORD *len);
int	fat_extend(struct fatnode *, DWORD count);
int	fat_append(struct fatnode *, DWORD clust);
int	fat_cut(struct fatnode *, DWORD keep);
void	fat_forgetchain(struct fatnode *);

/* fat_node.c */
int	fat_getnode(struct fatnode *dir, DWORD first, DWORD last,
	    struct fatnode **);
struct fatnode *fat_newroot(struct fatmount *);
void	fat_hold(struct fatnode *);
void	fat_release(struct fatnode *);
ino_t	fat_idat(struct fatmount *, u_int64_t loc);
void	fat_setplace(struct fatnode *, u_int64_t loc, struct fatnode *dir,
	    DWORD first, DWORD last);

/* fat_dir.c */
int	fat_seek(struct fatnode *dir, DWORD ofs, FF_DIR *);
int	fat_open(struct fatnode *dir, DWORD first, DWORD last, FF_DIR *);
u_int64_t fat_loc(struct fatmount *, const FF_DIR *);
int	fat_readentry(FF_DIR *, DWORD *first, DWORD *last);
int	fat_register(struct fatnode *dir, struct fatname *, DWORD *first,
	    DWORD *last);
int	fat_erase(struct fatnode *dir, DWORD first, DWORD last);
int	fat_clear(struct fatmount *, DWORD clust);
int	fat_growdir(struct fatnode *dir);
DWORD	fat_dirroom(struct fatnode *dir);

/* fat_index.c */
int	fat_find(struct fatnode *dir, struct fatname *, DWORD *first,
	    DWORD *last);
int	fat_shortfree(struct fatnode *dir, const BYTE *sfn);
int	fat_slot(struct fatnode *dir, DWORD count, DWORD *slot, int *isend);
int	fat_indexnames(struct fatnode *dir, DWORD first, DWORD last, int add);
int	fat_isempty(struct fatnode *dir);
void	fat_freeindex(struct fatnode *dir);

/* fat_entry.c */
int	fat_loadattr(struct fatnode *, struct vattr *);
int	fat_storeattr(struct fatnode *, const struct vattr *);
int	fat_storedirsize(struct fatnode *);
mode_t	fat_mode(struct fatnode *);
void	fat_setmode(struct fatnode *, mode_t);
int	fat_copyentry(struct fatnode *, struct fatnode *dir, DWORD first,
	    DWORD last);

/* fat_names.c */
int	fat_lookup(struct fsa_node *, const char *, size_t, struct fsa_found *);
int	fat_create(struct fsa_node *, const char *, size_t,
	    const struct vattr *, const char *, struct fsa_found *);
int	fat_unlink(struct fsa_node *, const char *, size_t, struct fsa_node *);
int	fat_rename(struct fsa_node *, const char *, size_t, struct fsa_node *,
	    struct fsa_node *, const char *, size_t, struct fsa_node *);
int	fat_readdir(struct fsa_node *, off_t *, fsa_fill_t, void *);
int	fat_isoutside(struct fsa_node *, struct fsa_node *);

/* fat_mount.c */
int	fat_isbadboot(const BYTE *);
int	fat_mount(struct fsa_mount *, void *);
int	fat_unmount(struct fsa_mount *);
int	fat_remount(struct fsa_mount *);
int	fat_statfs(struct fsa_mount *, struct statfs *);
int	fat_sync(struct fsa_mount *);

#endif /* _FAT_H_ */
