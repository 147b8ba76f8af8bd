/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * queue.h: linked lists, tail queues and circular queues, as queue(3) has them.
 *
 * Heads and entries are embedded in the caller's structures; nothing is allocated
 * here and nothing is locked.
 */
#ifndef _SYS_QUEUE_H_
#define	_SYS_QUEUE_H_

/* Singly linked list. */
#define	SLIST_HEAD(name, type)	struct name { struct type *slh_first; }
#define	SLIST_HEAD_INITIALIZER(head)	{ NULL }
#define	SLIST_ENTRY(type)	struct { struct type *sle_next; }
#define	SLIST_FIRST(head)	((head)->slh_first)
#define	SLIST_NEXT(elm, field)	((elm)->field.sle_next)
#define	SLIST_EMPTY(head)	(SLIST_FIRST(head) == NULL)
#define	SLIST_END(head)		NULL
#define	SLIST_INIT(head)	((void)((head)->slh_first = NULL))
#define	SLIST_FOREACH(var, head, field)					\
	for ((var) = SLIST_FIRST(head); (var) != NULL;			\
	    (var) = SLIST_NEXT(var, field))
#define	SLIST_INSERT_HEAD(head, elm, field) do {			\
	(elm)->field.sle_next = (head)->slh_first;			\
	(head)->slh_first = (elm);					\
} while (0)
#define	SLIST_REMOVE_HEAD(head, field) do {				\
	(head)->slh_first = (head)->slh_first->field.sle_next;		\
} while (0)
#define	SLIST_REMOVE(head, elm, type, field) do {			\
	struct type **slp_ = &(head)->slh_first;			\
	while (*slp_ != (elm))						\
		slp_ = &(*slp_)->field.sle_next;			\
	*slp_ = (elm)->field.sle_next;					\
} while (0)

/* Doubly linked list; removal without the head. */
#define	LIST_HEAD(name, type)	struct name { struct type *lh_first; }
#define	LIST_HEAD_INITIALIZER(head)	{ NULL }
#define	LIST_ENTRY(type)						\
	struct { struct type *le_next; struct type **le_prev; }
#define	LIST_FIRST(head)	((head)->lh_first)
#define	LIST_NEXT(elm, field)	((elm)->field.le_next)
#define	LIST_END(head)		NULL
#define	LIST_EMPTY(head)	(LIST_FIRST(head) == NULL)
#define	LIST_INIT(head)		((void)((head)->lh_first = NULL))
#define	LIST_FOREACH(var, head, field)					\
	for ((var) = LIST_FIRST(head); (var) != NULL;			\
	    (var) = LIST_NEXT(var, field))
#define	LIST_INSERT_HEAD(head, elm, field) do {				\
	if (((elm)->field.le_next = (head)->lh_first) != NULL)		\
		(head)->lh_first->field.le_prev = &(elm)->field.le_next; \
	(head)->lh_first = (elm);					\
	(elm)->field.le_prev = &(head)->lh_first;			\
} while (0)
#define	LIST_INSERT_AFTER(at, elm, field) do {				\
	if (((elm)->field.le_next = (at)->field.le_next) != NULL)	\
		(at)->field.le_next->field.le_prev = &(elm)->field.le_next; \
	(at)->field.le_next = (elm);					\
	(elm)->field.le_prev = &(at)->field.le_next;			\
} while (0)
#define	LIST_INSERT_BEFORE(at, elm, field) do {				\
	(elm)->field.le_prev = (at)->field.le_prev;			\
	(elm)->field.le_next = (at);					\
	*(at)->field.le_prev = (elm);					\
	(at)->field.le_prev = &(elm)->field.le_next;			\
} while (0)
#define	LIST_REMOVE(elm, field) do {					\
	if ((elm)->field.le_next != NULL)				\
		(elm)->field.le_next->field.le_prev = (elm)->field.le_prev; \
	*(elm)->field.le_prev = (elm)->field.le_next;			\
} while (0)

/* Simple queue: insertion at both ends, removal at the head. */
#define	SIMPLEQ_HEAD(name, type)					\
	struct name { struct type *sqh_first; struct type **sqh_last; }
#define	SIMPLEQ_HEAD_INITIALIZER(head)	{ NULL, &(head).sqh_first }
#define	SIMPLEQ_ENTRY(type)	struct { struct type *sqe_next; }
#define	SIMPLEQ_FIRST(head)	((head)->sqh_first)
#define	SIMPLEQ_NEXT(elm, field)	((elm)->field.sqe_next)
#define	SIMPLEQ_EMPTY(head)	(SIMPLEQ_FIRST(head) == NULL)
#define	SIMPLEQ_INIT(head) do {						\
	(head)->sqh_first = NULL;					\
	(head)->sqh_last = &(head)->sqh_first;				\
} while (0)
#define	SIMPLEQ_INSERT_TAIL(head, elm, field) do {			\
	(elm)->field.sqe_next = NULL;					\
	*(head)->sqh_last = (elm);					\
	(head)->sqh_last = &(elm)->field.sqe_next;			\
} while (0)
#define	SIMPLEQ_REMOVE_HEAD(head, elm, field) do {			\
	if (((head)->sqh_first = (elm)->field.sqe_next) == NULL)	\
		(head)->sqh_last = &(head)->sqh_first;			\
} while (0)
#define	SIMPLEQ_FOREACH(var, head, field)				\
	for ((var) = SIMPLEQ_FIRST(head); (var) != NULL;		\
	    (var) = SIMPLEQ_NEXT(var, field))

/* Tail queue: everything at both ends. */
#define	TAILQ_HEAD(name, type)						\
	struct name { struct type *tqh_first; struct type **tqh_last; }
#define	TAILQ_HEAD_INITIALIZER(head)	{ NULL, &(head).tqh_first }
#define	TAILQ_ENTRY(type)						\
	struct { struct type *tqe_next; struct type **tqe_prev; }
#define	TAILQ_FIRST(head)	((head)->tqh_first)
#define	TAILQ_END(head)		NULL
#define	TAILQ_NEXT(elm, field)	((elm)->field.tqe_next)
#define	TAILQ_LAST(head, headname)					\
	(*(((struct headname *)((head)->tqh_last))->tqh_last))
#define	TAILQ_PREV(elm, headname, field)				\
	(*(((struct headname *)((elm)->field.tqe_prev))->tqh_last))
#define	TAILQ_EMPTY(head)	(TAILQ_FIRST(head) == NULL)
#define	TAILQ_INIT(head) do {						\
	(head)->tqh_first = NULL;					\
	(head)->tqh_last = &(head)->tqh_first;				\
} while (0)
#define	TAILQ_FOREACH(var, head, field)					\
	for ((var) = TAILQ_FIRST(head); (var) != NULL;			\
	    (var) = TAILQ_NEXT(var, field))
#define	TAILQ_INSERT_HEAD(head, elm, field) do {			\
	if (((elm)->field.tqe_next = (head)->tqh_first) != NULL)	\
		(head)->tqh_first->field.tqe_prev = &(elm)->field.tqe_next; \
	else								\
		(head)->tqh_last = &(elm)->field.tqe_next;		\
	(head)->tqh_first = (elm);					\
	(elm)->field.tqe_prev = &(head)->tqh_first;			\
} while (0)
#define	TAILQ_INSERT_TAIL(head, elm, field) do {			\
	(elm)->field.tqe_next = NULL;					\
	(elm)->field.tqe_prev = (head)->tqh_last;			\
	*(head)->tqh_last = (elm);					\
	(head)->tqh_last = &(elm)->field.tqe_next;			\
} while (0)
#define	TAILQ_INSERT_AFTER(head, at, elm, field) do {			\
	if (((elm)->field.tqe_next = (at)->field.tqe_next) != NULL)	\
		(elm)->field.tqe_next->field.tqe_prev = &(elm)->field.tqe_next; \
	else								\
		(head)->tqh_last = &(elm)->field.tqe_next;		\
	(at)->field.tqe_next = (elm);					\
	(elm)->field.tqe_prev = &(at)->field.tqe_next;			\
} while (0)
#define	TAILQ_INSERT_BEFORE(at, elm, field) do {			\
	(elm)->field.tqe_prev = (at)->field.tqe_prev;			\
	(elm)->field.tqe_next = (at);					\
	*(at)->field.tqe_prev = (elm);					\
	(at)->field.tqe_prev = &(elm)->field.tqe_next;			\
} while (0)
/* What is on b goes behind what is on a. */
#define	TAILQ_CONCAT(a, b, field) do {					\
	if (TAILQ_FIRST(b) != NULL) {					\
		*(a)->tqh_last = (b)->tqh_first;			\
		(b)->tqh_first->field.tqe_prev = (a)->tqh_last;		\
		(a)->tqh_last = (b)->tqh_last;				\
		TAILQ_INIT(b);						\
	}								\
} while (0)
#define	TAILQ_REMOVE(head, elm, field) do {				\
	if ((elm)->field.tqe_next != NULL)				\
		(elm)->field.tqe_next->field.tqe_prev = (elm)->field.tqe_prev; \
	else								\
		(head)->tqh_last = (elm)->field.tqe_prev;		\
	*(elm)->field.tqe_prev = (elm)->field.tqe_next;			\
} while (0)

/* Circular queue: both directions; ends at the head itself. */
#define	CIRCLEQ_HEAD(name, type)					\
	struct name { struct type *cqh_first; struct type *cqh_last; }
#define	CIRCLEQ_ENTRY(type)						\
	struct { struct type *cqe_next; struct type *cqe_prev; }
#define	CIRCLEQ_FIRST(head)	((head)->cqh_first)
#define	CIRCLEQ_LAST(head)	((head)->cqh_last)
#define	CIRCLEQ_END(head)	((void *)(head))
#define	CIRCLEQ_NEXT(elm, field)	((elm)->field.cqe_next)
#define	CIRCLEQ_PREV(elm, field)	((elm)->field.cqe_prev)
#define	CIRCLEQ_EMPTY(head)	(CIRCLEQ_FIRST(head) == CIRCLEQ_END(head))
#define	CIRCLEQ_INIT(head) do {						\
	(head)->cqh_first = CIRCLEQ_END(head);				\
	(head)->cqh_last = CIRCLEQ_END(head);				\
} while (0)
#define	CIRCLEQ_FOREACH(var, head, field)				\
	for ((var) = CIRCLEQ_FIRST(head); (var) != CIRCLEQ_END(head);	\
	    (var) = CIRCLEQ_NEXT(var, field))
#define	CIRCLEQ_INSERT_HEAD(head, elm, field) do {			\
	(elm)->field.cqe_next = (head)->cqh_first;			\
	(elm)->field.cqe_prev = CIRCLEQ_END(head);			\
	if ((head)->cqh_last == CIRCLEQ_END(head))			\
		(head)->cqh_last = (elm);				\
	else								\
		(head)->cqh_first->field.cqe_prev = (elm);		\
	(head)->cqh_first = (elm);					\
} while (0)
#define	CIRCLEQ_INSERT_TAIL(head, elm, field) do {			\
	(elm)->field.cqe_next = CIRCLEQ_END(head);			\
	(elm)->field.cqe_prev = (head)->cqh_last;			\
	if ((head)->cqh_first == CIRCLEQ_END(head))			\
		(head)->cqh_first = (elm);				\
	else								\
		(head)->cqh_last->field.cqe_next = (elm);		\
	(head)->cqh_last = (elm);					\
} while (0)
#define	CIRCLEQ_REMOVE(head, elm, field) do {				\
	if ((elm)->field.cqe_next == CIRCLEQ_END(head))			\
		(head)->cqh_last = (elm)->field.cqe_prev;		\
	else								\
		(elm)->field.cqe_next->field.cqe_prev = (elm)->field.cqe_prev; \
	if ((elm)->field.cqe_prev == CIRCLEQ_END(head))			\
		(head)->cqh_first = (elm)->field.cqe_next;		\
	else								\
		(elm)->field.cqe_prev->field.cqe_next = (elm)->field.cqe_next; \
} while (0)

#endif /* _SYS_QUEUE_H_ */
