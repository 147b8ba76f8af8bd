/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtif_slirp.c: "user": a network behind the host's own sockets, without any
 * rights, by libslirp: the host is 10.0.2.2, its name server 10.0.2.3, and DHCP
 * gives 10.0.2.15.  After a colon, words between commas:
 *
 *	hostfwd=tcp:127.0.0.1:8080-:80	a port of the host's is one of ours;
 *	hostfwd=udp::5353-10.0.2.15:53	also with addresses left out
 *	net=10.9.0.0/16			another network
 *	restrict=on			nothing but the host forwards
 *	ipv6=off
 *
 * The environment's RUMPKIT_LIBSLIRP is another path of the library.
 *
 * The library is called on the interface's thread only: frames from the kernel
 * wait in a queue for it.
 */
#include "virtif.h"
#include "slirp_abi.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define	QUEUE_MOST	(4 * 1024 * 1024)	/* bytes that wait for it */
#define	FDS_MOST	4096
#define	FORWARDS	32

struct timer {
	struct timer *t_next;
	void (*t_fun)(void *);
	void *t_arg;
	int64_t t_when;			/* milliseconds; -1: not set */
};

struct frame {
	struct frame *f_next;
	size_t f_len;
	uint8_t f_data[];
};

struct forward {
	int isudp, hostport, guestport;
	struct in_addr host, guest;
};

struct user {
	struct slirp_library u_lib;
	void *u_dl;
	struct slirp *u_slirp;
	struct virtif_user *u_viu;
	struct timer *u_timers;
	struct pollfd u_fds[FDS_MOST];
	int u_nfds;
	int u_kick;			/* frames wait */
	pthread_mutex_t u_lock;		/* the queue */
	struct frame *u_first, **u_last;
	size_t u_bytes;
};

static int64_t
now_ns(void *opaque)
{
	struct timespec ts;

	(void)opaque;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static ssize_t
send_packet(const void *frame, size_t len, void *opaque)
{
	struct user *u = opaque;

	virtif_deliver(u->u_viu, (void *)(uintptr_t)frame, len);
	return (ssize_t)len;
}

static void
guest_error(const char *what, void *opaque)
{

	(void)what;
	(void)opaque;
}

static void *
timer_new(void (*fun)(void *), void *arg, void *opaque)
{
	struct user *u = opaque;
	struct timer *t;

	if ((t = calloc(1, sizeof(*t))) == NULL)
		abort();		/* the library knows no failure here */
	t->t_fun = fun;
	t->t_arg = arg;
	t->t_when = -1;
	t->t_next = u->u_timers;
	u->u_timers = t;
	return t;
}

static void
timer_free(void *timer, void *opaque)
{
	struct user *u = opaque;
	struct timer **tp;

	for (tp = &u->u_timers; *tp != NULL; tp = &(*tp)->t_next) {
		if (*tp == timer) {
			*tp = (*tp)->t_next;
			break;
		}
	}
	free(timer);
}

static void
timer_mod(void *timer, int64_t when, void *opaque)
{

	(void)opaque;
	((struct timer *)timer)->t_when = when;
}

static void
ignore_fd(int fd, void *opaque)
{

	(void)fd;
	(void)opaque;
}

static void
notify(void *opaque)
{

	(void)eventfd_write(((struct user *)opaque)->u_kick, 1);
}

static const struct slirp_callbacks callbacks = {
	send_packet, guest_error, now_ns, timer_new, timer_free, timer_mod,
	ignore_fd, ignore_fd, notify
};

static int
add_poll(int fd, int events, void *opaque)
{
	struct user *u = opaque;
	short wanted = 0;

	if (u->u_nfds == FDS_MOST)
		return -1;
	if (events & SLIRP_POLL_IN)
		wanted |= POLLIN;
	if (events & SLIRP_POLL_OUT)
		wanted |= POLLOUT;
	if (events & SLIRP_POLL_PRI)
		wanted |= POLLPRI;
	u->u_fds[u->u_nfds] = (struct pollfd){ fd, wanted, 0 };
	return u->u_nfds++;
}

static int
get_revents(int index, void *opaque)
{
	struct user *u = opaque;
	short is;
	int events = 0;

	if (index < 0)
		return 0;
	is = u->u_fds[index].revents;
	if (is & POLLIN)
		events |= SLIRP_POLL_IN;
	if (is & POLLOUT)
		events |= SLIRP_POLL_OUT;
	if (is & POLLPRI)
		events |= SLIRP_POLL_PRI;
	if (is & POLLERR)
		events |= SLIRP_POLL_ERR;
	if (is & POLLHUP)
		events |= SLIRP_POLL_HUP;
	return events;
}

/* Runs timers that are due; until the next one, at most *timeout ms. */
static void
run_timers(struct user *u, uint32_t *timeout)
{
	int64_t now = now_ns(NULL) / 1000000;
	struct timer *t, *next;

	for (t = u->u_timers; t != NULL; t = next) {
		next = t->t_next;
		if (t->t_when == -1)
			continue;
		if (t->t_when <= now) {
			t->t_when = -1;
			t->t_fun(t->t_arg);
		} else if ((uint64_t)(t->t_when - now) < *timeout) {
			*timeout = (uint32_t)(t->t_when - now);
		}
	}
}

static void
take_frames(struct user *u)
{
	struct frame *f, *next;
	eventfd_t kicks;

	(void)eventfd_read(u->u_kick, &kicks);
	pthread_mutex_lock(&u->u_lock);
	f = u->u_first;
	u->u_first = NULL;
	u->u_last = &u->u_first;
	u->u_bytes = 0;
	pthread_mutex_unlock(&u->u_lock);
	for (; f != NULL; f = next) {
		next = f->f_next;
		u->u_lib.input(u->u_slirp, f->f_data, (int)f->f_len);
		free(f);
	}
}

static void
user_run(struct virtif_user *viu, void *state)
{
	struct user *u = state;
	uint32_t timeout;
	int n;

	while (!virtif_isdying(viu)) {
		u->u_nfds = 0;
		u->u_fds[u->u_nfds++] = (struct pollfd){ virtif_wakefd(viu),
		    POLLIN, 0 };
		u->u_fds[u->u_nfds++] = (struct pollfd){ u->u_kick, POLLIN,
		    0 };
		timeout = 60000;
		u->u_lib.pollfds_fill(u->u_slirp, &timeout, add_poll, u);
		run_timers(u, &timeout);
		n = poll(u->u_fds, (nfds_t)u->u_nfds, (int)timeout);
		u->u_lib.pollfds_poll(u->u_slirp, n < 0, get_revents, u);
		if (u->u_fds[1].revents & POLLIN)
			take_frames(u);
	}
}

static void
user_send(void *state, const struct iovec *iov, size_t n)
{
	struct user *u = state;
	struct frame *f;
	size_t at = 0, i, len = 0;
	int isfirst;

	for (i = 0; i < n; i++)
		len += iov[i].iov_len;
	if ((f = malloc(sizeof(*f) + len)) == NULL)
		return;
	f->f_next = NULL;
	f->f_len = len;
	for (i = 0; i < n; at += iov[i++].iov_len)
		memcpy(f->f_data + at, iov[i].iov_base, iov[i].iov_len);
	pthread_mutex_lock(&u->u_lock);
	if (u->u_bytes + len > QUEUE_MOST) {
		pthread_mutex_unlock(&u->u_lock);
		free(f);
		return;
	}
	isfirst = u->u_first == NULL;
	*u->u_last = f;
	u->u_last = &f->f_next;
	u->u_bytes += len;
	pthread_mutex_unlock(&u->u_lock);
	if (isfirst)
		(void)eventfd_write(u->u_kick, 1);
}

static void
user_close(void *state)
{
	struct user *u = state;
	struct frame *f;

	if (u->u_slirp != NULL)
		u->u_lib.cleanup(u->u_slirp);
	while ((f = u->u_first) != NULL) {
		u->u_first = f->f_next;
		free(f);
	}
	while (u->u_timers != NULL)
		timer_free(u->u_timers, u);
	if (u->u_kick != -1)
		close(u->u_kick);
	/* The library stays: glib, below it, cannot be unloaded. */
	pthread_mutex_destroy(&u->u_lock);
	free(u);
}

static int
load_library(struct user *u)
{
	static const char *const names[] = { "slirp_new", "slirp_cleanup",
	    "slirp_pollfds_fill", "slirp_pollfds_poll", "slirp_input",
	    "slirp_add_hostfwd" };
	void **to = (void **)(void *)&u->u_lib;
	const char *name = getenv("RUMPKIT_LIBSLIRP");
	size_t i;

	u->u_dl = dlopen(name != NULL ? name : "libslirp.so.0",
	    RTLD_NOW | RTLD_LOCAL);
	if (u->u_dl == NULL)
		return ENOSYS;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((to[i] = dlsym(u->u_dl, names[i])) == NULL)
			return ENOSYS;
	return 0;
}

/* "ADDR:PORT", either part may be left out with its default. */
static int
parse_end(char *text, struct in_addr *addr, int *port, int least)
{
	char *colon = strrchr(text, ':'), *end;
	long n;

	if (colon == NULL)
		return EINVAL;
	*colon = '\0';
	if (*text != '\0' && inet_pton(AF_INET, text, addr) != 1)
		return EINVAL;
	n = strtol(colon + 1, &end, 10);
	if (colon[1] == '\0' || *end != '\0' || n < least || n > 65535)
		return EINVAL;
	*port = (int)n;
	return 0;
}

/* "tcp:ADDR:PORT-ADDR:PORT" */
static int
parse_forward(char *text, struct forward *fw)
{
	char *dash;
	int error;

	memset(fw, 0, sizeof(*fw));
	if (strncmp(text, "tcp:", 4) != 0 && strncmp(text, "udp:", 4) != 0)
		return EINVAL;
	fw->isudp = text[0] == 'u';
	text += 4;
	if ((dash = strchr(text, '-')) == NULL)
		return EINVAL;
	*dash = '\0';
	if ((error = parse_end(text, &fw->host, &fw->hostport, 0)) != 0)
		return error;
	return parse_end(dash + 1, &fw->guest, &fw->guestport, 1);
}

/* "10.9.0.0/16": its hosts 2, 3 and 15 as in 10.0.2.0/24. */
static int
parse_net(char *text, struct slirp_config *cfg)
{
	char *slash = strchr(text, '/'), *end;
	struct in_addr net;
	long prefix = 24;

	if (slash != NULL) {
		*slash = '\0';
		prefix = strtol(slash + 1, &end, 10);
		if (slash[1] == '\0' || *end != '\0')
			return EINVAL;
	}
	if (inet_pton(AF_INET, text, &net) != 1 || prefix < 8 || prefix > 27)
		return EINVAL;
	cfg->vnetmask.s_addr = htonl(0xffffffffU << (32 - prefix));
	cfg->vnetwork.s_addr = net.s_addr & cfg->vnetmask.s_addr;
	cfg->vhost.s_addr = cfg->vnetwork.s_addr | htonl(2);
	cfg->vnameserver.s_addr = cfg->vnetwork.s_addr | htonl(3);
	cfg->vdhcp_start.s_addr = cfg->vnetwork.s_addr | htonl(15);
	return 0;
}

static int
parse_words(char *words, struct slirp_config *cfg, struct forward *fws,
    int *nfws)
{
	char *save, *word;
	int error = 0;

	for (word = strtok_r(words, ",", &save); word != NULL && error == 0;
	    word = strtok_r(NULL, ",", &save)) {
		if (strncmp(word, "hostfwd=", 8) == 0)
			error = *nfws == FORWARDS ? E2BIG :
			    parse_forward(word + 8, &fws[(*nfws)++]);
		else if (strncmp(word, "net=", 4) == 0)
			error = parse_net(word + 4, cfg);
		else if (strcmp(word, "restrict=on") == 0)
			cfg->restricted = 1;
		else if (strcmp(word, "ipv6=off") == 0)
			cfg->in6_enabled = false;
		else
			error = EINVAL;
	}
	return error;
}

static int
start_slirp(struct user *u, const char *args)
{
	struct slirp_config cfg = { .version = 1, .in_enabled = true,
	    .in6_enabled = true, .vprefix_len = 64, .vhostname = "rumpkit" };
	char net[] = "10.0.2.0/24", *words;
	struct forward fws[FORWARDS];
	int error, i, nfws = 0;

	(void)parse_net(net, &cfg);
	(void)inet_pton(AF_INET6, "fec0::", &cfg.vprefix_addr6);
	(void)inet_pton(AF_INET6, "fec0::2", &cfg.vhost6);
	(void)inet_pton(AF_INET6, "fec0::3", &cfg.vnameserver6);
	if ((words = strdup(args)) == NULL)
		return ENOMEM;
	error = parse_words(words, &cfg, fws, &nfws);
	free(words);
	if (error != 0 || (error = load_library(u)) != 0)
		return error;
	if ((u->u_slirp = u->u_lib.new(&cfg, &callbacks, u)) == NULL)
		return EINVAL;
	for (i = 0; i < nfws; i++) {
		if (fws[i].guest.s_addr == 0)
			fws[i].guest = cfg.vdhcp_start;
		if (u->u_lib.add_hostfwd(u->u_slirp, fws[i].isudp, fws[i].host,
		    fws[i].hostport, fws[i].guest, fws[i].guestport) != 0)
			return errno != 0 ? errno : EADDRINUSE;
	}
	return 0;
}

static int
user_open(struct virtif_user *viu, const char *args, void **state)
{
	struct user *u;
	int error;

	if ((u = calloc(1, sizeof(*u))) == NULL)
		return ENOMEM;
	u->u_viu = viu;
	u->u_last = &u->u_first;
	pthread_mutex_init(&u->u_lock, NULL);
	u->u_kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	error = u->u_kick == -1 ? errno : start_slirp(u, args);
	if (error != 0) {
		user_close(u);
		return error;
	}
	*state = u;
	return 0;
}

const struct virtif_backend virtif_slirp = { "user", user_open, user_run,
    user_send, user_close };
