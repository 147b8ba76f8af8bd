/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_libc.c: what libext2fs takes from a C library, over the kernel's own.
 *
 * Memory comes from malloc(9), and may run out: sizes that the library asks for
 * come from the disk.  Nothing else here sleeps.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/time.h>

void	*ext2_malloc(size_t);
void	*ext2_calloc(size_t, size_t);
void	*ext2_realloc(void *, size_t);
void	ext2_free(void *);
time_t	ext2_time(time_t *);
char	*strcpy(char *, const char *);
char	*strcat(char *, const char *);
unsigned long strtoul(const char *, char **, int);
void	qsort(void *, size_t, size_t, int (*)(const void *, const void *));
void	abort(void) __dead;

void *
ext2_malloc(size_t size)
{

	return (malloc(MAX(size, 1), M_EXT2FS, M_WAITOK | M_CANFAIL));
}

void *
ext2_calloc(size_t n, size_t size)
{

	if (size != 0 && n > SIZE_MAX / size)
		return (NULL);
	return (malloc(MAX(n * size, 1), M_EXT2FS,
	    M_WAITOK | M_CANFAIL | M_ZERO));
}

void *
ext2_realloc(void *ptr, size_t size)
{

	return (realloc(ptr, MAX(size, 1), M_EXT2FS, M_WAITOK | M_CANFAIL));
}

void
ext2_free(void *ptr)
{

	if (ptr != NULL)
		free(ptr, M_EXT2FS);
}

time_t
ext2_time(time_t *tp)
{
	struct timespec ts;

	nanotime(&ts);
	if (tp != NULL)
		*tp = ts.tv_sec;
	return (ts.tv_sec);
}

char *
strcpy(char *d, const char *s)
{

	memcpy(d, s, strlen(s) + 1);
	return (d);
}

char *
strcat(char *d, const char *s)
{

	(void)strcpy(d + strlen(d), s);
	return (d);
}

/* Decimal digits; what the library hands over comes from getenv() only. */
unsigned long
strtoul(const char *s, char **end, int base)
{
	unsigned long n = 0;

	KASSERT(base == 0 || base == 10);
	for (; *s >= '0' && *s <= '9'; s++)
		n = n * 10 + (unsigned long)(*s - '0');
	if (end != NULL)
		*end = (char *)(uintptr_t)s;
	return (n);
}

static void
swap(char *a, char *b, size_t size)
{
	char c;

	while (size-- > 0) {
		c = *a;
		*a++ = *b;
		*b++ = c;
	}
}

/* Lets the item at i sink until no child is larger (items [0, n) are a heap). */
static void
sink(char *base, size_t i, size_t n, size_t size,
    int (*cmp)(const void *, const void *))
{
	size_t child;

	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && cmp(base + child * size,
		    base + (child + 1) * size) < 0)
			child++;
		if (cmp(base + i * size, base + child * size) >= 0)
			return;
		swap(base + i * size, base + child * size, size);
		i = child;
	}
}

/* Heapsort: no memory, and no input that makes it slow. */
void
qsort(void *items, size_t n, size_t size,
    int (*cmp)(const void *, const void *))
{
	char *base = items;
	size_t i;

	for (i = n / 2; i-- > 0;)
		sink(base, i, n, size, cmp);
	for (i = n; i-- > 1;) {
		swap(base, base + i * size, size);
		sink(base, 0, i, size, cmp);
	}
}

void
abort(void)
{

	panic("libext2fs: an invariant is broken");
}
