/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_fat_threads.c: several threads in one volume at the same time: each has files of
 * its own that nobody else touches, and all fight over the names of one folder.
 */
#include <pthread.h>
#include "h_fat.h"

#define	THREADS	4
#define	ROUNDS	250
#define	SHARED	6

static const char *volatile complaint;

static void
expect(int ok, const char *what)
{

	if (!ok && complaint == NULL)
		complaint = what;
}

static uint32_t
rnd(uint64_t *state, uint32_t below)
{

	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return ((uint32_t)(*state >> 33) % below);
}

/* A file that only this thread knows, written, moved, read and cut. */
static void
own_work(int id, uint64_t *state, int round)
{
	char path[128], other[128], buf[20000], back[sizeof(buf)];
	size_t len = 1 + rnd(state, sizeof(buf) - 1);
	int fd;

	snprintf(path, sizeof(path), FAT_AT "/own %d/file number %d", id,
	    round % 7);
	snprintf(other, sizeof(other), FAT_AT "/own %d/MOVED%d", id, round % 3);
	memset(buf, 'a' + round % 26, len);
	fd = rump_sys_open(path, RUMP_O_CREAT | RUMP_O_TRUNC | RUMP_O_RDWR,
	    0644);
	expect(fd >= 0, "open");
	expect(rump_sys_write(fd, buf, len) == (ssize_t)len, "write");
	if (round % 16 == 0)
		expect(rump_sys_fsync(fd) == 0, "fsync");
	expect(rump_sys_rename(path, other) == 0, "rename");
	expect(rump_sys_pread(fd, back, sizeof(back), 0) == (ssize_t)len &&
	    memcmp(buf, back, len) == 0, "what was written is read");
	expect(rump_sys_close(fd) == 0, "close");
	if (round % 5 == 0)
		expect(rump_sys_unlink(other) == 0, "unlink");
}

/* Any of these may fail; the volume must not. */
static void
shared_work(int id, uint64_t *state)
{
	char path[128], other[128], buf[3000];
	struct rump_stat st;
	int fd;

	snprintf(path, sizeof(path), FAT_AT "/shared/A long name %u",
	    rnd(state, SHARED));
	snprintf(other, sizeof(other), FAT_AT "/shared/a LONG name %u",
	    rnd(state, SHARED));
	memset(buf, 'A' + id, sizeof(buf));
	switch (rnd(state, 6)) {
	case 0:
		(void)rump_sys_rename(path, other);
		break;
	case 1:
		(void)rump_sys_unlink(path);
		break;
	case 2:
		(void)rump_sys_mkdir(path, 0755);
		break;
	case 3:
		(void)rump_sys_rmdir(path);
		break;
	case 4:
		(void)rump_sys_stat(path, &st);
		break;
	default:
		fd = rump_sys_open(path, RUMP_O_CREAT | RUMP_O_RDWR, 0644);
		if (fd < 0)
			break;
		(void)rump_sys_pwrite(fd, buf, sizeof(buf),
		    rnd(state, 50000));
		(void)rump_sys_close(fd);
		break;
	}
}

static void *
worker(void *arg)
{
	int id = *(int *)arg, i;
	uint64_t state = (uint64_t)id + 1;
	char path[64];

	expect(rump_pub_lwproc_rfork(RUMP_RFCFDG) == 0, "rfork");
	snprintf(path, sizeof(path), FAT_AT "/own %d", id);
	expect(rump_sys_mkdir(path, 0755) == 0, "mkdir");
	for (i = 0; i < ROUNDS && complaint == NULL; i++) {
		own_work(id, &state, i);
		shared_work(id, &state);
		shared_work(id, &state);
		if (i % 50 == 49)
			rump_sys_sync();
	}
	rump_pub_lwproc_releaselwp();
	return (NULL);
}

static void
at_the_same_time(void)
{
	pthread_t threads[THREADS];
	int ids[THREADS], i;

	h_fat_setup();
	CHECK_OK(rump_sys_mkdir(FAT_AT "/shared", 0755));
	for (i = 0; i < THREADS; i++) {
		ids[i] = i;
		if (pthread_create(&threads[i], NULL, worker, &ids[i]) != 0)
			abort();
	}
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	if (complaint != NULL)
		fprintf(stderr, "%s\n", complaint);
	CHECK(complaint == NULL);
	CHECK_OK(rump_sys_unmount(FAT_AT, 0));
}

static const struct tap_case cases[] = {
	{ "threads at the same time in one volume", at_the_same_time },
};

RUN_KERNEL(cases)
