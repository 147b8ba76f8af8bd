/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_vfs_renames.c: threads that make, move, link and remove names in one small
 * tree at the same time: no deadlock, no folder below itself, nothing lost.
 */
#include <pthread.h>
#include <stdio.h>
#include "h_kern.h"

#define	THREADS	4
#define	CALLS	3000
#define	TOP	"/stress"

static uint32_t
rnd(uint32_t *seed, uint32_t below)
{

	*seed = *seed * 1664525 + 1013904223;
	return (uint32_t)(((uint64_t)*seed * below) >> 32);
}

/* One of 39 paths, up to three names deep. */
static void
some_path(uint32_t *seed, char *path)
{
	uint32_t depth = 1 + rnd(seed, 3);

	strcpy(path, TOP);
	while (depth-- != 0)
		sprintf(path + strlen(path), "/%c", 'a' + (int)rnd(seed, 3));
}

static void *
play(void *arg)
{
	uint32_t seed = *(uint32_t *)arg;
	char one[64], other[64], buf[2048];
	struct rump_stat st;
	int i, fd;

	for (i = 0; i < CALLS; i++) {
		some_path(&seed, one);
		some_path(&seed, other);
		switch (rnd(&seed, 8)) {
		case 0:
		case 1:
			(void)rump_sys_mkdir(one, 0755);
			break;
		case 2:
			fd = rump_sys_open(one, RUMP_O_CREAT | RUMP_O_WRONLY,
			    0644);
			if (fd != -1) {
				(void)rump_sys_write(fd, one, sizeof(one));
				(void)rump_sys_close(fd);
			}
			break;
		case 3:
			(void)rump_sys_link(one, other);
			break;
		case 4:
			if (rump_sys_unlink(one) != 0)
				(void)rump_sys_rmdir(one);
			break;
		case 5:
			fd = rump_sys_open(one, RUMP_O_RDONLY);
			if (fd != -1) {
				(void)rump_sys_getdents(fd, buf, sizeof(buf));
				(void)rump_sys_close(fd);
			}
			(void)rump_sys_stat(other, &st);
			break;
		default:
			(void)rump_sys_rename(one, other);
			break;
		}
	}
	return NULL;
}

/*
 * Removes all that is in an open folder, and closes it.  A folder says of itself
 * where it is; a chain of them may be long, as whole trees were moved into others.
 */
static void
empty(int fd)
{
	char *buf = malloc(4096);
	struct rump_dirent *d;
	struct rump_stat st, up;
	int below, n, off;

	CHECK_OK(rump_sys_fstat(fd, &up));
	n = rump_sys_getdents(fd, buf, 4096);
	CHECK(n > 0);
	for (off = 0; off < n; off += d->d_reclen) {
		d = (struct rump_dirent *)(void *)(buf + off);
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		if (d->d_type != RUMP_DT_DIR) {
			CHECK_OK(rump_sys_unlinkat(fd, d->d_name, 0));
			continue;
		}
		below = rump_sys_openat(fd, d->d_name, RUMP_O_RDONLY);
		CHECK_OK(below);
		CHECK_OK(rump_sys_fstatat(below, "..", &st, 0));
		CHECK_EQUAL(st.st_ino, up.st_ino);
		empty(below);
		CHECK_OK(rump_sys_unlinkat(fd, d->d_name, RUMP_AT_REMOVEDIR));
	}
	free(buf);
	CHECK_OK(rump_sys_fstat(fd, &up));
	CHECK_EQUAL(up.st_nlink, 2);
	CHECK_OK(rump_sys_close(fd));
}

static void
at_the_same_time(void)
{
	struct rump_tmpfs_args args = { .ta_version = RUMP_TMPFS_ARGS_VERSION,
	    .ta_root_mode = 0755 };
	struct rump_statvfs sv;
	pthread_t threads[THREADS];
	uint32_t seeds[THREADS];
	uint64_t nodes;
	int i;

	CHECK_OK(rump_sys_mkdir(TOP, 0755));
	CHECK_OK(rump_sys_mount("tmpfs", TOP, 0, &args, sizeof(args)));
	CHECK_OK(rump_sys_statvfs1(TOP, &sv, RUMP_ST_WAIT));
	nodes = sv.f_ffree;
	for (i = 0; i < THREADS; i++) {
		seeds[i] = 4711 + (uint32_t)i;
		CHECK_EQUAL(pthread_create(&threads[i], NULL, play, &seeds[i]),
		    0);
	}
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	empty(h_open(TOP, RUMP_O_RDONLY));
	CHECK_OK(rump_sys_statvfs1(TOP, &sv, RUMP_ST_WAIT));
	CHECK_EQUAL(sv.f_ffree, nodes);
	CHECK_OK(rump_sys_unmount(TOP, 0));
	CHECK_OK(rump_sys_rmdir(TOP));
}

static const struct tap_case cases[] = {
	{ "four threads, one tree", at_the_same_time },
};

RUN_KERNEL(cases)
