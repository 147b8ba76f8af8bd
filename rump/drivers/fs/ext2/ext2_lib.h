/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_lib.h: libext2fs's interface as our files see it.
 *
 * Kernel headers come first; malloc() and its like are the library's from here
 * on (libc/stdlib.h), so that sys/malloc.h cannot be used beside it.
 */
#ifndef _EXT2_LIB_H_
#define	_EXT2_LIB_H_

#include "config.h"
#include <ext2fs/ext2_fs.h>
#include <ext2fs/ext2fs.h>

struct vnode;

/* ext2_crc32c.c: once, before the first checksum. */
void	ext2_crc32c_init(void);

/* ext2_bitmap.c: once, before the first mount. */
void	ext2_bitmap_init(void);

/*
 * ext2_io.c: channels over a device vnode's buffers.  A channel is opened by
 * name, as the library wants it: the device goes into ext2_io_device first.
 * Caller must not sleep in between.
 */
extern io_manager ext2_io_manager;
extern struct vnode *ext2_io_device;
void	ext2_io_forget(io_channel, blk64_t, blk64_t);

/* ext2_error.c: the errno of one of the library's errors. */
int	ext2_errno(errcode_t);

#endif /* _EXT2_LIB_H_ */
