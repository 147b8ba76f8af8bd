/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_rumpuser.c: the posix host by itself: memory, files, clocks, parameters,
 * random bytes, errno.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "h_hyp.h"
#include "tap.h"

#include "../../glue/common/errtrans.h"
#include "../../glue/common/rump_errno.h"

static size_t
bytes_held(void)
{
	struct rumpuser_posix_usage usage;

	rumpuser_posix_usage(&usage);
	return usage.pu_bytes;
}

static void
t_version(void)
{
	struct rump_hyperup hyp;

	memset(&hyp, 0, sizeof(hyp));
	CHECK_EQUAL(rumpuser_init(RUMPUSER_VERSION + 1, &hyp),
	    RUMP_EPROGMISMATCH);
}

static void
t_malloc(void)
{
	static const int aligns[] = { 0, 1, 8, 16, 64, 512, 4096 };
	static const size_t sizes[] = { 1, 15, 16, 17, 4096, 100000 };
	size_t before = bytes_held(), i, j;
	void *p;

	for (i = 0; i < sizeof(aligns) / sizeof(aligns[0]); i++) {
		for (j = 0; j < sizeof(sizes) / sizeof(sizes[0]); j++) {
			CHECK_EQUAL(rumpuser_malloc(sizes[j], aligns[i], &p), 0);
			CHECK_EQUAL((uintptr_t)p % 16, 0);
			CHECK(aligns[i] < 2 ||
			    (uintptr_t)p % (uintptr_t)aligns[i] == 0);
			memset(p, 0xa5, sizes[j]);
			CHECK_EQUAL(bytes_held(), before + sizes[j]);
			rumpuser_free(p, sizes[j]);
			CHECK_EQUAL(bytes_held(), before);
		}
	}
}

static void
t_malloc_too_much(void)
{
	void *p = &p;

	CHECK_EQUAL(rumpuser_malloc(SIZE_MAX - 8, 0, &p), RUMP_ENOMEM);
	CHECK_EQUAL(rumpuser_malloc((size_t)1 << 60, 0, &p), RUMP_ENOMEM);
	CHECK(p == &p);
}

static void
t_anonmmap(void)
{
	size_t before = bytes_held(), i;
	unsigned char *p;
	void *v;

	CHECK_EQUAL(rumpuser_anonmmap(NULL, 3 * 4096, 20, 0, &v), 0);
	p = v;
	CHECK_EQUAL((uintptr_t)p % (1 << 20), 0);
	for (i = 0; i < 3 * 4096; i++)
		CHECK_EQUAL(p[i], 0);
	memset(p, 1, 3 * 4096);
	CHECK_EQUAL(bytes_held(), before + 3 * 4096);
	rumpuser_unmap(p, 3 * 4096);
	CHECK_EQUAL(bytes_held(), before);
	CHECK_EQUAL(rumpuser_anonmmap(NULL, 0, 0, 0, &v), RUMP_EINVAL);
}

static char file_name[] = "/tmp/t_rumpuser.XXXXXX";

static void
make_file(const char *text)
{
	int fd;

	strcpy(file_name + strlen(file_name) - 6, "XXXXXX");
	fd = mkstemp(file_name);
	CHECK(fd != -1);
	CHECK_EQUAL(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
t_getfileinfo(void)
{
	uint64_t size = 99;
	int type = 99;

	CHECK_EQUAL(rumpuser_getfileinfo("/nonexistent", &size, &type),
	    RUMP_ENOENT);
	CHECK_EQUAL(size, 99);
	make_file("hello");
	CHECK_EQUAL(rumpuser_getfileinfo(file_name, &size, &type), 0);
	CHECK_EQUAL(size, 5);
	CHECK_EQUAL(type, RUMPUSER_FT_REG);
	CHECK_EQUAL(rumpuser_getfileinfo("/", NULL, &type), 0);
	CHECK_EQUAL(type, RUMPUSER_FT_DIR);
	CHECK_EQUAL(rumpuser_getfileinfo("/dev/null", NULL, &type), 0);
	CHECK_EQUAL(type, RUMPUSER_FT_CHR);
	CHECK_EQUAL(rumpuser_getfileinfo(file_name, NULL, NULL), 0);
	unlink(file_name);
}

static void
t_open_close(void)
{
	int fd = -7;

	h_schedule();
	make_file("hello");
	CHECK_EQUAL(rumpuser_open("/nonexistent", RUMPUSER_OPEN_RDONLY, &fd),
	    RUMP_ENOENT);
	CHECK_EQUAL(fd, -7);
	CHECK_EQUAL(rumpuser_open("/dev/null", RUMPUSER_OPEN_RDONLY, &fd),
	    RUMP_EINVAL);
	CHECK_EQUAL(rumpuser_open(file_name, RUMPUSER_OPEN_ACCMODE, &fd),
	    RUMP_EINVAL);
	CHECK_EQUAL(rumpuser_open(file_name, RUMPUSER_OPEN_RDWR |
	    RUMPUSER_OPEN_CREATE | RUMPUSER_OPEN_EXCL, &fd), RUMP_EEXIST);
	CHECK_EQUAL(rumpuser_open(file_name, RUMPUSER_OPEN_RDWR, &fd), 0);
	CHECK_EQUAL(rumpuser_close(fd), 0);
	CHECK_EQUAL(rumpuser_close(fd), RUMP_EBADF);
	CHECK_EQUAL(rumpuser_close(-1), RUMP_EBADF);
	CHECK_EQUAL(h_unschedules, h_schedules);
	unlink(file_name);
	h_unschedule();
}

static void
t_iov(void)
{
	char a[3], b[10];
	struct rumpuser_iovec iov[2] = { { a, 3 }, { b, 10 } };
	size_t done = 0;
	int fd;

	h_schedule();
	make_file("hello, world");
	CHECK_EQUAL(rumpuser_open(file_name, RUMPUSER_OPEN_RDWR, &fd), 0);
	CHECK_EQUAL(rumpuser_iovread(fd, iov, 2, 1, &done), 0);
	CHECK_EQUAL(done, 11);
	CHECK(memcmp(a, "ell", 3) == 0 && memcmp(b, "o, world", 8) == 0);
	CHECK_EQUAL(rumpuser_iovread(fd, iov, 1, RUMPUSER_IOV_NOSEEK, &done), 0);
	CHECK(done == 3 && memcmp(a, "hel", 3) == 0);
	CHECK_EQUAL(rumpuser_iovwrite(fd, iov, 1, 20, &done), 0);
	CHECK_EQUAL(done, 3);
	CHECK_EQUAL(rumpuser_iovread(fd, iov, 2, 100, &done), 0);
	CHECK_EQUAL(done, 0);
	CHECK_EQUAL(rumpuser_syncfd(fd, RUMPUSER_SYNCFD_BOTH |
	    RUMPUSER_SYNCFD_SYNC, 0, 0), 0);
	CHECK_EQUAL(rumpuser_syncfd(fd, RUMPUSER_SYNCFD_SYNC, 0, 0),
	    RUMP_EINVAL);
	CHECK_EQUAL(rumpuser_iovread(9999, iov, 2, 0, &done), RUMP_EBADF);
	CHECK_EQUAL(rumpuser_close(fd), 0);
	unlink(file_name);
	h_unschedule();
}

static void
t_clock(void)
{
	int64_t s0, s1;
	long n0, n1;

	CHECK_EQUAL(rumpuser_clock_gettime(RUMPUSER_CLOCK_RELWALL, &s0, &n0), 0);
	CHECK(s0 > 1600000000 && n0 >= 0 && n0 < 1000000000);
	CHECK_EQUAL(rumpuser_clock_gettime(7, &s0, &n0), RUMP_EINVAL);

	h_schedule();
	CHECK_EQUAL(rumpuser_clock_gettime(RUMPUSER_CLOCK_ABSMONO, &s0, &n0), 0);
	CHECK_EQUAL(rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 0, 20000000), 0);
	CHECK_EQUAL(rumpuser_clock_gettime(RUMPUSER_CLOCK_ABSMONO, &s1, &n1), 0);
	CHECK((s1 - s0) * 1000000000 + n1 - n0 >= 20000000);
	CHECK_EQUAL(rumpuser_clock_sleep(RUMPUSER_CLOCK_ABSMONO, s0, n0), 0);
	CHECK_EQUAL(rumpuser_clock_sleep(RUMPUSER_CLOCK_ABSMONO, 0, -1),
	    RUMP_EINVAL);
	h_unschedule();
}

static void
t_param(void)
{
	char buf[256];

	CHECK_EQUAL(rumpuser_getparam(RUMPUSER_PARAM_NCPU, buf, sizeof(buf)), 0);
	CHECK(strcmp(buf, "1") == 0);
	CHECK_EQUAL(rumpuser_getparam(RUMPUSER_PARAM_HOSTNAME, buf,
	    sizeof(buf)), 0);
	CHECK_EQUAL(rumpuser_getparam("_T_UNSET", buf, sizeof(buf)),
	    RUMP_ENOENT);
	CHECK_EQUAL(rumpuser_posix_setparam("T_SET", "value"), 0);
	CHECK_EQUAL(rumpuser_getparam("T_SET", buf, 6), 0);
	CHECK(strcmp(buf, "value") == 0);
	CHECK_EQUAL(rumpuser_getparam("T_SET", buf, 5), RUMP_E2BIG);
	CHECK_EQUAL(rumpuser_posix_setparam("T_SET", "other"), 0);
	CHECK_EQUAL(rumpuser_getparam("T_SET", buf, sizeof(buf)), 0);
	CHECK(strcmp(buf, "other") == 0);
}

static void
t_random(void)
{
	unsigned char a[64] = { 0 }, b[64] = { 0 };
	size_t got = 0;

	CHECK_EQUAL(rumpuser_getrandom(a, sizeof(a), 0, &got), 0);
	CHECK_EQUAL(got, sizeof(a));
	CHECK_EQUAL(rumpuser_getrandom(b, sizeof(b), RUMPUSER_RANDOM_NOWAIT |
	    RUMPUSER_RANDOM_HARD, &got), 0);
	CHECK(memcmp(a, b, sizeof(a)) != 0);
	CHECK_EQUAL(rumpuser_getrandom(a, 0, 0, &got), 0);
	CHECK_EQUAL(got, 0);
}

static void
t_errno(void)
{
	int e;

	CHECK_EQUAL(rumpglue_errno_to_linux(RUMP_EAGAIN), EAGAIN);
	CHECK_EQUAL(rumpglue_errno_to_linux(RUMP_ENAMETOOLONG), ENAMETOOLONG);
	CHECK_EQUAL(rumpglue_errno_to_linux(RUMP_EFTYPE), EINVAL);
	CHECK_EQUAL(rumpglue_errno_from_linux(ELOOP), RUMP_ELOOP);
	CHECK_EQUAL(rumpglue_errno_from_linux(EOPNOTSUPP), RUMP_EOPNOTSUPP);
	CHECK_EQUAL(rumpglue_errno_to_linux(0), 0);
	CHECK_EQUAL(rumpglue_errno_from_linux(0), 0);
	CHECK_EQUAL(rumpglue_errno_to_linux(-5), EIO);
	CHECK_EQUAL(rumpglue_errno_to_linux(10000), EIO);
	CHECK_EQUAL(rumpglue_errno_from_linux(10000), RUMP_EIO);
	for (e = 1; e <= RUMP_EPROTO; e++)
		CHECK(rumpglue_errno_to_linux(e) > 0);
	for (e = 1; e <= 133; e++)
		CHECK(rumpglue_errno_from_linux(e) > 0);
	rumpuser_seterrno(RUMP_EBUSY);
	CHECK_EQUAL(rumpglue_errno(), RUMP_EBUSY);
}

static const struct tap_case cases[] = {
	{ "init refuses another version", t_version },
	{ "malloc honours alignment and counts its bytes", t_malloc },
	{ "malloc of too much is ENOMEM and leaves the result alone",
	    t_malloc_too_much },
	{ "anonmmap gives zeroed, aligned memory", t_anonmmap },
	{ "getfileinfo tells size and type", t_getfileinfo },
	{ "open checks what it opens, close what it closes", t_open_close },
	{ "iovread and iovwrite move bytes at a position", t_iov },
	{ "clocks run and sleeping takes its time", t_clock },
	{ "parameters are found, refused, replaced", t_param },
	{ "random bytes differ", t_random },
	{ "errno values translate both ways", t_errno },
};

int
main(void)
{

	h_init();
	return TAP_RUN(cases);
}
