/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pool.h: items of one size.
 */
#ifndef _SYS_POOL_H_
#define	_SYS_POOL_H_

struct pool_allocator {
	int pa_dummy;
};
extern struct pool_allocator pool_allocator_nointr;

/* All fields belong to the virtual CPU. */
struct pool {
	void *pr_free;			/* first free item, linked through it */
	void *pr_pages;			/* slabs */
	size_t pr_size;
	u_int pr_nout;			/* items in use */
	u_int pr_nfree;
	const char *pr_wchan;
};
#define	PR_NOWAIT	0x00
#define	PR_WAITOK	0x01
#define	PR_ZERO		0x02
#define	PR_LIMITFAIL	0x04

void	pool_init(struct pool *, size_t size, u_int align, u_int ioff,
	    int flags, const char *wchan, struct pool_allocator *);
void	pool_destroy(struct pool *);
void	*pool_get(struct pool *, int flags);
void	pool_put(struct pool *, void *);
#define	pool_sethardlimit(p, n, msg, rate)	((void)(p), 0)

#endif /* _SYS_POOL_H_ */
