/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_vfs_stress.c: several threads at once on the memory root, an image and a
 * block device, with so little memory that vnodes and buffers are recycled all
 * the time (RUMP_MEMLIMIT).  Bounded by count; every result is checked.
 */
#include "h_kern.h"

#include <pthread.h>

#define	THREADS	6
#define	ROUNDS	400
#define	NFILES	300		/* in the image's folder "many" */

static _Atomic int failures;
static char first_failure[128];
static char big[700000];

static void
expect(int holds, const char *what, int round)
{

	if (!holds && failures++ == 0)
		snprintf(first_failure, sizeof(first_failure),
		    "%s, round %d, errno %d", what, round, rumpglue_errno());
}

/* One file of many: its contents are its number. */
static void
read_one(int n)
{
	struct rump_stat st;
	char path[128], buf[64] = "";
	int fd;

	snprintf(path, sizeof(path), "/mnt/many/../many/file-%d-with-a-longer-"
	    "name.txt", n);
	expect(rump_sys_stat(path, &st) == 0, "stat", n);
	fd = rump_sys_open(path, RUMP_O_RDONLY);
	expect(fd >= 0, "open", n);
	expect(rump_sys_read(fd, buf, sizeof(buf)) == st.st_size, "read", n);
	expect(atoi(buf) == n, "contents", n);
	expect(rump_sys_close(fd) == 0, "close", n);
	snprintf(path, sizeof(path), "/mnt/many/none-%d", n % 7);
	expect(rump_sys_stat(path, &st) == -1 &&
	    rumpglue_errno() == RUMP_ENOENT, "negative", n);
}

static void
list_all(int round)
{
	char buf[4096];
	struct rump_dirent *d;
	int fd, n, off, count = 0;

	fd = rump_sys_open("/mnt/many", RUMP_O_RDONLY);
	expect(fd >= 0, "open folder", round);
	while ((n = rump_sys_getdents(fd, buf, sizeof(buf))) > 0) {
		for (off = 0; off < n; off += d->d_reclen, count++)
			d = (struct rump_dirent *)(void *)(buf + off);
	}
	expect(n == 0 && count == NFILES + 2, "listing", round);
	expect(rump_sys_close(fd) == 0, "close folder", round);
}

/* All threads make and remove the same few names. */
static void
change_names(int id, int round)
{
	char path[64], sub[96], buf[1024];
	struct rump_stat st;
	int fd;

	snprintf(path, sizeof(path), "/s%d", round % 3);
	snprintf(sub, sizeof(sub), "%s/x", path);
	(void)rump_sys_mkdir(path, 0755);
	fd = rump_sys_open(sub, RUMP_O_CREAT | RUMP_O_RDWR, 0644);
	if (fd >= 0) {
		expect(rump_sys_write(fd, path, 3) == 3, "write", round);
		expect(rump_sys_close(fd) == 0, "close", round);
	}
	(void)rump_sys_stat(sub, &st);
	snprintf(sub, sizeof(sub), "%s/../s%d/./x", path, (round + 1) % 3);
	(void)rump_sys_unlink(sub);
	(void)rump_sys_rmdir(path);
	/* A name of this thread's own. */
	snprintf(path, sizeof(path), "/own%d-%d", id, round);
	expect(rump_sys_symlink("/mnt/many", path) == 0, "symlink", round);
	expect(rump_sys_readlink(path, buf, sizeof(buf)) == 9, "readlink",
	    round);
	expect(rump_sys_unlink(path) == 0, "unlink", round);
}

static void
read_big(int id, int round)
{
	char buf[9000];
	size_t off = (size_t)(id * 7919 + round * 104729) % sizeof(big);
	ssize_t n;
	int fd;

	fd = rump_sys_open("/mnt/big.bin", RUMP_O_RDONLY);
	n = rump_sys_pread(fd, buf, sizeof(buf), (int64_t)off);
	expect(n > 0 && memcmp(buf, big + off, (size_t)n) == 0, "big", round);
	expect(rump_sys_close(fd) == 0, "close big", round);
	fd = rump_sys_open("/dev/iso", RUMP_O_RDONLY);
	n = rump_sys_pread(fd, buf, sizeof(buf), (int64_t)off);
	expect(n == sizeof(buf), "device", round);
	expect(rump_sys_close(fd) == 0, "close device", round);
}

static void *
worker(void *arg)
{
	int id = (int)(intptr_t)arg, i;

	/* Some threads have a process of their own, the others borrow lwps. */
	if (id % 2 == 0)
		expect(rump_pub_lwproc_rfork(RUMP_RFCFDG) == 0, "rfork", id);
	for (i = 0; i < ROUNDS; i++) {
		read_one((i * 37 + id * 11) % NFILES);
		change_names(id, i);
		if (i % 40 == id)
			list_all(i);
		if (i % 5 == 0)
			read_big(id, i);
	}
	if (id % 2 == 0)
		rump_pub_lwproc_releaselwp();
	return NULL;
}

static void
everybody_at_once(void)
{
	pthread_t threads[THREADS];
	int fd, i;

	h_mount_iso("/mnt");
	fd = h_open("/mnt/big.bin", RUMP_O_RDONLY);
	CHECK_EQUAL(rump_sys_read(fd, big, sizeof(big)), sizeof(big));
	CHECK_OK(rump_sys_close(fd));
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, worker,
		    (void *)(intptr_t)i) != 0)
			abort();
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	if (failures != 0)
		printf("# %d failures, first: %s\n", failures, first_failure);
	CHECK_EQUAL(failures, 0);
	CHECK_OK(rump_sys_unmount("/mnt", 0));
	CHECK_EQUAL(rump_pub_etfs_remove("/dev/iso"), 0);
}

/* Mounts come and go while others look through them. */
static void *
looker(void *arg)
{
	struct rump_stat st;
	char buf[64];
	int fd, i;

	(void)arg;
	for (i = 0; i < ROUNDS * 3; i++) {
		fd = rump_sys_open("/mnt/hello.txt", RUMP_O_RDONLY);
		if (fd >= 0) {
			(void)rump_sys_read(fd, buf, sizeof(buf));
			expect(rump_sys_close(fd) == 0, "close", i);
		}
		(void)rump_sys_stat("/mnt/many/../../mnt/deep/a/..", &st);
		(void)rump_sys_access("/mnt/deep/a/b/c/bottom.txt", 0);
	}
	return NULL;
}

static void
mounts_come_and_go(void)
{
	pthread_t threads[3];
	int i;

	h_mount_iso("/mnt");
	for (i = 0; i < 3; i++)
		if (pthread_create(&threads[i], NULL, looker, NULL) != 0)
			abort();
	for (i = 0; i < 60; i++) {
		CHECK_OK(rump_sys_unmount("/mnt", RUMP_MNT_FORCE));
		CHECK_OK(h_mount_flags("/dev/iso", "/mnt", RUMP_MNT_RDONLY));
	}
	for (i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQUAL(failures, 0);
	CHECK_OK(rump_sys_unmount("/mnt", 0));
	CHECK_EQUAL(rump_pub_etfs_remove("/dev/iso"), 0);
}

static const struct tap_case cases[] = {
	{ "everybody at once", everybody_at_once },
	{ "mounts come and go under lookups", mounts_come_and_go },
};

RUN_KERNEL(cases)
