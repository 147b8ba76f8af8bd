/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_time.c: times of an inode.
 *
 * An inode of 128 bytes has signed seconds of 32 bits.  Larger ones have, for each
 * time, two bits more of seconds and nanoseconds, if they are large enough
 * (i_extra_isize).
 */
#include "ext2.h"

#define	EPOCH	0x3		/* the two bits */

static void
get(struct timespec *ts, uint32_t seconds, const uint32_t *extra)
{

	ts->tv_sec = (int32_t)seconds;
	ts->tv_nsec = 0;
	if (extra != NULL) {
		ts->tv_sec += (time_t)(*extra & EPOCH) << 32;
		ts->tv_nsec = MIN(*extra >> 2, 999999999);
	}
}

static void
put(const struct timespec *ts, uint32_t *seconds, uint32_t *extra)
{
	time_t most = extra != NULL ? (3LL << 32) + INT32_MAX : INT32_MAX;
	time_t sec = MIN(MAX(ts->tv_sec, -(time_t)INT32_MAX - 1), most);

	*seconds = (uint32_t)sec;
	if (extra != NULL)
		*extra = (uint32_t)((sec - (int32_t)*seconds) >> 32) |
		    (uint32_t)ts->tv_nsec << 2;
}

/* The field, if this inode has it. */
#define	EXTRA(large, size, field)					\
	((size) > EXT2_GOOD_OLD_INODE_SIZE && inode_includes(		\
	    EXT2_GOOD_OLD_INODE_SIZE + (large)->i_extra_isize, field) ?	\
	    &(large)->field : NULL)

/* Nanoseconds that a time is a multiple of. */
long
ext2_times_unit(ext2_filsys fs)
{

	return (EXT2_INODE_SIZE(fs->super) > EXT2_GOOD_OLD_INODE_SIZE ? 1 :
	    1000000000);
}

void
ext2_times_get(ext2_filsys fs, struct ext2_inode_large *in, struct vattr *va)
{
	size_t size = EXT2_INODE_SIZE(fs->super);

	get(&va->va_atime, in->i_atime, EXTRA(in, size, i_atime_extra));
	get(&va->va_mtime, in->i_mtime, EXTRA(in, size, i_mtime_extra));
	get(&va->va_ctime, in->i_ctime, EXTRA(in, size, i_ctime_extra));
}

void
ext2_times_put(ext2_filsys fs, struct ext2_inode_large *in,
    const struct vattr *va)
{
	size_t size = EXT2_INODE_SIZE(fs->super);

	put(&va->va_atime, &in->i_atime, EXTRA(in, size, i_atime_extra));
	put(&va->va_mtime, &in->i_mtime, EXTRA(in, size, i_mtime_extra));
	put(&va->va_ctime, &in->i_ctime, EXTRA(in, size, i_ctime_extra));
}

/* When the file was made, which is told nowhere yet but on the disk. */
void
ext2_times_born(ext2_filsys fs, struct ext2_inode_large *in,
    const struct timespec *ts)
{
	size_t size = EXT2_INODE_SIZE(fs->super);

	if (EXTRA(in, size, i_crtime) != NULL)
		put(ts, &in->i_crtime, EXTRA(in, size, i_crtime_extra));
}
