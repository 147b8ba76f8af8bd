/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mem.h: physical pages, the kernel's mappings and its heap, by the file that
 * defines them.
 */
#ifndef _BAREMETAL_MEM_H_
#define	_BAREMETAL_MEM_H_

#include "layout.h"
#include "types.h"

typedef uint64_t paddr_t;
typedef uint64_t pte_t;

/* image.ld */
extern char image_start[], image_text_end[], image_rodata_end[];
extern char image_data_start[], image_data_end[], image_end[];

/*
 * One per page of RAM.  A page of the heap holds objects of one size, whose
 * free ones form a list of 16-byte units counted from the page's start.
 */
struct page {
	uint32_t pg_next, pg_prev;	/* page numbers; 0 ends a list */
	uint16_t pg_inuse;		/* heap: objects handed out */
	uint16_t pg_free;		/* heap: first free unit */
	uint8_t pg_state;
	uint8_t pg_order;		/* PAGE_FREE: log2 of the block's pages */
	uint8_t pg_class;		/* PAGE_HEAP: index of the object size */
	uint8_t pg_spare;
};
#define	PAGE_USED	0
#define	PAGE_FREE	1
#define	PAGE_HEAP	2

/* pages.c; physical addresses, 0 for none. */
void	pages_add(paddr_t start, paddr_t end);
void	pages_init(void);
paddr_t	page_alloc_early(void);
paddr_t	page_alloc_run(size_t npages, size_t alignpages);
paddr_t	page_alloc(void);
paddr_t	page_alloc_zeroed(void);
void	page_free_run(paddr_t, size_t npages);
struct page *page_of(paddr_t);
uint64_t pages_total(void);
uint64_t pages_available(void);
void	page_zero(void *);

/* exhausted.c */
struct thread;
extern const struct thread *memory_refused;
void	memory_note_refusal(void);
const char *memory_exhausted_text(void);
void	memory_exhausted(const char *what) __noreturn;

/* paging.c */
void	paging_init(uint64_t ramtop);
pte_t	*paging_entry(uintptr_t va, bool create);
int	paging_map(uintptr_t va, paddr_t, pte_t bits);
paddr_t	paging_unmap(uintptr_t va);
paddr_t	paging_translate(uintptr_t va);
void	paging_table_free(pte_t *slot);
pte_t	*paging_root(void);
volatile void *paging_map_device(paddr_t, size_t);
uintptr_t kstack_alloc(void);
void	kstack_free(uintptr_t low);

/* heap.c */
void	*heap_alloc(size_t len, size_t align);
void	*heap_zalloc(size_t len);
void	heap_free(void *, size_t len);

static inline void *
phys_to_virt(paddr_t pa)
{

	if (pa - (paddr_t)((uintptr_t)image_start - KERNBASE) <
	    (paddr_t)(image_end - image_start))
		return (void *)(pa + KERNBASE);
	return (void *)(pa + DMAP_BASE);
}

/* Of the direct map and the image only; paging_translate() is for the rest. */
static inline paddr_t
virt_to_phys(const void *p)
{
	uintptr_t va = (uintptr_t)p;

	return va >= KERNBASE ? va - KERNBASE : va - DMAP_BASE;
}

#endif /* _BAREMETAL_MEM_H_ */
