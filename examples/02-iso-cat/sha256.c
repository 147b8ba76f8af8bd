/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sha256.c: SHA-256, written after FIPS 180-4, section 6.2.
 */
#include "sha256.h"

#include <string.h>

static const uint32_t constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
	0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
	0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
	0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
};

static uint32_t
rotate(uint32_t x, int n)
{

	return x >> n | x << (32 - n);
}

static uint32_t
load(const unsigned char *p)
{

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static void
expand(uint32_t w[64], const unsigned char *block)
{
	uint32_t s0, s1;
	int t;

	for (t = 0; t < 16; t++)
		w[t] = load(block + 4 * t);
	for (; t < 64; t++) {
		s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^
		    w[t - 15] >> 3;
		s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^
		    w[t - 2] >> 10;
		w[t] = s1 + w[t - 7] + s0 + w[t - 16];
	}
}

static void
transform(uint32_t state[8], const unsigned char *block)
{
	uint32_t w[64], v[8], t1, t2;
	int t;

	expand(w, block);
	memcpy(v, state, sizeof(v));
	for (t = 0; t < 64; t++) {
		t1 = v[7] + (rotate(v[4], 6) ^ rotate(v[4], 11) ^
		    rotate(v[4], 25)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) +
		    constants[t] + w[t];
		t2 = (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)) +
		    ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
		memmove(v + 1, v, 7 * sizeof(v[0]));
		v[4] += t1;
		v[0] = t1 + t2;
	}
	for (t = 0; t < 8; t++)
		state[t] += v[t];
}

void
sha256_init(struct sha256 *s)
{
	static const uint32_t start[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
	};

	memcpy(s->state, start, sizeof(start));
	s->length = 0;
}

void
sha256_update(struct sha256 *s, const void *data, size_t len)
{
	const unsigned char *p = data;
	size_t have = s->length % 64, n;

	s->length += len;
	while (len > 0) {
		if (have == 0 && len >= 64) {
			transform(s->state, p);
			n = 64;
		} else {
			n = len < 64 - have ? len : 64 - have;
			memcpy(s->block + have, p, n);
			have = (have + n) % 64;
			if (have == 0)
				transform(s->state, s->block);
		}
		p += n;
		len -= n;
	}
}

void
sha256_final(struct sha256 *s, unsigned char sum[SHA256_BYTES])
{
	const uint64_t bits = s->length * 8;
	unsigned char pad[72] = { 0x80 };
	size_t n = 64 - (s->length + 8) % 64;
	int i;

	for (i = 0; i < 8; i++)
		pad[n + (size_t)i] = (unsigned char)(bits >> (56 - 8 * i));
	sha256_update(s, pad, n + 8);
	for (i = 0; i < SHA256_BYTES; i++)
		sum[i] = (unsigned char)(s->state[i / 4] >> (24 - 8 * (i % 4)));
}
