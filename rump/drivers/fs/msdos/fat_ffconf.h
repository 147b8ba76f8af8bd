/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fat_ffconf.h: how FatFs is configured (in the place of its ffconf.h).
 *
 * It runs under the mount's lock, so that it needs none of its own; several mounts
 * share nothing but the counter of mounts, since each has its own name buffers.
 */
#ifndef _FAT_FFCONF_H_
#define	_FAT_FFCONF_H_

#define	FFCONF_DEF	86604		/* of R0.13c */

#define	FF_FS_READONLY	0
#define	FF_FS_MINIMIZE	0
#define	FF_USE_STRFUNC	0
#define	FF_USE_FIND	0
#define	FF_USE_MKFS	0
#define	FF_USE_FASTSEEK	0
#define	FF_USE_EXPAND	0
#define	FF_USE_CHMOD	1
#define	FF_USE_LABEL	0
#define	FF_USE_FORWARD	0

#define	FF_CODE_PAGE	437		/* of short names, as DOS's own */
#define	FF_USE_LFN	3		/* long names; buffers from the kernel */
#define	FF_MAX_LFN	255
#define	FF_LFN_UNICODE	2		/* UTF-8 outside */
#define	FF_LFN_BUF	255		/* bytes: NAME_MAX */
#define	FF_SFN_BUF	36		/* 12 characters of up to 3 bytes */
#define	FF_STRF_ENCODE	3
#define	FF_FS_RPATH	0

#define	FF_VOLUMES	1
#define	FF_STR_VOLUME_ID 0
#define	FF_VOLUME_STRS	""
#define	FF_MULTI_PARTITION 0
#define	FF_MIN_SS	512
#define	FF_MAX_SS	4096
#define	FF_USE_TRIM	0
#define	FF_FS_NOFSINFO	1		/* the number of free clusters is counted */

#define	FF_FS_TINY	1		/* files do not go through its buffers */
#define	FF_FS_EXFAT	1
#define	FF_FS_NORTC	0
#define	FF_NORTC_MON	1
#define	FF_NORTC_MDAY	1
#define	FF_NORTC_YEAR	2018
#define	FF_FS_LOCK	0
#define	FF_FS_REENTRANT	0
#define	FF_FS_TIMEOUT	1000
#define	FF_SYNC_t	void *

#endif /* _FAT_FFCONF_H_ */
