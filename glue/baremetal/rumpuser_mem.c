/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpuser_mem.c: rumpuser(3)'s memory, on top of heap.c.
 */
#include "types.h"
#include "../../rump/include/rump/rumpuser.h"
#include "host_int.h"
#include "mem.h"

int
rumpuser_malloc(size_t len, int align, void **memp)
{
	void *p = heap_alloc(len, (size_t)align);

	if (p == NULL)
		return RUMP_ENOMEM;
	*memp = p;
	return 0;
}

void
rumpuser_free(void *p, size_t len)
{

	heap_free(p, len);
}

/* The kernel's memory is never executable here: W^X without exceptions. */
int
rumpuser_anonmmap(void *prefaddr __unused, size_t len, int alignbit, int exec,
    void **memp)
{
	void *p;

	if (exec)
		return RUMP_EACCES;
	len = roundup2(len, PAGE_SIZE);
	p = heap_alloc(len, MAX(PAGE_SIZE, 1UL << alignbit));
	if (p == NULL)
		return RUMP_ENOMEM;
	*memp = memset(p, 0, len);
	return 0;
}

void
rumpuser_unmap(void *p, size_t len)
{

	heap_free(p, roundup2(len, PAGE_SIZE));
}
