/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uipc_mbuf.c: chains of packet memory (mbuf(9)).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/mbuf.h>

struct mbuf *
m_get(u_int size, int type)
{
	struct mbuf *m;

	m = malloc(sizeof(*m) + size, M_MBUF, M_WAITOK | M_CANFAIL);
	if (m == NULL)
		return (NULL);
	memset(m, 0, sizeof(*m));
	m->m_base = m->m_data = (char *)(m + 1);
	m->m_size = size;
	m->m_type = (short)type;
	return (m);
}

struct mbuf *
m_getext(void *data, u_int len, void (*done)(struct mbuf *), void *arg)
{
	struct mbuf *m;

	if ((m = m_get(0, MT_DATA)) == NULL)
		return (NULL);
	m->m_base = m->m_data = data;
	m->m_size = m->m_len = len;
	m->m_extfree = done;
	m->m_extarg = arg;
	return (m);
}

struct mbuf *
m_free(struct mbuf *m)
{
	struct mbuf *next = m->m_next;

	if (m->m_extfree != NULL)
		m->m_extfree(m);
	free(m, M_MBUF);
	return (next);
}

void
m_freem(struct mbuf *m)
{

	while (m != NULL)
		m = m_free(m);
}

u_int
m_length(const struct mbuf *m)
{
	u_int n = 0;

	for (; m != NULL; m = m->m_next)
		n += m->m_len;
	return (n);
}

struct mbuf *
m_trim(struct mbuf *m, u_int n)
{

	while (m != NULL && n >= m->m_len) {
		n -= m->m_len;
		m = m_free(m);
	}
	if (m != NULL) {
		m->m_data += n;
		m->m_len -= n;
	}
	return (m);
}

void
m_copydata(const struct mbuf *m, u_int off, u_int len, void *to)
{
	char *p = to;
	u_int n;

	for (; len != 0; m = m->m_next) {
		KASSERT(m != NULL);
		if (off >= m->m_len) {
			off -= m->m_len;
			continue;
		}
		n = MIN(len, m->m_len - off);
		memcpy(p, m->m_data + off, n);
		p += n;
		len -= n;
		off = 0;
	}
}
