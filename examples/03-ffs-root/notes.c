/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notes.c: keeps notes in a file.  A note that is said to be kept is on the disk:
 * the machine may lose its power at any moment, and there is either the old file
 * or the new one, whole.  Plain POSIX: it runs on any Unix as well.
 */
#define	_POSIX_C_SOURCE	200809L
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define	NOTES	"notes.txt"
#define	NEW	"notes.new"
#define	MAX	65536

static char text[MAX];

static void
fail(const char *what)
{

	perror(what);
	exit(1);
}

/* The notes so far; none is no error. */
static size_t
read_notes(void)
{
	ssize_t n = 0;
	int fd = open(NOTES, O_RDONLY);

	if (fd == -1)
		return 0;
	if ((n = read(fd, text, sizeof(text))) == -1)
		fail(NOTES);
	close(fd);
	return (size_t)n;
}

/* Writes a new file and gives it the old one's name when it is on the disk. */
static void
write_notes(size_t len)
{
	int dir = open(".", O_RDONLY | O_DIRECTORY);
	int fd = open(NEW, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (dir == -1 || fd == -1 || write(fd, text, len) != (ssize_t)len ||
	    fsync(fd) == -1 || close(fd) == -1 || rename(NEW, NOTES) == -1 ||
	    fsync(dir) == -1)
		fail(NEW);
	close(dir);
}

int
main(int argc, char **argv)
{
	size_t len = read_notes();
	int i;

	for (i = 1; i < argc; i++) {
		if (len + strlen(argv[i]) + 1 > sizeof(text)) {
			fprintf(stderr, "the book is full\n");
			return 1;
		}
		len += (size_t)sprintf(text + len, "%s\n", argv[i]);
	}
	if (argc > 1)
		write_notes(len);
	printf("%.*s", (int)len, text);
	return 0;
}
