/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fat_ff.h: the parts of FatFs that work on folders, chains and entries.
 *
 * FatFs finds files by path, from the root, each time.  Here a file is known by its
 * place, so that the functions below its interface are called instead; fat_ff.c has
 * FatFs in it and hands them out.
 */
#ifndef _FAT_FF_H_
#define	_FAT_FF_H_

#include <ff.h>

/* Fields of directory entries (Microsoft's FAT specification, 2000). */
#define	DE_ATTR		11
#define	DE_CASE		12
#define	DE_CREATED_CENT	13
#define	DE_CREATED	14
#define	DE_ACCESSED	18		/* only the date */
#define	DE_MODIFIED	22
#define	DE_SIZE		28
#define	DE_FREE		0xe5

/* Those of an exFAT set: the file's entry, and from 32 on the stream's. */
#define	XE_INUSE	0x80
#define	XE_FILE		0x85
#define	XE_COUNT	1
#define	XE_ATTR		4
#define	XE_CREATED	8
#define	XE_MODIFIED	12
#define	XE_ACCESSED	16
#define	XE_CREATED_CENT	20
#define	XE_MODIFIED_CENT 21
#define	XE_ZONES	22		/* of the three times */
#define	XE_ZONE_UTC	0x80
#define	XE_FLAGS	33
#define	XE_NAMELEN	35
#define	XE_VALIDSIZE	40
#define	XE_CLUSTER	52
#define	XE_SIZE		56
#define	XE_NAME		64		/* entries of 15 characters */

#define	FAT_AM_VOLUME	0x08
#define	FAT_AM_LFN	0x0f
#define	FAT_AM_MASK	0x3f
#define	FAT_LASTLONG	0x40		/* first entry of a long name */

/* Flags behind a short name (create_name). */
#define	NS_AT		11
#define	FAT_NS_LOSS	0x01
#define	FAT_NS_LFN	0x02
#define	FAT_NS_CASE	0x18

#define	FAT_NOBLOCK	0xffffffffU	/* FF_DIR.blk_ofs: no long name */

FRESULT	ff_move_window(FATFS *, DWORD sector);
FRESULT	ff_sync_window(FATFS *);
FRESULT	ff_sync_fs(FATFS *);
DWORD	ff_clst2sect(FATFS *, DWORD clust);
DWORD	ff_get_fat(FFOBJID *, DWORD clust);
FRESULT	ff_remove_chain(FFOBJID *, DWORD clust, DWORD before);
DWORD	ff_create_chain(FFOBJID *, DWORD last);
FRESULT	ff_put_fat(FATFS *, DWORD clust, DWORD value);
FRESULT	ff_settle_chain(FFOBJID *, DWORD last);
FRESULT	ff_dir_clear(FATFS *, DWORD clust);
FRESULT	ff_dir_next(FF_DIR *);
FRESULT	ff_dir_read(FF_DIR *);
int	ff_pick_lfn(WCHAR *, BYTE *entry);
void	ff_put_lfn(const WCHAR *, BYTE *entry, BYTE order, BYTE sum);
void	ff_gen_numname(BYTE *to, const BYTE *sfn, const WCHAR *lfn, UINT seq);
BYTE	ff_sum_sfn(const BYTE *);
FRESULT	ff_load_xdir(FF_DIR *);
FRESULT	ff_store_xdir(FF_DIR *);
void	ff_create_xdir(BYTE *, const WCHAR *);
void	ff_get_fileinfo(FF_DIR *, FILINFO *);
FRESULT	ff_create_name(FF_DIR *, const char *name);
DWORD	ff_ld_clust(FATFS *, const BYTE *entry);
void	ff_st_clust(FATFS *, BYTE *entry, DWORD clust);

static inline WORD
le16(const BYTE *p)
{

	return ((WORD)(p[0] | p[1] << 8));
}

static inline DWORD
le32(const BYTE *p)
{

	return (le16(p) | (DWORD)le16(p + 2) << 16);
}

static inline QWORD
le64(const BYTE *p)
{

	return (le32(p) | (QWORD)le32(p + 4) << 32);
}

static inline void
put16(BYTE *p, WORD v)
{

	p[0] = (BYTE)v;
	p[1] = (BYTE)(v >> 8);
}

static inline void
put32(BYTE *p, DWORD v)
{

	put16(p, (WORD)v);
	put16(p + 2, (WORD)(v >> 16));
}

static inline void
put64(BYTE *p, QWORD v)
{

	put32(p, (DWORD)v);
	put32(p + 4, (DWORD)(v >> 32));
}

#endif /* _FAT_FF_H_ */
