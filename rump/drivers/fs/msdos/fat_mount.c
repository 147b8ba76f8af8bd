/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fat_mount.c: mounting a FAT or exFAT volume, its state, and its free space.
 *
 * FatFs looks at what it needs of the boot sector; what would lead it out of the
 * volume later is refused here.
 */
#include "fat.h"
#include <rump/rumpdefs.h>
#include <sys/buf.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>

/* Fields of the boot sector. */
#define	BOOT_SECTORSIZE	11
#define	BOOT_STATE16	37		/* bit 0: in use, or was not unmounted */
#define	BOOT_STATE32	65
#define	BOOT_SIGNATURE	510
#define	XBOOT_FLAGS	106
#define	XBOOT_DIRTY	0x02
#define	XBOOT_SECTORSHIFT 108
#define	XBOOT_CLUSTERSHIFT 109
#define	STATE_DIRTY	0x01

/* The second entry of a FAT: set while nobody writes. */
#define	FAT16_CLEAN	0x8000U
#define	FAT32_CLEAN	0x08000000U

#define	ROOT_ID		1

static int
isexfatboot(const BYTE *b)
{

	return (memcmp(b + 3, "EXFAT   ", 8) == 0);
}

/* The library shifts by what is in a boot sector, whatever it is. */
int
fat_isbadboot(const BYTE *b)
{

	return (isexfatboot(b) && (b[XBOOT_SECTORSHIFT] < 9 ||
	    b[XBOOT_SECTORSHIFT] > 12 || b[XBOOT_CLUSTERSHIFT] > 15));
}

/* Bytes of a sector, which the library wants to know before it looks. */
static int
sector_size(struct fsa_mount *fsa, u_int *sizep)
{
	struct buf *bp;
	const BYTE *b;
	u_int size = DEV_BSIZE;
	int error;

	if ((error = bread(fsa->fm_devvp, 0, DEV_BSIZE, NOCRED, &bp)) == 0) {
		b = (const BYTE *)bp->b_data;
		if (isexfatboot(b) && b[XBOOT_SECTORSHIFT] <= 12)
			size = 1U << b[XBOOT_SECTORSHIFT];
		else if ((b[0] == 0xeb || b[0] == 0xe9) &&
		    le16(b + BOOT_SIGNATURE) == 0xaa55)
			size = le16(b + BOOT_SECTORSIZE);
		if (size < FF_MIN_SS || size > FF_MAX_SS || !powerof2(size))
			size = DEV_BSIZE;
		*sizep = size;
	}
	brelse(bp);
	return (error);
}

/* Does the volume lie within the device, and its parts within the volume? */
static int
geometry_check(struct fatmount *m)
{
	FATFS *fs = &m->m_fs;
	u_int64_t sectors = (u_int64_t)m->m_fsa->fm_devsize / fs->ssize;
	u_int64_t clusters = fs->n_fatent - 2, end, bits;

	if (fs->n_fatent < 3 || fs->csize == 0 || !powerof2(fs->csize))
		return (EINVAL);
	end = fs->database + clusters * fs->csize;
	if (end > sectors || fs->fsize == 0 ||
	    fs->fatbase + (u_int64_t)fs->fsize * fs->n_fats > fs->database)
		return (EINVAL);
	if (fs->fs_type >= FS_FAT32 &&
	    (fs->dirbase < 2 || fs->dirbase >= fs->n_fatent ||
	    (u_int64_t)fs->fsize * fs->ssize < (u_int64_t)fs->n_fatent * 4))
		return (EINVAL);
	if (ISEXFAT(fs)) {
		bits = howmany(clusters, (u_int64_t)fs->ssize * NBBY);
		if (fs->bitbase < fs->database || fs->bitbase + bits > end)
			return (EINVAL);
	}
	return (0);
}

/* Reads, and with set >= 0 changes, the marks that say "in use". */
static int
volume_state(struct fatmount *m, int set, int *wasdirty)
{
	FATFS *fs = &m->m_fs;
	u_int at = ISEXFAT(fs) ? XBOOT_FLAGS :
	    fs->fs_type == FS_FAT32 ? BOOT_STATE32 : BOOT_STATE16;
	BYTE bit = ISEXFAT(fs) ? XBOOT_DIRTY : STATE_DIRTY;
	DWORD word, clean = fs->fs_type == FS_FAT16 ? FAT16_CLEAN : FAT32_CLEAN;
	BYTE *fat1;

	if (ff_move_window(fs, fs->volbase) != FR_OK)
		return (EIO);
	*wasdirty = (fs->win[at] & bit) != 0;
	if (set >= 0) {
		fs->win[at] = (BYTE)((fs->win[at] & ~bit) | (set ? bit : 0));
		fs->wflag = 1;
	}
	if (fs->fs_type != FS_FAT16 && fs->fs_type != FS_FAT32)
		return (0);
	if (ff_move_window(fs, fs->fatbase) != FR_OK)
		return (EIO);
	fat1 = fs->win + (fs->fs_type == FS_FAT16 ? 2 : 4);
	word = fs->fs_type == FS_FAT16 ? le16(fat1) : le32(fat1);
	*wasdirty |= (word & clean) == 0;
	if (set >= 0) {
		word = set ? word & ~clean : word | clean;
		if (fs->fs_type == FS_FAT16)
			put16(fat1, (WORD)word);
		else
			put32(fat1, word);
		fs->wflag = 1;
	}
	return (0);
}

/* All that was written so far to the disk. */
int
fat_flush(struct fatmount *m)
{
	struct vnode *devvp = m->m_fsa->fm_devvp;
	int error;

	if (ff_sync_fs(&m->m_fs) != FR_OK)
		return (EIO);
	(void)vn_lock(devvp, LK_EXCLUSIVE | LK_RETRY, curproc);
	error = VOP_FSYNC(devvp, NOCRED, MNT_WAIT, curproc);
	VOP_UNLOCK(devvp, 0, curproc);
	if (error == 0)
		m->m_freed = m->m_syncs - 2;
	return (error);
}

/*
 * What was changed until now reaches the disk before what comes.  So also if the
 * disk refuses it: it is held then, and all later writes behind it.  Who asks that
 * all be safe hears of that.
 */
int
fat_order(struct fatmount *m)
{
	int error = fat_flush(m);

	return (m->m_fs.wflag == 0 &&
	    LIST_EMPTY(&m->m_fsa->fm_devvp->v_dirtyblkhd) ? 0 : error);
}

/*
 * A cluster that was given to a folder goes to the disk before anything there leads
 * to it: what its last owner left in it would be taken for names, or, where the FAT
 * still has that one's chain, what is in others; and a repair would take clusters
 * from files for those names.  There is no need if the disk has nothing in it, and no
 * chain, because none was freed since all went to the disk.
 */
int
fat_flushold(struct fatmount *m, int wasblank)
{

	return (wasblank && m->m_syncs - m->m_freed >= 2 ? 0 : fat_order(m));
}

/* From now on things are written. */
static int
start_writing(struct fatmount *m)
{
	DWORD nfree;
	int error;

	/* What the volume says of its free space may be wrong: count it. */
	m->m_fs.free_clst = 0xffffffff;
	if ((error = fat_errno(f_getfree(&m->m_fs, &nfree))) != 0 ||
	    (error = volume_state(m, -1, &m->m_wasdirty)) != 0)
		return (error);
	if (m->m_wasdirty)
		return (0);
	if ((error = volume_state(m, 1, &(int){ 0 })) != 0)
		return (error);
	return (fat_flush(m));
}

static int
stop_writing(struct fatmount *m)
{
	int error, was;

	if ((error = fat_errno(ff_sync_fs(&m->m_fs))) == 0 && !m->m_wasdirty)
		error = volume_state(m, 0, &was);
	if (error == 0)
		error = fat_errno(ff_sync_fs(&m->m_fs));
	return (error);
}

static void
take_args(struct fatmount *m, const struct rump_msdosfs_args *args)
{

	m->m_uid = args->uid;
	m->m_gid = args->gid;
	m->m_mask = args->mask & ACCESSPERMS;
	m->m_dirmask = m->m_mask;
	if (args->flags & RUMP_MSDOSFSMNT_VERSIONED) {
		if (args->version >= 2)
			m->m_dirmask = args->dirmask & ACCESSPERMS;
		/* A day at most, or it is no time zone. */
		if (args->version >= 3 && args->gmtoff > -86400 &&
		    args->gmtoff < 86400)
			m->m_gmtoff = args->gmtoff;
	}
}

static void
set_limits(struct fsa_mount *fsa, FATFS *fs)
{

	fsa->fm_bsize = MIN(CLUSTER_BYTES(fs), MAXBSIZE);
	fsa->fm_rootid = ROOT_ID;
	fsa->fm_maxsize = ISEXFAT(fs) ? INT64_MAX : 0xffffffffU;
	fsa->fm_namemax = NAME_MAX;
	fsa->fm_linkmax = 1;
	fsa->fm_flags = FSA_NOHOLES | FSA_NOCASE | FSA_NOATIME |
	    FSA_NOCTIME;
	fsa->fm_timeunit = ISEXFAT(fs) ? 10000000 : 2000000000;
}

static int
volume_mount(struct fatmount *m)
{
	int error;

	if ((error = sector_size(m->m_fsa, &m->m_ssize)) != 0 ||
	    (error = fat_errno(f_mount(&m->m_fs))) != 0 ||
	    (error = geometry_check(m)) != 0)
		return (error);
	return (m->m_fsa->fm_rdonly ? 0 : start_writing(m));
}

int
fat_mount(struct fsa_mount *fsa, void *args)
{
	struct fatmount *m;
	int error;

	/* Places on the device are counted in a daddr_t. */
	if (fsa->fm_devsize < 0 || fsa->fm_devsize / DEV_BSIZE > INT_MAX)
		return (EFBIG);
	m = malloc(sizeof(*m), M_MOUNT, M_WAITOK | M_ZERO);
	m->m_fsa = fsa;
	m->m_fs.drv = m;
	m->m_fs.lfnbuf = m->m_lfn;
	m->m_fs.dirbuf = m->m_xdir;
	m->m_syncs = 2;
	take_args(m, args);
	if ((error = volume_mount(m)) != 0) {
		free(m, M_MOUNT);
		return (error);
	}
	fsa->fm_data = m;
	m->m_root = fat_newroot(m);
	fat_hold(m->m_root);
	set_limits(fsa, &m->m_fs);
	return (0);
}

int
fat_unmount(struct fsa_mount *fsa)
{
	struct fatmount *m = MTOFAT(fsa);
	int error = 0;

	if (!fsa->fm_rdonly)
		error = stop_writing(m);
	(void)f_umount(&m->m_fs);
	fat_release(m->m_root);
	fsa->fm_data = NULL;
	free(m, M_MOUNT);
	return (error);
}

int
fat_remount(struct fsa_mount *fsa)
{
	struct fatmount *m = MTOFAT(fsa);
	int error;

	if (!fsa->fm_rdonly)
		return (start_writing(m));
	/* The last writing: the adapter brings it to the disk. */
	fsa->fm_rdonly = 0;
	error = stop_writing(m);
	fsa->fm_rdonly = 1;
	return (error);
}

int
fat_statfs(struct fsa_mount *fsa, struct statfs *sb)
{
	FATFS *fs = &MTOFAT(fsa)->m_fs;
	DWORD nfree;
	int error;

	if ((error = fat_errno(f_getfree(fs, &nfree))) != 0)
		return (error);
	sb->f_bsize = (int32_t)CLUSTER_BYTES(fs);
	sb->f_blocks = fs->n_fatent - 2;
	sb->f_bfree = nfree;
	sb->f_bavail = (int32_t)MIN(nfree, INT_MAX);
	sb->f_files = sb->f_ffree = 0;
	return (0);
}

int
fat_sync(struct fsa_mount *fsa)
{
	struct fatmount *m = MTOFAT(fsa);

	m->m_syncs++;
	return (fat_errno(ff_sync_fs(&m->m_fs)));
}
