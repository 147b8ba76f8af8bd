/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * beyond.c: maps two pages of a file that has one, and reads the second.
 */
#include <sys/mman.h>

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int
main(void)
{
	char *p;
	int fd;

	fd = open("/short", O_RDWR | O_CREAT, 0644);
	if (fd == -1 || write(fd, "x", 1) != 1)
		return 2;
	p = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED || p[0] != 'x' || p[4095] != 0)
		return 3;
	puts("before the end");
	fflush(stdout);
	return p[4096];
}
