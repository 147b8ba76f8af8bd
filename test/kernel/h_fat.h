/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * h_fat.h: what the tests of fs/msdos share: mounting the image that KTEST_FAT
 * names, writable, at /fat.
 */
#ifndef _TEST_H_FAT_H_
#define	_TEST_H_FAT_H_

#include "h_kern.h"

#define	FAT_DEVICE	"/dev/fat"
#define	FAT_AT		"/fat"

static __kunused int
h_fat_mount(int flags)
{
	struct rump_msdosfs_args args = {
		.fspec = FAT_DEVICE,
		.mask = 0755,
		.flags = RUMP_MSDOSFSMNT_VERSIONED,
		.version = RUMP_MSDOSFSMNT_VERSION,
		.dirmask = 0755,
	};

	return (rump_sys_mount("msdos", FAT_AT, flags, &args, sizeof(args)));
}

static __kunused void
h_fat_setup(void)
{
	const char *image = getenv("KTEST_FAT");

	if (image == NULL || rump_pub_etfs_register(FAT_DEVICE, image,
	    RUMP_ETFS_BLK) != 0)
		abort();
	CHECK_OK(rump_sys_mkdir(FAT_AT, 0755));
	CHECK_OK(h_fat_mount(0));
}

static __kunused void
h_fat_again(void)
{

	CHECK_OK(rump_sys_unmount(FAT_AT, 0));
	CHECK_OK(h_fat_mount(0));
}

#endif /* _TEST_H_FAT_H_ */
