/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * poll.h: waiting for files of all kinds.
 */
#ifndef _LINUX_POLL_H_
#define	_LINUX_POLL_H_

/*
 * Waits until one of n descriptors has an event, or for ts (NULL: for ever), which
 * is what is left of it afterwards.  How many have one, or a Linux errno negated.
 * fds is memory of this layer.
 */
long	linux_poll_wait(struct linux_pollfd *fds, size_t n,
	    struct linux_timespec *ts);

/* Of a file of the kernel: events to ask it for, and what its answer means. */
int16_t	linux_poll_to_rump(int events);
int	linux_poll_from_rump(struct linux_file *, int rumpevents, int events);

/* poll.c: a time limit of ppoll's or pselect's, and its signals. */
struct linux_call;
int	linux_poll_limit(uint64_t addr, struct linux_timespec *);
int	linux_poll_sigmask(uint64_t addr, size_t size);

#endif /* _LINUX_POLL_H_ */
