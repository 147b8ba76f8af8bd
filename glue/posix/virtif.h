/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtif.h: what the kinds of connections of virtual interfaces share.
 *
 * Each interface has one thread, which waits for what comes in.  Frames go out on
 * the thread of whoever sends, which has the virtual CPU.
 */
#ifndef _GLUE_VIRTIF_H_
#define	_GLUE_VIRTIF_H_

#include <pthread.h>
#include <sys/uio.h>

#include "rumpuser_int.h"
#include "../../rump/include/rump/virtif_user.h"

#define	VIRTIF_FRAME_MAX	65550	/* bytes, with the Ethernet header */

struct virtif_backend {
	const char *vb_name;		/* before the colon */
	/* Opens what args name; 0 or a Linux errno.  *state: its own. */
	int (*vb_open)(struct virtif_user *, const char *args, void **state);
	/* The thread's work, until virtif_isdying(). */
	void (*vb_run)(struct virtif_user *, void *state);
	void (*vb_send)(void *state, const struct iovec *, size_t n);
	void (*vb_close)(void *state);
};
extern const struct virtif_backend virtif_bus RUMPUSER__HIDDEN;
extern const struct virtif_backend virtif_slirp RUMPUSER__HIDDEN;
extern const struct virtif_backend virtif_tap RUMPUSER__HIDDEN;

/* Readable once the interface is being ended. */
int	virtif_wakefd(const struct virtif_user *) RUMPUSER__HIDDEN;
int	virtif_isdying(const struct virtif_user *) RUMPUSER__HIDDEN;
/* Gives the kernel a frame: on the interface's thread only. */
void	virtif_deliver(struct virtif_user *, void *frame, size_t len)
	    RUMPUSER__HIDDEN;

#endif /* _GLUE_VIRTIF_H_ */
