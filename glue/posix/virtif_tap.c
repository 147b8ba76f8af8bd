/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtif_tap.c: "tap:NAME": a network device of the host, whose other end is the
 * host's own stack or a bridge (tun(4) of Linux).  It takes rights; without NAME the
 * host chooses one.
 */
#include "virtif.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct tap {
	int t_fd;
	char t_frame[VIRTIF_FRAME_MAX];	/* the thread's */
};

static int
tap_open(struct virtif_user *viu, const char *name, void **state)
{
	struct ifreq ifr;
	struct tap *t;
	int error;

	(void)viu;
	if (strlen(name) >= sizeof(ifr.ifr_name))
		return ENAMETOOLONG;
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return ENOMEM;
	memset(&ifr, 0, sizeof(ifr));
	ifr.ifr_flags = IFF_TAP | IFF_NO_PI;
	strcpy(ifr.ifr_name, name);
	t->t_fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (t->t_fd == -1 || ioctl(t->t_fd, TUNSETIFF, &ifr) == -1) {
		error = errno;
		if (t->t_fd != -1)
			close(t->t_fd);
		free(t);
		return error;
	}
	*state = t;
	return 0;
}

static void
tap_run(struct virtif_user *viu, void *state)
{
	struct tap *t = state;
	struct pollfd fds[2] = {
		{ virtif_wakefd(viu), POLLIN, 0 },
		{ t->t_fd, POLLIN, 0 },
	};
	ssize_t n;

	while (!virtif_isdying(viu)) {
		/* A device that somebody removed has no more to say. */
		if (poll(fds, fds[1].revents & (POLLERR | POLLHUP) ? 1 : 2,
		    -1) <= 0)
			continue;
		if ((fds[1].revents & POLLIN) == 0)
			continue;
		while ((n = read(t->t_fd, t->t_frame, sizeof(t->t_frame))) > 0)
			virtif_deliver(viu, t->t_frame, (size_t)n);
	}
}

/* What the host does not take now is lost, as on any wire. */
static void
tap_send(void *state, const struct iovec *iov, size_t n)
{
	struct tap *t = state;

	if (writev(t->t_fd, iov, (int)n) == -1)
		return;
}

static void
tap_close(void *state)
{
	struct tap *t = state;

	close(t->t_fd);
	free(t);
}

const struct virtif_backend virtif_tap = { "tap", tap_open, tap_run, tap_send,
    tap_close };
