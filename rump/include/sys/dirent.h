/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dirent.h: directory entries as file systems of this lineage hand them out.
 *
 * FFS hands out the entries of the disk, so this is their layout.  The system
 * call turns them into NetBSD's (struct rump_dirent).
 */
#ifndef _SYS_DIRENT_H_
#define	_SYS_DIRENT_H_

#include <sys/types.h>

struct dirent {
	u_int32_t d_fileno;
	u_int16_t d_reclen;
	u_int8_t d_type;
	u_int8_t d_namlen;
	char d_name[NAME_MAX + 1];
};
#define	DT_UNKNOWN	0
#define	DT_FIFO		1
#define	DT_CHR		2
#define	DT_DIR		4
#define	DT_BLK		6
#define	DT_REG		8
#define	DT_LNK		10
#define	DT_SOCK		12
#define	DT_WHT		14
#define	IFTODT(mode)	(((mode) & 0170000) >> 12)
#define	DTTOIF(dt)	((dt) << 12)

/* Bytes that an entry takes: header, name with its NUL, to a multiple of 4. */
#define	DIRENT_SIZE(dp) \
	((offsetof(struct dirent, d_name) + (dp)->d_namlen + 1 + 3) & ~3)

#endif /* _SYS_DIRENT_H_ */
