/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * h_fat_damaged.c: mounts damaged copies of a FAT volume and works in them:
 * h_fat_damaged IMAGE FIRST COUNT.  Whatever calls say, the process lives and no
 * image takes longer than a few seconds.  Each seed is printed before its image
 * is mounted, so that whoever watches knows which one was to blame.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include "h_fat.h"

#define	TIMEOUT		20		/* seconds for one image */
#define	WALK_NAMES	300
#define	WALK_DEPTH	8

static uint8_t *pristine;
static size_t size, nspots;
static uint32_t *spots;			/* bytes that are not 0 */
static int host;
static uint64_t state;
static int names;
static unsigned mounted, failed;

static uint32_t
rnd(uint32_t below)
{

	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return ((uint32_t)(state >> 33) % below);
}

static void
make_tree(const char *at, int levels)
{
	static const uint8_t byte = 1;
	char path[1024];
	int i, fd;

	for (i = 0; i < 8; i++) {
		snprintf(path, sizeof(path), i % 2 ? "%s/A%d.BIN" :
		    "%s/a file with a name of some length, %d.data", at, i);
		fd = rump_sys_open(path, RUMP_O_CREAT | RUMP_O_RDWR, 0644);
		if (fd < 0)
			abort();
		(void)rump_sys_pwrite(fd, &byte, 1, 700 * i * i);
		(void)rump_sys_close(fd);
	}
	for (i = 0; i < 3 && levels > 0; i++) {
		snprintf(path, sizeof(path), "%s/folder %d", at, i);
		if (rump_sys_mkdir(path, 0755) != 0)
			abort();
		make_tree(path, levels - 1);
	}
	/* Holes for names and clusters to come. */
	snprintf(path, sizeof(path), "%s/A3.BIN", at);
	(void)rump_sys_unlink(path);
}

/* The image as it is with the tree in it, and where it is not 0. */
static void
remember(void)
{
	struct stat st;
	size_t i;

	if (fstat(host, &st) != 0)
		abort();
	size = (size_t)st.st_size;
	pristine = malloc(size);
	spots = malloc(size * sizeof(*spots));
	if (pread(host, pristine, size, 0) != (ssize_t)size)
		abort();
	for (i = 0; i < size; i++)
		if (pristine[i] != 0)
			spots[nspots++] = (uint32_t)i;
}

static void
damage(uint64_t seed)
{
	uint8_t byte;
	int changes;

	if (pwrite(host, pristine, size, 0) != (ssize_t)size)
		abort();
	state = seed * 2654435761U + 1;
	for (changes = 1 + (int)rnd(40); changes > 0; changes--) {
		uint32_t at = rnd(8) == 0 ? rnd(64 * 1024) :
		    rnd(16) == 0 ? rnd((uint32_t)size) :
		    rnd(32) == 0 ? 11 + rnd(110) :
		    spots[rnd((uint32_t)nspots)];

		/* Not the signature too often: nothing is looked at then. */
		if ((at < 16 || at == 510 || at == 511) && rnd(8) != 0)
			continue;
		byte = (uint8_t)rnd(256);
		if (pwrite(host, &byte, 1, at) != 1)
			abort();
	}
}

static void
count(long long rv)
{

	if (rv == -1)
		failed++;
}

static void
read_file(const char *path)
{
	static char buf[256 * 1024];
	int fd;

	if ((fd = rump_sys_open(path, RUMP_O_RDONLY, 0)) < 0) {
		failed++;
		return;
	}
	count(rump_sys_read(fd, buf, sizeof(buf)));
	count(rump_sys_pread(fd, buf, 4096, 1 << 20));
	(void)rump_sys_close(fd);
}

static void
walk(const char *at, int depth)
{
	char *buf, path[4096];
	struct rump_dirent *rd;
	struct rump_stat st;
	int fd, len, off;

	if ((fd = rump_sys_open(at, RUMP_O_RDONLY, 0)) < 0) {
		failed++;
		return;
	}
	buf = malloc(8192);
	while (names < WALK_NAMES &&
	    (len = rump_sys_getdents(fd, buf, 8192)) > 0) {
		for (off = 0; off < len && names < WALK_NAMES;
		    off += rd->d_reclen) {
			rd = (struct rump_dirent *)(void *)(buf + off);
			if (strcmp(rd->d_name, ".") == 0 ||
			    strcmp(rd->d_name, "..") == 0)
				continue;
			names++;
			snprintf(path, sizeof(path), "%s/%s", at, rd->d_name);
			if (rump_sys_lstat(path, &st) != 0)
				failed++;
			else if ((st.st_mode & RUMP_S_IFMT) == RUMP_S_IFREG)
				read_file(path);
			else if (depth < WALK_DEPTH)
				walk(path, depth + 1);
		}
	}
	free(buf);
	(void)rump_sys_close(fd);
}

static void
change(const char *at)
{
	static char buf[100000];
	char path[4096], other[4096];
	int fd, i;

	for (i = 0; i < 8; i++) {
		snprintf(path, sizeof(path), i % 2 ? "%s/A%d.BIN" :
		    "%s/a file with a name of some length, %d.data", at, i);
		fd = rump_sys_open(path, RUMP_O_CREAT | RUMP_O_RDWR, 0644);
		count(fd);
		if (fd >= 0) {
			count(rump_sys_pwrite(fd, buf, sizeof(buf),
			    rnd(200000)));
			count(rump_sys_ftruncate(fd, rnd(150000)));
			if (rnd(4) == 0)
				count(rump_sys_fsync(fd));
			(void)rump_sys_close(fd);
		}
		snprintf(other, sizeof(other), "%s/folder %d/renamed to %d",
		    FAT_AT, (int)rnd(3), (int)rnd(4));
		if (rnd(2) == 0)
			count(rump_sys_rename(path, other));
		if (rnd(3) == 0)
			count(rump_sys_unlink(rnd(2) ? path : other));
	}
	snprintf(path, sizeof(path), "%s/new folder", at);
	count(rump_sys_mkdir(path, 0755));
	snprintf(other, sizeof(other), "%s/folder 1/moved", FAT_AT);
	count(rump_sys_rename(path, other));
	count(rump_sys_rmdir(other));
}

static void
work(void)
{

	if (h_fat_mount(rnd(4) == 0 ? RUMP_MNT_RDONLY : 0) != 0)
		return;
	mounted++;
	names = 0;
	walk(FAT_AT, 0);
	change(FAT_AT);
	change(FAT_AT "/folder 0/folder 2");
	names = 0;
	walk(FAT_AT, 0);
	if (rump_sys_unmount(FAT_AT, RUMP_MNT_FORCE) != 0)
		abort();
}

static uint64_t first, last;

static void
all_seeds(void)
{
	uint64_t seed;

	h_fat_setup();
	make_tree(FAT_AT, 2);
	CHECK_OK(rump_sys_unmount(FAT_AT, 0));
	remember();
	for (seed = first; seed < last; seed++) {
		printf("# seed %llu\n", (unsigned long long)seed);
		damage(seed);
		alarm(TIMEOUT);
		work();
	}
	alarm(0);
	printf("# %u mounted, %u calls failed\n", mounted, failed);
	CHECK(mounted > (last - first) / 4 && failed > 0);
}

static const struct tap_case cases[] = {
	{ "damaged volumes give errors, no crash and no hang", all_seeds },
};

int
main(int argc, char **argv)
{

	if (argc != 4)
		return (2);
	setvbuf(stdout, NULL, _IOLBF, 0);
	setenv("KTEST_FAT", argv[1], 1);
	first = (uint64_t)atoll(argv[2]);
	last = first + (uint64_t)atoll(argv[3]);
	if ((host = open(argv[1], O_RDWR)) < 0 || rump_init() != 0)
		return (2);
	return (TAP_RUN(cases));
}
