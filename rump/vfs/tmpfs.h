/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tmpfs.h: files in memory: the root of every kernel, and what fs/tmpfs mounts.
 */
#ifndef _TMPFS_H_
#define	_TMPFS_H_

#include <sys/queue.h>
#include <sys/vnode.h>

struct tmpfs_mount;
struct tmpfs_node;

/*
 * A name in a folder.  Found by its hash; listed in the order of cookies, which
 * only grow, so that a reader's place holds while others come and go.
 */
struct tmpfs_dirent {
	TAILQ_ENTRY(tmpfs_dirent) td_list;
	struct tmpfs_dirent *td_next;	/* of the same hash */
	struct tmpfs_node *td_node;
	off_t td_cookie;
	uint32_t td_hash;
	uint32_t td_namelen;
	char td_name[];
};
TAILQ_HEAD(tmpfs_entries, tmpfs_dirent);

/* A regular file that is one of the host's (etfs). */
struct tmpfs_host {
	int th_fd;
	int th_rdonly;
	off_t th_begin;			/* of the host's file */
};

/*
 * A file.  All fields belong to the virtual CPU; contents, size and a folder's
 * entries also to the lock of its vnode, across sleeps.
 */
struct tmpfs_node {
	struct vnode *tn_vnode;		/* NULL: not in memory as a vnode */
	struct tmpfs_mount *tn_mount;
	LIST_ENTRY(tmpfs_node) tn_list;	/* of the mount's */
	enum vtype tn_type;
	ino_t tn_ino;
	mode_t tn_mode;
	int tn_nlink;
	int tn_keep;			/* uses by the kernel: the node stays */
	uid_t tn_uid;
	gid_t tn_gid;
	u_int tn_flags;			/* chflags(2) */
	struct timespec tn_atime;
	struct timespec tn_mtime;
	struct timespec tn_ctime;
	struct timespec tn_birthtime;
	off_t tn_size;
	size_t tn_charged;		/* bytes taken from the mount's */
	struct lockf *tn_lockf;
	union {
		struct {
			struct tmpfs_entries entries;
			struct tmpfs_dirent **table;	/* by hash; or NULL */
			uint32_t mask;
			uint32_t count;
			off_t cookie;			/* the next one's */
			struct tmpfs_dirent *hint;	/* a reader's next */
			struct tmpfs_node *parent;	/* NULL: removed */
		} dir;
		char *link;
		dev_t rdev;
		struct {
			char *small;		/* the whole file, or NULL */
			size_t smallsize;	/* bytes of it */
			char ***index;		/* tables of chunks, or NULL */
			size_t nindex;
			size_t nchunks;
			struct tmpfs_host *host;
		} reg;
	} tn_u;
};
#define	tn_entries	tn_u.dir.entries
#define	tn_table	tn_u.dir.table
#define	tn_mask		tn_u.dir.mask
#define	tn_count	tn_u.dir.count
#define	tn_cookie	tn_u.dir.cookie
#define	tn_hint		tn_u.dir.hint
#define	tn_parent	tn_u.dir.parent
#define	tn_link		tn_u.link
#define	tn_rdev		tn_u.rdev
#define	tn_small	tn_u.reg.small
#define	tn_smallsize	tn_u.reg.smallsize
#define	tn_index	tn_u.reg.index
#define	tn_nindex	tn_u.reg.nindex
#define	tn_nchunks	tn_u.reg.nchunks
#define	tn_host		tn_u.reg.host

/* All fields belong to the virtual CPU. */
struct tmpfs_mount {
	struct mount *tm_mp;
	struct tmpfs_node *tm_root;
	LIST_HEAD(, tmpfs_node) tm_nodelist;
	ino_t tm_lastino;
	uint64_t tm_nodes;
	uint64_t tm_nodes_max;
	uint64_t tm_bytes;		/* of contents and links' targets */
	uint64_t tm_bytes_max;
};

#define	VTOTN(vp)	((struct tmpfs_node *)(vp)->v_data)
#define	MPTOTM(mp)	((struct tmpfs_mount *)(mp)->mnt_data)

/* tmpfs_init.c: the memory root. */
void	tmpfs_mountroot(void);
extern struct tmpfs_mount *tmpfs_rootmount;
int	tmpfs_mkdev(const char *path, enum vtype, dev_t, struct tmpfs_node **);
int	tmpfs_mkhostfile(const char *path, const struct tmpfs_host *,
	    off_t size, struct tmpfs_node **);
void	tmpfs_keep(struct tmpfs_node *);
void	tmpfs_drop(const char *path, struct tmpfs_node *);

/* tmpfs_node.c */
void	tmpfs_node_init(void);
int	tmpfs_node_new(struct tmpfs_mount *, enum vtype, mode_t,
	    struct ucred *, struct tmpfs_node **);
void	tmpfs_node_free(struct tmpfs_node *);
void	tmpfs_node_unkeep(struct tmpfs_node *);
int	tmpfs_vget(struct tmpfs_node *, struct vnode **);

/* tmpfs_dir.c */
uint32_t tmpfs_hash(const char *, size_t);
struct tmpfs_dirent *tmpfs_dir_find(struct tmpfs_node *, const char *,
	    size_t, uint32_t hash);
struct tmpfs_dirent *tmpfs_dirent_new(const char *, size_t, uint32_t hash);
void	tmpfs_dir_add(struct tmpfs_node *, struct tmpfs_node *,
	    struct tmpfs_dirent *);
void	tmpfs_dir_remove(struct tmpfs_node *, struct tmpfs_dirent *);
struct tmpfs_dirent *tmpfs_dir_seek(struct tmpfs_node *, off_t cookie);

/* tmpfs_data.c */
int	tmpfs_read_file(struct tmpfs_node *, struct uio *);
int	tmpfs_write_file(struct tmpfs_node *, struct uio *);
int	tmpfs_resize(struct tmpfs_node *, off_t);
int	tmpfs_host_rw(struct tmpfs_node *, struct uio *);

/* tmpfs_mem.c: memory for contents, and who may have how much. */
#define	TMPFS_CHUNK	((size_t)64 * 1024)
void	tmpfs_mem_init(void);
char	*tmpfs_chunk_get(void);
void	tmpfs_chunk_put(char *);
size_t	tmpfs_mem_reclaim(size_t);
int	tmpfs_charge(struct tmpfs_mount *, size_t);
void	tmpfs_uncharge(struct tmpfs_mount *, size_t);
int	tmpfs_charge_node(struct tmpfs_mount *);
void	tmpfs_uncharge_node(struct tmpfs_mount *);
uint64_t tmpfs_bytes_free(struct tmpfs_mount *);

/* tmpfs_vnops.c, tmpfs_names.c, tmpfs_attr.c: operations. */
extern int (**tmpfs_vnodeop_p)(void *);
extern int (**tmpfs_specop_p)(void *);
extern int (**tmpfs_fifoop_p)(void *);
int	tmpfs_lookup(void *);
int	tmpfs_create(void *);
int	tmpfs_mkdir(void *);
int	tmpfs_mknod(void *);
int	tmpfs_symlink(void *);
int	tmpfs_remove(void *);
int	tmpfs_rmdir(void *);
int	tmpfs_link(void *);
int	tmpfs_rename(void *);
int	tmpfs_access(void *);
int	tmpfs_getattr(void *);
int	tmpfs_setattr(void *);
int	tmpfs_open(void *);

#endif /* _TMPFS_H_ */
