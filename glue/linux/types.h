/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * types.h: what every file of this layer starts with: types, the two edges, the
 * host, and the compiler's runtime.  No libc, no kernel internals.
 */
#ifndef _LINUX_TYPES_H_
#define	_LINUX_TYPES_H_

#include <stddef.h>
#include <stdint.h>

typedef long ssize_t;

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumperr.h>
#include <rump/rumpuser.h>

#include "host.h"
#include "rump_errno.h"

/* From the host. */
void	*memcpy(void *restrict, const void *restrict, size_t);
void	*memmove(void *, const void *, size_t);
void	*memset(void *, int, size_t);
int	memcmp(const void *, const void *, size_t);

#define	LINUX_PAGE		4096UL
#define	LINUX_PAGE_DOWN(x)	((x) & ~(LINUX_PAGE - 1))
#define	LINUX_PAGE_UP(x)	LINUX_PAGE_DOWN((x) + LINUX_PAGE - 1)
#define	LINUX_NELEM(a)		(sizeof(a) / sizeof((a)[0]))

/* string.c: the few string calls that the layer needs. */
size_t	linux_strlen(const char *);
int	linux_strcmp(const char *, const char *);
int	linux_starts(const char *, const char *prefix);
size_t	linux_strlcpy(char *, const char *, size_t);
char	*linux_cut(char *, char ch);
int	linux_number(const char *, uint64_t *);

#endif /* _LINUX_TYPES_H_ */
