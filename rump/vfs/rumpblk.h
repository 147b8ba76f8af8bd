/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpblk.h: what the files of host block devices share: rumpblk.c (the device)
 * and rumpblk_held.c (writes that the host refused).
 */
#ifndef _RUMPBLK_H_
#define	_RUMPBLK_H_

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/timeout.h>

struct buf;
struct heldwrite;

TAILQ_HEAD(buflist, buf);
TAILQ_HEAD(heldlist, heldwrite);

/*
 * All fields belong to the virtual CPU.  An open device does not go away.  It is
 * told of every open but only of the last close, so that it cannot count.
 */
struct rblkdev {
	int rb_fd;
	int rb_open;			/* RB_ bits */
	int rb_rdonly;
	int rb_unsynced;		/* written since the last sync began */
	int rb_syncs;			/* under way: nothing is safe yet */
	u_int rb_syncfailures;		/* ever */
	int rb_flushing;		/* a flush for rb_flushed is under way */
	struct buflist rb_written;	/* over, but not yet told */
	struct buflist rb_flushed;	/* told when the flush is over */
	struct buflist rb_late;		/* told by rb_telllate */
	struct timeout rb_telllate;
	off_t rb_begin;			/* window in the host's file */
	off_t rb_size;

	/* rumpblk_held.c */
	struct heldlist rb_held;	/* oldest first */
	size_t rb_heldbytes;
	int rb_rewriting;		/* the first one is under way */
	int rb_starting;		/* held_rewrite() will go on */
	int rb_patching;		/* reads that need rb_held as it is */
	u_int rb_refusals;		/* how often one was refused again */
	int rb_helderror;		/* what the last refusal said */
	struct timeout rb_retry;
};

/* rumpblk_held.c.  off: bytes from the begin of the device. */
extern size_t held_bytes;		/* of all devices */
void	held_init(struct rblkdev *);
int	held_canhold(struct buf *);
int	held_add(struct rblkdev *, struct buf *, int error);
int	held_settle(struct rblkdev *);
int	held_makeroom(struct rblkdev *);
void	held_drop(struct rblkdev *);
int	held_read(struct rblkdev *, struct buf *);
void	held_readdone(struct rblkdev *, struct buf *);

#endif /* _RUMPBLK_H_ */
