/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2.h: what our files of this component share.
 *
 * The library knows the format, the adapter (fsadapter.h) knows vnodes; these files
 * stand between them, and do themselves what is asked most often: finding and
 * adding names, and handing out blocks to files that grow.  All fields below
 * belong to the mount's lock.
 */
#ifndef _EXT2_H_
#define	_EXT2_H_

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/mount.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <sys/vnode.h>
#include <rump-sys/fsadapter.h>
#include "ext2_lib.h"

struct ext2_node;

struct ext2_mount {
	struct fsa_mount *em_fm;
	ext2_filsys em_fs;
	char *em_buf;			/* two blocks, for the library */
	int em_state;			/* s_state to be restored */
	int em_failed;			/* damage was met: no more changes */
	int em_complaints;		/* so many things were damaged */
	LIST_HEAD(, ext2_node) em_growing;	/* see ext2_map.c */
	int em_ngrowing;
	TAILQ_HEAD(, ext2_node) em_orphans;	/* no name, still open */
	int em_neworphans;		/* not as on the disk */
};

/* Blocks of a file, one behind the other. */
struct ext2_run {
	blk64_t r_lblk;
	blk64_t r_pblk;			/* 0: a hole */
	blk64_t r_len;
	int r_uninit;			/* allocated, reads as zeroes */
};

struct ext2_node {
	struct fsa_node *n_fn;
	struct ext2_mount *n_em;
	ext2_ino_t n_ino;
	struct ext2_inode_large n_inode; /* what the library is told */
	int n_dirty;			/* n_inode must be written */

	/* Of files; see ext2_map.c. */
	struct ext2_run n_last;		/* found last */
	struct ext2_run n_tail;		/* the library does not know yet */
	blk64_t n_spare, n_nspare;	/* blocks set aside behind n_tail */
	LIST_ENTRY(ext2_node) n_growing;
	int n_isgrowing;
	int n_untidy;			/* see ext2_tidy.c */

	TAILQ_ENTRY(ext2_node) n_orphan;
	int n_isorphan;

	/* Of folders. */
	blk64_t n_room;			/* no block before it has room */
};
#define	NODE(fn)	((struct ext2_node *)(fn)->fn_data)
#define	MOUNT(fm)	((struct ext2_mount *)(fm)->fm_data)
#define	INODE(np)	((struct ext2_inode *)&(np)->n_inode)
#define	ISDIR(np)	LINUX_S_ISDIR((np)->n_inode.i_mode)

/* ext2_features.c: 0, or why not, said on the console. */
int	ext2_check_super(struct fsa_mount *, const struct ext2_super_block *);
int	ext2_check_write(const struct ext2_super_block *);

/* ext2_mount.c */
extern const struct fsa_ops ext2_ops;
int	ext2_damaged(struct ext2_mount *, const char *what, ext2_ino_t);

/* ext2_inode.c */
int	ext2_load(struct fsa_node *, const struct fsa_found *);
int	ext2_store(struct fsa_node *);
void	ext2_unload(struct fsa_node *);
int	ext2_setattr(struct fsa_node *, struct vattr *);
int	ext2_inode_write(struct ext2_node *);
int	ext2_inode_new(struct ext2_node *dir, const struct vattr *, ext2_ino_t *,
	    struct ext2_inode_large *);

/* ext2_time.c */
long	ext2_times_unit(ext2_filsys);
void	ext2_times_get(ext2_filsys, struct ext2_inode_large *, struct vattr *);
void	ext2_times_put(ext2_filsys, struct ext2_inode_large *,
	    const struct vattr *);
void	ext2_times_born(ext2_filsys, struct ext2_inode_large *,
	    const struct timespec *);

/* ext2_link.c */
int	ext2_readlink(struct fsa_node *, char *, size_t *);
int	ext2_link_target(struct ext2_node *, const char *);

/* ext2_free.c */
int	ext2_free_file(struct fsa_node *);
void	ext2_orphan_add(struct ext2_node *);
void	ext2_orphan_remove(struct ext2_node *);
int	ext2_orphans_write(struct ext2_mount *);
int	ext2_inode_end(struct ext2_mount *, ext2_ino_t, struct ext2_inode_large *);

/* ext2_map.c */
int	ext2_map(struct ext2_node *, blk64_t, struct ext2_run *);
int	ext2_map_settle(struct ext2_node *);
void	ext2_map_release(struct ext2_node *);
int	ext2_map_sync(struct ext2_mount *);
int	ext2_map_yield(struct ext2_mount *);
int	ext2_bmap(struct fsa_node *, daddr_t, int, int, daddr_t *, int *);
int	ext2_truncate(struct fsa_node *, u_quad_t);

/* ext2_extent.c: puts a run into the map on the disk. */
int	ext2_run_find(struct ext2_node *, blk64_t, struct ext2_run *);
int	ext2_run_insert(struct ext2_node *, const struct ext2_run *);
errcode_t ext2_extents_insert(struct ext2_node *, const struct ext2_run *);

/* ext2_punch.c */
errcode_t ext2_punch(ext2_filsys, ext2_ino_t, struct ext2_inode *,
	    blk64_t from);

/* ext2_tidy.c */
int	ext2_tidy(struct ext2_node *);

/* ext2_dir.c: names of a folder. */
struct ext2_place {
	blk64_t p_lblk;
	u_int p_off;
	ext2_ino_t p_ino;
	int p_type;			/* EXT2_FT_* */
};
int	ext2_dir_find(struct ext2_node *, const char *, size_t,
	    struct ext2_place *);
int	ext2_dir_add(struct ext2_node *, const char *, size_t, ext2_ino_t,
	    int type);
int	ext2_dir_remove(struct ext2_node *, const struct ext2_place *);
int	ext2_dir_change(struct ext2_node *, const struct ext2_place *,
	    ext2_ino_t, int type);
int	ext2_dir_new(struct ext2_node *, ext2_ino_t parent);
int	ext2_dir_grow(struct ext2_node *, struct buf **);
int	ext2_dir_reread(struct ext2_node *);

/* ext2_dirblock.c: one block.  Takes an entry, its place and its length. */
typedef int (*ext2_take_t)(void *arg, struct ext2_dir_entry *, off_t, u_int);
blk64_t	ext2_dir_blocks(struct ext2_node *);
int	ext2_dirblock_read(struct ext2_node *, blk64_t, struct buf **);
int	ext2_dirblock_write(struct ext2_node *, struct buf *);
struct ext2_dir_entry *ext2_dirblock_entry(ext2_filsys, char *, u_int off,
	    u_int *len);
int	ext2_dirblock_find(struct ext2_node *, char *, const char *, size_t,
	    struct ext2_place *);
int	ext2_dirblock_add(struct ext2_node *, char *, const char *, size_t,
	    ext2_ino_t, int type);
int	ext2_dirblock_remove(struct ext2_node *, char *, u_int off);
int	ext2_dirblock_walk(struct ext2_node *, blk64_t, u_int off, ext2_take_t,
	    void *);
void	ext2_dirblock_init(ext2_filsys, char *);
void	ext2_dirblock_dots(ext2_filsys, char *, ext2_ino_t, ext2_ino_t);

/* ext2_inline.c */
int	ext2_inline_data(struct ext2_node *, char **, size_t *);
int	ext2_inline_read(struct fsa_node *, off_t, void *, size_t, size_t *);
int	ext2_inline_find(struct ext2_node *, const char *, size_t,
	    struct ext2_place *);
int	ext2_inline_walk(struct ext2_node *, off_t, ext2_take_t, void *);

/* ext2_readdir.c */
int	ext2_readdir(struct fsa_node *, off_t *, fsa_fill_t, void *);
int	ext2_isempty(struct fsa_node *);

/* ext2_htree.c: folders with an index. */
int	ext2_htree_find(struct ext2_node *, const char *, size_t,
	    struct ext2_place *);
int	ext2_htree_add(struct ext2_node *, const char *, size_t, ext2_ino_t,
	    int type);
int	ext2_htree_make(struct ext2_node *);

/* ext2_names.c */
int	ext2_lookup(struct fsa_node *, const char *, size_t, struct fsa_found *);
int	ext2_create(struct fsa_node *, const char *, size_t,
	    const struct vattr *, const char *, struct fsa_found *);
int	ext2_link(struct fsa_node *, const char *, size_t, struct fsa_node *);
int	ext2_unlink(struct fsa_node *, const char *, size_t, struct fsa_node *);
int	ext2_rename(struct fsa_node *, const char *, size_t, struct fsa_node *,
	    struct fsa_node *, const char *, size_t, struct fsa_node *);
int	ext2_isoutside(struct fsa_node *, struct fsa_node *);

#endif /* _EXT2_H_ */
