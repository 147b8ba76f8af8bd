/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fat_ff.c: FatFs, as it is, and a way to its inner functions.
 */
#include <ff.c>
#include "fat_ff.h"

FRESULT
ff_move_window(FATFS *fs, DWORD sector)
{

	return (move_window(fs, sector));
}

FRESULT
ff_sync_window(FATFS *fs)
{

	return (sync_window(fs));
}

FRESULT
ff_sync_fs(FATFS *fs)
{

	return (sync_fs(fs));
}

DWORD
ff_clst2sect(FATFS *fs, DWORD clust)
{

	return (clst2sect(fs, clust));
}

DWORD
ff_get_fat(FFOBJID *obj, DWORD clust)
{

	return (get_fat(obj, clust));
}

FRESULT
ff_remove_chain(FFOBJID *obj, DWORD clust, DWORD before)
{

	return (remove_chain(obj, clust, before));
}

DWORD
ff_create_chain(FFOBJID *obj, DWORD last)
{

	return (create_chain(obj, last));
}

FRESULT
ff_put_fat(FATFS *fs, DWORD clust, DWORD value)
{

	return (put_fat(fs, clust, value));
}

/* exFAT: what was appended and is not in the FAT yet goes there (as f_sync). */
FRESULT
ff_settle_chain(FFOBJID *obj, DWORD last)
{
	FRESULT res;

	if (obj->fs->fs_type != FS_EXFAT)
		return (FR_OK);
	if ((res = fill_first_frag(obj)) == FR_OK)
		res = fill_last_frag(obj, last, 0xffffffff);
	return (res);
}

FRESULT
ff_dir_clear(FATFS *fs, DWORD clust)
{

	return (dir_clear(fs, clust));
}

FRESULT
ff_dir_next(FF_DIR *dp)
{

	return (dir_next(dp, 0));
}

FRESULT
ff_dir_read(FF_DIR *dp)
{

	return (dir_read(dp, 0));
}

int
ff_pick_lfn(WCHAR *lfn, BYTE *entry)
{

	return (pick_lfn(lfn, entry));
}

void
ff_put_lfn(const WCHAR *lfn, BYTE *entry, BYTE order, BYTE sum)
{

	put_lfn(lfn, entry, order, sum);
}

void
ff_gen_numname(BYTE *to, const BYTE *sfn, const WCHAR *lfn, UINT seq)
{

	gen_numname(to, sfn, lfn, seq);
}

BYTE
ff_sum_sfn(const BYTE *sfn)
{

	return (sum_sfn(sfn));
}

FRESULT
ff_load_xdir(FF_DIR *dp)
{

	return (load_xdir(dp));
}

FRESULT
ff_store_xdir(FF_DIR *dp)
{

	return (store_xdir(dp));
}

void
ff_create_xdir(BYTE *set, const WCHAR *lfn)
{

	create_xdir(set, lfn);
}

void
ff_get_fileinfo(FF_DIR *dp, FILINFO *fno)
{

	get_fileinfo(dp, fno);
}

FRESULT
ff_create_name(FF_DIR *dp, const char *name)
{

	return (create_name(dp, &name));
}

DWORD
ff_ld_clust(FATFS *fs, const BYTE *entry)
{

	return (ld_clust(fs, entry));
}

void
ff_st_clust(FATFS *fs, BYTE *entry, DWORD clust)
{

	st_clust(fs, entry, clust);
}
