/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tally.h: a count that a file makes its readers wait for: what eventfd(2) and
 * timerfd(2) are made of.
 */
#ifndef _KERN_TALLY_H_
#define	_KERN_TALLY_H_

#include <sys/types.h>
#include <sys/event.h>
#include <sys/queue.h>

struct file;
struct uio;
struct knote;

/*
 * All fields belong to the virtual CPU.  Whoever waits sleeps on it.  It is what
 * f_data of its file points to, and the first field of what is around it.
 */
struct tally {
	uint64_t ta_count;
	uint64_t ta_most;		/* writers wait above; 0: has none */
	u_int ta_closes;		/* descriptors closed while in use */
	struct klist ta_rnote, ta_wnote;
	LIST_ENTRY(tally) ta_all;
};

void	tally_init(struct tally *);
void	tally_fini(struct tally *);
/* The count was changed: who waits, and this list of notes, are told. */
void	tally_tell(struct tally *, struct klist *);
/* Waits for a change; EAGAIN if the file never waits. */
int	tally_wait(struct file *);
/* Before a read: waits for a count; ESPIPE, EINVAL for a read that cannot be. */
int	tally_await(struct file *, const off_t *off, const struct uio *);
/* Takes that much of the count, if it is that much, and hands it out. */
int	tally_read(struct file *, uint64_t takes, struct uio *);

/* Of struct fileops. */
int	tally_poll(struct file *, int events);
int	tally_kqfilter(struct file *, struct knote *);
void	tally_interrupt(struct file *);

#endif /* _KERN_TALLY_H_ */
