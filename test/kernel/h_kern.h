/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * h_kern.h: what tests of the kernel base share: a booted kernel, checks of
 * system calls, files and a mounted image.
 *
 * Each program runs against the shared object of a composition with fs/cd9660;
 * KTEST_ISO names an image of a known tree (see base.test.ts).
 */
#ifndef _TEST_H_KERN_H_
#define	_TEST_H_KERN_H_

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumperr.h>
#include "tap.h"

int	rumpglue_errno(void);

#define	__kunused	__attribute__((__unused__))

/* The call fails with this NetBSD errno. */
#define	CHECK_FAILS(e, err) do {					\
	long long tap_rv = (long long)(e);				\
	int tap_err = rumpglue_errno();					\
	if (tap_rv != -1 || tap_err != (err)) {				\
		snprintf(tap_reason, sizeof(tap_reason),		\
		    "%s:%d: %s gives %lld, errno %d, expected %s",	\
		    __FILE__, __LINE__, #e, tap_rv, tap_err, #err);	\
		longjmp(tap_failed, 1);					\
	}								\
} while (0)

/* The call succeeds; says its errno if not. */
#define	CHECK_OK(e) do {						\
	if ((long long)(e) == -1) {					\
		snprintf(tap_reason, sizeof(tap_reason),		\
		    "%s:%d: %s fails with %d", __FILE__, __LINE__, #e,	\
		    rumpglue_errno());					\
		longjmp(tap_failed, 1);					\
	}								\
} while (0)

#define	RUN_KERNEL(cases)						\
int									\
main(void)								\
{									\
									\
	setvbuf(stdout, NULL, _IOLBF, 0);				\
	if (rump_init() != 0)						\
		abort();						\
	return TAP_RUN(cases);						\
}

/* A descriptor of an opened file, or the test fails. */
static __kunused int
h_open(const char *path, int flags)
{
	int fd;

	fd = rump_sys_open(path, flags, 0644);
	CHECK_OK(fd);
	return fd;
}

/* Makes a file of the memory root that holds text. */
static __kunused void
h_file(const char *path, const char *text)
{
	int fd;

	fd = h_open(path, RUMP_O_WRONLY | RUMP_O_CREAT | RUMP_O_TRUNC);
	CHECK_EQUAL(rump_sys_write(fd, text, strlen(text)), strlen(text));
	CHECK_OK(rump_sys_close(fd));
}

static __kunused int
h_mount_flags(const char *dev, const char *at, int flags)
{
	struct rump_iso_args args;

	memset(&args, 0, sizeof(args));
	args.fspec = dev;
	return rump_sys_mount("cd9660", at, flags, &args, sizeof(args));
}

/* Shows the image as /dev/iso and mounts it. */
static __kunused void
h_mount_iso(const char *at)
{
	struct rump_stat st;

	if (rump_sys_stat("/dev/iso", &st) != 0)
		CHECK_EQUAL(rump_pub_etfs_register("/dev/iso",
		    getenv("KTEST_ISO"), RUMP_ETFS_BLK), 0);
	if (rump_sys_stat(at, &st) != 0)
		CHECK_OK(rump_sys_mkdir(at, 0755));
	CHECK_OK(h_mount_flags("/dev/iso", at, RUMP_MNT_RDONLY));
}

/* A host file of size bytes, byte i being i * 7 + i / 256; returns its path. */
static __kunused const char *
h_hostfile(size_t size)
{
	static char path[] = "/tmp/ktest-XXXXXX";
	unsigned char *p;
	size_t i;
	int fd;

	if ((p = malloc(size + 1)) == NULL)
		abort();
	for (i = 0; i < size; i++)
		p[i] = (unsigned char)(i * 7 + i / 256);
	strcpy(path + strlen(path) - 6, "XXXXXX");
	if ((fd = mkstemp(path)) == -1 ||
	    write(fd, p, size) != (ssize_t)size || close(fd) != 0)
		abort();
	free(p);
	return path;
}

/* Runs what follows as user uid; h_root() goes back. */
static __kunused void
h_user(uint32_t uid)
{

	CHECK_OK(rump_sys_seteuid(uid));
}

static __kunused void
h_root(void)
{

	CHECK_OK(rump_sys_seteuid(0));
}

#endif /* _TEST_H_KERN_H_ */
