/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subr_disk.c: the disk label's checksum.
 */
#include <sys/param.h>
#include <sys/disklabel.h>

u_int16_t
dkcksum(struct disklabel *lp)
{
	const u_int16_t *p = (const u_int16_t *)(const void *)lp, *end;
	u_int16_t sum = 0;

	end = (const u_int16_t *)(const void *)
	    &lp->d_partitions[MIN(lp->d_npartitions, MAXPARTITIONS)];
	while (p < end)
		sum ^= *p++;
	return (sum);
}
