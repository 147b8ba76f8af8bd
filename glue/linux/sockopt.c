/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sockopt.c: options of sockets: one table from Linux's to the kernel's.
 *
 * What is only a hint for speed is taken and changes nothing; what a program could
 * rely on, and is not there, is refused.
 */
#include "linux.h"
#include "socket.h"

enum linux_opt_kind {
	LINUX_OPT_INT,			/* the same on both sides */
	LINUX_OPT_BUFFER,		/* bytes, of which Linux doubles */
	LINUX_OPT_TIME,
	LINUX_OPT_LINGER,
	LINUX_OPT_ERROR,
	LINUX_OPT_PEERCRED,
	LINUX_OPT_DOMAIN,
	LINUX_OPT_TYPE,
	LINUX_OPT_PROTOCOL,
	LINUX_OPT_CONGESTION,
	LINUX_OPT_TCPINFO,
	LINUX_OPT_HINT,			/* rumpname: what is told when asked */
	LINUX_OPT_CONSTANT		/* the same, but cannot be set */
};

struct linux_opt {
	int16_t lo_level, lo_name;
	uint8_t lo_kind;
	int32_t lo_rumplevel, lo_rumpname;
};

#define	SOCK(name, kind, rumpname)					\
	{ LINUX_SOL_SOCKET, name, LINUX_OPT_##kind, RUMP_SOL_SOCKET, rumpname }
#define	TCP(name, kind, rumpname)					\
	{ LINUX_IPPROTO_TCP, name, LINUX_OPT_##kind, RUMP_IPPROTO_TCP, rumpname }
#define	IP(name, kind, rumpname)					\
	{ LINUX_IPPROTO_IP, name, LINUX_OPT_##kind, RUMP_IPPROTO_IP, rumpname }
#define	IPV6(name, kind, rumpname)					\
	{ LINUX_IPPROTO_IPV6, name, LINUX_OPT_##kind, RUMP_IPPROTO_IPV6,	\
	    rumpname }
static const struct linux_opt linux_opts[] = {
	SOCK(1, INT, RUMP_SO_DEBUG),
	SOCK(2, INT, RUMP_SO_REUSEADDR),
	SOCK(3, TYPE, 0),
	SOCK(4, ERROR, RUMP_SO_ERROR),
	SOCK(5, INT, RUMP_SO_DONTROUTE),
	SOCK(6, INT, RUMP_SO_BROADCAST),
	SOCK(7, BUFFER, RUMP_SO_SNDBUF),
	SOCK(8, BUFFER, RUMP_SO_RCVBUF),
	SOCK(9, INT, RUMP_SO_KEEPALIVE),
	SOCK(10, INT, RUMP_SO_OOBINLINE),
	SOCK(12, HINT, 0),		/* SO_PRIORITY */
	SOCK(13, LINGER, RUMP_SO_LINGER),
	SOCK(15, INT, RUMP_SO_REUSEPORT),
	SOCK(17, PEERCRED, RUMP_LOCAL_PEEREID),
	SOCK(18, INT, RUMP_SO_RCVLOWAT),
	SOCK(19, CONSTANT, 1),		/* SO_SNDLOWAT */
	SOCK(20, TIME, RUMP_SO_RCVTIMEO),
	SOCK(21, TIME, RUMP_SO_SNDTIMEO),
	SOCK(30, CONSTANT, RUMP_SO_ACCEPTCONN),
	SOCK(32, BUFFER, RUMP_SO_SNDBUF),	/* SO_SNDBUFFORCE */
	SOCK(33, BUFFER, RUMP_SO_RCVBUF),	/* SO_RCVBUFFORCE */
	SOCK(38, PROTOCOL, 0),
	SOCK(39, DOMAIN, 0),
	SOCK(46, HINT, 0),		/* SO_BUSY_POLL */
	SOCK(49, HINT, 0),		/* SO_INCOMING_CPU */
	TCP(1, INT, RUMP_TCP_NODELAY),
	TCP(2, INT, RUMP_TCP_MAXSEG),
	TCP(3, HINT, 0),		/* TCP_CORK */
	TCP(4, INT, RUMP_TCP_KEEPIDLE),
	TCP(5, INT, RUMP_TCP_KEEPINTVL),
	TCP(6, INT, RUMP_TCP_KEEPCNT),
	TCP(9, HINT, 0),		/* TCP_DEFER_ACCEPT */
	TCP(11, TCPINFO, RUMP_TCP_INFO),
	TCP(12, HINT, 1),		/* TCP_QUICKACK */
	TCP(13, CONGESTION, 0),
	IP(1, INT, RUMP_IP_TOS),
	IP(2, INT, RUMP_IP_TTL),
	IP(3, INT, RUMP_IP_HDRINCL),
	IP(10, HINT, 0),		/* IP_MTU_DISCOVER */
	IP(24, HINT, 0),		/* IP_BIND_ADDRESS_NO_PORT */
	IP(32, INT, RUMP_IP_MULTICAST_IF),
	IP(33, INT, RUMP_IP_MULTICAST_TTL),
	IP(34, INT, RUMP_IP_MULTICAST_LOOP),
	IPV6(16, INT, RUMP_IPV6_UNICAST_HOPS),
	IPV6(17, INT, RUMP_IPV6_MULTICAST_IF),
	IPV6(18, INT, RUMP_IPV6_MULTICAST_HOPS),
	IPV6(19, INT, RUMP_IPV6_MULTICAST_LOOP),
	IPV6(23, HINT, 0),		/* IPV6_MTU_DISCOVER */
	IPV6(26, INT, RUMP_IPV6_V6ONLY),
	IPV6(67, INT, RUMP_IPV6_TCLASS)
};
#undef SOCK
#undef TCP
#undef IP
#undef IPV6

/* Limits of buffers, before they are doubled: as Linux has them by default. */
#define	LINUX_BUFFER_MOST	212992
#define	LINUX_BUFFER_LEAST	2304

/* NULL: no such option of such a socket. */
static const struct linux_opt *
linux_opt_find(const struct linux_file *f, int level, int name)
{
	size_t i;

	if (level == LINUX_IPPROTO_TCP && f->f_protocol != LINUX_IPPROTO_TCP)
		return NULL;
	if (level == LINUX_IPPROTO_IP && !linux_socket_isinet(f))
		return NULL;
	if (level == LINUX_IPPROTO_IPV6 && f->f_domain != LINUX_AF_INET6)
		return NULL;
	for (i = 0; i < LINUX_NELEM(linux_opts); i++) {
		if (linux_opts[i].lo_level == level &&
		    linux_opts[i].lo_name == name)
			return &linux_opts[i];
	}
	return NULL;
}

/* Why there is none. */
static long
linux_opt_level(const struct linux_file *f, int level)
{

	if (level == LINUX_SOL_SOCKET || linux_socket_isinet(f))
		return -LINUX_ENOPROTOOPT;
	return -LINUX_EOPNOTSUPP;
}

static long
linux_opt_set_kernel(const struct linux_file *f, const struct linux_opt *lo,
    const void *value, uint32_t len)
{

	return linux_result(rump_sys_setsockopt(f->f_rumpfd, lo->lo_rumplevel,
	    lo->lo_rumpname, value, len));
}

static long
linux_opt_get_kernel(const struct linux_file *f, const struct linux_opt *lo,
    void *value, uint32_t len)
{

	return linux_result(rump_sys_getsockopt(f->f_rumpfd, lo->lo_rumplevel,
	    lo->lo_rumpname, value, &len));
}

static long
linux_opt_set_time(struct linux_file *f, const struct linux_opt *lo,
    uint64_t addr, uint32_t len)
{
	struct rump_timeval rtv;
	struct linux_timeval tv;
	int error;

	if (len < sizeof(tv))
		return -LINUX_EINVAL;
	error = linux_user_in(&tv, addr, sizeof(tv));
	if (error != 0)
		return error;
	if (tv.tv_usec < 0 || tv.tv_usec >= 1000000)
		return -LINUX_EDOM;
	memset(&rtv, 0, sizeof(rtv));
	/* Before now means at once; a long time is for ever. */
	rtv.tv_sec = tv.tv_sec < 0 || tv.tv_sec >= INT32_MAX ? 0 : tv.tv_sec;
	rtv.tv_usec = tv.tv_sec < 0 ? 1 : tv.tv_sec >= INT32_MAX ? 0 :
	    (int32_t)tv.tv_usec;
	return linux_opt_set_kernel(f, lo, &rtv, sizeof(rtv));
}

static long
linux_opt_set_linger(struct linux_file *f, const struct linux_opt *lo,
    uint64_t addr, uint32_t len)
{
	struct rump_linger linger;
	int error;

	if (len < sizeof(linger))
		return -LINUX_EINVAL;
	error = linux_user_in(&linger, addr, sizeof(linger));
	if (error != 0)
		return error;
	if (linger.l_linger < 0 || linger.l_linger > INT16_MAX)
		linger.l_linger = INT16_MAX;
	return linux_opt_set_kernel(f, lo, &linger, sizeof(linger));
}

static long
linux_opt_set_congestion(uint64_t addr, uint32_t len)
{
	char name[16] = "";

	if (len == 0)
		return -LINUX_EINVAL;
	if (linux_user_in(name, addr, len < sizeof(name) - 1 ? len :
	    sizeof(name) - 1) != 0)
		return -LINUX_EFAULT;
	return linux_strcmp(name, "reno") == 0 ? 0 : -LINUX_ENOENT;
}

static long
linux_opt_set_int(struct linux_file *f, const struct linux_opt *lo,
    uint64_t addr, uint32_t len)
{
	int error, value = 0;

	/* Options of IP may be a byte. */
	if (len < sizeof(value) && (lo->lo_level != LINUX_IPPROTO_IP ||
	    len == 0))
		return -LINUX_EINVAL;
	error = linux_user_in(&value, addr, len < sizeof(value) ? 1 :
	    sizeof(value));
	if (error != 0)
		return error;
	if (lo->lo_kind == LINUX_OPT_HINT)
		return 0;
	if (lo->lo_kind == LINUX_OPT_BUFFER) {
		if (value < LINUX_BUFFER_LEAST / 2)
			value = LINUX_BUFFER_LEAST / 2;
		if (value > LINUX_BUFFER_MOST)
			value = LINUX_BUFFER_MOST;
		value *= 2;
	}
	return linux_opt_set_kernel(f, lo, &value, sizeof(value));
}

static long
linux_opt_set(struct linux_file *f, const struct linux_opt *lo, uint64_t addr,
    uint32_t len)
{

	switch (lo->lo_kind) {
	case LINUX_OPT_INT:
	case LINUX_OPT_BUFFER:
	case LINUX_OPT_HINT:
		return linux_opt_set_int(f, lo, addr, len);
	case LINUX_OPT_TIME:
		return linux_opt_set_time(f, lo, addr, len);
	case LINUX_OPT_LINGER:
		return linux_opt_set_linger(f, lo, addr, len);
	case LINUX_OPT_CONGESTION:
		return linux_opt_set_congestion(addr, len);
	default:
		return -LINUX_ENOPROTOOPT;
	}
}

long
linux_sys_setsockopt(struct linux_call *lc)
{
	const struct linux_opt *lo;
	struct linux_file *f;
	long result;

	result = linux_socket_get((int)lc->lc_arg[0], &f);
	if (result != 0)
		return result;
	lo = linux_opt_find(f, (int)lc->lc_arg[1], (int)lc->lc_arg[2]);
	if ((int)lc->lc_arg[4] < 0)
		result = -LINUX_EINVAL;
	else if (lo == NULL)
		result = linux_opt_level(f, (int)lc->lc_arg[1]);
	else
		result = linux_opt_set(f, lo, lc->lc_arg[3],
		    (uint32_t)lc->lc_arg[4]);
	linux_file_put(f);
	return result;
}

static long
linux_opt_get_peercred(struct linux_file *f, const struct linux_opt *lo,
    struct linux_ucred *uc)
{
	struct rump_unpcbid id = { 0, UINT32_MAX, UINT32_MAX };
	uint32_t len = sizeof(id);

	if (f->f_domain == LINUX_AF_UNIX)
		(void)rump_sys_getsockopt(f->f_rumpfd, 0, lo->lo_rumpname, &id,
		    &len);
	*uc = (struct linux_ucred){ id.unp_pid, id.unp_euid, id.unp_egid };
	return 0;
}

/* States of TCP: the kernel's, in the order of its numbers, as Linux's. */
static const uint8_t linux_tcp_states[] = { 7, 10, 2, 3, 1, 8, 4, 11, 9, 5, 6 };

static long
linux_opt_get_tcpinfo(struct linux_file *f, const struct linux_opt *lo,
    struct rump_tcp_info *ti)
{
	long error;

	memset(ti, 0, sizeof(*ti));
	error = linux_opt_get_kernel(f, lo, ti, sizeof(*ti));
	if (error != 0)
		return error;
	ti->tcpi_state = ti->tcpi_state < sizeof(linux_tcp_states) ?
	    linux_tcp_states[ti->tcpi_state] : 0;
	return 0;
}

static long
linux_opt_get_int(struct linux_file *f, const struct linux_opt *lo, int *value)
{
	long error = 0;

	switch (lo->lo_kind) {
	case LINUX_OPT_TYPE:
		*value = f->f_type;
		return 0;
	case LINUX_OPT_DOMAIN:
		*value = f->f_domain;
		return 0;
	case LINUX_OPT_PROTOCOL:
		*value = f->f_protocol;
		return 0;
	case LINUX_OPT_HINT:
		*value = lo->lo_rumpname;
		return 0;
	case LINUX_OPT_CONSTANT:
		*value = lo->lo_rumpname;
		return *value == RUMP_SO_ACCEPTCONN ?
		    linux_opt_get_kernel(f, lo, value, sizeof(*value)) : 0;
	default:
		error = linux_opt_get_kernel(f, lo, value, sizeof(*value));
		break;
	}
	if (error == 0 && lo->lo_kind == LINUX_OPT_ERROR && *value != 0)
		*value = linux_errno(*value);
	return error;
}

union linux_opt_value {
	int number;
	struct rump_linger linger;
	struct linux_timeval tv;
	struct linux_ucred uc;
	struct rump_tcp_info ti;
	char name[16];
};

static long
linux_opt_get(struct linux_file *f, const struct linux_opt *lo,
    union linux_opt_value *v, uint32_t *len)
{
	struct rump_timeval rtv;
	long error;

	switch (lo->lo_kind) {
	case LINUX_OPT_TIME:
		*len = sizeof(v->tv);
		error = linux_opt_get_kernel(f, lo, &rtv, sizeof(rtv));
		if (error == 0)
			v->tv = (struct linux_timeval){ rtv.tv_sec,
			    rtv.tv_usec };
		return error;
	case LINUX_OPT_LINGER:
		*len = sizeof(v->linger);
		return linux_opt_get_kernel(f, lo, &v->linger,
		    sizeof(v->linger));
	case LINUX_OPT_PEERCRED:
		*len = sizeof(v->uc);
		return linux_opt_get_peercred(f, lo, &v->uc);
	case LINUX_OPT_TCPINFO:
		*len = RUMP_TCP_INFO_LINUX;
		return linux_opt_get_tcpinfo(f, lo, &v->ti);
	case LINUX_OPT_CONGESTION:
		*len = sizeof(v->name);
		memcpy(v->name, "reno", sizeof("reno"));
		return 0;
	default:
		*len = sizeof(v->number);
		return linux_opt_get_int(f, lo, &v->number);
	}
}

long
linux_sys_getsockopt(struct linux_call *lc)
{
	const uint64_t addr = lc->lc_arg[3], lenp = lc->lc_arg[4];
	const struct linux_opt *lo;
	union linux_opt_value v;
	struct linux_file *f;
	uint32_t len = 0;
	int room = 0;
	long result;

	result = linux_socket_get((int)lc->lc_arg[0], &f);
	if (result != 0)
		return result;
	memset(&v, 0, sizeof(v));
	lo = linux_opt_find(f, (int)lc->lc_arg[1], (int)lc->lc_arg[2]);
	result = linux_user_in(&room, lenp, sizeof(room));
	if (result == 0 && room < 0)
		result = -LINUX_EINVAL;
	else if (result == 0)
		result = lo == NULL ?
		    linux_opt_level(f, (int)lc->lc_arg[1]) :
		    linux_opt_get(f, lo, &v, &len);
	linux_file_put(f);
	if (result != 0)
		return result;
	if ((uint32_t)room < len)
		len = (uint32_t)room;
	if (linux_user_out(addr, &v, len) != 0)
		return -LINUX_EFAULT;
	return linux_user_out(lenp, &len, sizeof(len));
}
