/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * socket.h: sockets: Linux's constants and layouts, and what the files of this
 * layer that deal with them share.
 */
#ifndef _LINUX_SOCKET_H_
#define	_LINUX_SOCKET_H_

#include "file.h"

#define	LINUX_AF_UNSPEC		0
#define	LINUX_AF_UNIX		1
#define	LINUX_AF_INET		2
#define	LINUX_AF_INET6		10
#define	LINUX_AF_MAX		46

/* Types have the same numbers on both sides; the flags go with them. */
#define	LINUX_SOCK_STREAM	1
#define	LINUX_SOCK_DGRAM	2
#define	LINUX_SOCK_RAW		3
#define	LINUX_SOCK_SEQPACKET	5
#define	LINUX_SOCK_MAX		11
#define	LINUX_SOCK_TYPE		0xf
#define	LINUX_SOCK_NONBLOCK	LINUX_O_NONBLOCK
#define	LINUX_SOCK_CLOEXEC	LINUX_O_CLOEXEC

#define	LINUX_IPPROTO_IP	0
#define	LINUX_IPPROTO_TCP	6
#define	LINUX_IPPROTO_UDP	17
#define	LINUX_IPPROTO_IPV6	41

#define	LINUX_SOL_SOCKET	1
#define	LINUX_SCM_RIGHTS	1
#define	LINUX_SCM_CREDENTIALS	2
#define	LINUX_SCM_MAX_FD	253

#define	LINUX_MSG_OOB		0x01
#define	LINUX_MSG_PEEK		0x02
#define	LINUX_MSG_DONTROUTE	0x04
#define	LINUX_MSG_CTRUNC	0x08
#define	LINUX_MSG_TRUNC		0x20
#define	LINUX_MSG_DONTWAIT	0x40
#define	LINUX_MSG_EOR		0x80
#define	LINUX_MSG_WAITALL	0x100
#define	LINUX_MSG_ERRQUEUE	0x2000
#define	LINUX_MSG_NOSIGNAL	0x4000
#define	LINUX_MSG_MORE		0x8000
#define	LINUX_MSG_WAITFORONE	0x10000
#define	LINUX_MSG_FASTOPEN	0x20000000
#define	LINUX_MSG_CMSG_CLOEXEC	0x40000000

struct linux_sockaddr_in {
	uint16_t sin_family;
	uint16_t sin_port;
	uint32_t sin_addr;
	uint8_t sin_zero[8];
};

struct linux_sockaddr_in6 {
	uint16_t sin6_family;
	uint16_t sin6_port;
	uint32_t sin6_flowinfo;
	uint8_t sin6_addr[16];
	uint32_t sin6_scope_id;
};
#define	LINUX_SIN6_LEAST	24U	/* without the scope */

struct linux_sockaddr_un {
	uint16_t sun_family;
	char sun_path[108];
};

union linux_sockaddr {
	uint16_t family;
	struct linux_sockaddr_in in;
	struct linux_sockaddr_in6 in6;
	struct linux_sockaddr_un un;
	uint8_t bytes[128];
};

struct linux_msghdr {
	uint64_t msg_name;
	uint32_t msg_namelen, msg_pad1;
	uint64_t msg_iov;
	uint64_t msg_iovlen;
	uint64_t msg_control;
	uint64_t msg_controllen;
	uint32_t msg_flags, msg_pad2;
};
_Static_assert(sizeof(struct linux_msghdr) == 56, "struct msghdr");

struct linux_mmsghdr {
	struct linux_msghdr msg_hdr;
	uint32_t msg_len, msg_pad;
};

struct linux_cmsghdr {
	uint64_t cmsg_len;		/* with this header */
	int32_t cmsg_level;
	int32_t cmsg_type;
};
#define	LINUX_CMSG_ALIGN(n)	(((n) + 7UL) & ~7UL)

struct linux_ucred {
	int32_t pid;
	uint32_t uid, gid;
};

/*
 * The kernel's calls are weak: an image without the component net has none, and
 * then there is no socket either that they could be made on.
 */
#define	LINUX_OF_NET(call)						\
extern __typeof__(call) call __attribute__((__weak__))
LINUX_OF_NET(rump_sys_bind);
LINUX_OF_NET(rump_sys_connect);
LINUX_OF_NET(rump_sys_getpeername);
LINUX_OF_NET(rump_sys_getsockname);
LINUX_OF_NET(rump_sys_getsockopt);
LINUX_OF_NET(rump_sys_listen);
LINUX_OF_NET(rump_sys_paccept);
LINUX_OF_NET(rump_sys_recvmsg);
LINUX_OF_NET(rump_sys_sendmsg);
LINUX_OF_NET(rump_sys_setsockopt);
LINUX_OF_NET(rump_sys_shutdown);
LINUX_OF_NET(rump_sys_socket);
LINUX_OF_NET(rump_sys_socketpair);
#undef LINUX_OF_NET

/* socket.c */
extern const struct linux_fileops linux_socket_ops;
/* The socket of fd, with a reference; EBADF, ENOTSOCK. */
long	linux_socket_get(int fd, struct linux_file **);
/* A file of the kernel's descriptor, which it has from then on. */
int	linux_socket_create(int rumpfd, int flags, int domain, int type,
	    int protocol, struct linux_file **);
int	linux_socket_isinet(const struct linux_file *);

/* sockaddr.c: from the program, and to it; NULL is the caller's to look at. */
int	linux_sockaddr_in(uint64_t addr, uint32_t len,
	    struct rump_sockaddr_storage *, uint32_t *rumplen);
uint32_t linux_sockaddr_from(const struct rump_sockaddr_storage *,
	    uint32_t rumplen, union linux_sockaddr *);
/* Room for an address of *lenp bytes, checked. */
int	linux_sockaddr_room(uint64_t addr, uint64_t lenp);
int	linux_sockaddr_out(const struct rump_sockaddr_storage *,
	    uint32_t rumplen, uint64_t addr, uint64_t lenp);
int	linux_socket_domain(int rumpfamily);

/* sockcontrol.c: control messages, on their way in and out. */
struct linux_control;
int	linux_control_in(uint64_t addr, uint64_t len, struct linux_control **);
int	linux_control_room(struct linux_control **);
void	linux_control_attach(struct linux_control *, struct rump_msghdr *);
/* To the program's buffer; how long they are, and MSG_CTRUNC in *flags. */
uint64_t linux_control_out(struct linux_control *, uint32_t len,
	    uint64_t addr, uint64_t room, int cloexec, uint32_t *flags);
void	linux_control_free(struct linux_control *);

/* sockioctl.c */
long	linux_socket_ioctl(struct linux_file *, uint32_t cmd, uint64_t arg);

#endif /* _LINUX_SOCKET_H_ */
