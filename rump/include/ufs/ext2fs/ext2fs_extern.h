/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2fs_extern.h: UFS asks whether a vnode is of ext2: none is.
 */
#ifndef _UFS_EXT2FS_EXT2FS_EXTERN_H_
#define	_UFS_EXT2FS_EXT2FS_EXTERN_H_

#define	IS_EXT2_VNODE(vp)	((void)(vp), 0)

#endif /* _UFS_EXT2FS_EXT2FS_EXTERN_H_ */
