/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mbuf.h: chains of packet memory (mbuf(9)).
 *
 * An mbuf is a run of bytes: its own, behind the header, or somebody else's,
 * who is told when they are let go.  m_next chains the bytes of one record,
 * m_nextpkt the records of a queue.
 */
#ifndef _SYS_MBUF_H_
#define	_SYS_MBUF_H_

#include <sys/types.h>

struct mbuf {
	struct mbuf *m_next;
	struct mbuf *m_nextpkt;
	char *m_data;
	u_int m_len;
	u_int m_size;			/* bytes from m_base */
	char *m_base;
	short m_type;			/* MT_* */
	short m_flags;			/* M_EOR */
	void (*m_extfree)(struct mbuf *);	/* NULL: the bytes are its own */
	void *m_extarg;
};

#define	MT_DATA		1
#define	MT_SONAME	2		/* an address */
#define	MT_CONTROL	3		/* struct rump_cmsghdr and data */

#define	M_EOR		0x0001		/* ends a record */

#define	mtod(m, t)	((t)(void *)(m)->m_data)
/* Bytes that fit behind the last one. */
#define	M_TRAILINGSPACE(m)						\
	((m)->m_extfree != NULL ? 0 :					\
	(u_int)((m)->m_base + (m)->m_size - (m)->m_data) - (m)->m_len)

/* An mbuf without bytes, with room for size of its own; NULL: no memory. */
struct mbuf *m_get(u_int size, int type);
/* One whose bytes belong to whoever set m_extfree. */
struct mbuf *m_getext(void *data, u_int len, void (*)(struct mbuf *), void *);
/* Frees one; returns the next of its record. */
struct mbuf *m_free(struct mbuf *);
void	m_freem(struct mbuf *);
u_int	m_length(const struct mbuf *);
/* Cuts n bytes from the front of a record; returns what is left of it. */
struct mbuf *m_trim(struct mbuf *, u_int n);
/* Copies len bytes from off on. */
void	m_copydata(const struct mbuf *, u_int off, u_int len, void *);

#endif /* _SYS_MBUF_H_ */
