/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtif.c: the other ends of virtual interfaces (rump/virtif_user.h): which kind
 * a link names, and the thread that each has.
 */
#include "virtif.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct virtif_user {
	const struct virtif_backend *viu_backend;
	void *viu_state;
	struct virtif_sc *viu_sc;
	pthread_t viu_thread;
	_Atomic int viu_dying;
	int viu_wakefd;
};

/* The kernel's, if it has such interfaces. */
#pragma weak rump_virtif_virt_deliverpkt

static const struct virtif_backend *const backends[] = { &virtif_bus,
    &virtif_slirp, &virtif_tap };

int
virtif_wakefd(const struct virtif_user *viu)
{

	return viu->viu_wakefd;
}

int
virtif_isdying(const struct virtif_user *viu)
{

	return atomic_load(&viu->viu_dying);
}

void
virtif_deliver(struct virtif_user *viu, void *frame, size_t len)
{
	struct iovec iov = { frame, len };

	if (!virtif_isdying(viu))
		rump_virtif_virt_deliverpkt(viu->viu_sc, &iov, 1);
}

static void *
virtif_main(void *arg)
{
	struct virtif_user *viu = arg;
	struct rumpuser__entry entry = { .re_outer = NULL };

	rumpuser__self.rs_entry = &entry;
	if (_setjmp(entry.re_jump) == 0)
		viu->viu_backend->vb_run(viu, viu->viu_state);
	rumpuser__self.rs_lwp = NULL;
	return NULL;
}

static int
start(struct virtif_user *viu, const char *args)
{
	sigset_t all, old;
	int error;

	if ((viu->viu_wakefd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) == -1)
		return errno;
	error = viu->viu_backend->vb_open(viu, args, &viu->viu_state);
	if (error != 0)
		goto out_fd;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	error = pthread_create(&viu->viu_thread, NULL, virtif_main, viu);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (error == 0)
		return 0;
	viu->viu_backend->vb_close(viu->viu_state);
out_fd:
	close(viu->viu_wakefd);
	return error;
}

int
rumpcomp_virt_create(const char *devstr, struct virtif_sc *sc,
    uint8_t *enaddr, struct virtif_user **viup)
{
	const char *args = strchr(devstr, ':');
	size_t i, len = args != NULL ? (size_t)(args - devstr) : strlen(devstr);
	struct virtif_user *viu;
	int error, nlocks;

	(void)enaddr;			/* the kernel's own will do */
	for (i = 0; i < sizeof(backends) / sizeof(backends[0]); i++)
		if (strlen(backends[i]->vb_name) == len &&
		    memcmp(backends[i]->vb_name, devstr, len) == 0)
			break;
	if (i == sizeof(backends) / sizeof(backends[0]))
		return RUMP_ENODEV;
	if ((viu = calloc(1, sizeof(*viu))) == NULL)
		return RUMP_ENOMEM;
	viu->viu_backend = backends[i];
	viu->viu_sc = sc;
	rumpuser__unschedule(&nlocks, NULL);
	error = start(viu, args != NULL ? args + 1 : "");
	rumpuser__schedule(nlocks, NULL);
	if (error != 0) {
		free(viu);
		return rumpglue_errno_from_linux(error);
	}
	*viup = viu;
	return 0;
}

void
rumpcomp_virt_dying(struct virtif_user *viu)
{

	atomic_store(&viu->viu_dying, 1);
	(void)eventfd_write(viu->viu_wakefd, 1);
}

void
rumpcomp_virt_destroy(struct virtif_user *viu)
{
	int nlocks;

	rumpuser__unschedule(&nlocks, NULL);
	pthread_join(viu->viu_thread, NULL);
	viu->viu_backend->vb_close(viu->viu_state);
	close(viu->viu_wakefd);
	rumpuser__schedule(nlocks, NULL);
	free(viu);
}

int
rumpcomp_virt_sums(struct virtif_user *viu)
{

	(void)viu;
	return 0;
}

void
rumpcomp_virt_send(struct virtif_user *viu, struct iovec *iov, size_t n)
{

	viu->viu_backend->vb_send(viu->viu_state, iov, n);
}
