/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2fs_dinode.h: the inode of ext2, as UFS's union of inodes wants it (128 bytes).
 */
#ifndef _UFS_EXT2FS_EXT2FS_DINODE_H_
#define	_UFS_EXT2FS_EXT2FS_DINODE_H_

struct ext2fs_dinode {
	u_int16_t e2di_mode;
	u_int16_t e2di_uid;
	u_int32_t e2di_size;
	u_int32_t e2di_atime;
	u_int32_t e2di_ctime;
	u_int32_t e2di_mtime;
	u_int32_t e2di_dtime;
	u_int16_t e2di_gid;
	u_int16_t e2di_nlink;
	u_int32_t e2di_nblock;
	u_int32_t e2di_flags;
	u_int32_t e2di_linux_reserved1;
	u_int32_t e2di_blocks[15];
	u_int32_t e2di_gen;
	u_int32_t e2di_facl;
	u_int32_t e2di_dacl;
	u_int32_t e2di_faddr;
	u_int32_t e2di_osd2[3];
};

#endif /* _UFS_EXT2FS_EXT2FS_DINODE_H_ */
