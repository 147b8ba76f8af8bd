/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_io.c: libext2fs's blocks are buffers of the device's vnode.
 *
 * So the kernel's cache is the library's: what was read stays, what is written
 * goes out later.  Two rules keep that cache and the files' own buffers apart:
 *
 *  - the library reads and writes metadata only; files' data is in buffers of
 *    the files' vnodes;
 *  - a block that is freed loses its buffer (ext2_io_forget), so that an old
 *    write can not hit the block's next owner.
 *
 * A channel belongs to one mount; calls are made under the mount's lock.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include "ext2_lib.h"

struct vnode *ext2_io_device;

#define	DEVICE(channel)	((struct vnode *)(channel)->private_data)

static errcode_t
io_open(const char *name, int flags, io_channel *channel)
{
	io_channel io;
	errcode_t retval;

	(void)flags;
	if ((retval = ext2fs_get_memzero(sizeof(*io), &io)) != 0)
		return (retval);
	if ((retval = ext2fs_get_mem(strlen(name) + 1, &io->name)) != 0) {
		ext2fs_free_mem(&io);
		return (retval);
	}
	strcpy(io->name, name);
	io->magic = EXT2_ET_MAGIC_IO_CHANNEL;
	io->manager = ext2_io_manager;
	io->block_size = 1024;
	io->refcount = 1;
	io->private_data = ext2_io_device;
	*channel = io;
	return (0);
}

static errcode_t
io_close(io_channel channel)
{

	if (--channel->refcount == 0) {
		ext2fs_free_mem(&channel->name);
		ext2fs_free_mem(&channel);
	}
	return (0);
}

/* Buffers of the old size would overlap those of the new. */
static errcode_t
io_set_blksize(io_channel channel, int size)
{

	if (size == channel->block_size)
		return (0);
	channel->block_size = size;
	return (vinvalbuf(DEVICE(channel), V_SAVE, NOCRED, curproc, 0, 0));
}

/* The device's number of a block; -1 if there can be none. */
static daddr_t
io_daddr(io_channel channel, unsigned long long block)
{
	unsigned long long sectors = (u_int)channel->block_size >> DEV_BSHIFT;

	return (block > (unsigned long long)INT32_MAX / sectors ? -1 :
	    (daddr_t)(block * sectors));
}

/* A block's buffer, busy and valid. */
static errcode_t
io_bread(io_channel channel, unsigned long long block, struct buf **bpp)
{
	daddr_t db = io_daddr(channel, block);
	int error;

	if (db == -1)
		return (EIO);
	error = bread(DEVICE(channel), db, channel->block_size, NOCRED, bpp);
	if (error != 0)
		brelse(*bpp);
	return (error);
}

static errcode_t
io_read_blk64(io_channel channel, unsigned long long block, int count,
    void *data)
{
	size_t left = count < 0 ? (size_t)-count :
	    (size_t)count * (u_int)channel->block_size, n;
	char *p = data;
	struct buf *bp;
	errcode_t retval;

	for (; left > 0; block++, p += n, left -= n) {
		n = MIN(left, (size_t)channel->block_size);
		if ((retval = io_bread(channel, block, &bp)) != 0)
			return (retval);
		memcpy(p, bp->b_data, n);
		brelse(bp);
	}
	return (0);
}

static errcode_t
io_read_blk(io_channel channel, unsigned long block, int count, void *data)
{

	return (io_read_blk64(channel, block, count, data));
}

/* Part of a block changes. */
static errcode_t
io_write_part(io_channel channel, unsigned long long block, size_t off,
    const void *data, size_t n)
{
	struct buf *bp;
	errcode_t retval;

	if ((retval = io_bread(channel, block, &bp)) != 0)
		return (retval);
	memcpy(bp->b_data + off, data, n);
	bdwrite(bp);
	return (0);
}

/*
 * A whole block.  The library writes what has not changed too (all bitmaps when
 * one bit did): that is not worth a write to the device.
 */
static errcode_t
io_write_whole(io_channel channel, unsigned long long block, const void *data)
{
	daddr_t db = io_daddr(channel, block);
	struct buf *bp;

	if (db == -1)
		return (EIO);
	bp = getblk(DEVICE(channel), db, channel->block_size, 0, 0);
	if ((bp->b_flags & (B_DONE | B_DELWRI)) != 0 &&
	    memcmp(bp->b_data, data, (size_t)channel->block_size) == 0) {
		brelse(bp);
		return (0);
	}
	memcpy(bp->b_data, data, (size_t)channel->block_size);
	bdwrite(bp);
	return (0);
}

static errcode_t
io_write_blk64(io_channel channel, unsigned long long block, int count,
    const void *data)
{
	size_t left = count < 0 ? (size_t)-count :
	    (size_t)count * (u_int)channel->block_size, n;
	const char *p = data;
	errcode_t retval;

	for (; left > 0; block++, p += n, left -= n) {
		n = MIN(left, (size_t)channel->block_size);
		retval = n == (size_t)channel->block_size ?
		    io_write_whole(channel, block, p) :
		    io_write_part(channel, block, 0, p, n);
		if (retval != 0)
			return (retval);
	}
	return (0);
}

static errcode_t
io_write_blk(io_channel channel, unsigned long block, int count,
    const void *data)
{

	return (io_write_blk64(channel, block, count, data));
}

static errcode_t
io_write_byte(io_channel channel, unsigned long offset, int count,
    const void *data)
{
	size_t size = (size_t)channel->block_size, left = (size_t)count, n;
	const char *p = data;
	errcode_t retval;

	for (; left > 0; offset += n, p += n, left -= n) {
		n = MIN(left, size - offset % size);
		if ((retval = io_write_part(channel, offset / size,
		    offset % size, p, n)) != 0)
			return (retval);
	}
	return (0);
}

static errcode_t
io_flush(io_channel channel)
{

	return (VOP_FSYNC(DEVICE(channel), NOCRED, MNT_WAIT, curproc));
}

static struct struct_io_manager manager = {
	.magic = EXT2_ET_MAGIC_IO_MANAGER,
	.name = "buffer cache",
	.open = io_open,
	.close = io_close,
	.set_blksize = io_set_blksize,
	.read_blk = io_read_blk,
	.write_blk = io_write_blk,
	.flush = io_flush,
	.write_byte = io_write_byte,
	.read_blk64 = io_read_blk64,
	.write_blk64 = io_write_blk64,
};
io_manager ext2_io_manager = &manager;

/* Blocks have been freed: what was to be written to them is not any more. */
void
ext2_io_forget(io_channel channel, blk64_t block, blk64_t count)
{
	struct vnode *devvp = DEVICE(channel);
	struct buf *bp;
	daddr_t db;

	for (; count > 0; block++, count--) {
		if ((db = io_daddr(channel, block)) == -1 ||
		    incore(devvp, db) == NULL)
			continue;
		bp = getblk(devvp, db, channel->block_size, 0, 0);
		bp->b_flags |= B_INVAL;
		brelse(bp);
	}
}

static errcode_t
zero_some(ext2_filsys fs, blk64_t block, int num, const char *zeroes,
    blk64_t *failed, int *failed_num)
{
	errcode_t retval = 0;

	for (; num > 0; block++, num--)
		if ((retval = io_channel_write_blk64(fs->io, block, 1,
		    zeroes)) != 0)
			break;
	if (retval != 0 && failed != NULL)
		*failed = block;
	if (retval != 0 && failed_num != NULL)
		*failed_num = num;
	return (retval);
}

/*
 * Of the library's interface: its own is in a file that needs a whole POSIX
 * system.  On an error, where and how many are left.
 */
errcode_t
ext2fs_zero_blocks2(ext2_filsys fs, blk64_t block, int num, blk64_t *failed,
    int *failed_num)
{
	errcode_t retval;
	char *zeroes;

	/* That is how the library says that it will not come again. */
	if (num == 0)
		return (0);
	if ((retval = ext2fs_get_memzero(fs->blocksize, &zeroes)) != 0)
		return (retval);
	retval = zero_some(fs, block, num, zeroes, failed, failed_num);
	ext2fs_free_mem(&zeroes);
	return (retval);
}
