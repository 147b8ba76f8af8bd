/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_features.c: which file systems are mounted, and which of them to write.
 *
 * A feature that is not known to be handled is refused by its name; the reason
 * goes to the console, the caller gets
 *
 *	EINVAL		not this format, or damaged
 *	EOPNOTSUPP	a feature without which nothing can be read
 *	EROFS		it can be read, but not be written safely
 */
#include "ext2.h"

struct feature {
	__u32 f_bit;
	const char *f_name;
};

/* Not even read. */
static const struct feature unreadable[] = {
	{ EXT2_FEATURE_INCOMPAT_COMPRESSION, "compression" },
	{ EXT3_FEATURE_INCOMPAT_JOURNAL_DEV, "journal_dev" },
	{ EXT4_FEATURE_INCOMPAT_DIRDATA, "dirdata" },
	{ EXT4_FEATURE_INCOMPAT_CASEFOLD, "casefold" },
	{ 0, NULL }
};
#define	READABLE	(EXT2_FEATURE_INCOMPAT_FILETYPE |		\
	EXT3_FEATURE_INCOMPAT_RECOVER | EXT2_FEATURE_INCOMPAT_META_BG |	\
	EXT3_FEATURE_INCOMPAT_EXTENTS | EXT4_FEATURE_INCOMPAT_64BIT |	\
	EXT4_FEATURE_INCOMPAT_MMP | EXT4_FEATURE_INCOMPAT_FLEX_BG |	\
	EXT4_FEATURE_INCOMPAT_EA_INODE | EXT4_FEATURE_INCOMPAT_CSUM_SEED | \
	EXT4_FEATURE_INCOMPAT_LARGEDIR |				\
	EXT4_FEATURE_INCOMPAT_INLINE_DATA | EXT4_FEATURE_INCOMPAT_ENCRYPT)

/* Read, but not written. */
static const struct feature unwritable[] = {
	{ EXT4_FEATURE_INCOMPAT_MMP, "mmp" },
	{ EXT4_FEATURE_INCOMPAT_EA_INODE, "ea_inode" },
	{ EXT4_FEATURE_INCOMPAT_INLINE_DATA, "inline_data" },
	{ EXT4_FEATURE_INCOMPAT_ENCRYPT, "encrypt" },
	{ 0, NULL }
};
static const struct feature ro_unwritable[] = {
	{ EXT4_FEATURE_RO_COMPAT_HAS_SNAPSHOT, "has_snapshot" },
	{ EXT4_FEATURE_RO_COMPAT_QUOTA, "quota" },
	{ EXT4_FEATURE_RO_COMPAT_BIGALLOC, "bigalloc" },
	{ EXT4_FEATURE_RO_COMPAT_REPLICA, "replica" },
	{ EXT4_FEATURE_RO_COMPAT_READONLY, "read-only" },
	{ EXT4_FEATURE_RO_COMPAT_PROJECT, "project" },
	{ EXT4_FEATURE_RO_COMPAT_SHARED_BLOCKS, "shared_blocks" },
	{ EXT4_FEATURE_RO_COMPAT_VERITY, "verity" },
	{ EXT4_FEATURE_RO_COMPAT_ORPHAN_PRESENT, "orphan_present" },
	{ 0, NULL }
};
#define	RO_WRITABLE	(EXT2_FEATURE_RO_COMPAT_SPARSE_SUPER |		\
	EXT2_FEATURE_RO_COMPAT_LARGE_FILE |				\
	EXT4_FEATURE_RO_COMPAT_HUGE_FILE | EXT4_FEATURE_RO_COMPAT_GDT_CSUM | \
	EXT4_FEATURE_RO_COMPAT_DIR_NLINK |				\
	EXT4_FEATURE_RO_COMPAT_EXTRA_ISIZE |				\
	EXT4_FEATURE_RO_COMPAT_METADATA_CSUM)

static int
refuse(const char *why, int error)
{

	printf("ext2fs: %s\n", why);
	return (error);
}

/* Says which of the bits are named; those that are not, as a number. */
static int
refuse_features(const char *what, const struct feature *named, __u32 bits,
    int error)
{

	for (; named->f_name != NULL; named++)
		if (bits & named->f_bit) {
			printf("ext2fs: feature %s cannot be %s\n",
			    named->f_name, what);
			bits &= ~named->f_bit;
		}
	if (bits != 0)
		printf("ext2fs: unknown features 0x%x cannot be %s\n", bits,
		    what);
	return (error);
}

static int
check_size(struct fsa_mount *fm, const struct ext2_super_block *sb)
{
	blk64_t blocks = sb->s_blocks_count;
	u_int shift = sb->s_log_block_size + EXT2_MIN_BLOCK_LOG_SIZE;

	if (sb->s_feature_incompat & EXT4_FEATURE_INCOMPAT_64BIT)
		blocks |= (blk64_t)sb->s_blocks_count_hi << 32;
	if (shift > EXT2_MAX_BLOCK_LOG_SIZE)
		return (refuse("the superblock is damaged", EINVAL));
	if (blocks > (blk64_t)fm->fm_devsize >> shift)
		return (refuse("it is larger than its device", EINVAL));
	/* The kernel counts a device's sectors in 31 bits. */
	if (blocks > (blk64_t)INT32_MAX >> (shift - DEV_BSHIFT))
		return (refuse("it is larger than 1 TiB", EFBIG));
	return (0);
}

int
ext2_check_super(struct fsa_mount *fm, const struct ext2_super_block *sb)
{
	__u32 bits;

	if (sb->s_magic != EXT2_SUPER_MAGIC)
		return (refuse("no superblock of ext2, ext3 or ext4", EINVAL));
	if (sb->s_rev_level > EXT2_LIB_CURRENT_REV)
		return (refuse("its revision is unknown", EOPNOTSUPP));
	bits = sb->s_rev_level == EXT2_GOOD_OLD_REV ? 0 :
	    sb->s_feature_incompat;
	if (bits & ~READABLE)
		return (refuse_features("read", unreadable, bits & ~READABLE,
		    EOPNOTSUPP));
	return (check_size(fm, sb));
}

static int
check_state(const struct ext2_super_block *sb)
{

	if (sb->s_feature_incompat & EXT3_FEATURE_INCOMPAT_RECOVER)
		return (refuse("its journal has to be replayed first "
		    "(e2fsck does it); until then it is read-only", EROFS));
	if (sb->s_state & EXT2_ERROR_FS)
		return (refuse("it has errors, and is read-only until e2fsck "
		    "has mended them", EROFS));
	if ((sb->s_state & EXT2_VALID_FS) == 0)
		return (refuse("it was not unmounted, and is read-only until "
		    "e2fsck has looked at it", EROFS));
	if (sb->s_last_orphan != 0)
		return (refuse("it has files to be freed, and is read-only "
		    "until e2fsck has done it", EROFS));
	return (0);
}

int
ext2_check_write(const struct ext2_super_block *sb)
{
	__u32 bits = 0, ro_bits;
	const struct feature *f;

	for (f = unwritable; f->f_name != NULL; f++)
		bits |= sb->s_feature_incompat & f->f_bit;
	ro_bits = sb->s_feature_ro_compat & ~RO_WRITABLE;
	if (bits != 0)
		return (refuse_features("written", unwritable, bits, EROFS));
	if (ro_bits != 0)
		return (refuse_features("written", ro_unwritable, ro_bits,
		    EROFS));
	return (check_state(sb));
}
