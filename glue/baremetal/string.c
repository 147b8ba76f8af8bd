/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * string.c: memcpy and its like, and the few string functions of the host.
 *
 * General registers only: the vector registers belong to the programs.  Under
 * emulation an unrolled loop of plain moves beats the string instructions.
 */
#include "types.h"

typedef uint64_t __attribute__((__may_alias__, __aligned__(1))) word_t;

void *
memcpy(void *dst, const void *src, size_t n)
{
	uint8_t *d = dst;
	const uint8_t *s = src;

	for (; n >= 32; n -= 32, d += 32, s += 32) {
		word_t *dw = (word_t *)d;
		const word_t *sw = (const word_t *)s;
		uint64_t a = sw[0], b = sw[1], c = sw[2], e = sw[3];

		dw[0] = a, dw[1] = b, dw[2] = c, dw[3] = e;
	}
	for (; n >= 8; n -= 8, d += 8, s += 8)
		*(word_t *)d = *(const word_t *)s;
	for (; n > 0; n--)
		*d++ = *s++;
	return dst;
}

void *
memmove(void *dst, const void *src, size_t n)
{
	uint8_t *d = (uint8_t *)dst + n;
	const uint8_t *s = (const uint8_t *)src + n;

	if ((uintptr_t)dst - (uintptr_t)src >= n)
		return memcpy(dst, src, n);
	for (; n >= 8; n -= 8) {
		d -= 8, s -= 8;
		*(word_t *)d = *(const word_t *)s;
	}
	for (; n > 0; n--)
		*--d = *--s;
	return dst;
}

void *
memset(void *dst, int c, size_t n)
{
	uint8_t *d = dst;
	uint64_t v = 0x0101010101010101UL * (uint8_t)c;

	for (; n >= 32; n -= 32, d += 32) {
		word_t *dw = (word_t *)d;

		dw[0] = v, dw[1] = v, dw[2] = v, dw[3] = v;
	}
	for (; n >= 8; n -= 8, d += 8)
		*(word_t *)d = v;
	for (; n > 0; n--)
		*d++ = (uint8_t)c;
	return dst;
}

int
memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *p = a, *q = b;

	for (; n >= 8; n -= 8, p += 8, q += 8)
		if (*(const word_t *)p != *(const word_t *)q)
			break;
	for (; n > 0; n--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

size_t
string_length(const char *s)
{
	size_t n;

	for (n = 0; s[n] != '\0'; n++)
		continue;
	return n;
}

int
string_compare(const char *a, const char *b)
{

	for (; *a != '\0' && *a == *b; a++, b++)
		continue;
	return (uint8_t)*a - (uint8_t)*b;
}

bool
string_starts(const char *s, const char *prefix)
{

	for (; *prefix != '\0'; s++, prefix++)
		if (*s != *prefix)
			return false;
	return true;
}

/* Copies what fits into size bytes; the result always ends with a NUL. */
void
string_copy(char *dst, const char *src, size_t size)
{

	for (; size > 1 && *src != '\0'; size--)
		*dst++ = *src++;
	*dst = '\0';
}
