/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netdev_int.h: what netdev.c and netdev_send.c share.
 */
#ifndef _BAREMETAL_NETDEV_INT_H_
#define	_BAREMETAL_NETDEV_INT_H_

#include "netdev.h"
#include "netdev_tcp.h"
#include "sched.h"
#include "virtio.h"

/* 5.1.6: before each frame. */
struct netdev_header {
	uint8_t nh_flags;
	uint8_t nh_gso;
	uint16_t nh_headerlen;
	uint16_t nh_gsolen;
	uint16_t nh_sumstart;
	uint16_t nh_sumoffset;
	uint16_t nh_nbuffers;
};

/* 5.1.3: what the device can do. */
#define	NETDEV_SUM_OUT		(1UL << 0)
#define	NETDEV_SUM_IN		(1UL << 1)
#define	NETDEV_MAC		(1UL << 5)
#define	NETDEV_TCP4_IN		(1UL << 7)
#define	NETDEV_TCP6_IN		(1UL << 8)
#define	NETDEV_TCP4_OUT		(1UL << 11)
#define	NETDEV_TCP6_OUT		(1UL << 12)
#define	NETDEV_BUFFERS		(1UL << 15)	/* a frame may fill several */

struct netdev_frame;

/* Frames that will be one to the device; it has not seen them yet. */
struct netdev_run {
	struct netdev_frame *nr_first, **nr_tail;
	struct netdev_tcp nr_tcp;	/* of the first */
	unsigned nr_frames;
	size_t nr_payload;		/* of all */
	uint32_t nr_nextseq;
	bool nr_pushes;
	bool nr_closed;			/* nothing may follow */
};

struct netdev {
	struct virtio nd_virtio;
	uint64_t nd_features;
	size_t nd_headerlen;
	netdev_input nd_input;		/* NULL: what comes is dropped */
	void *nd_inputarg;
	bool nd_delivering;		/* interrupts off, as the next one */
	struct waitq nd_drained;
	bool nd_started;
	bool nd_polled;
	struct thread *nd_worker;
	struct waitq nd_wait;

	/* The worker's. */
	struct virtq nd_receive;
	unsigned nd_buffers;

	/* Guarded by preemption off. */
	struct virtq nd_send;
	unsigned nd_unkicked;		/* submitted since the last kick */
	struct netdev_run nd_run;
	unsigned nd_frames;		/* of those below, and under way */
	struct netdev_frame *nd_free;
	struct netdev_frame *nd_backlog, **nd_backlogtail;
	struct netdev *nd_nextunkicked;
	bool nd_isunkicked;
};

/* netdev_send.c */
void	netdev_send_init(struct netdev *);
bool	netdev_reclaim(struct netdev *);
bool	netdev_may_send(struct netdev *);

#endif /* _BAREMETAL_NETDEV_INT_H_ */
