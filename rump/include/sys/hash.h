/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hash.h: the 32-bit string hash that directory hashes are made with.
 */
#ifndef _SYS_HASH_H_
#define	_SYS_HASH_H_

#define	HASHINIT	5381
#define	HASHSTEP(x, c)	(((x) << 5) + (x) + (c))

static __inline uint32_t
hash32_buf(const void *buf, size_t len, uint32_t hash)
{
	const uint8_t *p = buf;

	while (len--)
		hash = HASHSTEP(hash, *p++);
	return (hash);
}

#endif /* _SYS_HASH_H_ */
