/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_component.c: attaches ext2, ext3 and ext4 under NetBSD's name for the first
 * of them.
 */
#include "ext2.h"
#include <rump-sys/component.h>

static struct fsa_type ext2_type = {
	.ft_vfc = { .vfc_name = "ext2fs" },
	.ft_ops = &ext2_ops,
	.ft_argsize = sizeof(char *),
	.ft_tag = VT_EXT2FS,
};

RUMP_COMPONENT(RUMP_COMPONENT_VFS)
{

	ext2_crc32c_init();
	ext2_bitmap_init();
	fsa_attach(&ext2_type);
}
