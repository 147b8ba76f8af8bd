/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * socket.h: sockets as programs name them; inside the kernel the names are those
 * of the manual, with the values of the upper edge.
 */
#ifndef _SYS_SOCKET_H_
#define	_SYS_SOCKET_H_

#include <rump/rumpnet.h>

struct socket;

#define	sockaddr		rump_sockaddr
#define	sockaddr_storage	rump_sockaddr_storage

#endif /* _SYS_SOCKET_H_ */
