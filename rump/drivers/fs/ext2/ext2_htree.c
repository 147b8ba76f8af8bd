/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_htree.c: folders with an index ("htree").
 *
 * Names are in leaves by their hash.  Block 0 holds, behind "." and "..", the root:
 * a sorted table of hashes and blocks; there may be levels of more such tables
 * between it and the leaves.  Names of one hash may go on in the next leaf: then
 * the lowest bit of that leaf's hash is set.  Looking up and adding where there is
 * room is done here; the library splits leaves.
 */
#include "ext2.h"

#define	ROOT_INFO	24		/* behind the entries "." and ".." */
#define	ROOT_TABLE	(ROOT_INFO + sizeof(struct ext2_dx_root_info))
#define	NODE_TABLE	8		/* behind an entry without a name */
#define	BLOCK_MASK	0x0fffffff

/* One table on the way down. */
struct frame {
	blk64_t f_lblk;
	u_int f_table;			/* where the table starts */
	u_int f_at;			/* entry taken */
	u_int f_count;
};

struct probe {
	struct frame p_frames[EXT4_HTREE_LEVEL];
	u_int p_levels;
	uint32_t p_hash;
};

static int
bad_index(struct ext2_node *np)
{

	return (ext2_damaged(np->n_em, "the index of a folder", np->n_ino));
}

/* The table at off of a block; NULL if it does not hold together. */
static struct ext2_dx_entry *
table_of(ext2_filsys fs, char *block, struct frame *f)
{
	struct ext2_dx_countlimit *cl =
	    (struct ext2_dx_countlimit *)(void *)(block + f->f_table);

	f->f_count = cl->count;
	return (cl->count == 0 || cl->count > cl->limit || cl->limit >
	    (fs->blocksize - f->f_table) / sizeof(struct ext2_dx_entry) ?
	    NULL : (struct ext2_dx_entry *)(void *)cl);
}

/* The last entry whose hash is not above; the first has no hash of its own. */
static u_int
search(const struct ext2_dx_entry *table, u_int count, uint32_t hash)
{
	u_int low = 1, high = count, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (table[mid].hash > hash)
			high = mid;
		else
			low = mid + 1;
	}
	return (low - 1);
}

static int
root_info(struct ext2_node *np, char *block, struct probe *p, const char *name,
    size_t namelen)
{
	ext2_filsys fs = np->n_em->em_fs;
	struct ext2_dx_root_info *info =
	    (struct ext2_dx_root_info *)(void *)(block + ROOT_INFO);
	int version = info->hash_version;
	__u32 minor;

	if (info->info_length != sizeof(*info) ||
	    info->indirect_levels >= ext2_dir_htree_level(fs))
		return (bad_index(np));
	p->p_levels = info->indirect_levels + 1U;
	if (version > EXT2_HASH_TEA)
		return (EOPNOTSUPP);
	if (fs->super->s_flags & EXT2_FLAGS_UNSIGNED_HASH)
		version += 3;
	return (ext2_errno(ext2fs_dirhash(version, name, (int)namelen,
	    fs->super->s_hash_seed, &p->p_hash, &minor)));
}

/*
 * Reads the table of a level and takes the entry of the hash, or the first one:
 * *lblk, the block of the next level.
 */
static int
descend(struct ext2_node *np, struct probe *p, u_int level, const char *name,
    size_t namelen, int first, blk64_t *lblk)
{
	struct frame *f = &p->p_frames[level];
	struct ext2_dx_entry *table;
	struct buf *bp;
	int error;

	if ((error = ext2_dirblock_read(np, *lblk, &bp)) != 0)
		return (error);
	f->f_lblk = *lblk;
	f->f_table = level == 0 ? ROOT_TABLE : NODE_TABLE;
	if (level == 0 && (error = root_info(np, bp->b_data, p, name,
	    namelen)) != 0) {
		brelse(bp);
		return (error);
	}
	if ((table = table_of(np->n_em->em_fs, bp->b_data, f)) == NULL) {
		brelse(bp);
		return (bad_index(np));
	}
	f->f_at = first ? 0 : search(table, f->f_count, p->p_hash);
	*lblk = table[f->f_at].block & BLOCK_MASK;
	brelse(bp);
	return (0);
}

/* Down from the root: *lblk, the leaf where the name would be. */
static int
probe(struct ext2_node *np, struct probe *p, const char *name, size_t namelen,
    blk64_t *lblk)
{
	u_int level;
	int error;

	*lblk = 0;
	for (level = 0, p->p_levels = 1; level < p->p_levels; level++)
		if ((error = descend(np, p, level, name, namelen, 0,
		    lblk)) != 0)
			return (error);
	return (0);
}

/* The next leaf, if names of the hash go on there; else ENOENT. */
static int
next_leaf(struct ext2_node *np, struct probe *p, blk64_t *lblk)
{
	struct ext2_dx_entry *table;
	u_int level = p->p_levels;
	uint32_t hash;
	struct frame *f;
	struct buf *bp;
	int error;

	do {
		if (level == 0)
			return (ENOENT);
		f = &p->p_frames[--level];
	} while (f->f_at + 1 >= f->f_count);
	if ((error = ext2_dirblock_read(np, f->f_lblk, &bp)) != 0)
		return (error);
	if ((table = table_of(np->n_em->em_fs, bp->b_data, f)) == NULL ||
	    f->f_at + 1 >= f->f_count) {
		brelse(bp);
		return (bad_index(np));
	}
	hash = table[++f->f_at].hash;
	*lblk = table[f->f_at].block & BLOCK_MASK;
	brelse(bp);
	if ((hash & 1) == 0 || (hash & ~1U) != p->p_hash)
		return (ENOENT);
	while (++level < p->p_levels)
		if ((error = descend(np, p, level, NULL, 0, 1, lblk)) != 0)
			return (error);
	return (0);
}

int
ext2_htree_find(struct ext2_node *np, const char *name, size_t namelen,
    struct ext2_place *place)
{
	struct probe p;
	struct buf *bp;
	int error;

	error = probe(np, &p, name, namelen, &place->p_lblk);
	while (error == 0) {
		if ((error = ext2_dirblock_read(np, place->p_lblk, &bp)) != 0)
			return (error);
		error = ext2_dirblock_find(np, bp->b_data, name, namelen,
		    place);
		brelse(bp);
		if (error != ENOENT)
			return (error);
		error = next_leaf(np, &p, &place->p_lblk);
	}
	return (error);
}

/* The leaf is full: the library splits it, and what must be above it. */
static int
split(struct ext2_node *np, const char *name, size_t namelen, ext2_ino_t ino,
    int type)
{
	char text[EXT2_NAME_LEN + 1];
	errcode_t retval;
	int error;

	memcpy(text, name, namelen);
	text[namelen] = '\0';
	if (np->n_dirty && (error = ext2_inode_write(np)) != 0)
		return (error);
	retval = ext2fs_link(np->n_em->em_fs, np->n_ino, text, ino, type);
	if ((error = ext2_dir_reread(np)) != 0)
		return (error);
	return (retval != 0 && ext2_errno(retval) == EIO ? bad_index(np) :
	    ext2_errno(retval));
}

int
ext2_htree_add(struct ext2_node *np, const char *name, size_t namelen,
    ext2_ino_t ino, int type)
{
	struct probe p;
	struct buf *bp;
	blk64_t lblk;
	int error;

	if ((error = probe(np, &p, name, namelen, &lblk)) != 0 ||
	    (error = ext2_dirblock_read(np, lblk, &bp)) != 0)
		return (error);
	error = ext2_dirblock_add(np, bp->b_data, name, namelen, ino, type);
	if (error == 0)
		return (ext2_dirblock_write(np, bp));
	brelse(bp);
	return (error == ENOSPC ? split(np, name, namelen, ino, type) : error);
}

/* Moves all entries but "." and ".." to a new block. */
static int
move_out(struct ext2_node *np, char *from, char *to)
{
	ext2_filsys fs = np->n_em->em_fs;
	struct ext2_dir_entry *de;
	u_int off, len;
	int error;

	for (off = 0; off < fs->blocksize; off += len) {
		if ((de = ext2_dirblock_entry(fs, from, off, &len)) == NULL)
			return (bad_index(np));
		if (off < ROOT_INFO || de->inode == 0)
			continue;
		if ((error = ext2_dirblock_add(np, to, de->name,
		    (size_t)ext2fs_dirent_name_len(de), de->inode,
		    ext2fs_dirent_file_type(de))) != 0)
			return (error);
	}
	return (0);
}

static void
make_root(ext2_filsys fs, char *block)
{
	struct ext2_dx_root_info *info =
	    (struct ext2_dx_root_info *)(void *)(block + ROOT_INFO);
	struct ext2_dx_countlimit *cl =
	    (struct ext2_dx_countlimit *)(void *)(block + ROOT_TABLE);
	u_int room = fs->blocksize - ROOT_TABLE;

	/* ".." reaches to the end, over all that follows. */
	(void)ext2fs_set_rec_len(fs, fs->blocksize - 12,
	    (struct ext2_dir_entry *)(void *)(block + 12));
	memset(block + ROOT_INFO, 0, fs->blocksize - ROOT_INFO);
	info->hash_version = fs->super->s_def_hash_version;
	info->info_length = sizeof(*info);
	if (ext2fs_has_feature_metadata_csum(fs->super))
		room -= sizeof(struct ext2_dx_tail);
	cl->limit = (__u16)(room / sizeof(struct ext2_dx_entry));
	cl->count = 1;
	((struct ext2_dx_entry *)(void *)cl)->block = 1;
}

/* Do the block's first two entries lie where an index has them? */
static int
has_dots(ext2_filsys fs, char *block)
{
	struct ext2_dir_entry *de;
	u_int len;

	de = ext2_dirblock_entry(fs, block, 0, &len);
	if (de == NULL || len != 12 || ext2fs_dirent_name_len(de) != 1 ||
	    de->name[0] != '.')
		return (0);
	de = ext2_dirblock_entry(fs, block, 12, &len);
	return (de != NULL && len == 12 && ext2fs_dirent_name_len(de) == 2 &&
	    memcmp(de->name, "..", 2) == 0);
}

/* With the root's old contents in block: moves them to a leaf, and makes a root. */
static int
make_index(struct ext2_node *np, char *block)
{
	struct buf *root, *leaf;
	int error;

	if ((error = ext2_dir_grow(np, &leaf)) != 0)
		return (error);
	if ((error = move_out(np, block, leaf->b_data)) != 0) {
		/* Without an index it is one more block, without names. */
		ext2_dirblock_init(np->n_em->em_fs, leaf->b_data);
		(void)ext2_dirblock_write(np, leaf);
		return (error);
	}
	if ((error = ext2_dirblock_write(np, leaf)) != 0 ||
	    (error = ext2_dirblock_read(np, 0, &root)) != 0)
		return (error);
	make_root(np->n_em->em_fs, root->b_data);
	np->n_inode.i_flags |= EXT2_INDEX_FL;
	return (ext2_dirblock_write(np, root));
}

/* Gives a folder of one block, which is full, an index with one leaf. */
int
ext2_htree_make(struct ext2_node *np)
{
	ext2_filsys fs = np->n_em->em_fs;
	struct buf *bp;
	char *block;
	int error;

	if (fs->super->s_def_hash_version > EXT2_HASH_TEA)
		return (EOPNOTSUPP);
	if (ext2fs_get_mem(fs->blocksize, &block) != 0)
		return (ENOMEM);
	if ((error = ext2_dirblock_read(np, 0, &bp)) == 0) {
		memcpy(block, bp->b_data, fs->blocksize);
		brelse(bp);
		error = has_dots(fs, block) ? make_index(np, block) :
		    EOPNOTSUPP;
	}
	ext2fs_free_mem(&block);
	return (error);
}
