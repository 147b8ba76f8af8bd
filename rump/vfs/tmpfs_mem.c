/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tmpfs_mem.c: memory for the contents of files, in chunks of 64 KiB, and how
 * much of it a mount may have.
 *
 * Where there is plenty, chunks are cut from regions of 2 MiB, aligned so that
 * the host can back each with one large page: then it is touched once, not 512
 * times.  Regions that became free are kept up to a limit.  Where memory is
 * short, or in pieces, a chunk is the host's own.
 *
 * All of it belongs to the virtual CPU.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <rump/rumpuser.h>
#include <rump-sys/kmem.h>
#include "tmpfs.h"

#define	REGION_SHIFT	21
#define	REGION		((size_t)1 << REGION_SHIFT)
#define	REGION_CHUNKS	(REGION / TMPFS_CHUNK)
#define	REGIONS_FROM	((size_t)1 << 30)	/* memory that makes them pay */
#define	KEEP_FREE	32			/* regions */
#define	NODE_BYTES	512			/* with a name, about */

struct region {
	TAILQ_ENTRY(region) rg_list;	/* of those with free chunks */
	LIST_ENTRY(region) rg_hash;
	char *rg_base;
	uint32_t rg_free;		/* one bit each */
};
#define	ALL_FREE	UINT32_MAX
_Static_assert(REGION_CHUNKS == 32, "a bit for each chunk of a region");

#define	REGION_HASH	256
static LIST_HEAD(, region) regions[REGION_HASH];
static TAILQ_HEAD(regionlist, region) regions_free;
static int use_regions;
static u_int nregions_empty;

/* Bytes that all mounts together have, and may have. */
static size_t total_bytes, total_max;

void
tmpfs_mem_init(void)
{
	size_t limit = kmem_limit();

	TAILQ_INIT(&regions_free);
	/* Half of the memory; the host says if there is less. */
	total_max = limit == SIZE_MAX ? SIZE_MAX : limit / 2;
	use_regions = limit >= REGIONS_FROM;
#ifdef RUMP_MALLOC_DIRECT
	use_regions = 0;
#endif
}

static struct region *
region_new(void)
{
	struct region *rg;
	void *base;

	rg = malloc(sizeof(*rg), M_ROOTFS, M_WAITOK | M_CANFAIL);
	if (rg == NULL)
		return (NULL);
	if (rumpuser_anonmmap(NULL, REGION, REGION_SHIFT, 0, &base) != 0) {
		free(rg, M_ROOTFS);
		return (NULL);
	}
	rg->rg_base = base;
	rg->rg_free = ALL_FREE;
	LIST_INSERT_HEAD(&regions[((uintptr_t)base >> REGION_SHIFT) %
	    REGION_HASH], rg, rg_hash);
	TAILQ_INSERT_TAIL(&regions_free, rg, rg_list);
	nregions_empty++;
	return (rg);
}

static void
region_free(struct region *rg)
{

	KASSERT(rg->rg_free == ALL_FREE);
	LIST_REMOVE(rg, rg_hash);
	TAILQ_REMOVE(&regions_free, rg, rg_list);
	rumpuser_unmap(rg->rg_base, REGION);
	free(rg, M_ROOTFS);
	nregions_empty--;
}

/* A chunk that is the host's own. */
static char *
chunk_alone(void)
{
	void *p;

	while (rumpuser_malloc(TMPFS_CHUNK, 0, &p) != 0)
		if (kmem_reclaim == NULL || kmem_reclaim(TMPFS_CHUNK) == 0)
			return (NULL);
	return (p);
}

/* Undefined contents; NULL when there is no more. */
char *
tmpfs_chunk_get(void)
{
	struct region *rg = NULL;
	int i;

	if (use_regions && (rg = TAILQ_FIRST(&regions_free)) == NULL)
		rg = region_new();
	if (rg == NULL)
		return (chunk_alone());
	if (rg->rg_free == ALL_FREE)
		nregions_empty--;
	i = __builtin_ctz(rg->rg_free);
	rg->rg_free &= rg->rg_free - 1;
	if (rg->rg_free == 0)
		TAILQ_REMOVE(&regions_free, rg, rg_list);
	return (rg->rg_base + i * TMPFS_CHUNK);
}

void
tmpfs_chunk_put(char *chunk)
{
	uintptr_t n = (uintptr_t)chunk >> REGION_SHIFT;
	struct region *rg;
	uint32_t bit;

	LIST_FOREACH(rg, &regions[n % REGION_HASH], rg_hash)
		if ((uintptr_t)rg->rg_base >> REGION_SHIFT == n)
			break;
	if (rg == NULL) {
		rumpuser_free(chunk, TMPFS_CHUNK);
		return;
	}
	bit = (uint32_t)1 << ((size_t)(chunk - rg->rg_base) / TMPFS_CHUNK);
	KASSERT((rg->rg_free & bit) == 0);
	if (rg->rg_free == 0)
		TAILQ_INSERT_HEAD(&regions_free, rg, rg_list);
	rg->rg_free |= bit;
	if (rg->rg_free != ALL_FREE)
		return;
	/* Those in use first, so that the others stay whole. */
	TAILQ_REMOVE(&regions_free, rg, rg_list);
	TAILQ_INSERT_TAIL(&regions_free, rg, rg_list);
	if (++nregions_empty > KEEP_FREE)
		region_free(rg);
}

/* The host has no more memory: gives back what is kept. */
size_t
tmpfs_mem_reclaim(size_t bytes)
{
	struct region *rg;
	size_t done = 0;

	while (done < bytes && nregions_empty != 0) {
		rg = TAILQ_LAST(&regions_free, regionlist);
		if (rg->rg_free != ALL_FREE)
			break;
		region_free(rg);
		done += REGION;
	}
	return (done);
}

static int
total_charge(size_t bytes)
{

	if (bytes > total_max - total_bytes)
		return (ENOSPC);
	total_bytes += bytes;
	return (0);
}

int
tmpfs_charge(struct tmpfs_mount *tm, size_t bytes)
{

	if (bytes > tm->tm_bytes_max - tm->tm_bytes || total_charge(bytes) != 0)
		return (ENOSPC);
	tm->tm_bytes += bytes;
	return (0);
}

void
tmpfs_uncharge(struct tmpfs_mount *tm, size_t bytes)
{

	KASSERT(bytes <= tm->tm_bytes && bytes <= total_bytes);
	tm->tm_bytes -= bytes;
	total_bytes -= bytes;
}

int
tmpfs_charge_node(struct tmpfs_mount *tm)
{

	if (tm->tm_nodes >= tm->tm_nodes_max || total_charge(NODE_BYTES) != 0)
		return (ENOSPC);
	tm->tm_nodes++;
	return (0);
}

void
tmpfs_uncharge_node(struct tmpfs_mount *tm)
{

	tm->tm_nodes--;
	total_bytes -= NODE_BYTES;
}

/* What the mount can still have, by its own limit and the kernel's. */
uint64_t
tmpfs_bytes_free(struct tmpfs_mount *tm)
{

	return (MIN(tm->tm_bytes_max - tm->tm_bytes,
	    (uint64_t)(total_max - total_bytes)));
}
