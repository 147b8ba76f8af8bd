/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * string.h: strings and memory.
 */
#ifndef _EXT2_LIBC_STRING_H_
#define	_EXT2_LIBC_STRING_H_

#include <sys/types.h>

#ifndef _SYS_SYSTM_H_
void	*memcpy(void *, const void *, size_t);
void	*memmove(void *, const void *, size_t);
void	*memset(void *, int, size_t);
int	memcmp(const void *, const void *, size_t);
size_t	strlen(const char *);
size_t	strnlen(const char *, size_t);
int	strcmp(const char *, const char *);
int	strncmp(const char *, const char *, size_t);
char	*strncpy(char *, const char *, size_t);
char	*strchr(const char *, int);
char	*strrchr(const char *, int);
#endif
char	*strcpy(char *, const char *);
char	*strcat(char *, const char *);

#endif /* _EXT2_LIBC_STRING_H_ */
