/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netdev_int.h: what netdev.c and netdev_send.c share.
 */
#ifndef _BAREMETAL_NETDEV_INT_H_
#define	_BAREMETAL_NETDEV_INT_H_

#include "netdev.h"
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

struct netdev_frame;

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
