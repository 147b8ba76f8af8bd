/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sockaddr.c: addresses of sockets.  Linux has two bytes for the family and no
 * length; AF_INET6 has another number.
 */
#include "linux.h"
#include "socket.h"

#define	LINUX_SUN_PATH		offsetof(struct linux_sockaddr_un, sun_path)
#define	RUMP_SUN_PATH		offsetof(struct rump_sockaddr_un, sun_path)
#define	RUMP_AF_NONE		255	/* no family has it */

static const struct {
	int linux_family;
	int rump_family;
} linux_families[] = {
	{ LINUX_AF_UNIX, RUMP_AF_LOCAL },
	{ LINUX_AF_INET, RUMP_AF_INET },
	{ LINUX_AF_INET6, RUMP_AF_INET6 }
};

int
linux_socket_domain(int rumpfamily)
{
	size_t i;

	for (i = 0; i < LINUX_NELEM(linux_families); i++) {
		if (linux_families[i].rump_family == rumpfamily)
			return linux_families[i].linux_family;
	}
	return LINUX_AF_UNSPEC;
}

/* Names that are in no file system are said once not to be there. */
static int
linux_sockaddr_abstract(void)
{
	static int said;

	if (!said)
		rumpuser_dprintf("rumpkit: AF_UNIX: abstract names are not "
		    "implemented\n");
	said = 1;
	return -LINUX_EINVAL;
}

static int
linux_sockaddr_un(const struct linux_sockaddr_un *un, size_t len,
    struct rump_sockaddr_un *sun, uint32_t *rumplen)
{
	size_t n, room = len - LINUX_SUN_PATH;

	if (len > sizeof(*un))
		return -LINUX_EINVAL;
	for (n = 0; n < room && un->sun_path[n] != '\0'; n++)
		continue;
	if (n == 0)
		return linux_sockaddr_abstract();
	if (n >= sizeof(sun->sun_path))
		return -LINUX_ENAMETOOLONG;
	memset(sun, 0, sizeof(*sun));
	sun->sun_family = RUMP_AF_LOCAL;
	memcpy(sun->sun_path, un->sun_path, n);
	*rumplen = (uint32_t)(RUMP_SUN_PATH + n + 1);
	return 0;
}

int
linux_sockaddr_in(uint64_t addr, uint32_t len,
    struct rump_sockaddr_storage *ss, uint32_t *rumplen)
{
	struct rump_sockaddr_in *sin = (void *)ss;
	struct rump_sockaddr_in6 *sin6 = (void *)ss;
	union linux_sockaddr sa;
	int error;

	if (len > sizeof(sa) || len < sizeof(sa.family))
		return -LINUX_EINVAL;
	memset(&sa, 0, sizeof(sa));
	error = linux_user_in(&sa, addr, len);
	if (error != 0)
		return error;
	memset(ss, 0, sizeof(*ss));
	switch (sa.family) {
	case LINUX_AF_UNIX:
		error = linux_sockaddr_un(&sa.un, len, (void *)ss, rumplen);
		if (error != 0)
			return error;
		break;
	case LINUX_AF_INET:
		if (len < sizeof(sa.in))
			return -LINUX_EINVAL;
		sin->sin_family = RUMP_AF_INET;
		sin->sin_port = sa.in.sin_port;
		sin->sin_addr = sa.in.sin_addr;
		*rumplen = sizeof(*sin);
		break;
	case LINUX_AF_INET6:
		if (len < LINUX_SIN6_LEAST)
			return -LINUX_EINVAL;
		sin6->sin6_family = RUMP_AF_INET6;
		sin6->sin6_port = sa.in6.sin6_port;
		sin6->sin6_flowinfo = sa.in6.sin6_flowinfo;
		memcpy(sin6->sin6_addr, sa.in6.sin6_addr,
		    sizeof(sin6->sin6_addr));
		sin6->sin6_scope_id = sa.in6.sin6_scope_id;
		*rumplen = sizeof(*sin6);
		break;
	default:
		ss->ss_family = sa.family == LINUX_AF_UNSPEC ?
		    RUMP_AF_UNSPEC : RUMP_AF_NONE;
		*rumplen = sizeof(*sin);
		break;
	}
	ss->ss_len = (uint8_t)*rumplen;
	return 0;
}

uint32_t
linux_sockaddr_from(const struct rump_sockaddr_storage *ss, uint32_t rumplen,
    union linux_sockaddr *sa)
{
	const struct rump_sockaddr_in *sin = (const void *)ss;
	const struct rump_sockaddr_in6 *sin6 = (const void *)ss;
	const struct rump_sockaddr_un *sun = (const void *)ss;
	size_t n = 0, room;

	memset(sa, 0, sizeof(*sa));
	if (rumplen < RUMP_SUN_PATH)
		return 0;
	sa->family = (uint16_t)linux_socket_domain(ss->ss_family);
	switch (sa->family) {
	case LINUX_AF_INET:
		sa->in.sin_port = sin->sin_port;
		sa->in.sin_addr = sin->sin_addr;
		return sizeof(sa->in);
	case LINUX_AF_INET6:
		sa->in6.sin6_port = sin6->sin6_port;
		sa->in6.sin6_flowinfo = sin6->sin6_flowinfo;
		memcpy(sa->in6.sin6_addr, sin6->sin6_addr,
		    sizeof(sa->in6.sin6_addr));
		sa->in6.sin6_scope_id = sin6->sin6_scope_id;
		return sizeof(sa->in6);
	case LINUX_AF_UNIX:
		room = rumplen - RUMP_SUN_PATH;
		if (room > sizeof(sun->sun_path))
			room = sizeof(sun->sun_path);
		while (n < room && sun->sun_path[n] != '\0')
			n++;
		memcpy(sa->un.sun_path, sun->sun_path, n);
		return (uint32_t)(LINUX_SUN_PATH + (n != 0 ? n + 1 : 0));
	default:
		return sizeof(sa->family);
	}
}

int
linux_sockaddr_room(uint64_t addr, uint64_t lenp)
{
	int error, len;

	error = linux_user_check(lenp, sizeof(len),
	    HOST_PROT_READ | HOST_PROT_WRITE);
	if (error != 0)
		return error;
	memcpy(&len, (const void *)lenp, sizeof(len));
	if (len < 0)
		return -LINUX_EINVAL;
	if ((size_t)len > sizeof(union linux_sockaddr))
		len = sizeof(union linux_sockaddr);
	return linux_user_check(addr, (size_t)len, HOST_PROT_WRITE);
}

/* As much as there is room for, and how long it is. */
int
linux_sockaddr_out(const struct rump_sockaddr_storage *ss, uint32_t rumplen,
    uint64_t addr, uint64_t lenp)
{
	union linux_sockaddr sa;
	uint32_t len, room;
	int error;

	len = linux_sockaddr_from(ss, rumplen, &sa);
	error = linux_user_in(&room, lenp, sizeof(room));
	if (error == 0 && (int)room < 0)
		error = -LINUX_EINVAL;
	if (error == 0)
		error = linux_user_out(addr, &sa, room < len ? room : len);
	if (error == 0)
		error = linux_user_out(lenp, &len, sizeof(len));
	return error;
}
