/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwipopts.h: how lwIP is built.
 *
 * It runs without threads of its own: every call into it is made on the virtual
 * CPU, and its memory is the kernel's.
 */
#ifndef _INET_LWIPOPTS_H_
#define	_INET_LWIPOPTS_H_

/* No operating system below, none of its own programs' interfaces above. */
#define	NO_SYS				1
#define	SYS_LIGHTWEIGHT_PROT		0
#define	LWIP_SOCKET			0
#define	LWIP_NETCONN			0
#define	LWIP_NETIF_API			0
#define	LWIP_STATS			0

/* Memory: malloc(9), with the kernel's limits. */
#define	MEM_ALIGNMENT			8
#define	MEM_CUSTOM_ALLOCATOR		1
#define	MEM_CUSTOM_MALLOC		inet_malloc
#define	MEM_CUSTOM_CALLOC		inet_calloc
#define	MEM_CUSTOM_FREE			inet_free
#define	MEMP_MEM_MALLOC			1
void	*inet_malloc(__SIZE_TYPE__);
void	*inet_calloc(__SIZE_TYPE__, __SIZE_TYPE__);
void	inet_free(void *);

/* Interfaces and addresses. */
#define	LWIP_IPV4			1
#define	LWIP_IPV6			1
#define	LWIP_ARP			1
#define	ARP_TABLE_SIZE			100
#define	ARP_QUEUEING			1
#define	ETHARP_SUPPORT_STATIC_ENTRIES	1
#define	LWIP_HAVE_LOOPIF		1
#define	LWIP_NETIF_LOOPBACK		1
#define	LWIP_NETIF_LOOPBACK_MULTITHREADING 0
#define	LWIP_LOOPBACK_MAX_PBUFS		0
#define	LWIP_LOOPIF_MULTICAST		1
#define	LWIP_NETIF_HOSTNAME		1
#define	LWIP_NETIF_STATUS_CALLBACK	1
#define	LWIP_CHECKSUM_CTRL_PER_NETIF	1
#define	LWIP_ICMP			1
#define	LWIP_MULTICAST_PING		0
#define	LWIP_BROADCAST_PING		0
#define	LWIP_IGMP			1
#define	LWIP_IPV6_MLD			1
#define	LWIP_MULTICAST_TX_OPTIONS	1
#define	LWIP_IPV6_AUTOCONFIG		1
#define	LWIP_IPV6_DHCP6			0
#define	LWIP_IPV6_NUM_ADDRESSES		6
#define	LWIP_ND6_NUM_NEIGHBORS		64
#define	LWIP_ND6_NUM_DESTINATIONS	64
#define	LWIP_ND6_QUEUEING		1
#define	LWIP_DHCP			1
#define	LWIP_DHCP_DOES_ACD_CHECK	0
#define	LWIP_ACD			0
#define	LWIP_AUTOIP			0
#define	LWIP_DNS			0

/* Reassembly: up to 1,500 frames wait for the rest of their packet. */
#define	IP_REASS_MAX_PBUFS		1500
#define	MEMP_NUM_REASSDATA		64
#define	MEMP_NUM_FRAG_PBUF		1500
#define	IPV6_FRAG_COPYHEADER		1	/* pointers are 8 bytes */

/* Sockets that are closed and reused as programs expect. */
#define	SO_REUSE			1
#define	SO_REUSE_RXTOALL		1
#define	IP_SOF_BROADCAST		1
#define	IP_SOF_BROADCAST_RECV		0
#define	LWIP_RAW			1
#define	LWIP_UDP			1
#define	LWIP_TCP_KEEPALIVE		1

/*
 * TCP: windows of 512 KiB, scaled; segments as large as the interface takes,
 * 16 KiB on the loopback interface.
 */
#define	LWIP_TCP			1
#define	TCP_MSS				16344
#define	LWIP_WND_SCALE			1
#define	TCP_RCV_SCALE			4
#define	TCP_WND				(512 * 1024)
/* A quarter of the window of a peer that does not scale. */
#define	TCP_WND_UPDATE_THRESHOLD	(16 * 1024)
#define	TCP_SND_BUF			(512 * 1024)
#define	TCP_SND_QUEUELEN		8192
#define	TCP_SNDLOWAT			100
#define	TCP_SNDQUEUELOWAT		4096
#define	TCP_OVERSIZE			0
#define	LWIP_TCP_SACK_OUT		1
#define	LWIP_TCP_MAX_SACK_NUM		4
#define	TCP_QUEUE_OOSEQ			1
#define	TCP_OOSEQ_MAX_BYTES		TCP_WND
#define	TCP_OOSEQ_MAX_PBUFS		2048
#define	LWIP_TCP_PCB_NUM_EXT_ARGS	4	/* of inet_pcb.h */
/* A second until the first try is repeated (RFC 6298), a minute in all. */
#define	LWIP_TCP_RTO_TIME		1000
#define	TCP_SYNMAXRTX			5
#define	TCP_LISTEN_BACKLOG		1
#define	TCP_DEFAULT_LISTEN_BACKLOG	255
#define	LWIP_HOOK_FILENAME		"inet_hooks.h"
#define	LWIP_HOOK_TCP_ISN		inet_isn
#define	LWIP_HOOK_IP4_INPUT		inet_loop_count
#define	LWIP_HOOK_IP6_INPUT		inet_loop_count

/* Ephemeral ports: 10000 to 65535, each of them asked for by a random start. */
#define	TCP_LOCAL_PORT_RANGE_START	10000
#define	TCP_LOCAL_PORT_RANGE_END	65535
#define	TCP_ENSURE_LOCAL_PORT_RANGE(port)				\
	((u16_t)(10000 + (u16_t)(port) % 55536))
#define	UDP_LOCAL_PORT_RANGE_START	10000
#define	UDP_LOCAL_PORT_RANGE_END	65535
#define	UDP_ENSURE_LOCAL_PORT_RANGE(port)				\
	((u16_t)(10000 + (u16_t)(port) % 55536))

#endif /* _INET_LWIPOPTS_H_ */
