/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mbuf.h: chains of packet memory; file systems only pass them on.
 */
#ifndef _SYS_MBUF_H_
#define	_SYS_MBUF_H_

struct mbuf;

#endif /* _SYS_MBUF_H_ */
