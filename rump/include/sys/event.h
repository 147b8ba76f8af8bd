/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * event.h: kernel event notes on vnodes (kqueue(2)).
 */
#ifndef _SYS_EVENT_H_
#define	_SYS_EVENT_H_

#include <sys/types.h>
#include <sys/queue.h>
#include <rump/rumpdefs.h>

struct knote;
struct kqueue;
struct file;
SLIST_HEAD(klist, knote);

#define	EVFILT_READ	RUMP_EVFILT_READ
#define	EVFILT_WRITE	RUMP_EVFILT_WRITE
#define	EVFILT_VNODE	RUMP_EVFILT_VNODE
#define	EVFILT_POLL	RUMP_EVFILT_POLL

#define	EV_ADD		RUMP_EV_ADD
#define	EV_DELETE	RUMP_EV_DELETE
#define	EV_ENABLE	RUMP_EV_ENABLE
#define	EV_DISABLE	RUMP_EV_DISABLE
#define	EV_ONESHOT	RUMP_EV_ONESHOT
#define	EV_CLEAR	RUMP_EV_CLEAR
#define	EV_RECEIPT	RUMP_EV_RECEIPT
#define	EV_DISPATCH	RUMP_EV_DISPATCH
#define	EV_ERROR	RUMP_EV_ERROR
#define	EV_EOF		RUMP_EV_EOF

#define	NOTE_DELETE	0x0001
#define	NOTE_WRITE	0x0002
#define	NOTE_EXTEND	0x0004
#define	NOTE_ATTRIB	0x0008
#define	NOTE_LINK	0x0010
#define	NOTE_RENAME	0x0020
#define	NOTE_REVOKE	0x0040
#define	NOTE_TRUNCATE	0x0080
#define	NOTE_EOF	0x0100

struct filterops {
	int f_isfd;
	int (*f_attach)(struct knote *);
	void (*f_detach)(struct knote *);
	int (*f_event)(struct knote *, long hint);
};

struct knote {
	SLIST_ENTRY(knote) kn_selnext;
	short kn_filter;
	u_short kn_flags;
	u_int kn_fflags;
	u_int kn_sfflags;
	int64_t kn_data;
	struct file *kn_fp;
	const struct filterops *kn_fop;
	void *kn_hook;
	/* Of the queue. */
	struct kqueue *kn_kq;
	TAILQ_ENTRY(knote) kn_active;
	LIST_ENTRY(knote) kn_qlist;
	LIST_ENTRY(knote) kn_flist;	/* of the file */
	int kn_id;			/* the descriptor, */
	struct filedesc *kn_fdp;	/* and whose; not in use by this */
	int kn_status;			/* KN_* */
	int64_t kn_udata;
	struct knote *kn_owner;		/* of an ear: see kern_event_poll.c */
};
#define	KN_QUEUED	0x01
#define	KN_DISABLED	0x02

struct selinfo {
	struct klist si_note;
};

void	knote(struct klist *, long hint);
void	knote_gone(struct klist *);
void	knote_fdclose(struct file *, struct filedesc *, int fd);
void	knote_fileclose(struct file *);
void	kqueue_end(void);
#define	KNOTE(list, hint) do {						\
	if (SLIST_FIRST(list) != NULL)					\
		knote((list), (hint));					\
} while (0)

#endif /* _SYS_EVENT_H_ */
