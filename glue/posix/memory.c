/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory.c: memory for the kernel, remembered so that it can be taken back.
 *
 * The kernel says the length again when it frees.  So the note about a block
 * can stand behind it, which leaves the alignment of its start alone and costs
 * no look-up.
 */
#include "rumpuser_int.h"

#include <stdlib.h>
#include <sys/mman.h>

#define	MEMORY_PAGE	4096UL
#define	MEMORY_ALIGN	16UL
#define	MEMORY_LARGE_BIT 21
#define	MEMORY_BRING	(2UL << 20)
#ifndef MADV_POPULATE_WRITE
#define	MADV_POPULATE_WRITE 23		/* Linux 5.14; others refuse it */
#endif

/* Stands behind a malloc block; alone for a mapping. */
struct note {
	struct note *n_next, **n_prevp;
	void *n_start;
	size_t n_len;
};

/* Guarded by memory_lock. */
static struct rumpuser__lock memory_lock;
static struct note *blocks, *mappings;
static size_t memory_bytes;

static size_t
round_up(size_t len, size_t unit)
{

	return (len + unit - 1) & ~(unit - 1);
}

static void
note_insert(struct note **list, struct note *note, void *start, size_t len)
{

	note->n_start = start;
	note->n_len = len;
	rumpuser__lock(&memory_lock);
	note->n_next = *list;
	note->n_prevp = list;
	if (note->n_next != NULL)
		note->n_next->n_prevp = &note->n_next;
	*list = note;
	memory_bytes += len;
	rumpuser__unlock(&memory_lock);
}

/* Caller must hold memory_lock. */
static void
note_remove(struct note *note)
{

	*note->n_prevp = note->n_next;
	if (note->n_next != NULL)
		note->n_next->n_prevp = note->n_prevp;
	memory_bytes -= note->n_len;
}

static void
memory_broken(const void *p, size_t len)
{

	rumpuser_dprintf("rumpuser: %p is not a block of %zu bytes\n", p, len);
	rumpuser_exit(RUMPUSER_PANIC);
}

int
rumpuser_malloc(size_t len, int align, void **result)
{
	size_t behind = round_up(len, MEMORY_ALIGN);
	size_t unit = align > (int)MEMORY_ALIGN ? (size_t)align : MEMORY_ALIGN;
	void *p;

	if (behind < len || behind + sizeof(struct note) < behind)
		return RUMP_ENOMEM;
	if (posix_memalign(&p, unit, behind + sizeof(struct note)) != 0)
		return RUMP_ENOMEM;
	note_insert(&blocks, (struct note *)((char *)p + behind), p, len);
	*result = p;
	return 0;
}

void
rumpuser_free(void *p, size_t len)
{
	struct note *note;

	if (p == NULL)
		return;
	note = (struct note *)((char *)p + round_up(len, MEMORY_ALIGN));
	if (note->n_start != p || note->n_len != len)
		memory_broken(p, len);
	rumpuser__lock(&memory_lock);
	note_remove(note);
	rumpuser__unlock(&memory_lock);
	note->n_start = NULL;
	free(p);
}

/* Maps more than is wanted and gives back what is before and behind. */
static void *
map_aligned(void *wish, size_t len, size_t unit, int prot)
{
	char *start, *raw;
	size_t before, more = unit > MEMORY_PAGE ? unit : 0;

	raw = mmap(wish, len + more, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (raw == MAP_FAILED)
		return NULL;
	if (more == 0)
		return raw;
	start = (char *)round_up((size_t)raw, unit);
	before = (size_t)(start - raw);
	if (before != 0)
		(void)munmap(raw, before);
	if (more != before)
		(void)munmap(start + len, more - before);
	return start;
}

int
rumpuser_anonmmap(void *wish, size_t len, int alignbit, int exec, void **result)
{
	struct note *note;
	size_t whole = round_up(len, MEMORY_PAGE);
	int prot = PROT_READ | PROT_WRITE | (exec ? PROT_EXEC : 0);
	void *p;

	if (len == 0 || whole < len || alignbit < 0 || alignbit > 40)
		return RUMP_EINVAL;
	if ((note = malloc(sizeof(*note))) == NULL)
		return RUMP_ENOMEM;
	p = map_aligned(wish, whole, (size_t)1 << alignbit, prot);
	if (p == NULL) {
		free(note);
		return RUMP_ENOMEM;
	}
	/*
	 * Whoever wants it aligned like that hopes for large pages.  A small
	 * mapping is about to be used: brought in by one call it costs a tenth
	 * of what a fault for each page does.
	 */
	if (alignbit >= MEMORY_LARGE_BIT)
		(void)madvise(p, whole, MADV_HUGEPAGE);
	if (whole <= MEMORY_BRING)
		(void)madvise(p, whole, MADV_POPULATE_WRITE);
	note_insert(&mappings, note, p, whole);
	*result = p;
	return 0;
}

void
rumpuser_unmap(void *p, size_t len)
{
	struct note *note;
	size_t whole = round_up(len, MEMORY_PAGE);

	rumpuser__lock(&memory_lock);
	for (note = mappings; note != NULL; note = note->n_next) {
		if (note->n_start == p && note->n_len == whole) {
			note_remove(note);
			break;
		}
	}
	rumpuser__unlock(&memory_lock);
	if (note == NULL)
		memory_broken(p, len);
	free(note);
	(void)munmap(p, whole);
}

/* No thread of the kernel runs any more. */
void
rumpuser__memory_free_all(void)
{
	struct note *note;

	while ((note = blocks) != NULL) {
		note_remove(note);
		free(note->n_start);
	}
	while ((note = mappings) != NULL) {
		note_remove(note);
		(void)munmap(note->n_start, note->n_len);
		free(note);
	}
}

size_t
rumpuser__memory_bytes(void)
{
	size_t bytes;

	rumpuser__lock(&memory_lock);
	bytes = memory_bytes;
	rumpuser__unlock(&memory_lock);
	return bytes;
}
