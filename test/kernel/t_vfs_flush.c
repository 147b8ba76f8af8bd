/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_vfs_flush.c: what fsync(2) promises when several flush one device at once.
 *
 * The program's own fdatasync(2) stands before the C library's, so that the host
 * of the kernel calls it: while the gate is closed no flush ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "h_kern.h"

#define	SIZE	(64 * 1024)

static pthread_mutex_t gate_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate_changed = PTHREAD_COND_INITIALIZER;
static int gate_closed, gate_waiting, gate_fails;
static _Atomic int second_done;

int
fdatasync(int fd)
{
	int fails;

	pthread_mutex_lock(&gate_lock);
	gate_waiting++;
	pthread_cond_broadcast(&gate_changed);
	while (gate_closed)
		pthread_cond_wait(&gate_changed, &gate_lock);
	gate_waiting--;
	if ((fails = gate_fails) != 0)
		gate_fails--;
	pthread_mutex_unlock(&gate_lock);
	if (fails) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, fd);
}

static void
gate_set(int closed)
{

	pthread_mutex_lock(&gate_lock);
	gate_closed = closed;
	pthread_cond_broadcast(&gate_changed);
	pthread_mutex_unlock(&gate_lock);
}

static void
gate_await(int n)
{

	pthread_mutex_lock(&gate_lock);
	while (gate_waiting < n)
		pthread_cond_wait(&gate_changed, &gate_lock);
	pthread_mutex_unlock(&gate_lock);
}

struct flusher {
	pthread_t f_thread;
	int f_fd;
	int f_result;
	_Atomic int *f_done;
};

static void *
flush(void *arg)
{
	struct flusher *f = arg;

	if (rump_pub_lwproc_newlwp(rump_sys_getpid()) != 0)
		abort();
	f->f_result = rump_sys_fsync(f->f_fd);
	if (f->f_done != NULL)
		*f->f_done = 1;
	rump_pub_lwproc_releaselwp();
	return NULL;
}

static void
flusher_start(struct flusher *f, int fd, _Atomic int *done)
{

	f->f_fd = fd;
	f->f_done = done;
	if (pthread_create(&f->f_thread, NULL, flush, f) != 0)
		abort();
}

/* Starts writing, and is back when the host's file has it. */
static void
write_out(int fd, const char *host, int64_t at)
{
	char sector[512], seen[512];
	int hostfd = open(host, O_RDONLY);

	CHECK(hostfd != -1);
	memset(sector, 'x', sizeof(sector));
	CHECK_EQUAL(rump_sys_pwrite(fd, sector, 512, at), 512);
	rump_sys_sync();
	do {
		usleep(10000);
		CHECK_EQUAL(pread(hostfd, seen, 512, at), 512);
	} while (memcmp(seen, sector, 512) != 0);
	close(hostfd);
	usleep(20000);
}

/* Two nodes of one device: each has a lock of its own. */
static void
open_both(const char *host, int *a, int *b)
{
	struct rump_stat st;

	CHECK_EQUAL(rump_pub_etfs_register("/dev/b", host, RUMP_ETFS_BLK), 0);
	CHECK_OK(rump_sys_stat("/dev/b", &st));
	CHECK_OK(rump_sys_mknod("/b2", RUMP_S_IFBLK | 0600, st.st_rdev));
	*a = h_open("/dev/b", RUMP_O_RDWR);
	*b = h_open("/b2", RUMP_O_RDWR);
}

static void
close_both(const char *host, int a, int b)
{

	CHECK_OK(rump_sys_close(a));
	CHECK_OK(rump_sys_close(b));
	CHECK_OK(rump_sys_unlink("/b2"));
	CHECK_EQUAL(rump_pub_etfs_remove("/dev/b"), 0);
	unlink(host);
}

/* A flush of another's that is under way has made nothing safe yet. */
static void
while_another_flushes(void)
{
	const char *host = h_hostfile(SIZE);
	struct flusher first, second;
	int a, b, early;

	open_both(host, &a, &b);
	write_out(a, host, 0);
	write_out(b, host, 8192);
	second_done = 0;
	gate_set(1);
	flusher_start(&first, a, NULL);
	gate_await(1);
	flusher_start(&second, b, &second_done);
	usleep(100000);
	early = second_done;
	gate_set(0);
	pthread_join(first.f_thread, NULL);
	pthread_join(second.f_thread, NULL);
	CHECK_EQUAL(early, 0);
	CHECK_EQUAL(first.f_result, 0);
	CHECK_EQUAL(second.f_result, 0);
	close_both(host, a, b);
}

/* The host may tell only one of them that writes failed. */
static void
another_flush_fails(void)
{
	const char *host = h_hostfile(SIZE);
	struct flusher first, second;
	int a, b;

	open_both(host, &a, &b);
	write_out(a, host, 0);
	write_out(b, host, 8192);
	gate_set(1);
	gate_fails = 1;
	flusher_start(&first, a, NULL);
	gate_await(1);
	flusher_start(&second, b, NULL);
	gate_await(2);
	gate_set(0);
	pthread_join(first.f_thread, NULL);
	pthread_join(second.f_thread, NULL);
	CHECK(first.f_result == -1 || second.f_result == -1);
	CHECK_OK(rump_sys_fsync(a));
	CHECK_OK(rump_sys_fsync(b));
	close_both(host, a, b);
}

static const struct tap_case cases[] = {
	{ "an fsync waits for the flush of another", while_another_flushes },
	{ "and hears of it if that fails", another_flush_fails },
};

RUN_KERNEL(cases)
