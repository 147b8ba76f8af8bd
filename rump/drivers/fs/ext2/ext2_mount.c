/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_mount.c: mounting, and what is written of a mount as a whole.
 *
 * While it is mounted to be written the superblock says "not clean": there is no
 * journal in use, and after a crash e2fsck has to look at it.  A journal that is
 * there, and empty, stays so.
 */
#include <sys/proc.h>
#include "ext2.h"

#define	SUPER_BLKNO	(SUPERBLOCK_OFFSET / DEV_BSIZE)
#define	COMPLAINTS	10		/* lines on the console about one mount */

/*
 * Damage was met: the disk is marked, and, unless it says otherwise itself,
 * nothing more is changed.
 */
int
ext2_damaged(struct ext2_mount *em, const char *what, ext2_ino_t ino)
{
	struct ext2_super_block *sb = em->em_fs->super;

	if (em->em_complaints++ < COMPLAINTS)
		printf("ext2fs: inode %u is damaged: %s\n", ino, what);
	if (em->em_fm->fm_rdonly)
		return (EIO);
	sb->s_state |= EXT2_ERROR_FS;
	em->em_state |= EXT2_ERROR_FS;
	ext2fs_mark_super_dirty(em->em_fs);
	if (sb->s_errors == EXT2_ERRORS_RO || sb->s_errors == EXT2_ERRORS_PANIC)
		em->em_failed = 1;
	return (EIO);
}

static int
read_super(struct fsa_mount *fm, struct ext2_super_block *sb)
{
	struct buf *bp;
	int error;

	if (fm->fm_devsize < SUPERBLOCK_OFFSET + SUPERBLOCK_SIZE)
		return (EINVAL);
	error = bread(fm->fm_devvp, SUPER_BLKNO, SUPERBLOCK_SIZE, NOCRED, &bp);
	if (error == 0)
		memcpy(sb, bp->b_data, SUPERBLOCK_SIZE);
	bp->b_flags |= B_NOCACHE;
	brelse(bp);
	return (error);
}

static int
sync_device(struct ext2_mount *em)
{

	return (VOP_FSYNC(em->em_fm->fm_devvp, NOCRED, MNT_WAIT, curproc));
}

/* Superblock, descriptors and bitmaps to the device's buffers. */
static int
write_state(struct ext2_mount *em)
{

	return ((em->em_fs->flags & EXT2_FLAG_DIRTY) == 0 ? 0 :
	    ext2_errno(ext2fs_flush2(em->em_fs, EXT2_FLAG_FLUSH_NO_SYNC)));
}

/* From now on it may be written. */
static int
begin_writing(struct ext2_mount *em)
{
	ext2_filsys fs = em->em_fs;
	errcode_t retval;
	int error;

	if ((error = ext2_check_write(fs->super)) != 0)
		return (error);
	fs->flags |= EXT2_FLAG_RW;
	if (fs->block_map == NULL && (retval = ext2fs_read_bitmaps(fs)) != 0) {
		printf("ext2fs: its bitmaps are damaged; run e2fsck\n");
		return (ext2_errno(retval));
	}
	em->em_state = fs->super->s_state;
	fs->super->s_state &= ~EXT2_VALID_FS;
	fs->super->s_mnt_count++;
	fs->super->s_mtime = (__u32)time(NULL);
	ext2fs_mark_super_dirty(fs);
	if ((error = write_state(em)) != 0)
		return (error);
	return (sync_device(em));
}

/* All is on the disk; then the superblock may say so. */
static int
end_writing(struct ext2_mount *em)
{
	ext2_filsys fs = em->em_fs;
	int error;

	if ((error = ext2_map_sync(em)) != 0 ||
	    (error = ext2_orphans_write(em)) != 0 ||
	    (error = write_state(em)) != 0 || (error = sync_device(em)) != 0)
		return (error);
	fs->super->s_state = (__u16)em->em_state;
	ext2fs_mark_super_dirty(fs);
	if ((error = write_state(em)) != 0 || (error = sync_device(em)) != 0)
		return (error);
	fs->flags &= ~EXT2_FLAG_RW;
	return (0);
}

/* The library's hook: a freed block loses its buffer. */
static void
block_changed(ext2_filsys fs, blk64_t block, int inuse)
{

	if (inuse < 0)
		ext2_io_forget(fs->io, block, 1);
}

static u_quad_t
largest_file(ext2_filsys fs)
{
	u_quad_t per = fs->blocksize / 4, blocks = 12 + per + per * per +
	    per * per * per, sectors = (1ULL << 32) - 1;

	if (ext2fs_has_feature_extents(fs->super))
		blocks = INT32_MAX;
	if (!ext2fs_has_feature_huge_file(fs->super))
		blocks = MIN(blocks, sectors / (fs->blocksize / S_BLKSIZE) -
		    blocks / per - 4);
	return (MIN(blocks, INT32_MAX) * fs->blocksize);
}

static void
end_mount(struct fsa_mount *fm)
{
	struct ext2_mount *em = MOUNT(fm);

	if (em->em_fs != NULL)
		ext2fs_free(em->em_fs);
	ext2fs_free_mem(&em->em_buf);
	ext2fs_free_mem(&em);
	fm->fm_data = NULL;
}

/* Opens it for the library: the descriptors are read, and checked. */
static int
open_library(struct ext2_mount *em)
{
	errcode_t retval;
	ext2_filsys fs;

	/* Features were looked at by us. */
	ext2_io_device = em->em_fm->fm_devvp;
	retval = ext2fs_open2("device", NULL, EXT2_FLAG_64BITS |
	    EXT2_FLAG_FORCE | EXT2_FLAG_SKIP_MMP, 0, 0, ext2_io_manager, &fs);
	if (retval != 0) {
		printf("ext2fs: its superblock or descriptors are damaged\n");
		return (ext2_errno(retval) == ENOMEM ? ENOMEM : EINVAL);
	}
	em->em_fs = fs;
	ext2fs_set_block_alloc_stats_callback(fs, block_changed, NULL);
	if (ext2fs_check_desc(fs) != 0) {
		printf("ext2fs: its descriptors are damaged\n");
		return (EINVAL);
	}
	return (ext2_errno(ext2fs_get_array(2, fs->blocksize, &em->em_buf)));
}

static int
ext2_mount(struct fsa_mount *fm, void *args)
{
	struct ext2_super_block sb;
	struct ext2_mount *em;
	int error;

	(void)args;
	if ((error = read_super(fm, &sb)) != 0 ||
	    (error = ext2_check_super(fm, &sb)) != 0 ||
	    (!fm->fm_rdonly && (error = ext2_check_write(&sb)) != 0))
		return (error);
	if (ext2fs_get_memzero(sizeof(*em), &em) != 0)
		return (ENOMEM);
	fm->fm_data = em;
	em->em_fm = fm;
	LIST_INIT(&em->em_growing);
	TAILQ_INIT(&em->em_orphans);
	if ((error = open_library(em)) != 0 ||
	    (!fm->fm_rdonly && (error = begin_writing(em)) != 0)) {
		end_mount(fm);
		return (error);
	}
	fm->fm_bsize = em->em_fs->blocksize;
	fm->fm_rootid = EXT2_ROOT_INO;
	fm->fm_maxsize = largest_file(em->em_fs);
	fm->fm_namemax = EXT2_NAME_LEN;
	fm->fm_linkmax = EXT2_LINK_MAX;
	fm->fm_timeunit = ext2_times_unit(em->em_fs);
	return (0);
}

static int
ext2_unmount(struct fsa_mount *fm)
{
	int error = fm->fm_rdonly ? 0 : end_writing(MOUNT(fm));

	end_mount(fm);
	return (error);
}

static int
ext2_remount(struct fsa_mount *fm)
{

	return (fm->fm_rdonly ? end_writing(MOUNT(fm)) :
	    begin_writing(MOUNT(fm)));
}

static int
ext2_sync(struct fsa_mount *fm)
{
	struct ext2_mount *em = MOUNT(fm);
	int error;

	if (fm->fm_rdonly)
		return (0);
	if ((error = ext2_map_sync(em)) != 0 ||
	    (error = ext2_orphans_write(em)) != 0)
		return (error);
	return (write_state(em));
}

static int
ext2_statfs(struct fsa_mount *fm, struct statfs *sfs)
{
	struct ext2_super_block *sb = MOUNT(fm)->em_fs->super;
	blk64_t free = ext2fs_free_blocks_count(sb);
	blk64_t reserved = ext2fs_r_blocks_count(sb);

	sfs->f_bsize = (int32_t)EXT2_BLOCK_SIZE(sb);
	sfs->f_blocks = (u_int32_t)(ext2fs_blocks_count(sb) -
	    MIN(sb->s_overhead_clusters, ext2fs_blocks_count(sb)));
	sfs->f_bfree = (u_int32_t)free;
	sfs->f_bavail = (int32_t)(free < reserved ? 0 : free - reserved);
	sfs->f_files = sb->s_inodes_count;
	sfs->f_ffree = sb->s_free_inodes_count;
	return (0);
}

const struct fsa_ops ext2_ops = {
	.fo_mount = ext2_mount,
	.fo_unmount = ext2_unmount,
	.fo_remount = ext2_remount,
	.fo_statfs = ext2_statfs,
	.fo_sync = ext2_sync,
	.fo_load = ext2_load,
	.fo_store = ext2_store,
	.fo_unload = ext2_unload,
	.fo_free = ext2_free_file,
	.fo_setattr = ext2_setattr,
	.fo_truncate = ext2_truncate,
	.fo_bmap = ext2_bmap,
	.fo_read = ext2_inline_read,
	.fo_readlink = ext2_readlink,
	.fo_lookup = ext2_lookup,
	.fo_create = ext2_create,
	.fo_link = ext2_link,
	.fo_unlink = ext2_unlink,
	.fo_rename = ext2_rename,
	.fo_readdir = ext2_readdir,
	.fo_isempty = ext2_isempty,
	.fo_isoutside = ext2_isoutside,
};
