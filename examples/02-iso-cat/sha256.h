/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sha256.h: SHA-256 (FIPS 180-4) of data that comes in pieces.
 */
#ifndef _SHA256_H_
#define	_SHA256_H_

#include <stddef.h>
#include <stdint.h>

#define	SHA256_BYTES	32

struct sha256 {
	uint32_t state[8];
	uint64_t length;		/* bytes so far */
	unsigned char block[64];	/* the last length % 64 of them */
};

void	sha256_init(struct sha256 *);
void	sha256_update(struct sha256 *, const void *, size_t);
void	sha256_final(struct sha256 *, unsigned char sum[SHA256_BYTES]);

#endif /* _SHA256_H_ */
