/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * string.c: the few string calls that the layer needs; the host gives only the
 * compiler's runtime (memcpy and its like).
 */
#include "types.h"

size_t
linux_strlen(const char *s)
{
	size_t len;

	for (len = 0; s[len] != '\0'; len++)
		continue;
	return len;
}

int
linux_strcmp(const char *a, const char *b)
{

	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

/* Copies what fits, always ends with a NUL; returns the length of src. */
size_t
linux_strlcpy(char *dst, const char *src, size_t size)
{
	size_t len, n;

	len = linux_strlen(src);
	if (size != 0) {
		n = len < size ? len : size - 1;
		memcpy(dst, src, n);
		dst[n] = '\0';
	}
	return len;
}
