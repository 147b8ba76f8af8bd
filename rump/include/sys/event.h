/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * event.h: kernel event notes on vnodes (kqueue(2)).
 */
#ifndef _SYS_EVENT_H_
#define	_SYS_EVENT_H_

#include <sys/types.h>
#include <sys/queue.h>

struct knote;
struct file;
SLIST_HEAD(klist, knote);

#define	EVFILT_READ	(-1)
#define	EVFILT_WRITE	(-2)
#define	EVFILT_VNODE	(-4)

#define	EV_ONESHOT	0x0010
#define	EV_EOF		0x8000

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
};

struct selinfo {
	struct klist si_note;
};

void	knote(struct klist *, long hint);
#define	KNOTE(list, hint) do {						\
	if (SLIST_FIRST(list) != NULL)					\
		knote((list), (hint));					\
} while (0)

#endif /* _SYS_EVENT_H_ */
