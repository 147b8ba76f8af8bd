/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_dirblock.c: entries in one block of a folder.
 *
 * A block is worked on where it lies, in its buffer.  What it says is not trusted:
 * every walk checks each entry before it uses it, since the same block may be
 * something else too on a damaged disk.
 */
#include "ext2.h"

#define	HEADER		EXT2_DIR_ENTRY_HEADER_LEN
#define	REC_LEN(n)	(((u_int)(n) + HEADER + EXT2_DIR_ROUND) &	\
			    ~(u_int)EXT2_DIR_ROUND)

blk64_t
ext2_dir_blocks(struct ext2_node *np)
{

	return (EXT2_I_SIZE(INODE(np)) / np->n_em->em_fs->blocksize);
}

/* Bytes of a block that hold entries: a checksum has an entry of its own. */
static u_int
room_of(ext2_filsys fs)
{

	return (fs->blocksize - (ext2fs_has_feature_metadata_csum(fs->super) ?
	    sizeof(struct ext2_dir_entry_tail) : 0));
}

/*
 * A block's buffer, busy.  The checksum is over the inode's number and generation
 * too: the library looks the inode up, which must be in its own cache by then, or
 * it may wait for this very buffer on a disk where the block is also one of inodes.
 */
int
ext2_dirblock_read(struct ext2_node *np, blk64_t lblk, struct buf **bpp)
{
	struct ext2_mount *em = np->n_em;
	struct ext2_inode inode;
	struct ext2_run run;
	blk64_t pblk;
	int error;

	if (lblk >= ext2_dir_blocks(np))
		return (ext2_damaged(em, "a block beyond its end", np->n_ino));
	if ((error = ext2_map(np, lblk, &run)) != 0)
		return (error);
	if (run.r_pblk == 0 || run.r_uninit)
		return (ext2_damaged(em, "a hole in a folder", np->n_ino));
	pblk = run.r_pblk + (lblk - run.r_lblk);
	if (ext2fs_has_feature_metadata_csum(em->em_fs->super) &&
	    ext2fs_read_inode(em->em_fs, np->n_ino, &inode) != 0)
		return (ext2_damaged(em, "its inode", np->n_ino));
	error = bread(em->em_fm->fm_devvp, (daddr_t)(pblk *
	    (em->em_fs->blocksize >> DEV_BSHIFT)), (int)em->em_fs->blocksize,
	    NOCRED, bpp);
	if (error == 0 && ((*bpp)->b_flags & B_CACHE) == 0 &&
	    !ext2fs_dir_block_csum_verify(em->em_fs, np->n_ino,
	    (struct ext2_dir_entry *)(void *)(*bpp)->b_data)) {
		/* Not to be taken for good the next time. */
		(*bpp)->b_flags |= B_NOCACHE;
		error = ext2_damaged(em, "the checksum of a folder",
		    np->n_ino);
	}
	if (error != 0)
		brelse(*bpp);
	return (error);
}

/* Gives a block that was changed its checksum, and releases it. */
int
ext2_dirblock_write(struct ext2_node *np, struct buf *bp)
{
	errcode_t retval;

	retval = ext2fs_dir_block_csum_set(np->n_em->em_fs, np->n_ino,
	    (struct ext2_dir_entry *)(void *)bp->b_data);
	bdwrite(bp);
	return (retval == 0 ? 0 : ext2_damaged(np->n_em,
	    "a folder without room for checksums", np->n_ino));
}

/* The entry at off, and its length; NULL if it does not hold together. */
struct ext2_dir_entry *
ext2_dirblock_entry(ext2_filsys fs, char *block, u_int off, u_int *len)
{
	struct ext2_dir_entry *de;

	if (off + HEADER > fs->blocksize)
		return (NULL);
	de = (struct ext2_dir_entry *)(void *)(block + off);
	(void)ext2fs_get_rec_len(fs, de, len);
	if (*len < HEADER || *len % 4 != 0 || *len > fs->blocksize - off ||
	    (u_int)ext2fs_dirent_name_len(de) + HEADER > *len)
		return (NULL);
	return (de);
}

static int
bad_entry(struct ext2_node *np)
{

	return (ext2_damaged(np->n_em, "an entry of a folder", np->n_ino));
}

/* Sets all but p_lblk; ENOENT if the name is not in the block. */
int
ext2_dirblock_find(struct ext2_node *np, char *block, const char *name,
    size_t namelen, struct ext2_place *place)
{
	ext2_filsys fs = np->n_em->em_fs;
	struct ext2_dir_entry *de;
	u_int off, len, room = room_of(fs);

	for (off = 0; off < room; off += len) {
		if ((de = ext2_dirblock_entry(fs, block, off, &len)) == NULL)
			return (bad_entry(np));
		if ((size_t)ext2fs_dirent_name_len(de) == namelen &&
		    de->inode != 0 && memcmp(de->name, name, namelen) == 0) {
			place->p_off = off;
			place->p_ino = de->inode;
			place->p_type = ext2fs_dirent_file_type(de);
			return (0);
		}
	}
	return (ENOENT);
}

static void
fill(ext2_filsys fs, struct ext2_dir_entry *de, u_int len, const char *name,
    size_t namelen, ext2_ino_t ino, int type)
{

	(void)ext2fs_set_rec_len(fs, len, de);
	de->inode = ino;
	de->name_len = 0;
	ext2fs_dirent_set_name_len(de, (int)namelen);
	if (ext2fs_has_feature_filetype(fs->super))
		ext2fs_dirent_set_file_type(de, type);
	memcpy(de->name, name, namelen);
}

/* ENOSPC if the block, which has been looked at to its end, has no room. */
int
ext2_dirblock_add(struct ext2_node *np, char *block, const char *name,
    size_t namelen, ext2_ino_t ino, int type)
{
	ext2_filsys fs = np->n_em->em_fs;
	struct ext2_dir_entry *de;
	u_int off, len, used, room = room_of(fs);

	for (off = 0; off < room; off += len) {
		if ((de = ext2_dirblock_entry(fs, block, off, &len)) == NULL ||
		    len > room - off)
			return (bad_entry(np));
		used = de->inode == 0 ? 0 :
		    REC_LEN(ext2fs_dirent_name_len(de));
		if (used > len || len - used < REC_LEN(namelen))
			continue;
		if (used != 0) {
			(void)ext2fs_set_rec_len(fs, used, de);
			de = (struct ext2_dir_entry *)(void *)(block + off +
			    used);
		}
		fill(fs, de, len - used, name, namelen, ino, type);
		return (0);
	}
	return (ENOSPC);
}

/* Takes the entry at off away: the one before it takes its room. */
int
ext2_dirblock_remove(struct ext2_node *np, char *block, u_int off)
{
	ext2_filsys fs = np->n_em->em_fs;
	struct ext2_dir_entry *de, *before = NULL;
	u_int at, len, beforelen = 0;

	for (at = 0; at <= off; at += len) {
		if ((de = ext2_dirblock_entry(fs, block, at, &len)) == NULL)
			break;
		if (at == off) {
			de->inode = 0;
			if (before != NULL)
				(void)ext2fs_set_rec_len(fs, beforelen + len,
				    before);
			return (0);
		}
		before = de;
		beforelen = len;
	}
	return (bad_entry(np));
}

/* A block without entries. */
void
ext2_dirblock_init(ext2_filsys fs, char *block)
{
	u_int room = room_of(fs);

	memset(block, 0, fs->blocksize);
	(void)ext2fs_set_rec_len(fs, room,
	    (struct ext2_dir_entry *)(void *)block);
	if (room != fs->blocksize)
		ext2fs_initialize_dirent_tail(fs, EXT2_DIRENT_TAIL(block,
		    fs->blocksize));
}

/* The first block of a new folder. */
void
ext2_dirblock_dots(ext2_filsys fs, char *block, ext2_ino_t self,
    ext2_ino_t parent)
{

	ext2_dirblock_init(fs, block);
	fill(fs, (struct ext2_dir_entry *)(void *)block, REC_LEN(1), ".", 1,
	    self, EXT2_FT_DIR);
	fill(fs, (struct ext2_dir_entry *)(void *)(block + REC_LEN(1)),
	    room_of(fs) - REC_LEN(1), "..", 2, parent, EXT2_FT_DIR);
}

/* Hands the entries of block lblk from byte off on to take, as long as it is 0. */
int
ext2_dirblock_walk(struct ext2_node *np, blk64_t lblk, u_int off,
    ext2_take_t take, void *arg)
{
	ext2_filsys fs = np->n_em->em_fs;
	struct ext2_dir_entry *de;
	u_int at, len;
	struct buf *bp;
	int error;

	if ((error = ext2_dirblock_read(np, lblk, &bp)) != 0)
		return (error);
	for (at = 0; at < fs->blocksize && error == 0; at += len) {
		if ((de = ext2_dirblock_entry(fs, bp->b_data, at,
		    &len)) == NULL)
			error = bad_entry(np);
		else if (at >= off && de->inode != 0 &&
		    ext2fs_dirent_name_len(de) != 0)
			error = take(arg, de, (off_t)(lblk * fs->blocksize +
			    at), len);
	}
	brelse(bp);
	return (error);
}
