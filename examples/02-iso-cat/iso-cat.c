/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iso-cat.c: shows what is on a mounted file system.
 *
 *	iso-cat FOLDER		its tree, with sizes and targets of links
 *	iso-cat FILE		its contents
 *	iso-cat -s PATH		SHA-256 of the file, or of every file in the tree, in
 *				the form of sha256sum(1)
 *
 * Plain POSIX: the same source runs on any Unix.
 */
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sha256.h"

#define	BUFFER	(256 * 1024)

static int failures;

static void
complain(const char *path)
{

	fprintf(stderr, "iso-cat: %s: %s\n", path, strerror(errno));
	failures++;
}

static void
sum(const char *path)
{
	static unsigned char buf[BUFFER];
	unsigned char digest[SHA256_BYTES];
	struct sha256 s;
	ssize_t n;
	int fd, i;

	if ((fd = open(path, O_RDONLY)) == -1) {
		complain(path);
		return;
	}
	sha256_init(&s);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		sha256_update(&s, buf, (size_t)n);
	if (n == -1) {
		complain(path);
	} else {
		sha256_final(&s, digest);
		for (i = 0; i < SHA256_BYTES; i++)
			printf("%02x", digest[i]);
		printf("  %s\n", path);
	}
	close(fd);
}

static void
cat(const char *path)
{
	static char buf[BUFFER];
	ssize_t n;
	int fd;

	if ((fd = open(path, O_RDONLY)) == -1) {
		complain(path);
		return;
	}
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		fwrite(buf, 1, (size_t)n, stdout);
	if (n == -1)
		complain(path);
	close(fd);
}

static void
show(const char *path, const char *name, const struct stat *st, int depth)
{
	char target[PATH_MAX];
	ssize_t n;

	printf("%*s%s", 2 * depth, "", name);
	if (S_ISDIR(st->st_mode)) {
		printf("/\n");
	} else if (S_ISLNK(st->st_mode)) {
		n = readlink(path, target, sizeof(target) - 1);
		if (n == -1)
			complain(path);
		target[n > 0 ? n : 0] = '\0';
		printf(" -> %s\n", target);
	} else {
		printf(" (%lld bytes)\n", (long long)st->st_size);
	}
}

static int
not_dots(const struct dirent *de)
{

	return strcmp(de->d_name, ".") != 0 && strcmp(de->d_name, "..") != 0;
}

static void	walk(const char *path, const char *name, int depth, int sums);

/* In the order of the bytes of the names, whatever the file system's is. */
static void
walk_folder(const char *path, int depth, int sums)
{
	struct dirent **entries;
	char below[PATH_MAX];
	int i, n;

	n = scandir(path, &entries, not_dots, alphasort);
	if (n == -1) {
		complain(path);
		return;
	}
	for (i = 0; i < n; i++) {
		if (snprintf(below, sizeof(below), "%s/%s",
		    strcmp(path, "/") == 0 ? "" : path,
		    entries[i]->d_name) >= (int)sizeof(below)) {
			errno = ENAMETOOLONG;
			complain(path);
		} else {
			walk(below, entries[i]->d_name, depth + 1, sums);
		}
		free(entries[i]);
	}
	free(entries);
}

static void
walk(const char *path, const char *name, int depth, int sums)
{
	struct stat st;

	if (lstat(path, &st) == -1) {
		complain(path);
		return;
	}
	if (!sums)
		show(path, name, &st, depth);
	else if (S_ISREG(st.st_mode))
		sum(path);
	if (S_ISDIR(st.st_mode))
		walk_folder(path, depth, sums);
}

int
main(int argc, char *argv[])
{
	struct stat st;
	int i, sums = 0;

	for (i = 1; i < argc && strcmp(argv[i], "-s") == 0; i++)
		sums = 1;
	if (i == argc) {
		fprintf(stderr, "usage: iso-cat [-s] PATH...\n");
		return 2;
	}
	for (; i < argc; i++) {
		if (stat(argv[i], &st) == -1)
			complain(argv[i]);
		else if (S_ISDIR(st.st_mode) || sums)
			walk(argv[i], argv[i], 0, sums);
		else
			cat(argv[i]);
	}
	return failures != 0;
}
