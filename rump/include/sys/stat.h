/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stat.h: file modes and flags.
 */
#ifndef _SYS_STAT_H_
#define	_SYS_STAT_H_

#include <sys/types.h>
#include <rump/rumpdefs.h>

#define	S_ISUID	0004000
#define	S_ISGID	0002000
#define	S_ISTXT	0001000
#define	S_ISVTX	0001000
#define	S_IRWXU	0000700
#define	S_IRUSR	0000400
#define	S_IWUSR	0000200
#define	S_IXUSR	0000100
#define	S_IRWXG	0000070
#define	S_IRGRP	0000040
#define	S_IWGRP	0000020
#define	S_IXGRP	0000010
#define	S_IRWXO	0000007
#define	S_IROTH	0000004
#define	S_IWOTH	0000002
#define	S_IXOTH	0000001
#define	S_IFMT	RUMP_S_IFMT
#define	S_IFIFO	RUMP_S_IFIFO
#define	S_IFCHR	RUMP_S_IFCHR
#define	S_IFDIR	RUMP_S_IFDIR
#define	S_IFBLK	RUMP_S_IFBLK
#define	S_IFREG	RUMP_S_IFREG
#define	S_IFLNK	RUMP_S_IFLNK
#define	S_IFSOCK RUMP_S_IFSOCK
#define	S_IFWHT	0160000
#define	S_ISDIR(m)	(((m) & S_IFMT) == S_IFDIR)
#define	S_ISREG(m)	(((m) & S_IFMT) == S_IFREG)
#define	S_ISLNK(m)	(((m) & S_IFMT) == S_IFLNK)
#define	ACCESSPERMS	0000777
#define	ALLPERMS	0007777
#define	DEFFILEMODE	0000666
#define	S_BLKSIZE	512

#define	UF_SETTABLE	0x0000ffff
#define	UF_NODUMP	0x00000001
#define	UF_IMMUTABLE	0x00000002
#define	UF_APPEND	0x00000004
#define	UF_OPAQUE	0x00000008
#define	SF_SETTABLE	0xffff0000
#define	SF_ARCHIVED	0x00010000
#define	SF_IMMUTABLE	0x00020000
#define	SF_APPEND	0x00040000
#define	IMMUTABLE	(UF_IMMUTABLE | SF_IMMUTABLE)
#define	APPEND		(UF_APPEND | SF_APPEND)
#define	OPAQUE		UF_OPAQUE

#endif /* _SYS_STAT_H_ */
