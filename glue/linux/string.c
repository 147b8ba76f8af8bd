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

int
linux_starts(const char *s, const char *prefix)
{

	for (; *prefix != '\0'; s++, prefix++) {
		if (*s != *prefix)
			return 0;
	}
	return 1;
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

/* Cuts the text at the first ch; the rest, or NULL if there is none. */
char *
linux_cut(char *s, char ch)
{

	for (; *s != '\0'; s++) {
		if (*s == ch) {
			*s = '\0';
			return s + 1;
		}
	}
	return NULL;
}

/* A decimal number, nothing else. */
int
linux_number(const char *s, uint64_t *value)
{
	uint64_t v = 0;

	if (*s == '\0')
		return -1;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9' || v > UINT64_MAX / 10 - 10)
			return -1;
		v = v * 10 + (uint64_t)(*s - '0');
	}
	*value = v;
	return 0;
}
