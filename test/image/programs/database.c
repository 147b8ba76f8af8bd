/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * database.c: keeps data as a small database does, and says what it has made sure
 * of, so that somebody can take its machine away and look.
 *
 * Arguments: a folder, and how many steps to do.  On the console: what it found
 * ("found log=N state=N map=N", "file N good|bad"), then what is on the disk for
 * good ("log N", "state N", "map N", "file N"), and what may be gone from now on
 * ("remove N").  Anything that cannot be is "wrong: ...", and ends it.
 */
#define	_GNU_SOURCE
#include <sys/mman.h>
#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define	MAGIC	0x72656321U		/* test/image/power-cut.ts knows it */

struct record {
	uint32_t magic, number, sum, pad[13];
};

static int folder;
static uint32_t *map;

static void
wrong(const char *what)
{

	printf("wrong: %s\n", what);
	perror("errno");
	exit(1);
}

static uint32_t
sum(uint32_t n)
{

	return n * 2654435761U ^ 0xa5a5a5a5U;
}

/* The contents of file or state n: length and bytes follow from n. */
static size_t
contents(uint32_t n, uint32_t *words)
{
	size_t count = 100 + n * 37 % 6000, i;

	for (i = 0; i < count; i++)
		words[i] = sum(n + (uint32_t)i * 7919);
	words[0] = n;
	return count * sizeof(*words);
}

static uint32_t buffer[8192], expected[8192];

/* Whether the file has contents of some n; which is told. */
static int
is_whole(const char *name, uint32_t *n)
{
	ssize_t len;
	int fd = openat(folder, name, O_RDONLY);

	if (fd == -1)
		return 0;
	len = read(fd, buffer, sizeof(buffer));
	close(fd);
	if (len < 4)
		return 0;
	*n = buffer[0];
	return contents(*n, expected) == (size_t)len &&
	    memcmp(buffer, expected, (size_t)len) == 0;
}

static void
write_whole(const char *name, uint32_t n)
{
	size_t len = contents(n, expected);
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd == -1 || write(fd, expected, len) != (ssize_t)len ||
	    fsync(fd) != 0 || close(fd) != 0)
		wrong("a file cannot be written");
}

/* The records that are in order; what a crash left behind them goes. */
static uint32_t
check_log(int fd)
{
	struct record r;
	uint32_t n = 0;

	while (pread(fd, &r, sizeof(r), (off_t)n * (off_t)sizeof(r)) ==
	    sizeof(r) && r.magic == MAGIC && r.number == n + 1 &&
	    r.sum == sum(n + 1))
		n++;
	if (ftruncate(fd, (off_t)n * (off_t)sizeof(r)) != 0)
		wrong("the log cannot be cut");
	return n;
}

static uint32_t
check_state(void)
{
	uint32_t n = 0;

	if (faccessat(folder, "state", F_OK, 0) != 0)
		return 0;
	if (!is_whole("state", &n))
		wrong("the state is not whole");
	return n;
}

static uint32_t
open_map(void)
{
	int fd = openat(folder, "map", O_RDWR | O_CREAT, 0644);

	if (fd == -1 || ftruncate(fd, 4096) != 0)
		wrong("the map cannot be opened");
	map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		wrong("the map cannot be mapped");
	close(fd);
	if (map[0] != 0 && map[1] != sum(map[0]))
		wrong("the map is half-written");
	return map[0];
}

static uint32_t
check_files(void)
{
	uint32_t n, found, last = 0;
	struct dirent *de;
	DIR *dir;

	dir = fdopendir(dup(folder));
	while ((de = readdir(dir)) != NULL) {
		if (sscanf(de->d_name, "file-%u", &n) != 1)
			continue;
		printf("file %u %s\n", n, is_whole(de->d_name, &found) &&
		    found == n ? "good" : "bad");
		if (n > last)
			last = n;
	}
	closedir(dir);
	return last;
}

static void
append(int fd, uint32_t n)
{
	struct record r = { .magic = MAGIC, .number = n, .sum = sum(n) };

	if (pwrite(fd, &r, sizeof(r), (off_t)(n - 1) * (off_t)sizeof(r)) !=
	    sizeof(r) || fsync(fd) != 0)
		wrong("the log cannot be written");
	printf("log %u\n", n);
}

static void
replace_state(uint32_t n)
{

	write_whole("state.new", n);
	if (renameat(folder, "state.new", folder, "state") != 0 ||
	    fsync(folder) != 0)
		wrong("the state cannot be replaced");
	printf("state %u\n", n);
}

static void
store_map(uint32_t n)
{

	map[0] = n;
	map[1] = sum(n);
	if (msync(map, 4096, MS_SYNC) != 0)
		wrong("the map cannot be stored");
	printf("map %u\n", n);
}

static void
make_file(uint32_t n)
{
	char name[32];

	snprintf(name, sizeof(name), "file-%u", n);
	write_whole(name, n);
	printf("file %u\n", n);
	if (n <= 3)
		return;
	printf("remove %u\n", n - 3);
	snprintf(name, sizeof(name), "file-%u", n - 3);
	(void)unlinkat(folder, name, 0);
}

int
main(int argc, char **argv)
{
	const uint32_t steps = argc > 2 ? (uint32_t)atoi(argv[2]) : 20;
	uint32_t n, first, file, state;
	int log;

	setvbuf(stdout, NULL, _IOLBF, 0);
	(void)mkdir(argv[1], 0755);
	folder = open(argv[1], O_RDONLY | O_DIRECTORY);
	log = openat(folder, "log", O_RDWR | O_CREAT, 0644);
	if (folder == -1 || log == -1 || fsync(folder) != 0)
		wrong("the folder cannot be used");
	first = check_log(log);
	state = check_state();
	file = check_files();
	(void)unlinkat(folder, "state.new", 0);
	printf("found log=%u state=%u map=%u\n", first, state, open_map());
	for (n = first + 1; n <= first + steps; n++) {
		append(log, n);
		if (n % 3 == 0)
			replace_state(n);
		if (n % 4 == 0)
			store_map(n);
		if (n % 2 == 0)
			make_file(++file);
	}
	puts("done");
	return 0;
}
