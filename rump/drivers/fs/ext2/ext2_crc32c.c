/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_crc32c.c: CRC-32C (polynomial 0x1edc6f41, bits reversed, RFC 3720 B.4), the
 * checksum of the feature metadata_csum.
 *
 * Every directory block and inode that is written has one, so that it decides
 * how fast files are made.  The processor's instruction is used where there is
 * one (SSE 4.2); otherwise eight bytes at a time through tables.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include "ext2_lib.h"

#define	POLY	0x82f63b78U

static uint32_t table[8][256];
static int have_insn;

void
ext2_crc32c_init(void)
{
	uint32_t a, b, c, d, crc;
	int i, j;

	__asm__ volatile("cpuid"
	    : "=a"(a), "=b"(b), "=c"(c), "=d"(d)
	    : "a"(1), "c"(0));
	have_insn = (c >> 20) & 1;
	for (i = 0; i < 256; i++) {
		for (crc = i, j = 0; j < 8; j++)
			crc = (crc >> 1) ^ (crc & 1 ? POLY : 0);
		table[0][i] = crc;
	}
	for (i = 0; i < 256; i++)
		for (j = 1; j < 8; j++)
			table[j][i] = (table[j - 1][i] >> 8) ^
			    table[0][table[j - 1][i] & 0xff];
}

static uint32_t
crc_insn(uint32_t crc, const uint8_t *p, size_t len)
{
	uint64_t crc64 = crc, word;

	for (; len >= 8; p += 8, len -= 8) {
		memcpy(&word, p, 8);
		__asm__("crc32q %1, %0" : "+r"(crc64) : "rm"(word));
	}
	crc = (uint32_t)crc64;
	for (; len > 0; p++, len--)
		__asm__("crc32b %1, %0" : "+r"(crc) : "rm"(*p));
	return (crc);
}

static uint32_t
crc_tables(uint32_t crc, const uint8_t *p, size_t len)
{
	uint64_t word;

	for (; len >= 8; p += 8, len -= 8) {
		memcpy(&word, p, 8);
		word ^= crc;
		crc = table[7][word & 0xff] ^ table[6][word >> 8 & 0xff] ^
		    table[5][word >> 16 & 0xff] ^ table[4][word >> 24 & 0xff] ^
		    table[3][word >> 32 & 0xff] ^ table[2][word >> 40 & 0xff] ^
		    table[1][word >> 48 & 0xff] ^ table[0][word >> 56];
	}
	for (; len > 0; p++, len--)
		crc = (crc >> 8) ^ table[0][(crc ^ *p) & 0xff];
	return (crc);
}

/* The checksum goes on from crc, and is not inverted at either end. */
__u32
ext2fs_crc32c_le(__u32 crc, unsigned char const *p, size_t len)
{

	return (have_insn ? crc_insn(crc, p, len) : crc_tables(crc, p, len));
}
