/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slirp_abi.h: the binary interface of libslirp.so.0 (4.0 and later) as far as
 * it is used here: configuration version 1.  The library is looked up when an
 * interface asks for it, so that nothing else needs it.
 */
#ifndef _GLUE_SLIRP_ABI_H_
#define	_GLUE_SLIRP_ABI_H_

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct slirp;

struct slirp_config {
	uint32_t version;
	int restricted;
	bool in_enabled;
	struct in_addr vnetwork, vnetmask, vhost;
	bool in6_enabled;
	struct in6_addr vprefix_addr6;
	uint8_t vprefix_len;
	struct in6_addr vhost6;
	const char *vhostname;
	const char *tftp_server_name, *tftp_path, *bootfile;
	struct in_addr vdhcp_start, vnameserver;
	struct in6_addr vnameserver6;
	const char **vdnssearch;
	const char *vdomainname;
	size_t if_mtu, if_mru;
	bool disable_host_loopback;
	bool enable_emu;
};

struct slirp_callbacks {
	ssize_t (*send_packet)(const void *, size_t, void *opaque);
	void (*guest_error)(const char *, void *opaque);
	int64_t (*clock_get_ns)(void *opaque);
	void *(*timer_new)(void (*)(void *), void *arg, void *opaque);
	void (*timer_free)(void *timer, void *opaque);
	void (*timer_mod)(void *timer, int64_t milliseconds, void *opaque);
	void (*register_poll_fd)(int, void *opaque);
	void (*unregister_poll_fd)(int, void *opaque);
	void (*notify)(void *opaque);
};

#define	SLIRP_POLL_IN	0x01
#define	SLIRP_POLL_OUT	0x02
#define	SLIRP_POLL_PRI	0x04
#define	SLIRP_POLL_ERR	0x08
#define	SLIRP_POLL_HUP	0x10

struct slirp_library {
	struct slirp *(*new)(const struct slirp_config *,
	    const struct slirp_callbacks *, void *opaque);
	void (*cleanup)(struct slirp *);
	void (*pollfds_fill)(struct slirp *, uint32_t *timeout,
	    int (*add)(int fd, int events, void *), void *);
	void (*pollfds_poll)(struct slirp *, int iserror,
	    int (*revents)(int index, void *), void *);
	void (*input)(struct slirp *, const uint8_t *, int);
	int (*add_hostfwd)(struct slirp *, int isudp, struct in_addr host,
	    int hostport, struct in_addr guest, int guestport);
};

#endif /* _GLUE_SLIRP_ABI_H_ */
