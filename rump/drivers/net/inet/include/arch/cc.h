/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cc.h: compiler and kernel, as lwIP wants them described (its arch.h).
 */
#ifndef _INET_ARCH_CC_H_
#define	_INET_ARCH_CC_H_

#include <sys/param.h>
#include <sys/systm.h>

#define	LWIP_NO_STDDEF_H	1
#define	LWIP_NO_STDINT_H	1
#define	LWIP_NO_INTTYPES_H	1
#define	LWIP_NO_LIMITS_H	1
#define	LWIP_NO_CTYPE_H		1
#define	LWIP_NO_UNISTD_H	1

typedef uint8_t u8_t;
typedef int8_t s8_t;
typedef uint16_t u16_t;
typedef int16_t s16_t;
typedef uint32_t u32_t;
typedef int32_t s32_t;
typedef uint64_t u64_t;
typedef int64_t s64_t;
typedef uintptr_t mem_ptr_t;

#ifndef INT_MAX
#define	INT_MAX			0x7fffffff
#endif
#ifndef BYTE_ORDER
#define	LITTLE_ENDIAN		1234
#define	BIG_ENDIAN		4321
#define	BYTE_ORDER		LITTLE_ENDIAN
#endif

#define	PACK_STRUCT_STRUCT	__attribute__((__packed__))

/* A broken invariant of the stack. */
#define	LWIP_PLATFORM_ASSERT(what)	panic("lwip: %s", (what))
#define	LWIP_PLATFORM_DIAG(what)	do { } while (0)

#define	LWIP_RAND()		inet_random()
uint32_t inet_random(void);

#define	LWIP_CHKSUM		inet_sum
uint16_t inet_sum(const void *, int);

#endif /* _INET_ARCH_CC_H_ */
