/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * args.c: prints what the program was started with, one item on a line.
 */
#include <sys/auxv.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

int
main(int argc, char *argv[])
{
	char buf[4096];
	ssize_t len;
	int i;

	for (i = 0; i < argc; i++)
		printf("argv[%d]=%s\n", i, argv[i]);
	if (argv[argc] != NULL)
		return 1;
	for (i = 0; environ[i] != NULL; i++)
		printf("env %s\n", environ[i]);
	printf("cwd %s\n", getcwd(buf, sizeof(buf)) != NULL ? buf : "?");
	if (gethostname(buf, sizeof(buf)) == 0)
		printf("hostname %s\n", buf);
	len = readlink("/proc/self/exe", buf, sizeof(buf) - 1);
	if (len > 0) {
		buf[len] = '\0';
		printf("exe %s\n", buf);
	}
	printf("pagesize %lu\n", getauxval(AT_PAGESZ));
	printf("platform %s\n", (const char *)getauxval(AT_PLATFORM));
	printf("execfn %s\n", (const char *)getauxval(AT_EXECFN));
	printf("random %s\n", getauxval(AT_RANDOM) != 0 ? "yes" : "no");
	printf("stack %s\n", ((unsigned long)__builtin_frame_address(0) & 15)
	    == 0 ? "aligned" : "not aligned");
	return 0;
}
