/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * types.h: the integer types and small helpers that all files of this host use.
 * Written out here because the host is compiled with no header but its own.
 */
#ifndef _BAREMETAL_TYPES_H_
#define	_BAREMETAL_TYPES_H_

typedef __UINT8_TYPE__ uint8_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __UINT64_TYPE__ uint64_t;
typedef __INT8_TYPE__ int8_t;
typedef __INT32_TYPE__ int32_t;
typedef __INT64_TYPE__ int64_t;
typedef __UINTPTR_TYPE__ uintptr_t;
typedef __SIZE_TYPE__ size_t;
typedef long ssize_t;
typedef _Bool bool;
#define	true	1
#define	false	0
#define	NULL	((void *)0)

#define	offsetof(t, m)	__builtin_offsetof(t, m)
#define	nitems(a)	(sizeof(a) / sizeof((a)[0]))
#define	roundup2(x, m)	(((x) + ((m) - 1)) & ~((__typeof__(x))(m) - 1))
#define	rounddown2(x, m) ((x) & ~((__typeof__(x))(m) - 1))
#define	MIN(a, b)	((a) < (b) ? (a) : (b))
#define	MAX(a, b)	((a) > (b) ? (a) : (b))
#define	__unused	__attribute__((__unused__))
#define	__noreturn	__attribute__((__noreturn__))
#define	__aligned(n)	__attribute__((__aligned__(n)))
#define	__printflike(f, a) __attribute__((__format__(__printf__, f, a)))
#define	predict_false(e) __builtin_expect((e) != 0, 0)

#define	va_list		__builtin_va_list
#define	va_start	__builtin_va_start
#define	va_arg		__builtin_va_arg
#define	va_end		__builtin_va_end

/* string.c; the four names are also what the compiler itself calls. */
void	*memcpy(void *, const void *, size_t);
void	*memmove(void *, const void *, size_t);
void	*memset(void *, int, size_t);
int	memcmp(const void *, const void *, size_t);
size_t	string_length(const char *);
int	string_compare(const char *, const char *);
bool	string_starts(const char *, const char *prefix);
void	string_copy(char *, const char *, size_t);

#define	NS_PER_SEC	1000000000UL

#endif /* _BAREMETAL_TYPES_H_ */
