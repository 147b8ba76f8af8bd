/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_vfs_blk.c: files and devices of the host (etfs), and the buffer cache
 * between: pieces of any size, ends, failures, removal, little memory.
 */
#include "h_kern.h"

#include <fcntl.h>
#include <unistd.h>

#define	SIZE	(300 * 1024 + 512)

static unsigned char
byte_at(size_t i)
{

	return (unsigned char)(i * 7 + i / 256);
}

static void
check_bytes(const char *buf, size_t off, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)buf[i] != byte_at(off + i))
			CHECK_EQUAL(off + i, -1);
}

static int
register_as(const char *key, const char *host, enum rump_etfs_type type)
{

	return rump_pub_etfs_register(key, host, type);
}

static void
registering(void)
{
	const char *host = h_hostfile(SIZE);
	struct rump_stat st;
	char key[1100];

	CHECK_EQUAL(register_as(NULL, host, RUMP_ETFS_REG), RUMP_EFAULT);
	CHECK_EQUAL(register_as("rel", host, RUMP_ETFS_REG), RUMP_EINVAL);
	CHECK_EQUAL(register_as("/", host, RUMP_ETFS_REG), RUMP_EINVAL);
	CHECK_EQUAL(register_as("/x/", host, RUMP_ETFS_REG), RUMP_EINVAL);
	CHECK_EQUAL(register_as("/../x", host, RUMP_ETFS_REG), RUMP_EINVAL);
	CHECK_EQUAL(register_as("/x/.", host, RUMP_ETFS_REG), RUMP_EINVAL);
	CHECK_EQUAL(register_as("/dev", host, RUMP_ETFS_REG), RUMP_EEXIST);
	CHECK_EQUAL(register_as("/dev/null/x", host, RUMP_ETFS_REG),
	    RUMP_ENOTDIR);
	CHECK_EQUAL(register_as("/x", "/nonexistent", RUMP_ETFS_REG),
	    RUMP_ENOENT);
	CHECK_EQUAL(register_as("/x", "/", RUMP_ETFS_REG), RUMP_EISDIR);
	memset(key, 'x', sizeof(key));
	key[0] = '/';
	key[300] = '\0';
	CHECK_EQUAL(register_as(key, host, RUMP_ETFS_REG), RUMP_ENAMETOOLONG);
	CHECK_EQUAL(rump_pub_etfs_register_withsize("/x", host, RUMP_ETFS_REG,
	    SIZE + 1, RUMP_ETFS_SIZE_ENDOFF), RUMP_EINVAL);
	CHECK_EQUAL(rump_pub_etfs_register_withsize("/x", host, RUMP_ETFS_REG,
	    100, SIZE), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_stat("/x", &st), RUMP_ENOENT);
	/* Its name may go before it; folders do not come back then. */
	CHECK_EQUAL(register_as("/e/f/x", host, RUMP_ETFS_REG), 0);
	CHECK_EQUAL(register_as("/e/f/x", host, RUMP_ETFS_REG), RUMP_EEXIST);
	CHECK_EQUAL(register_as("/e//f/x", host, RUMP_ETFS_REG), RUMP_EEXIST);
	CHECK_OK(rump_sys_unlink("/e/f/x"));
	CHECK_OK(rump_sys_stat("/e/f/x", &st));	/* still registered */
	CHECK_OK(rump_sys_rmdir("/e/f"));
	CHECK_OK(rump_sys_rmdir("/e"));
	CHECK_EQUAL(rump_pub_etfs_remove("/e/f/x"), 0);
	CHECK_EQUAL(rump_pub_etfs_remove("/e/f/x"), RUMP_ENOENT);
	CHECK_FAILS(rump_sys_stat("/e", &st), RUMP_ENOENT);
	unlink(host);
}

static void
regular_files(void)
{
	const char *host = h_hostfile(SIZE);
	char buf[1000];
	int fd;

	CHECK_EQUAL(rump_pub_etfs_register_withsize("/r", host, RUMP_ETFS_REG,
	    1000, 5000), 0);
	fd = h_open("/r", RUMP_O_RDWR);
	CHECK_EQUAL(rump_sys_pread(fd, buf, sizeof(buf), 4500), 500);
	check_bytes(buf, 5500, 500);
	CHECK_EQUAL(rump_sys_pread(fd, buf, sizeof(buf), 5000), 0);
	CHECK_EQUAL(rump_sys_pwrite(fd, buf, 600, 4500), 500);
	CHECK_FAILS(rump_sys_pwrite(fd, buf, 1, 5000), RUMP_EFBIG);
	CHECK_FAILS(rump_sys_pread(fd, NULL, 1, 0), RUMP_EFAULT);
	CHECK_OK(rump_sys_fcntl(fd, RUMP_F_SETFL, (void *)RUMP_O_APPEND));
	CHECK_FAILS(rump_sys_pwrite(fd, buf, 1, 0), RUMP_EFBIG);
	CHECK_FAILS(rump_sys_open("/r", RUMP_O_WRONLY | RUMP_O_TRUNC),
	    RUMP_EPERM);
	CHECK_EQUAL(rump_pub_etfs_remove("/r"), RUMP_EBUSY);
	CHECK_OK(rump_sys_close(fd));
	CHECK_EQUAL(rump_pub_etfs_remove("/r"), 0);
	unlink(host);
}

/* The same bytes in pieces of all kinds, through the cache and around it. */
static void
pieces(const char *dev, int unaligned)
{
	static char buf[70000];
	size_t at, len;
	int fd;

	fd = h_open(dev, RUMP_O_RDONLY);
	for (at = 0, len = 512; at < SIZE; at += len) {
		len = (at * 31 % sizeof(buf)) / (unaligned ? 1 : 512) + 1;
		if (!unaligned)
			len *= 512;
		if (len > sizeof(buf))
			len = sizeof(buf) / 512 * 512;
		if (len > SIZE - at)
			len = SIZE - at;
		CHECK_EQUAL(rump_sys_pread(fd, buf, len, (int64_t)at), len);
		check_bytes(buf, at, len);
	}
	CHECK_EQUAL(rump_sys_pread(fd, buf, 4096, SIZE - 512), 512);
	check_bytes(buf, SIZE - 512, 512);
	CHECK_EQUAL(rump_sys_pread(fd, buf, 4096, SIZE), 0);
	CHECK_EQUAL(rump_sys_pread(fd, buf, 4096, INT64_MAX - 511), 0);
	CHECK_OK(rump_sys_close(fd));
}

static void
devices(void)
{
	const char *host = h_hostfile(SIZE);
	char c, sector[512];
	int a, b, alias;
	struct rump_stat st;

	CHECK_EQUAL(register_as("/dev/b", host, RUMP_ETFS_BLK), 0);
	CHECK_EQUAL(register_as("/dev/c", host, RUMP_ETFS_CHR), 0);
	pieces("/dev/b", 1);
	pieces("/dev/c", 0);
	a = h_open("/dev/c", RUMP_O_RDONLY);
	CHECK_FAILS(rump_sys_pread(a, sector, 512, 5), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_pread(a, sector, 5, 0), RUMP_EINVAL);
	CHECK_OK(rump_sys_close(a));
	CHECK_EQUAL(rump_pub_etfs_remove("/dev/c"), 0);
	/* Opened twice and by another node: the last close is the last. */
	CHECK_OK(rump_sys_stat("/dev/b", &st));
	CHECK_OK(rump_sys_mknod("/alias", RUMP_S_IFBLK | 0600, st.st_rdev));
	a = h_open("/dev/b", RUMP_O_RDWR);
	b = h_open("/dev/b", RUMP_O_RDONLY);
	alias = h_open("/alias", RUMP_O_RDONLY);
	CHECK_OK(rump_sys_close(a));
	CHECK_EQUAL(rump_pub_etfs_remove("/dev/b"), RUMP_EBUSY);
	CHECK_EQUAL(rump_sys_pread(b, &c, 1, 77), 1);
	CHECK_OK(rump_sys_close(b));
	CHECK_EQUAL(rump_pub_etfs_remove("/dev/b"), RUMP_EBUSY);
	CHECK_EQUAL(rump_sys_pread(alias, &c, 1, 77), 1);
	CHECK_OK(rump_sys_close(alias));
	CHECK_EQUAL(rump_pub_etfs_remove("/dev/b"), 0);
	CHECK_FAILS(rump_sys_open("/alias", RUMP_O_RDONLY), RUMP_ENXIO);
	CHECK_OK(rump_sys_unlink("/alias"));
	unlink(host);
}

static void
writing(void)
{
	const char *host = h_hostfile(SIZE);
	char buf[5000], back[5000];
	int fd, hostfd;

	memset(buf, 'w', sizeof(buf));
	CHECK_EQUAL(register_as("/dev/b", host, RUMP_ETFS_BLK), 0);
	if ((hostfd = open(host, O_RDONLY)) == -1)
		abort();
	fd = h_open("/dev/b", RUMP_O_RDWR);
	CHECK_EQUAL(rump_sys_pwrite(fd, buf, sizeof(buf), 12345), sizeof(buf));
	CHECK_EQUAL(rump_sys_pread(fd, back, sizeof(back), 12345),
	    sizeof(back));
	CHECK(memcmp(buf, back, sizeof(buf)) == 0);
	CHECK_OK(rump_sys_fsync(fd));
	CHECK_EQUAL(pread(hostfd, back, sizeof(back), 12345), sizeof(back));
	CHECK(memcmp(buf, back, sizeof(buf)) == 0);
	CHECK_EQUAL(pread(hostfd, back, 100, 12245), 100);
	check_bytes(back, 12245, 100);
	CHECK_EQUAL(rump_sys_pwrite(fd, buf, 100, SIZE - 10), 10);
	CHECK_FAILS(rump_sys_pwrite(fd, buf, 1, SIZE), RUMP_ENOSPC);
	rump_sys_sync();		/* starts writing only */
	CHECK_OK(rump_sys_fsync(fd));
	CHECK_EQUAL(pread(hostfd, back, 1, SIZE - 1), 1);
	CHECK_EQUAL(back[0], 'w');
	CHECK_EQUAL(rump_sys_pwrite(fd, "z", 1, 0), 1);
	CHECK_OK(rump_sys_close(fd));
	CHECK_EQUAL(pread(hostfd, back, 1, 0), 1);
	CHECK_EQUAL(back[0], 'z');
	CHECK_EQUAL(rump_pub_etfs_remove("/dev/b"), 0);
	close(hostfd);
	unlink(host);
}

/* The host's file becomes shorter than the device: errors, and no garbage. */
static void
shrunken_device(void)
{
	const char *host = h_hostfile(SIZE);
	static char buf[65536];
	int fd;

	CHECK_EQUAL(register_as("/dev/b", host, RUMP_ETFS_BLK), 0);
	fd = h_open("/dev/b", RUMP_O_RDWR);
	CHECK_EQUAL(rump_sys_pread(fd, buf, 100, 8192), 100);
	if (truncate(host, 10000) != 0)
		abort();
	CHECK_EQUAL(rump_sys_pread(fd, buf, 100, 8192), 100);	/* cached */
	check_bytes(buf, 8192, 100);
	CHECK_EQUAL(rump_sys_pread(fd, buf, sizeof(buf), 0), 8192 + 2048);
	check_bytes(buf, 0, 8192 + 2048);
	CHECK_FAILS(rump_sys_pread(fd, buf, 100, 20000), RUMP_EIO);
	CHECK_FAILS(rump_sys_pread(fd, buf, 100, 10500), RUMP_EIO);
	/* Again what was not there is, and is read. */
	if (truncate(host, SIZE) != 0)
		abort();
	CHECK_EQUAL(rump_sys_pread(fd, buf, 100, 20000), 100);
	CHECK_EQUAL(buf[0], 0);
	CHECK_OK(rump_sys_close(fd));
	CHECK_EQUAL(rump_pub_etfs_remove("/dev/b"), 0);
	unlink(host);
}

/* A file of an image whose end is gone: clusters fail in the middle. */
static void
shrunken_image(void)
{
	static char whole[700000], part[700000];
	char command[256], copy[] = "/tmp/ktest-iso-XXXXXX";
	struct rump_stat st;
	ssize_t n, total = 0;
	int fd;

	close(mkstemp(copy));
	snprintf(command, sizeof(command), "cp '%s' %s", getenv("KTEST_ISO"),
	    copy);
	if (system(command) != 0)
		abort();
	CHECK_EQUAL(register_as("/dev/cut", copy, RUMP_ETFS_BLK), 0);
	CHECK_OK(rump_sys_mkdir("/cut", 0755));
	h_mount_iso("/mnt");
	fd = h_open("/mnt/big.bin", RUMP_O_RDONLY);
	CHECK_EQUAL(rump_sys_read(fd, whole, sizeof(whole)), sizeof(whole));
	CHECK_OK(rump_sys_fstat(fd, &st));
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(h_mount_flags("/dev/cut", "/cut", RUMP_MNT_RDONLY));
	fd = h_open("/cut/big.bin", RUMP_O_RDONLY);
	CHECK_EQUAL(rump_sys_pread(fd, part, 10, 0), 10);
	/* Where the file starts: whoever made the image says. */
	if (truncate(copy, (off_t)atoi(getenv("KTEST_BIG_BLOCK")) * 2048 +
	    300000) != 0)
		abort();
	while ((n = rump_sys_read(fd, part + total, 7777)) > 0)
		total += n;
	CHECK_EQUAL(n, -1);
	CHECK_EQUAL(rumpglue_errno(), RUMP_EIO);
	CHECK_EQUAL(total, 300000 / 2048 * 2048);
	CHECK(memcmp(whole, part, (size_t)total) == 0);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unmount("/cut", 0));
	CHECK_OK(rump_sys_unmount("/mnt", 0));
	CHECK_EQUAL(rump_pub_etfs_remove("/dev/cut"), 0);
	unlink(copy);
}

static const struct tap_case cases[] = {
	{ "registering files of the host", registering },
	{ "a window of a regular file", regular_files },
	{ "devices: pieces, opens, removal", devices },
	{ "writes reach the host's file", writing },
	{ "a device that shrinks", shrunken_device },
	{ "an image that shrinks under a file", shrunken_image },
};

RUN_KERNEL(cases)
