/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * epoll.h: the interest list of an epoll, behind its system calls.
 *
 * An epoll is a kqueue of the kernel's, with a note (RUMP_EVFILT_POLL) for each
 * item of its list: a file by one of its descriptors.  The kernel keeps one note
 * for each of its own descriptors, so an item may have to have one of its own.
 *
 * Items live in one table, and a note has the item's place and generation there:
 * what a call has been told of an item that has left meanwhile does not concern it.
 */
#ifndef _LINUX_EPOLL_H_
#define	_LINUX_EPOLL_H_

struct linux_file;
extern struct rumpuser_mtx *linux_epoll_lock;

/* One epoll.  The list is linux_epoll_lock's, the rest does not change. */
struct linux_epoll {
	int ep_kq;			/* the kernel's descriptor */
	struct rumpuser_cv *ep_cv;
	int ep_busy;			/* its list is being changed */
	uint32_t ep_round;		/* number of the last wait */
	struct linux_epitem *ep_items;
};

/* All fields are linux_epoll_lock's. */
struct linux_epitem {
	struct linux_epoll *it_epoll;	/* NULL: the place is free */
	struct linux_file *it_file;
	int it_fd;			/* by which the program named it */
	int it_rumpfd;			/* that the note is on */
	int it_owned;			/* which is the item's own */
	uint32_t it_place, it_generation;
	uint32_t it_events;
	uint64_t it_data;
	uint32_t it_round;		/* the last wait that told of it */
	struct linux_epitem *it_next, **it_prev; /* of the epoll; or free */
	struct linux_epitem *it_fnext;	/* of the file */
};

/* What an item asks for that is not an event. */
#define	LINUX_EPOLL_FLAGS	(LINUX_EPOLLET | LINUX_EPOLLONESHOT |	\
	    LINUX_EPOLLWAKEUP | LINUX_EPOLLEXCLUSIVE)

/* epitem.c.  One thread at a time changes the list of an epoll: between these. */
void	linux_epoll_enter(struct linux_epoll *);
void	linux_epoll_leave(struct linux_epoll *);

struct linux_epitem *linux_epitem_find(const struct linux_epoll *,
	    const struct linux_file *, int fd);
int	linux_epitem_add(struct linux_epoll *, struct linux_file *, int fd,
	    const struct linux_epoll_event *);
int	linux_epitem_change(struct linux_epitem *,
	    const struct linux_epoll_event *);
void	linux_epitem_remove(struct linux_epitem *);
/* The item that a note told of, if it still is there.  Under the lock. */
struct linux_epitem *linux_epitem_of(int64_t udata);

#endif /* _LINUX_EPOLL_H_ */
