/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_sum.c: the Internet checksum (RFC 1071), eight bytes at a time.
 */
#include <sys/types.h>
#include <sys/systm.h>
#include "inet.h"

/* The sum of 16-bit words, folded but not inverted; any alignment. */
uint16_t
inet_sum(const void *data, int len)
{
	const char *p = data;
	uint64_t sum = 0, word, tail = 0;

	for (; len >= 8; len -= 8, p += 8) {
		memcpy(&word, p, sizeof(word));
		sum += word;
		sum += sum < word;	/* the carry comes round */
	}
	memcpy(&tail, p, (size_t)len);
	sum += tail;
	sum += sum < tail;
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ((uint16_t)sum);
}
