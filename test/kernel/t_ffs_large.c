/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_ffs_large.c: FFS: a file that is larger than the buffer cache (with little
 * memory), read in large pieces, which go past the cache, while parts of it are
 * cached, dirty, or holes.  Memory holds what the file has to be.
 */
#include "h_ffs.h"

#define	SIZE	(6 * 1024 * 1024 + 12345)
#define	ROUNDS	400
#define	MOST	(700 * 1024)

static const int modes[] = { 0, H_SOFTDEP };

static unsigned char want[SIZE], got[MOST + 64];
static uint32_t state;

static uint32_t
next(uint32_t below)
{

	state = state * 1664525 + 1013904223;
	return (state >> 8) % below;
}

static void
write_some(int fd)
{
	size_t off = next(SIZE), len = 1 + next(next(2) ? 200000 : 9000), i;

	if (len > SIZE - off)
		len = SIZE - off;
	for (i = 0; i < len; i++)
		want[off + i] = (unsigned char)next(256);
	CHECK_EQUAL(rump_sys_pwrite(fd, want + off, len, (int64_t)off), len);
}

/* In three pieces of any sizes, one of which may be empty. */
static void
read_some(int fd, int aligned)
{
	struct rump_iovec iov[3];
	size_t off = next(SIZE), len = 1 + next(MOST), a, b;
	ssize_t n;

	if (aligned)
		off -= off % 8192;
	a = next(4) == 0 ? 0 : next((uint32_t)len);
	b = next((uint32_t)(len - a));
	iov[0].iov_base = got;
	iov[0].iov_len = a;
	iov[1].iov_base = got + a;
	iov[1].iov_len = b;
	iov[2].iov_base = got + a + b;
	iov[2].iov_len = len - a - b;
	memset(got, 0xee, sizeof(got));
	n = rump_sys_preadv(fd, iov, 3, (int64_t)off);
	CHECK_EQUAL(n, len < SIZE - off ? len : SIZE - off);
	CHECK(memcmp(got, want + off, (size_t)n) == 0);
	for (a = (size_t)n; a < sizeof(got); a++)
		CHECK_EQUAL(got[a], 0xee);
}

static void
past_the_cache(void)
{
	struct rump_stat before, after;
	size_t m, off;
	int fd, i;

	for (m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
		state = 1 + (uint32_t)m;
		memset(want, 0, sizeof(want));
		h_ffs_mount("/ffs", modes[m]);
		fd = h_open("/ffs/large", RUMP_O_RDWR | RUMP_O_CREAT);
		CHECK_OK(rump_sys_ftruncate(fd, SIZE));
		for (i = 0; i < ROUNDS; i++) {
			if (next(4) == 0)
				write_some(fd);
			else
				read_some(fd, (int)next(2));
			if (next(50) == 0)
				CHECK_OK(rump_sys_fsync(fd));
		}
		CHECK_OK(rump_sys_fstat(fd, &before));
		usleep(20000);
		for (off = 0; off < SIZE; off += MOST - MOST % 8192) {
			i = (int)rump_sys_pread(fd, got, MOST - MOST % 8192,
			    (int64_t)off);
			CHECK(i > 0 && memcmp(got, want + off, (size_t)i) == 0);
		}
		CHECK_EQUAL(rump_sys_pread(fd, got, MOST, SIZE), 0);
		CHECK_OK(rump_sys_fstat(fd, &after));
		CHECK(after.st_atim.tv_sec > before.st_atim.tv_sec ||
		    after.st_atim.tv_nsec > before.st_atim.tv_nsec);
		CHECK_OK(rump_sys_close(fd));
		h_ffs_end("/ffs");
	}
}

/* Memory that is not there is an error of the call, as in a small read. */
static void
no_memory_there(void)
{
	int fd;

	h_ffs_mount("/ffs", H_SOFTDEP);
	h_ffs_write("/ffs/large", 4000000, 3, 100000);
	h_ffs_verify("/ffs/large", 4000000, 3);
	fd = h_open("/ffs/large", RUMP_O_RDONLY);
	CHECK_FAILS(rump_sys_read(fd, NULL, 1000000), RUMP_EFAULT);
	CHECK_OK(rump_sys_close(fd));
	h_ffs_end("/ffs");
}

static const struct tap_case cases[] = {
	{ "large reads of a large file", past_the_cache },
	{ "no memory for what is read", no_memory_there },
};

RUN_KERNEL(cases)
