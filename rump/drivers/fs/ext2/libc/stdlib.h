/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stdlib.h: memory, and what else libext2fs takes from a C library.
 */
#ifndef _EXT2_LIBC_STDLIB_H_
#define	_EXT2_LIBC_STDLIB_H_

#include <sys/types.h>

/*
 * The kernel's functions of these names have other arguments, so that these are
 * macros.  They fail with NULL where there is no memory.
 */
#define	malloc		ext2_malloc
#define	calloc		ext2_calloc
#define	realloc		ext2_realloc
#define	free		ext2_free
void	*ext2_malloc(size_t);
void	*ext2_calloc(size_t, size_t);
void	*ext2_realloc(void *, size_t);
void	ext2_free(void *);

/* Sorts n items of size bytes in place, in n log n steps at most. */
void	qsort(void *, size_t n, size_t size,
	    int (*)(const void *, const void *));

/* The kernel has no environment. */
#define	getenv(name)	((char *)NULL)
unsigned long strtoul(const char *, char **, int);

void	abort(void) __attribute__((__noreturn__));

#endif /* _EXT2_LIBC_STDLIB_H_ */
