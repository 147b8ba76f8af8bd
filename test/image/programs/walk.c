/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * walk.c: looks at everything below a folder and says how much of it could be
 * read.  What it looks at is limited: a damaged disk can be without end.  Its
 * status is 0 if nothing failed.
 */
#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define	NAMES	400
#define	DEPTH	40
#define	BYTES	(256 * 1024)

static int names, failures;

static void
read_some(const char *path)
{
	static char buf[64 * 1024];
	ssize_t n = 1;
	size_t total;
	int fd;

	if ((fd = open(path, O_RDONLY)) == -1) {
		failures++;
		return;
	}
	for (total = 0; n > 0 && total < BYTES; total += (size_t)n) {
		if ((n = read(fd, buf, sizeof(buf))) == -1) {
			failures++;
			break;
		}
	}
	close(fd);
}

static void	walk_folder(const char *path, int depth);

static void
look(const char *path, int depth)
{
	char target[PATH_MAX];
	struct stat st;

	if (lstat(path, &st) == -1)
		failures++;
	else if (S_ISDIR(st.st_mode))
		walk_folder(path, depth + 1);
	else if (S_ISLNK(st.st_mode))
		failures += readlink(path, target, sizeof(target)) == -1;
	else
		read_some(path);
}

static void
walk_folder(const char *path, int depth)
{
	char below[PATH_MAX];
	struct dirent *de;
	DIR *dir;

	if (depth > DEPTH)
		return;
	if ((dir = opendir(path)) == NULL) {
		failures++;
		return;
	}
	while (names < NAMES && (de = readdir(dir)) != NULL) {
		if (strcmp(de->d_name, ".") == 0 ||
		    strcmp(de->d_name, "..") == 0)
			continue;
		names++;
		if (snprintf(below, sizeof(below), "%s/%s", path,
		    de->d_name) < (int)sizeof(below))
			look(below, depth);
	}
	closedir(dir);
}

int
main(int argc, char *argv[])
{

	walk_folder(argc > 1 ? argv[1] : "/data", 0);
	printf("%d names, %d failures\n", names, failures);
	return failures != 0;
}
