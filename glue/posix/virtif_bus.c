/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtif_bus.c: "bus:PATH": a virtual Ethernet between kernels, in one process or
 * several, and QEMU guests (-netdev stream,addr.type=unix,addr.path=PATH).
 *
 * Whoever comes first listens on the socket PATH and is the bus's switch: it
 * learns which address is behind which connection, and sends the rest to all.
 * When it goes, the others race to be the next; frames of that moment are lost,
 * as they are on an Ethernet.  On the socket a frame is its length, 4 bytes in
 * network order, and its bytes.
 */
#include "virtif.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define	PORTS		64		/* connections of a bus */
#define	ADDRESSES	256		/* that a switch remembers; power of 2 */
#define	RX_SIZE		(256 * 1024)
#define	TX_MOST		(2 * 1024 * 1024)	/* bytes that wait; then drop */
#define	RETRY_MS	20

struct port {
	int p_fd;			/* -1: free */
	char *p_rx;			/* the thread's: RX_SIZE */
	size_t p_rxused;
	char *p_tx;			/* bus lock: what the socket did not take */
	size_t p_txused, p_txsize;
};

struct bus {
	struct sockaddr_un b_addr;
	pthread_mutex_t b_lock;		/* ports and what they send, addresses */
	int b_listen;			/* -1: not the switch */
	int b_kick;			/* tells the thread that bytes wait */
	struct port b_ports[PORTS];
	struct {
		uint8_t mac[6];
		uint8_t port;		/* and 1: 0 is nobody */
	} b_addresses[ADDRESSES];
};

static struct port *
port_add(struct bus *b, int fd)
{
	struct port *p;

	for (p = b->b_ports; p < b->b_ports + PORTS; p++) {
		if (p->p_fd != -1)
			continue;
		if (p->p_rx == NULL && (p->p_rx = malloc(RX_SIZE)) == NULL)
			return NULL;
		p->p_fd = fd;
		p->p_rxused = p->p_txused = 0;
		return p;
	}
	return NULL;
}

/* Caller must hold the lock. */
static void
port_close(struct bus *b, struct port *p)
{
	size_t i;

	close(p->p_fd);
	p->p_fd = -1;
	for (i = 0; i < ADDRESSES; i++)
		if (b->b_addresses[i].port == p - b->b_ports + 1)
			b->b_addresses[i].port = 0;
}

/* Keeps what the socket did not take; the lock is held. */
static int
tx_keep(struct port *p, const struct iovec *iov, int n, size_t skip)
{
	size_t len = 0;
	char *tx;
	int i;

	for (i = 0; i < n; i++)
		len += iov[i].iov_len;
	len -= skip;
	if (p->p_txused + len > p->p_txsize) {
		size_t size = p->p_txsize == 0 ? 65536 : p->p_txsize * 2;

		while (size < p->p_txused + len)
			size *= 2;
		if ((tx = realloc(p->p_tx, size)) == NULL)
			return ENOMEM;
		p->p_tx = tx;
		p->p_txsize = size;
	}
	for (i = 0; i < n; i++) {
		if (skip >= iov[i].iov_len) {
			skip -= iov[i].iov_len;
			continue;
		}
		memcpy(p->p_tx + p->p_txused, (char *)iov[i].iov_base + skip,
		    iov[i].iov_len - skip);
		p->p_txused += iov[i].iov_len - skip;
		skip = 0;
	}
	return 0;
}

/* iov[0] is the length; whole frames only are dropped.  The lock is held. */
static void
port_send(struct bus *b, struct port *p, const struct iovec *iov, int n)
{
	struct msghdr msg = { .msg_iov = (struct iovec *)(uintptr_t)iov,
	    .msg_iovlen = (size_t)n };
	ssize_t done = 0;

	if (p->p_txused == 0) {
		done = sendmsg(p->p_fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (done == -1) {
			if (errno != EAGAIN)
				return;	/* the thread sees that it is gone */
			done = 0;
		}
	} else if (p->p_txused > TX_MOST) {
		return;
	}
	if (tx_keep(p, iov, n, (size_t)done) == 0 && p->p_txused != 0)
		(void)eventfd_write(b->b_kick, 1);
}

static unsigned
address_slot(const uint8_t *mac)
{

	return (mac[5] ^ (unsigned)mac[4] * 31 ^ (unsigned)mac[3] * 17) &
	    (ADDRESSES - 1);
}

/* Sends a frame to whom it is for: all but from, if nobody knows. */
static void
bus_forward(struct bus *b, const struct port *from, const uint8_t *mac,
    const struct iovec *iov, int n)
{
	unsigned slot = address_slot(mac), to;
	struct port *p;

	to = b->b_addresses[slot].port;
	if (to != 0 && memcmp(b->b_addresses[slot].mac, mac, 6) == 0) {
		p = &b->b_ports[to - 1];
		if (p->p_fd != -1 && p != from)
			port_send(b, p, iov, n);
		return;
	}
	for (p = b->b_ports; p < b->b_ports + PORTS; p++)
		if (p->p_fd != -1 && p != from)
			port_send(b, p, iov, n);
}

#define	PIECES	66			/* a length and what the kernel sends */

static void
bus_send(void *state, const struct iovec *iov, size_t n)
{
	struct bus *b = state;
	struct iovec all[PIECES];
	uint32_t prefix;
	size_t len = 0, i;

	if (n == 0 || n + 1 > PIECES || iov[0].iov_len < 6)
		return;
	for (i = 0; i < n; i++)
		len += iov[i].iov_len;
	prefix = htonl((uint32_t)len);
	all[0] = (struct iovec){ &prefix, sizeof(prefix) };
	memcpy(&all[1], iov, n * sizeof(*iov));
	pthread_mutex_lock(&b->b_lock);
	bus_forward(b, NULL, iov[0].iov_base, all, (int)n + 1);
	pthread_mutex_unlock(&b->b_lock);
}

/* Connects to the switch, or becomes it; 0 or an errno. */
static int
bus_join(struct bus *b)
{
	char lockpath[sizeof(b->b_addr.sun_path) + 8];
	const struct sockaddr *sa = (const struct sockaddr *)(void *)&b->b_addr;
	int error = 0, fd, lock;

	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, 0)) == -1)
		return errno;
	/* One at a time looks whether there is a switch. */
	strcpy(lockpath, b->b_addr.sun_path);
	strcat(lockpath, ".lock");
	lock = open(lockpath, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (lock == -1 || flock(lock, LOCK_EX) == -1) {
		error = errno;
	} else if (connect(fd, sa, sizeof(b->b_addr)) == 0) {
		pthread_mutex_lock(&b->b_lock);
		if (port_add(b, fd) == NULL)
			error = ENOMEM;
		pthread_mutex_unlock(&b->b_lock);
		if (error == 0)
			fd = -1;
	} else if (errno == ENOENT || errno == ECONNREFUSED) {
		unlink(b->b_addr.sun_path);
		if (bind(fd, sa, sizeof(b->b_addr)) == -1 ||
		    listen(fd, PORTS) == -1)
			error = errno;
		else {
			b->b_listen = fd;
			fd = -1;
		}
	} else {
		error = errno;
	}
	if (lock != -1)
		close(lock);
	if (fd != -1)
		close(fd);
	return error;
}

/* A frame came from a port: for us, for others, for all. */
static void
bus_frame(struct virtif_user *viu, struct bus *b, struct port *from,
    uint8_t *frame, size_t len)
{
	uint32_t prefix = htonl((uint32_t)len);
	struct iovec iov[2] = { { &prefix, 4 }, { frame, len } };
	unsigned slot;

	if (len < 14)
		return;
	if (b->b_listen != -1) {
		pthread_mutex_lock(&b->b_lock);
		slot = address_slot(frame + 6);
		memcpy(b->b_addresses[slot].mac, frame + 6, 6);
		b->b_addresses[slot].port =
		    (uint8_t)(from - b->b_ports + 1);
		bus_forward(b, from, frame, iov, 2);
		pthread_mutex_unlock(&b->b_lock);
	}
	virtif_deliver(viu, frame, len);
}

/* Reads what a port has; 0: it is gone. */
static int
port_read(struct virtif_user *viu, struct bus *b, struct port *p)
{
	size_t at = 0;
	uint32_t len;
	ssize_t n;

	n = recv(p->p_fd, p->p_rx + p->p_rxused, RX_SIZE - p->p_rxused,
	    MSG_DONTWAIT);
	if (n <= 0)
		return n == -1 && (errno == EAGAIN || errno == EINTR);
	p->p_rxused += (size_t)n;
	while (p->p_rxused - at >= sizeof(len)) {
		memcpy(&len, p->p_rx + at, sizeof(len));
		len = ntohl(len);
		if (len > VIRTIF_FRAME_MAX)
			return 0;	/* it does not speak this language */
		if (p->p_rxused - at - sizeof(len) < len)
			break;
		bus_frame(viu, b, p, (uint8_t *)p->p_rx + at + sizeof(len),
		    len);
		at += sizeof(len) + len;
	}
	memmove(p->p_rx, p->p_rx + at, p->p_rxused - at);
	p->p_rxused -= at;
	return 1;
}

/* Sends what waited; the lock is held.  0: the port is gone. */
static int
port_flush(struct port *p)
{
	ssize_t n;

	if (p->p_txused == 0)
		return 1;
	n = send(p->p_fd, p->p_tx, p->p_txused, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n == -1)
		return errno == EAGAIN || errno == EINTR;
	memmove(p->p_tx, p->p_tx + n, p->p_txused - (size_t)n);
	p->p_txused -= (size_t)n;
	return 1;
}

/* One look at everything; whoever is not the switch needs its connection. */
static void
bus_wait(struct virtif_user *viu, struct bus *b)
{
	struct pollfd fds[PORTS + 3];
	struct port *of[PORTS + 3], *p;
	eventfd_t kicks;
	int i, fd, n = 0, ok;

	fds[n++] = (struct pollfd){ virtif_wakefd(viu), POLLIN, 0 };
	fds[n++] = (struct pollfd){ b->b_listen, POLLIN, 0 };
	fds[n++] = (struct pollfd){ b->b_kick, POLLIN, 0 };
	pthread_mutex_lock(&b->b_lock);
	for (p = b->b_ports; p < b->b_ports + PORTS; p++) {
		if (p->p_fd == -1)
			continue;
		of[n] = p;
		fds[n++] = (struct pollfd){ p->p_fd, (short)(POLLIN |
		    (p->p_txused != 0 ? POLLOUT : 0)), 0 };
	}
	pthread_mutex_unlock(&b->b_lock);
	if (n == 3 && b->b_listen == -1) {
		if (bus_join(b) != 0)
			(void)poll(fds, 1, RETRY_MS);
		return;
	}
	if (poll(fds, (nfds_t)n, -1) <= 0)
		return;
	if (fds[2].revents & POLLIN)
		(void)eventfd_read(b->b_kick, &kicks);
	if ((fds[1].revents & POLLIN) && (fd = accept4(b->b_listen, NULL, NULL,
	    SOCK_CLOEXEC | SOCK_NONBLOCK)) != -1) {
		pthread_mutex_lock(&b->b_lock);
		if (port_add(b, fd) == NULL)
			close(fd);
		pthread_mutex_unlock(&b->b_lock);
	}
	for (i = 3; i < n; i++) {
		ok = 1;
		if (fds[i].revents & (POLLIN | POLLHUP | POLLERR))
			ok = port_read(viu, b, of[i]);
		pthread_mutex_lock(&b->b_lock);
		if (ok)
			ok = port_flush(of[i]);
		if (!ok)
			port_close(b, of[i]);
		pthread_mutex_unlock(&b->b_lock);
	}
}

static void
bus_run(struct virtif_user *viu, void *state)
{

	while (!virtif_isdying(viu))
		bus_wait(viu, state);
}

static void
bus_close(void *state)
{
	struct bus *b = state;
	struct port *p;

	/* The name goes before the socket: the next one makes a new one. */
	if (b->b_listen != -1) {
		unlink(b->b_addr.sun_path);
		close(b->b_listen);
	}
	for (p = b->b_ports; p < b->b_ports + PORTS; p++) {
		if (p->p_fd != -1)
			close(p->p_fd);
		free(p->p_rx);
		free(p->p_tx);
	}
	close(b->b_kick);
	pthread_mutex_destroy(&b->b_lock);
	free(b);
}

static int
bus_open(struct virtif_user *viu, const char *path, void **state)
{
	struct bus *b;
	int error, i;

	(void)viu;
	if (*path == '\0')
		return EINVAL;
	if (strlen(path) >= sizeof(b->b_addr.sun_path) - 8)
		return ENAMETOOLONG;
	if ((b = calloc(1, sizeof(*b))) == NULL)
		return ENOMEM;
	b->b_addr.sun_family = AF_UNIX;
	strcpy(b->b_addr.sun_path, path);
	b->b_listen = -1;
	b->b_kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	for (i = 0; i < PORTS; i++)
		b->b_ports[i].p_fd = -1;
	pthread_mutex_init(&b->b_lock, NULL);
	if ((error = b->b_kick == -1 ? errno : bus_join(b)) != 0) {
		bus_close(b);
		return error;
	}
	*state = b;
	return 0;
}

const struct virtif_backend virtif_bus = { "bus", bus_open, bus_run, bus_send,
    bus_close };
