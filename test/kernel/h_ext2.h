/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * h_ext2.h: a mounted ext2 image, and what the host's e2fsck and debugfs say of it.
 *
 * KTEST_IMAGE names the image; each case works on a copy of it (h_begin), and at
 * its end (h_end) e2fsck must have nothing to say.
 */
#ifndef _TEST_H_EXT2_H_
#define	_TEST_H_EXT2_H_

#include "h_kern.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/wait.h>

static char h_image[PATH_MAX];

/* Runs a command of the host; its output comes into out, which ends with NUL. */
static __kunused int
h_host(const char *command, char *out, size_t len)
{
	size_t n = 0, got;
	FILE *pipe;
	int status;

	if ((pipe = popen(command, "r")) == NULL)
		abort();
	while (n < len - 1 && (got = fread(out + n, 1, len - 1 - n, pipe)) > 0)
		n += got;
	out[n] = '\0';
	while (fread(&status, 1, 1, pipe) == 1)
		continue;
	status = pclose(pipe);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static __kunused int
h_mount_ext2(int flags)
{
	const char *args[1] = { "/dev/ext2" };

	return rump_sys_mount("ext2fs", "/e", flags, args, sizeof(args));
}

static __kunused void
h_attach(void)
{
	struct rump_stat st;

	if (rump_sys_stat("/e", &st) != 0)
		CHECK_OK(rump_sys_mkdir("/e", 0755));
	CHECK_EQUAL(rump_pub_etfs_register("/dev/ext2", h_image,
	    RUMP_ETFS_BLK), 0);
}

/* A fresh copy of the image, mounted at /e. */
static __kunused void
h_begin(void)
{
	char command[2 * PATH_MAX + 64], out[256];

	snprintf(h_image, sizeof(h_image), "%s.copy", getenv("KTEST_IMAGE"));
	snprintf(command, sizeof(command), "cp --sparse=always %s %s 2>&1",
	    getenv("KTEST_IMAGE"), h_image);
	CHECK_EQUAL(h_host(command, out, sizeof(out)), 0);
	h_attach();
	CHECK_OK(h_mount_ext2(0));
}

/* Complaints have question marks; what was checked is told in five passes. */
static __kunused void
h_fsck(void)
{
	char command[PATH_MAX + 64];
	static char out[65536];
	int status;

	snprintf(command, sizeof(command), "e2fsck -fn %s 2>&1", h_image);
	status = h_host(command, out, sizeof(out));
	if (status != 0 || strchr(out, '?') != NULL) {
		snprintf(tap_reason, sizeof(tap_reason), "e2fsck: %d: %.440s",
		    status, out);
		longjmp(tap_failed, 1);
	}
}

static __kunused void
h_unmount(void)
{

	CHECK_OK(rump_sys_unmount("/e", 0));
	CHECK_EQUAL(rump_pub_etfs_remove("/dev/ext2"), 0);
}

static __kunused void
h_end(void)
{

	h_unmount();
	h_fsck();
	unlink(h_image);
}

/* What the disk says, as it is after an unmount. */
static __kunused void
h_remount(void)
{

	h_unmount();
	h_fsck();
	h_attach();
	CHECK_OK(h_mount_ext2(0));
}

/* Byte i of a file made by h_fill(). */
static __kunused unsigned char
h_byte(unsigned int seed, size_t i)
{

	return (unsigned char)(seed * 31 + i * 7 + i / 251);
}

static __kunused void
h_fill(const char *path, unsigned int seed, size_t size)
{
	unsigned char buf[8192];
	size_t at, i, n;
	int fd;

	fd = h_open(path, RUMP_O_WRONLY | RUMP_O_CREAT | RUMP_O_TRUNC);
	for (at = 0; at < size; at += n) {
		n = size - at < sizeof(buf) ? size - at : sizeof(buf);
		for (i = 0; i < n; i++)
			buf[i] = h_byte(seed, at + i);
		CHECK_EQUAL(rump_sys_write(fd, buf, n), n);
	}
	CHECK_OK(rump_sys_close(fd));
}

static __kunused void
h_verify(const char *path, unsigned int seed, size_t size)
{
	unsigned char buf[8192];
	struct rump_stat st;
	size_t at, i;
	ssize_t n;
	int fd;

	CHECK_OK(rump_sys_stat(path, &st));
	CHECK_EQUAL(st.st_size, size);
	fd = h_open(path, RUMP_O_RDONLY);
	for (at = 0; (n = rump_sys_read(fd, buf, sizeof(buf))) > 0; at += n)
		for (i = 0; i < (size_t)n; i++)
			CHECK_EQUAL(buf[i], h_byte(seed, at + i));
	CHECK_EQUAL(n, 0);
	CHECK_EQUAL(at, size);
	CHECK_OK(rump_sys_close(fd));
}

#endif /* _TEST_H_EXT2_H_ */
