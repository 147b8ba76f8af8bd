/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * families.c: which families of sockets there are; each is asked for twice.
 */
#include <sys/socket.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

int
main(void)
{
	static const struct {
		const char *name;
		int family;
	} families[] = {
		{ "AF_UNIX", AF_UNIX },
		{ "AF_INET", AF_INET },
		{ "AF_INET6", AF_INET6 }
	};
	int i, twice;

	for (i = 0; i < 3; i++)
		for (twice = 0; twice < 2; twice++)
			printf("%s: %s\n", families[i].name,
			    socket(families[i].family, SOCK_STREAM, 0) != -1 ?
			    "yes" : errno == EAFNOSUPPORT ? "EAFNOSUPPORT" :
			    strerror(errno));
	return 0;
}
