/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpnet.h: constants and structure layouts of NetBSD/amd64 for sockets at the
 * upper edge.  Sources: socket(2), recv(2), getsockopt(2), poll(2), ip(4),
 * ip6(4), tcp(4), unix(4), netintro(4) of NetBSD 7 to 9.
 *
 * Includes nothing; the includer has the <stdint.h> types and size_t.
 */
#ifndef _RUMP_RUMPNET_H_
#define	_RUMP_RUMPNET_H_

/* socket(2) */
#define	RUMP_AF_UNSPEC		0
#define	RUMP_AF_LOCAL		1
#define	RUMP_AF_INET		2
#define	RUMP_AF_LINK		18	/* addresses of interfaces only */
#define	RUMP_AF_INET6		24

#define	RUMP_SOCK_STREAM	1
#define	RUMP_SOCK_DGRAM		2
#define	RUMP_SOCK_RAW		3
#define	RUMP_SOCK_SEQPACKET	5
#define	RUMP_SOCK_CLOEXEC	0x10000000
#define	RUMP_SOCK_NONBLOCK	0x20000000
#define	RUMP_SOCK_NOSIGPIPE	0x40000000

#define	RUMP_SOMAXCONN		128
#define	RUMP_SHUT_RD		0
#define	RUMP_SHUT_WR		1
#define	RUMP_SHUT_RDWR		2

/* getsockopt(2) */
#define	RUMP_SOL_SOCKET		0xffff
#define	RUMP_SO_DEBUG		0x0001
#define	RUMP_SO_ACCEPTCONN	0x0002
#define	RUMP_SO_REUSEADDR	0x0004
#define	RUMP_SO_KEEPALIVE	0x0008
#define	RUMP_SO_DONTROUTE	0x0010
#define	RUMP_SO_BROADCAST	0x0020
#define	RUMP_SO_LINGER		0x0080
#define	RUMP_SO_OOBINLINE	0x0100
#define	RUMP_SO_REUSEPORT	0x0200
#define	RUMP_SO_NOSIGPIPE	0x0800
#define	RUMP_SO_TIMESTAMP	0x2000
#define	RUMP_SO_SNDBUF		0x1001
#define	RUMP_SO_RCVBUF		0x1002
#define	RUMP_SO_SNDLOWAT	0x1003
#define	RUMP_SO_RCVLOWAT	0x1004
#define	RUMP_SO_ERROR		0x1007
#define	RUMP_SO_TYPE		0x1008
#define	RUMP_SO_SNDTIMEO	0x100b
#define	RUMP_SO_RCVTIMEO	0x100c

/* send(2), recv(2) */
#define	RUMP_MSG_OOB		0x0001
#define	RUMP_MSG_PEEK		0x0002
#define	RUMP_MSG_DONTROUTE	0x0004
#define	RUMP_MSG_EOR		0x0008
#define	RUMP_MSG_TRUNC		0x0010
#define	RUMP_MSG_CTRUNC		0x0020
#define	RUMP_MSG_WAITALL	0x0040
#define	RUMP_MSG_DONTWAIT	0x0080
#define	RUMP_MSG_NOSIGNAL	0x0400
#define	RUMP_MSG_CMSG_CLOEXEC	0x0800
#define	RUMP_MSG_WAITFORONE	0x2000

/* poll(2) */
#define	RUMP_POLLIN		0x0001
#define	RUMP_POLLPRI		0x0002
#define	RUMP_POLLOUT		0x0004
#define	RUMP_POLLERR		0x0008
#define	RUMP_POLLHUP		0x0010
#define	RUMP_POLLNVAL		0x0020
#define	RUMP_POLLRDNORM		0x0040
#define	RUMP_POLLRDBAND		0x0080
#define	RUMP_POLLWRBAND		0x0100
#define	RUMP_POLLRDHUP		0x4000	/* FreeBSD's: the other side ended */

struct rump_pollfd {
	int fd;
	int16_t events;
	int16_t revents;
};

/* Protocols, and their levels in getsockopt(2). */
#define	RUMP_IPPROTO_IP		0
#define	RUMP_IPPROTO_ICMP	1
#define	RUMP_IPPROTO_TCP	6
#define	RUMP_IPPROTO_UDP	17
#define	RUMP_IPPROTO_IPV6	41
#define	RUMP_IPPROTO_ICMPV6	58
#define	RUMP_IPPROTO_RAW	255

/* ip(4) */
#define	RUMP_IP_HDRINCL		2
#define	RUMP_IP_TOS		3
#define	RUMP_IP_TTL		4
#define	RUMP_IP_MULTICAST_IF	9
#define	RUMP_IP_MULTICAST_TTL	10
#define	RUMP_IP_MULTICAST_LOOP	11
#define	RUMP_IP_ADD_MEMBERSHIP	12
#define	RUMP_IP_DROP_MEMBERSHIP	13

/* ip6(4) */
#define	RUMP_IPV6_UNICAST_HOPS	4
#define	RUMP_IPV6_MULTICAST_IF	9
#define	RUMP_IPV6_MULTICAST_HOPS	10
#define	RUMP_IPV6_MULTICAST_LOOP	11
#define	RUMP_IPV6_JOIN_GROUP	12
#define	RUMP_IPV6_LEAVE_GROUP	13
#define	RUMP_IPV6_V6ONLY	27
#define	RUMP_IPV6_TCLASS	61

/* tcp(4) */
#define	RUMP_TCP_NODELAY	1
#define	RUMP_TCP_MAXSEG		2
#define	RUMP_TCP_KEEPIDLE	3	/* seconds, as the next two */
#define	RUMP_TCP_KEEPINTVL	5
#define	RUMP_TCP_KEEPCNT	6
#define	RUMP_TCP_KEEPINIT	7
#define	RUMP_TCP_INFO		9	/* struct rump_tcp_info */

/* unix(4): options of level 0, and control messages */
#define	RUMP_LOCAL_PEEREID	0x0003
#define	RUMP_SCM_RIGHTS		0x01

struct rump_unpcbid {
	int32_t unp_pid;
	uint32_t unp_euid;
	uint32_t unp_egid;
};

/* bpf(4): frames that were seen, were lost, are kept. */
#define	RUMP_BIOCGSTATS		0x4080426fUL
struct rump_bpf_stat {
	uint64_t bs_recv, bs_drop, bs_capt;
	uint64_t bs_padding[13];
};

/* As FreeBSD and NetBSD have it; what is marked _ is 0. */
struct rump_tcp_info {
	uint8_t tcpi_state;		/* RUMP_TCPS_* */
	uint8_t _tcpi_ca_state;
	uint8_t tcpi_retransmits;	/* in a row, unanswered */
	uint8_t _tcpi_probes;
	uint8_t _tcpi_backoff;
	uint8_t tcpi_options;
	uint8_t tcpi_wscale;		/* to send: bits 0-3; to receive: 4-7 */
	uint8_t _tcpi_pad;
	uint32_t tcpi_rto;		/* microseconds, as tcpi_rtt */
	uint32_t _tcpi_ato;
	uint32_t tcpi_snd_mss, tcpi_rcv_mss;
	uint32_t _tcpi_counts[5];
	uint32_t _tcpi_times[4];
	uint32_t _tcpi_pmtu, _tcpi_rcv_ssthresh;
	uint32_t tcpi_rtt, tcpi_rttvar;
	uint32_t tcpi_snd_ssthresh, tcpi_snd_cwnd;
	uint32_t _tcpi_advmss, _tcpi_reordering;
	uint32_t _tcpi_rcv_rtt;
	uint32_t tcpi_rcv_space;
	uint32_t tcpi_snd_wnd;		/* from here on theirs only */
	uint32_t _tcpi_snd_bwnd;
	uint32_t tcpi_snd_nxt, tcpi_rcv_nxt;
	uint32_t _tcpi_spare[30];
};
#define	RUMP_TCP_INFO_LINUX	100U	/* bytes that Linux has as well */
#define	RUMP_TCPS_CLOSED	0
#define	RUMP_TCPS_LISTEN	1
#define	RUMP_TCPS_SYN_SENT	2
#define	RUMP_TCPS_SYN_RECEIVED	3
#define	RUMP_TCPS_ESTABLISHED	4
#define	RUMP_TCPS_CLOSE_WAIT	5
#define	RUMP_TCPS_FIN_WAIT_1	6
#define	RUMP_TCPS_CLOSING	7
#define	RUMP_TCPS_LAST_ACK	8
#define	RUMP_TCPS_FIN_WAIT_2	9
#define	RUMP_TCPS_TIME_WAIT	10

struct rump_linger {
	int32_t l_onoff;
	int32_t l_linger;		/* seconds */
};

struct rump_sockaddr {
	uint8_t sa_len;
	uint8_t sa_family;
	char sa_data[14];
};

/* Ports and addresses in network byte order. */
struct rump_sockaddr_in {
	uint8_t sin_len;
	uint8_t sin_family;
	uint16_t sin_port;
	uint32_t sin_addr;
	uint8_t sin_zero[8];
};

struct rump_sockaddr_in6 {
	uint8_t sin6_len;
	uint8_t sin6_family;
	uint16_t sin6_port;
	uint32_t sin6_flowinfo;
	uint8_t sin6_addr[16];
	uint32_t sin6_scope_id;
};

struct rump_sockaddr_un {
	uint8_t sun_len;
	uint8_t sun_family;
	char sun_path[104];
};

struct rump_sockaddr_storage {
	uint8_t ss_len;
	uint8_t ss_family;
	char ss_pad1[6];
	int64_t ss_align;
	char ss_pad2[112];
};

struct rump_ip_mreq {
	uint32_t imr_multiaddr;
	uint32_t imr_interface;
};

struct rump_ipv6_mreq {
	uint8_t ipv6mr_multiaddr[16];
	uint32_t ipv6mr_interface;
};

struct rump_iovec;

struct rump_msghdr {
	void *msg_name;
	uint32_t msg_namelen;
	struct rump_iovec *msg_iov;
	int32_t msg_iovlen;
	void *msg_control;
	uint32_t msg_controllen;
	int32_t msg_flags;
};

struct rump_mmsghdr {
	struct rump_msghdr msg_hdr;
	uint32_t msg_len;
};

/* A control message: its bytes follow at RUMP_CMSG_DATA. */
struct rump_cmsghdr {
	uint32_t cmsg_len;		/* with this header */
	int32_t cmsg_level;
	int32_t cmsg_type;
};

#define	RUMP_CMSG_ALIGN(n)	(((n) + 7UL) & ~7UL)
#define	RUMP_CMSG_DATA(c)						\
	((uint8_t *)(void *)(c) + RUMP_CMSG_ALIGN(sizeof(struct rump_cmsghdr)))
#define	RUMP_CMSG_SPACE(n)						\
	(RUMP_CMSG_ALIGN(sizeof(struct rump_cmsghdr)) + RUMP_CMSG_ALIGN(n))
#define	RUMP_CMSG_LEN(n)						\
	(RUMP_CMSG_ALIGN(sizeof(struct rump_cmsghdr)) + (n))

/*
 * netintro(4): interfaces, by ioctl(2) on any socket.  Those that change something
 * are the superuser's.  ENXIO: no such interface; EADDRNOTAVAIL: no such address.
 */
#define	RUMP_IFNAMSIZ		16
#define	RUMP_SIOCSIFADDR	0x8090690cUL
#define	RUMP_SIOCSIFFLAGS	0x80906910UL	/* RUMP_IFF_UP of it */
#define	RUMP_SIOCGIFFLAGS	0xc0906911UL
#define	RUMP_SIOCSIFNETMASK	0x80906916UL
#define	RUMP_SIOCGIFMETRIC	0xc0906917UL
#define	RUMP_SIOCDIFADDR	0x80906919UL
#define	RUMP_SIOCAIFADDR	0x8040691aUL	/* rump_ifaliasreq */
#define	RUMP_SIOCGIFADDR	0xc0906921UL	/* the first of AF_INET */
#define	RUMP_SIOCGIFBRDADDR	0xc0906923UL
#define	RUMP_SIOCGIFNETMASK	0xc0906925UL
#define	RUMP_SIOCGIFCONF	0xc0106926UL	/* rump_ifconf */
#define	RUMP_SIOCSIFMTU		0x8090697fUL
#define	RUMP_SIOCGIFMTU		0xc090697eUL
#define	RUMP_SIOCGIFDATA	0xc0986985UL	/* rump_ifdatareq */
#define	RUMP_SIOCGIFINDEX	0xc090698cUL	/* in ifr_value */
#define	RUMP_SIOCDIFADDR_IN6	0x81206919UL	/* rump_in6_ifreq */
#define	RUMP_SIOCGIFNETMASK_IN6	0xc1206925UL
#define	RUMP_SIOCGIFAFLAG_IN6	0xc1206949UL
#define	RUMP_SIOCAIFADDR_IN6	0x8080696bUL	/* rump_in6_aliasreq */

#define	RUMP_IFF_UP		0x0001
#define	RUMP_IFF_BROADCAST	0x0002
#define	RUMP_IFF_LOOPBACK	0x0008
#define	RUMP_IFF_RUNNING	0x0040
#define	RUMP_IFF_SIMPLEX	0x0800
#define	RUMP_IFF_MULTICAST	0x8000

#define	RUMP_IN6_IFF_TENTATIVE	0x02
#define	RUMP_IN6_IFF_DUPLICATED	0x04
#define	RUMP_IN6_IFF_DEPRECATED	0x10
#define	RUMP_IN6_IFF_AUTOCONF	0x40

struct rump_ifreq {
	char ifr_name[RUMP_IFNAMSIZ];
	union {
		struct rump_sockaddr ifr_addr;
		struct rump_sockaddr_storage ifr_space;
		int16_t ifr_flags;
		int32_t ifr_metric;
		int32_t ifr_mtu;
		uint32_t ifr_value;
	} ifr_u;
};

/*
 * A rump_ifreq for each address of each interface; the first of an interface is its
 * hardware's (AF_LINK).  ifc_len: bytes of room, and then of what was put; a buffer
 * of NULL asks for the bytes that all of it takes.
 */
struct rump_ifconf {
	int32_t ifc_len;
	struct rump_ifreq *ifc_req;
};

struct rump_ifaliasreq {
	char ifra_name[RUMP_IFNAMSIZ];
	struct rump_sockaddr_in ifra_addr;
	struct rump_sockaddr_in ifra_broadaddr;	/* follows from the others */
	struct rump_sockaddr_in ifra_mask;
};

struct rump_in6_ifreq {
	char ifr_name[RUMP_IFNAMSIZ];
	union {
		struct rump_sockaddr_in6 ifr_addr;
		int32_t ifr_flags6;
		uint64_t ifr_space[34];
	} ifr_u;
};

struct rump_in6_aliasreq {
	char ifra_name[RUMP_IFNAMSIZ];
	struct rump_sockaddr_in6 ifra_addr;
	struct rump_sockaddr_in6 ifra_dstaddr;
	struct rump_sockaddr_in6 ifra_prefixmask;	/* of 64 bits */
	int32_t ifra_flags;
	int64_t ifra_expire;
	int64_t ifra_preferred;
	uint32_t ifra_vltime;
	uint32_t ifra_pltime;
};

struct rump_if_data {
	uint8_t ifi_type;		/* RUMP_IFT_* */
	uint8_t ifi_addrlen;
	uint8_t ifi_hdrlen;
	int32_t ifi_link_state;		/* 1: down, 2: up */
	uint64_t ifi_mtu;
	uint64_t ifi_metric;
	uint64_t ifi_baudrate;
	uint64_t ifi_ipackets;
	uint64_t ifi_ierrors;
	uint64_t ifi_opackets;
	uint64_t ifi_oerrors;
	uint64_t ifi_collisions;
	uint64_t ifi_ibytes;
	uint64_t ifi_obytes;
	uint64_t ifi_imcasts;
	uint64_t ifi_omcasts;
	uint64_t ifi_iqdrops;
	uint64_t ifi_noproto;
	int64_t ifi_lastchange[2];	/* seconds, nanoseconds */
};
#define	RUMP_IFT_ETHER		6
#define	RUMP_IFT_LOOP		24

struct rump_ifdatareq {
	char ifdr_name[RUMP_IFNAMSIZ];
	struct rump_if_data ifdr_data;
};

struct rump_sockaddr_dl {
	uint8_t sdl_len;
	uint8_t sdl_family;		/* RUMP_AF_LINK */
	uint16_t sdl_index;		/* of the interface, from 1 */
	uint8_t sdl_type;
	uint8_t sdl_nlen;
	uint8_t sdl_alen;
	uint8_t sdl_slen;
	uint8_t sdl_data[24];		/* nlen of name, alen of address */
};

#endif /* _RUMP_RUMPNET_H_ */
