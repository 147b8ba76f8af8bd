/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * h_ffs.h: what tests of fs/ffs share: a copy of the image that KTEST_FFS names,
 * shown as /dev/ffs and mounted.  Copies are left in KTEST_KEEP, for who checks
 * that they are consistent.
 */
#ifndef _TEST_H_FFS_H_
#define	_TEST_H_FFS_H_

#include <errno.h>
#include <fcntl.h>
#include "h_kern.h"

#define	H_SOFTDEP	((int)RUMP_MNT_SOFTDEP)

static char h_ffs_path[1024];

/* A copy of the image, which lives until the program ends. */
static __kunused void
h_ffs_copy(void)
{
	static char buf[65536];
	ssize_t n;
	int from, to;

	snprintf(h_ffs_path, sizeof(h_ffs_path), "%s/copy-XXXXXX",
	    getenv("KTEST_KEEP"));
	if ((from = open(getenv("KTEST_FFS"), O_RDONLY)) == -1 ||
	    (to = mkstemp(h_ffs_path)) == -1)
		abort();
	while ((n = read(from, buf, sizeof(buf))) > 0)
		if (write(to, buf, n) != n)
			abort();
	close(from);
	close(to);
}

static __kunused int
h_ffs_mount_flags(const char *at, int flags)
{
	struct rump_ufs_args args = { .fspec = "/dev/ffs" };

	return rump_sys_mount("ffs", at, flags, &args, sizeof(args));
}

/* Mounts the copy, which is made and shown first if it is not yet. */
static __kunused void
h_ffs_mount(const char *at, int flags)
{
	struct rump_stat st;

	if (rump_sys_stat("/dev/ffs", &st) != 0) {
		h_ffs_copy();
		CHECK_EQUAL(rump_pub_etfs_register("/dev/ffs", h_ffs_path,
		    RUMP_ETFS_BLK), 0);
	}
	if (rump_sys_stat(at, &st) != 0)
		CHECK_OK(rump_sys_mkdir(at, 0755));
	CHECK_OK(h_ffs_mount_flags(at, flags));
}

/* Unmounts, and takes the device away; the copy goes where it is checked. */
static __kunused void
h_ffs_end(const char *at)
{
	static int n;
	char kept[1024];

	CHECK_OK(rump_sys_unmount(at, 0));
	CHECK_EQUAL(rump_pub_etfs_remove("/dev/ffs"), 0);
	snprintf(kept, sizeof(kept), "%s/%s-%d.img", getenv("KTEST_KEEP"),
	    program_invocation_short_name, n++);
	CHECK_EQUAL(rename(h_ffs_path, kept), 0);
}

/* A file of size bytes, byte i being i * 7 + seed + i / 256. */
static __kunused void
h_ffs_write(const char *path, size_t size, unsigned seed, size_t chunk)
{
	unsigned char *p;
	size_t off, n, i;
	int fd;

	if ((p = malloc(chunk)) == NULL)
		abort();
	fd = h_open(path, RUMP_O_WRONLY | RUMP_O_CREAT | RUMP_O_TRUNC);
	for (off = 0; off < size; off += n) {
		n = size - off < chunk ? size - off : chunk;
		for (i = 0; i < n; i++)
			p[i] = (unsigned char)((off + i) * 7 + seed +
			    (off + i) / 256);
		CHECK_EQUAL(rump_sys_write(fd, p, n), n);
	}
	CHECK_OK(rump_sys_close(fd));
	free(p);
}

static __kunused void
h_ffs_verify(const char *path, size_t size, unsigned seed)
{
	static unsigned char buf[60000];
	struct rump_stat st;
	size_t off = 0;
	ssize_t n, i;
	int fd;

	CHECK_OK(rump_sys_stat(path, &st));
	CHECK_EQUAL(st.st_size, size);
	fd = h_open(path, RUMP_O_RDONLY);
	while ((n = rump_sys_read(fd, buf, sizeof(buf))) > 0) {
		for (i = 0; i < n; i++)
			CHECK_EQUAL(buf[i], (unsigned char)((off + i) * 7 +
			    seed + (off + i) / 256));
		off += n;
	}
	CHECK_EQUAL(off, size);
	CHECK_OK(rump_sys_close(fd));
}

#endif /* _TEST_H_FFS_H_ */
