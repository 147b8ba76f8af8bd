/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_bitmap.c: how the library keeps its bitmaps in memory, and a checksum.
 *
 * Two of the library's files say in their first lines that they are under the GPL:
 * its trees for bitmaps, and CRC-16.  They are not used.  Bitmaps are arrays of
 * bits here, also where the library would choose a tree.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include "ext2_lib.h"
#include <ext2fs/bmap64.h>
#include <ext2fs/crc16.h>

struct ext2_bitmap_ops ext2fs_blkmap64_rbtree;

void
ext2_bitmap_init(void)
{

	ext2fs_blkmap64_rbtree = ext2fs_blkmap64_bitarray;
}

/* CRC-16 (polynomial 0x8005, bits reversed) of group descriptors (gdt_csum). */
crc16_t
ext2fs_crc16(crc16_t crc, const void *data, unsigned int len)
{
	const uint8_t *p = data;
	int i;

	for (crc &= 0xffff; len > 0; p++, len--)
		for (crc ^= *p, i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xa001 : 0);
	return (crc);
}
