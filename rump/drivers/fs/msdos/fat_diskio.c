/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fat_diskio.c: the disk as the library sees it: sectors in the device's buffers.
 *
 * A buffer holds a piece of one kind of thing (a FAT, the root, one cluster of a
 * folder), never parts of two: files have their own buffers, and a block must not be
 * in two at the same time.
 */
#include "fat.h"
#include <diskio.h>
#include <sys/buf.h>
#include <sys/vnode.h>

#define	PIECE	(16 * 1024)		/* bytes, at most */

struct piece {
	DWORD p_sector;
	DWORD p_count;			/* sectors */
};

/* The piece of [begin, end) that has the sector, counted from begin. */
static struct piece
piece_of(DWORD sector, DWORD begin, DWORD end, u_int ssize)
{
	DWORD most = PIECE / ssize, at = (sector - begin) / most * most;

	return ((struct piece){ begin + at, MIN(most, end - begin - at) });
}

static struct piece
find_piece(struct fatmount *m, DWORD sector)
{
	FATFS *fs = &m->m_fs;
	DWORD begin;

	if (fs->fs_type == 0 || sector < fs->fatbase)
		return ((struct piece){ sector, 1 });
	if (sector - fs->fatbase < fs->fsize * fs->n_fats) {
		begin = fs->fatbase + (sector - fs->fatbase) / fs->fsize *
		    fs->fsize;
		return (piece_of(sector, begin, begin + fs->fsize, fs->ssize));
	}
	if (sector < fs->database) {
		if (fs->fs_type >= FS_FAT32)
			return ((struct piece){ sector, 1 });
		return (piece_of(sector, fs->dirbase, fs->database, fs->ssize));
	}
	begin = fs->database + (sector - fs->database) / fs->csize * fs->csize;
	return (piece_of(sector, begin, begin + fs->csize, fs->ssize));
}

/* The buffer with a sector, busy, and where the sector is in it. */
static int
get_sector(struct fatmount *m, DWORD sector, struct buf **bpp, BYTE **data)
{
	struct piece p = find_piece(m, sector);
	u_int ssize = m->m_ssize;
	daddr_t at;
	int error;

	if ((u_int64_t)(p.p_sector + (u_int64_t)p.p_count) * ssize >
	    (u_int64_t)m->m_fsa->fm_devsize)
		return (EIO);
	at = (daddr_t)btodb((u_int64_t)p.p_sector * ssize);
	if (m->m_clearing) {
		*bpp = getblk(m->m_fsa->fm_devvp, at, (int)(p.p_count * ssize),
		    0, 0);
		if (((*bpp)->b_flags & (B_DONE | B_DELWRI)) == 0)
			clrbuf(*bpp);
	} else if ((error = bread(m->m_fsa->fm_devvp, at,
	    (int)(p.p_count * ssize), NOCRED, bpp)) != 0) {
		brelse(*bpp);
		return (error);
	}
	*data = (BYTE *)(*bpp)->b_data + (sector - p.p_sector) * ssize;
	return (0);
}

DRESULT
disk_read(void *drv, BYTE *to, DWORD sector, UINT count)
{
	struct fatmount *m = drv;
	struct buf *bp;
	BYTE *data;

	for (; count > 0; count--, sector++, to += m->m_ssize) {
		if (get_sector(m, sector, &bp, &data) != 0)
			return (RES_ERROR);
		memcpy(to, data, m->m_ssize);
		brelse(bp);
		if (m->m_fs.fs_type == 0 && fat_isbadboot(to))
			return (RES_ERROR);
	}
	return (RES_OK);
}

DRESULT
disk_write(void *drv, const BYTE *from, DWORD sector, UINT count)
{
	struct fatmount *m = drv;
	struct buf *bp;
	BYTE *data;

	if (m->m_fsa->fm_rdonly)
		return (RES_WRPRT);
	for (; count > 0; count--, sector++, from += m->m_ssize) {
		if (get_sector(m, sector, &bp, &data) != 0)
			return (RES_ERROR);
		memcpy(data, from, m->m_ssize);
		bdwrite(bp);
	}
	return (RES_OK);
}

static int
isblank(const BYTE *data, size_t n)
{

	return (data[0] == 0 && memcmp(data, data + 1, n - 1) == 0);
}

/* Does the disk have nothing but zeroes in a cluster? */
int
fat_isblank(struct fatmount *m, DWORD clust)
{
	DWORD sector = ff_clst2sect(&m->m_fs, clust), i;
	struct buf *bp;
	BYTE *data;
	int is = 1;

	for (i = 0; is && i < m->m_fs.csize; i++) {
		if (get_sector(m, sector + i, &bp, &data) != 0)
			return (0);
		is = isblank(data, m->m_ssize);
		brelse(bp);
	}
	return (is);
}

DRESULT
disk_ioctl(void *drv, BYTE cmd, void *buff)
{
	struct fatmount *m = drv;

	switch (cmd) {
	case CTRL_SYNC:			/* the adapter does, for all at once */
		return (RES_OK);
	case GET_SECTOR_SIZE:
		*(WORD *)buff = (WORD)m->m_ssize;
		return (RES_OK);
	case IOCTL_INIT:
	case IOCTL_STATUS:
		*(DSTATUS *)buff = m->m_fsa->fm_rdonly ? STA_PROTECT : 0;
		return (RES_OK);
	default:
		return (RES_PARERR);
	}
}
