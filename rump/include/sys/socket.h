/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * socket.h: what file systems know of sockets: nothing but names.
 */
#ifndef _SYS_SOCKET_H_
#define	_SYS_SOCKET_H_

struct socket;
struct sockaddr;

#endif /* _SYS_SOCKET_H_ */
