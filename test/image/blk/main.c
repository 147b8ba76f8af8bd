/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c: reads and writes the first disk.  Its every 8-byte word holds the
 * word's own offset; the guest leaves the complement in the second half.
 */
#include "../guest.h"

#define	CHUNK		(64 * 1024)
#define	INFLIGHT	8

static uint64_t size;
static int fd;
static int npending, nerrors;
static struct rumpuser_mtx *mtx;
static struct rumpuser_cv *cv;
static uint64_t image_buffer[4096 / 8 + 100];

static void
done(void *arg, size_t moved, int error)
{

	rumpuser_mutex_enter(mtx);
	if (error != 0 || moved != *(size_t *)arg)
		nerrors++;
	npending--;
	rumpuser_cv_signal(cv);
	rumpuser_mutex_exit(mtx);
}

static void
start(int op, void *data, size_t *len, uint64_t off)
{

	rumpuser_mutex_enter(mtx);
	npending++;
	rumpuser_mutex_exit(mtx);
	rumpuser_bio(fd, op, data, *len, (int64_t)off, done, len);
}

static void
finish(int allowed)
{

	rumpuser_mutex_enter(mtx);
	while (npending > allowed)
		rumpuser_cv_wait(cv, mtx);
	rumpuser_mutex_exit(mtx);
	CHECK(nerrors == 0);
}

static void
check_words(const uint64_t *p, size_t len, uint64_t off, uint64_t mask)
{
	size_t i;

	for (i = 0; i < len / 8; i++)
		CHECK(p[i] == ((off + i * 8) ^ mask));
}

/* The whole disk, several requests at a time. */
static void
read_all(uint64_t lowmask, uint64_t highmask)
{
	static size_t len = CHUNK;
	void *p[INFLIGHT];
	uint64_t off;
	int i;

	for (i = 0; i < INFLIGHT; i++)
		CHECK(rumpuser_malloc(CHUNK, 0, &p[i]) == 0);
	for (off = 0; off < size; off += CHUNK * INFLIGHT) {
		for (i = 0; i < INFLIGHT; i++)
			start(RUMPUSER_BIO_READ, p[i], &len,
			    off + (uint64_t)i * CHUNK);
		finish(0);
		for (i = 0; i < INFLIGHT; i++)
			check_words(p[i], CHUNK, off + (uint64_t)i * CHUNK,
			    off < size / 2 ? lowmask : highmask);
	}
	for (i = 0; i < INFLIGHT; i++)
		rumpuser_free(p[i], CHUNK);
}

/* Buffers of the image and of a stack, not aligned to anything but 8. */
static void
read_odd_buffers(void)
{
	static size_t len = 4096;
	uint64_t stack_buffer[1024];

	start(RUMPUSER_BIO_READ, image_buffer + 3, &len, 8192);
	start(RUMPUSER_BIO_READ, stack_buffer + 5, &len, 512);
	finish(0);
	check_words(image_buffer + 3, 4096, 8192, 0);
	check_words(stack_buffer + 5, 4096, 512, 0);
}

/* More requests than the queue has room for. */
static void
read_many(void)
{
	static size_t len = 512;
	uint64_t *p;
	void *mem;
	int i;

	CHECK(rumpuser_malloc(300 * 512, 0, &mem) == 0);
	p = mem;
	for (i = 0; i < 300; i++)
		start(RUMPUSER_BIO_READ, p + i * 64, &len, (uint64_t)i * 512);
	finish(0);
	check_words(p, 300 * 512, 0, 0);
	rumpuser_free(mem, 300 * 512);
}

static void
write_half(void)
{
	static size_t len = CHUNK;
	uint64_t off, i, *p;
	void *mem;

	CHECK(rumpuser_malloc(CHUNK, 0, &mem) == 0);
	p = mem;
	for (off = size / 2; off < size; off += CHUNK) {
		for (i = 0; i < CHUNK / 8; i++)
			p[i] = ~(off + i * 8);
		start(RUMPUSER_BIO_WRITE | RUMPUSER_BIO_SYNC, p, &len, off);
		finish(0);
	}
	rumpuser_free(mem, CHUNK);
	CHECK(rumpuser_syncfd(fd, RUMPUSER_SYNCFD_WRITE | RUMPUSER_SYNCFD_SYNC,
	    0, 0) == 0);
}

/* Keeps the CPU busy until it is told to stop. */
static volatile int stop;

static void *
spin(void *arg)
{

	while (!stop)
		continue;
	return arg;
}

/* Completions come through although another thread never waits. */
static void
read_beside_busy_thread(void)
{
	void *cookie;

	CHECK(rumpuser_thread_create(spin, NULL, "spin", 1, -1, -1, &cookie) ==
	    0);
	read_all(0, ~0UL);
	stop = 1;
	CHECK(rumpuser_thread_join(cookie) == 0);
}

static void
check_synchronous(void)
{
	char buf[1003];
	uint64_t word = 0;
	struct rumpuser_iovec iov[2] = { { buf, 3 }, { buf + 3, 1000 } };
	size_t n = 0;

	CHECK(rumpuser_iovread(fd, iov, 2, 1021, &n) == 0 && n == 1003);
	memcpy(&word, buf + 3, 8);
	CHECK(word == 1024);
	CHECK(rumpuser_iovread(fd, iov, 2, (int64_t)size - 8, &n) == 0 &&
	    n == 8);
	memcpy(&word, buf, 8);
	CHECK(word == ~(size - 8));
}

void
host_main(const struct host_bootinfo *hb)
{
	int ft, other;

	CHECK(rumpuser_getfileinfo("vda", &size, &ft) == 0);
	CHECK(ft == RUMPUSER_FT_BLK && size % (2 * CHUNK * INFLIGHT) == 0);
	CHECK(rumpuser_getfileinfo("vdz", NULL, NULL) == RUMP_ENOENT);
	CHECK(rumpuser_open("vda", RUMPUSER_OPEN_RDWR, &fd) == RUMP_EINVAL);
	CHECK(rumpuser_open("vda", RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_BIO,
	    &fd) == 0);
	rumpuser_mutex_init(&mtx, 0);
	rumpuser_cv_init(&cv);
	read_all(0, 0);
	read_odd_buffers();
	read_many();
	write_half();
	read_all(0, ~0UL);
	read_beside_busy_thread();
	check_synchronous();
	/* The second disk, if there is one, is the one that cannot be written. */
	if (rumpuser_getfileinfo("vdb", NULL, NULL) == 0)
		CHECK(rumpuser_open("vdb", RUMPUSER_OPEN_RDWR |
		    RUMPUSER_OPEN_BIO, &other) == RUMP_EROFS);
	CHECK(rumpuser_close(fd) == 0);
	rumpuser_dprintf("%llu KiB read and written on %s\n",
	    (unsigned long long)size / 1024, hb->hb_machine);
}
