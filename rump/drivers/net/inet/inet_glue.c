/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_glue.c: what lwIP wants of a kernel: memory, time, random numbers.
 */
#include <dev/rndvar.h>
#include "inet.h"
#include "lwip/sys.h"
#include "inet_hooks.h"

void *
inet_malloc(size_t n)
{

	return (malloc(n, M_PCB, M_WAITOK | M_CANFAIL));
}

void *
inet_calloc(size_t n, size_t size)
{

	if (size != 0 && n > SIZE_MAX / size)
		return (NULL);
	return (malloc(n * size, M_PCB, M_WAITOK | M_CANFAIL | M_ZERO));
}

void
inet_free(void *p)
{

	free(p, M_PCB);
}

/* Milliseconds; wraps. */
u32_t
sys_now(void)
{

	return ((u32_t)(monotonic_nsec() / 1000000));
}

/* The host is asked for many numbers at a time. */
uint32_t
inet_random(void)
{
	static uint32_t pool[64];
	static u_int left;

	if (left == 0) {
		arc4random_buf(pool, sizeof(pool));
		left = __arraycount(pool);
	}
	return (pool[--left]);
}

/* One round of the mixing that SipHash (its paper, section 2) is made of. */
static void
mix(uint64_t v[4])
{

	v[0] += v[1];
	v[1] = (v[1] << 13 | v[1] >> 51) ^ v[0];
	v[0] = v[0] << 32 | v[0] >> 32;
	v[2] += v[3];
	v[3] = (v[3] << 16 | v[3] >> 48) ^ v[2];
	v[0] += v[3];
	v[3] = (v[3] << 21 | v[3] >> 43) ^ v[0];
	v[2] += v[1];
	v[1] = (v[1] << 17 | v[1] >> 47) ^ v[2];
	v[2] = v[2] << 32 | v[2] >> 32;
}

static void
absorb(uint64_t v[4], uint64_t word)
{

	v[3] ^= word;
	mix(v);
	mix(v);
	v[0] ^= word;
}

static void
absorb_addr(uint64_t v[4], const ip_addr_t *addr)
{
	const u32_t *words = ip_2_ip6(addr)->addr;

	if (IP_IS_V4(addr)) {
		absorb(v, ip_addr_get_ip4_u32(addr));
		return;
	}
	absorb(v, (uint64_t)words[0] << 32 | words[1]);
	absorb(v, (uint64_t)words[2] << 32 | words[3]);
}

/* The clock, 4 microseconds a step, and a keyed hash of the connection. */
u32_t
inet_isn(const ip_addr_t *local, u16_t lport, const ip_addr_t *remote,
    u16_t rport)
{
	static uint64_t key[2];
	uint64_t v[4];

	if (key[0] == 0)
		arc4random_buf(key, sizeof(key));
	v[0] = key[0] ^ 0x736f6d6570736575ULL;
	v[1] = key[1] ^ 0x646f72616e646f6dULL;
	v[2] = key[0] ^ 0x6c7967656e657261ULL;
	v[3] = key[1] ^ 0x7465646279746573ULL;
	absorb_addr(v, local);
	absorb_addr(v, remote);
	absorb(v, (uint64_t)lport << 16 | rport);
	v[2] ^= 0xff;
	mix(v);
	mix(v);
	mix(v);
	mix(v);
	return ((u32_t)(v[0] ^ v[1] ^ v[2] ^ v[3]) +
	    (u32_t)(monotonic_nsec() / 4000));
}
