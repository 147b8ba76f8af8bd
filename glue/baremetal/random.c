/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * random.c: random bytes.  ChaCha20 (RFC 8439) with fast key erasure: the first
 * half of each block becomes the next key and is never given out, so that what
 * is in memory does not tell what was given out before.
 *
 * The first key is made of RDSEED or RDRAND where the CPU has them, and of the
 * TSC's jitter; every block stirs the TSC in.
 */
#include "types.h"
#include "../../rump/include/rump/rumpuser.h"
#include "cpu.h"
#include "host_int.h"
#include "sched.h"

#define	CPUID1_ECX_RDRAND	(1U << 30)
#define	CPUID7_EBX_RDSEED	(1U << 18)
#define	HARDWARE_TRIES		32
#define	BLOCK			64
#define	KEY			32
#define	JITTER_ROUNDS		64

static uint32_t key[KEY / 4];		/* guarded by preemption off */
static bool seeded, have_rdrand, have_rdseed;

static inline uint32_t
rotate(uint32_t v, int n)
{

	return v << n | v >> (32 - n);
}

/* RFC 8439, 2.1, on the words that q names. */
static void
quarter(uint32_t *s, const uint8_t q[4])
{
	uint32_t *a = s + q[0], *b = s + q[1], *c = s + q[2], *d = s + q[3];
	unsigned i;

	for (i = 0; i < 2; i++) {
		*a += *b, *d = rotate(*d ^ *a, i == 0 ? 16 : 8);
		*c += *d, *b = rotate(*b ^ *c, i == 0 ? 12 : 7);
	}
}

static void
chacha_block(const uint32_t k[KEY / 4], uint32_t counter, uint32_t nonce,
    uint32_t out[BLOCK / 4])
{
	static const uint8_t lanes[8][4] = {
		{ 0, 4, 8, 12 }, { 1, 5, 9, 13 }, { 2, 6, 10, 14 },
		{ 3, 7, 11, 15 }, { 0, 5, 10, 15 }, { 1, 6, 11, 12 },
		{ 2, 7, 8, 13 }, { 3, 4, 9, 14 }
	};
	uint32_t in[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };
	unsigned i;

	memcpy(in + 4, k, KEY);
	in[12] = counter;
	in[13] = nonce;
	memcpy(out, in, BLOCK);
	for (i = 0; i < 80; i++)
		quarter(out, lanes[i % 8]);
	for (i = 0; i < 16; i++)
		out[i] += in[i];
}

static bool
hardware_word(uint64_t *v)
{
	unsigned tries;
	bool ok = false;

	for (tries = 0; !ok && tries < HARDWARE_TRIES; tries++) {
		if (have_rdseed)
			__asm volatile("rdseed %0" : "=r"(*v), "=@ccc"(ok));
		if (!ok && have_rdrand)
			__asm volatile("rdrand %0" : "=r"(*v), "=@ccc"(ok));
	}
	return ok;
}

/* How long a few dependent steps take is not predictable to the last tick. */
static uint64_t
jitter_word(void)
{
	uint64_t v = rdtsc();
	unsigned i;

	for (i = 0; i < JITTER_ROUNDS; i++)
		v = (v << 7 | v >> 57) * 0x9e3779b97f4a7c15UL + rdtsc();
	return v;
}

static void
seed(void)
{
	uint32_t out[BLOCK / 4];
	uint64_t v = 0;
	unsigned i;

	have_rdrand = (cpuid(1, 0).c & CPUID1_ECX_RDRAND) != 0;
	have_rdseed = (cpuid(7, 0).b & CPUID7_EBX_RDSEED) != 0;
	for (i = 0; i < KEY / 8; i++) {
		if (!hardware_word(&v))
			v = jitter_word();
		v ^= jitter_word();
		key[2 * i] ^= (uint32_t)v;
		key[2 * i + 1] ^= (uint32_t)(v >> 32);
	}
	chacha_block(key, 0, 0, out);
	memcpy(key, out, KEY);
	seeded = true;
}

void
random_bytes(void *buf, size_t len)
{
	uint32_t out[BLOCK / 4];
	uint8_t *p = buf;
	size_t n;

	for (; len > 0; p += n, len -= n) {
		preempt_disable();
		if (!seeded)
			seed();
		chacha_block(key, 0, (uint32_t)rdtsc(), out);
		memcpy(key, out, KEY);
		preempt_enable();
		n = MIN(len, BLOCK - KEY);
		memcpy(p, (uint8_t *)out + KEY, n);
	}
	memset(out, 0, sizeof(out));
	__asm volatile("" : : "r"(out) : "memory");
}

int
rumpuser_getrandom(void *buf, size_t len, int flags __unused, size_t *got)
{

	random_bytes(buf, len);
	*got = len;
	return 0;
}
