/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * names.c: prints what the machine's files say of names, and what localhost is.
 */
#include <sys/socket.h>

#include <netdb.h>
#include <stdio.h>

int
main(void)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *ai, *all;
	char text[1024];
	FILE *f;

	if ((f = fopen("/etc/resolv.conf", "r")) == NULL)
		return 1;
	while (fgets(text, sizeof(text), f) != NULL)
		(void)fputs(text, stdout);
	(void)fclose(f);
	if (getaddrinfo("localhost", NULL, &hints, &all) != 0)
		return 1;
	for (int family = AF_INET;; family = AF_INET6) {
		for (ai = all; ai != NULL; ai = ai->ai_next) {
			if (ai->ai_family != family ||
			    getnameinfo(ai->ai_addr, ai->ai_addrlen, text,
			    sizeof(text), NULL, 0, NI_NUMERICHOST) != 0)
				continue;
			(void)printf("localhost is %s\n", text);
		}
		if (family == AF_INET6)
			break;
	}
	freeaddrinfo(all);
	return 0;
}
