/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_event.h: what the files of kqueue(2) share.
 */
#ifndef _KERN_EVENT_H_
#define	_KERN_EVENT_H_

#include <sys/event.h>

/* All fields belong to the virtual CPU. */
struct kqueue {
	TAILQ_HEAD(, knote) kq_active;
	LIST_HEAD(, knote) kq_notes;
	u_int kq_nactive;
	u_int kq_closes;		/* descriptors closed while in use */
	void (*kq_notify)(void *);	/* tells whoever takes the events */
	void *kq_notifyarg;
	struct klist kq_rnote;		/* of queues that this one is in */
	u_int kq_visit;			/* the last walk that came by, */
	int kq_levels;			/* and what it found from here on */
	LIST_ENTRY(kqueue) kq_all;
};

/* kern_event.c */
void	knote_dequeue(struct knote *);

/* kern_event_nest.c: queues in queues */
int	kqueue_holds(struct kqueue *);	/* is there an event to take? */
int	kqueue_kqfilter(struct file *, struct knote *);

/* kern_event_poll.c: EVFILT_POLL */
int	pollnote_attach(struct knote *);
void	pollnote_change(struct knote *, u_short flags);

#endif /* _KERN_EVENT_H_ */
