/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_hooks.h: what lwIP asks of us while it runs.
 */
#ifndef _INET_HOOKS_H_
#define	_INET_HOOKS_H_

#include "lwip/ip_addr.h"

/* First sequence number of a connection (RFC 6528). */
u32_t	inet_isn(const ip_addr_t *local, u16_t lport, const ip_addr_t *remote,
	    u16_t rport);

#endif /* _INET_HOOKS_H_ */
