/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * guest.h: what the small guests of this folder include: both sides of the host,
 * and a check that ends the guest.
 */
#ifndef _TEST_IMAGE_GUEST_H_
#define	_TEST_IMAGE_GUEST_H_

typedef __UINT8_TYPE__ uint8_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __UINT64_TYPE__ uint64_t;
typedef __INT32_TYPE__ int32_t;
typedef __INT64_TYPE__ int64_t;
typedef __UINTPTR_TYPE__ uintptr_t;
typedef __INTPTR_TYPE__ intptr_t;
typedef __SIZE_TYPE__ size_t;
typedef long ssize_t;
#define	NULL	((void *)0)

#include "../../rump/include/rump/rumperr.h"
#include "../../rump/include/rump/rumpuser.h"
#include "../../glue/common/host.h"

void	*memcpy(void *, const void *, size_t);
void	*memset(void *, int, size_t);
int	memcmp(const void *, const void *, size_t);

#define	GUEST_FAILED	99
#define	CHECK(e) do {							\
	if (!(e)) {							\
		rumpuser_dprintf("%s:%d: not so: %s\n", __FILE__,	\
		    __LINE__, #e);					\
		host_exit(GUEST_FAILED);				\
	}								\
} while (0)

#endif /* _TEST_IMAGE_GUEST_H_ */
