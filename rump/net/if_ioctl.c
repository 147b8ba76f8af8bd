/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * if_ioctl.c: interfaces by ioctl(2) on a socket (netintro(4)).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/ioccom.h>
#include <sys/ucred.h>
#include <net/if.h>

_Static_assert(sizeof(struct rump_ifreq) == 144 &&
    sizeof(struct rump_ifconf) == 16 && sizeof(struct rump_ifaliasreq) == 64 &&
    sizeof(struct rump_in6_ifreq) == 288 &&
    sizeof(struct rump_in6_aliasreq) == 128 &&
    sizeof(struct rump_ifdatareq) == 152 && sizeof(struct rump_sockaddr_dl) == 32,
    "structures as NetBSD/amd64 has them");

#define	MTU_LEAST	576U
#define	MTU_MOST	65535U

/* Every structure begins with a name, which need not end. */
static struct ifnet *
interface_of(const void *data)
{
	char name[IFNAMSIZ + 1];

	memcpy(name, data, IFNAMSIZ);
	name[IFNAMSIZ] = '\0';
	return (if_find(name));
}

static int
flags_of(const struct ifnet *ifp)
{
	int flags = ifp->if_isloop ? RUMP_IFF_LOOPBACK | RUMP_IFF_MULTICAST :
	    RUMP_IFF_BROADCAST | RUMP_IFF_SIMPLEX | RUMP_IFF_MULTICAST;

	return (ifp->if_isup ? flags | RUMP_IFF_UP | RUMP_IFF_RUNNING : flags);
}

static void
put_link(const struct ifnet *ifp, struct rump_ifreq *ifr)
{
	struct rump_sockaddr_dl sdl = {
		.sdl_len = sizeof(sdl), .sdl_family = RUMP_AF_LINK,
		.sdl_index = (uint16_t)ifp->if_index,
		.sdl_type = ifp->if_isloop ? RUMP_IFT_LOOP : RUMP_IFT_ETHER,
		.sdl_nlen = (uint8_t)strlen(ifp->if_xname),
		.sdl_alen = ifp->if_isloop ? 0 : ETHER_ADDR_LEN,
	};

	memcpy(sdl.sdl_data, ifp->if_xname, sdl.sdl_nlen);
	memcpy(sdl.sdl_data + sdl.sdl_nlen, ifp->if_enaddr, sdl.sdl_alen);
	memcpy(&ifr->ifr_u, &sdl, sizeof(sdl));
}

/* SIOCGIFCONF: whole entries, as many as there is room for. */
static int
if_conf(struct rump_ifconf *ifc)
{
	size_t len = 0, room;
	struct rump_ifreq ifr;
	struct if_addr ia;
	struct ifnet *ifp;
	u_int n;

	if (ifc->ifc_len < 0)
		return (EINVAL);
	room = ifc->ifc_req == NULL ? SIZE_MAX : (size_t)ifc->ifc_len;
	for (ifp = if_after(NULL); ifp != NULL; ifp = if_after(ifp)) {
		for (n = 0; n == 0 || if_stack->ifs_addr(ifp, n - 1, &ia) == 0;
		    n++) {
			if (room - len < sizeof(ifr))
				goto out;
			memset(&ifr, 0, sizeof(ifr));
			memcpy(ifr.ifr_name, ifp->if_xname, IFNAMSIZ);
			if (n == 0)
				put_link(ifp, &ifr);
			else
				ifr.ifr_u.ifr_space = ia.ia_addr;
			if (ifc->ifc_req != NULL)
				memcpy((char *)ifc->ifc_req + len, &ifr,
				    sizeof(ifr));
			len += sizeof(ifr);
		}
	}
out:
	ifc->ifc_len = (int32_t)len;
	return (0);
}

static void
if_data(const struct ifnet *ifp, struct rump_if_data *ifi)
{

	memset(ifi, 0, sizeof(*ifi));
	ifi->ifi_type = ifp->if_isloop ? RUMP_IFT_LOOP : RUMP_IFT_ETHER;
	ifi->ifi_addrlen = ifp->if_isloop ? 0 : ETHER_ADDR_LEN;
	ifi->ifi_hdrlen = ifp->if_isloop ? 0 : 14;
	ifi->ifi_link_state = ifp->if_isup ? 2 : 1;
	ifi->ifi_mtu = ifp->if_mtu;
	ifi->ifi_ipackets = ifp->if_ipackets;
	ifi->ifi_opackets = ifp->if_opackets;
	ifi->ifi_oerrors = ifp->if_oerrors;
	ifi->ifi_ibytes = ifp->if_ibytes;
	ifi->ifi_obytes = ifp->if_obytes;
	ifi->ifi_iqdrops = ifp->if_iqdrops;
}

/* The first address of a family, or this very one. */
static int
find_addr(struct ifnet *ifp, int family, const struct rump_sockaddr_in6 *which,
    struct if_addr *ia)
{
	struct rump_sockaddr_in6 sin6;
	u_int n;

	for (n = 0; if_stack->ifs_addr(ifp, n, ia) == 0; n++) {
		if (ia->ia_addr.ss_family != family)
			continue;
		memcpy(&sin6, &ia->ia_addr, sizeof(sin6));
		if (which == NULL || memcmp(sin6.sin6_addr, which->sin6_addr,
		    sizeof(sin6.sin6_addr)) == 0)
			return (0);
	}
	return (EADDRNOTAVAIL);
}

static int
get_addr(struct ifnet *ifp, u_long cmd, struct rump_ifreq *ifr)
{
	const struct sockaddr_storage *ss;
	struct if_addr ia;
	int error;

	if ((error = find_addr(ifp, RUMP_AF_INET, NULL, &ia)) != 0)
		return (error);
	ss = cmd == RUMP_SIOCGIFADDR ? &ia.ia_addr :
	    cmd == RUMP_SIOCGIFNETMASK ? &ia.ia_mask : &ia.ia_brd;
	if (ss->ss_len == 0)
		return (EINVAL);
	memset(&ifr->ifr_u, 0, sizeof(ifr->ifr_u));
	memcpy(&ifr->ifr_u, ss, ss->ss_len);
	return (0);
}

static int
get_addr6(struct ifnet *ifp, u_long cmd, struct rump_in6_ifreq *ifr)
{
	struct if_addr ia;
	int error;

	error = find_addr(ifp, RUMP_AF_INET6, &ifr->ifr_u.ifr_addr, &ia);
	if (error != 0)
		return (error);
	memset(&ifr->ifr_u, 0, sizeof(ifr->ifr_u));
	if (cmd == RUMP_SIOCGIFAFLAG_IN6)
		ifr->ifr_u.ifr_flags6 = ia.ia_flags;
	else
		memcpy(&ifr->ifr_u, &ia.ia_mask,
		    sizeof(struct rump_sockaddr_in6));
	return (0);
}

/* The netmask that an address had before there were others. */
static uint32_t
class_mask(const struct rump_sockaddr_in *sin)
{
	uint8_t first = *(const uint8_t *)&sin->sin_addr;

	return (first < 128 ? 0x000000ffU : first < 192 ? 0x0000ffffU :
	    0x00ffffffU);
}

static int
set_addr(struct ifnet *ifp, u_long cmd, const void *data)
{
	const struct rump_in6_aliasreq *alias6 = data;
	const struct rump_ifaliasreq *alias = data;
	const struct rump_ifreq *ifr = data;
	const struct rump_in6_ifreq *ifr6 = data;
	struct rump_sockaddr_in sin, mask;
	struct if_addr ia;
	int error;

#define	SA(p)	((const struct sockaddr *)(const void *)(p))
	switch (cmd) {
	case RUMP_SIOCAIFADDR:
		return (if_stack->ifs_setaddr(ifp, SA(&alias->ifra_addr),
		    SA(&alias->ifra_mask)));
	case RUMP_SIOCAIFADDR_IN6:
		return (if_stack->ifs_setaddr(ifp, SA(&alias6->ifra_addr),
		    SA(&alias6->ifra_prefixmask)));
	case RUMP_SIOCDIFADDR:
		return (if_stack->ifs_deladdr(ifp, &ifr->ifr_u.ifr_addr));
	case RUMP_SIOCDIFADDR_IN6:
		return (if_stack->ifs_deladdr(ifp, SA(&ifr6->ifr_u)));
	default:
		break;
	}
	memcpy(&sin, &ifr->ifr_u, sizeof(sin));
	mask = sin;
	if (cmd == RUMP_SIOCSIFADDR) {
		mask.sin_addr = class_mask(&sin);
	} else {
		if ((error = find_addr(ifp, RUMP_AF_INET, NULL, &ia)) != 0)
			return (error);
		memcpy(&sin, &ia.ia_addr, sizeof(sin));
	}
	return (if_stack->ifs_setaddr(ifp, SA(&sin), SA(&mask)));
#undef	SA
}

static int
set_mtu(struct ifnet *ifp, int32_t mtu)
{

	if (mtu < 0 || (u_int)mtu < MTU_LEAST || (u_int)mtu > MTU_MOST)
		return (EINVAL);
	ifp->if_mtu = (u_int)mtu;
	if_stack->ifs_setmtu(ifp);
	return (0);
}

int
ifioctl(u_long cmd, void *data, struct proc *p)
{
	struct rump_ifreq *ifr = data;
	struct ifnet *ifp;
	int error;

	if ((cmd & IOC_INOUT) == 0)
		return (ENOTTY);
	if (if_stack == NULL)
		return (ENXIO);
	if (cmd == RUMP_SIOCGIFCONF)
		return (if_conf(data));
	if (IOCPARM_LEN(cmd) < IFNAMSIZ)
		return (ENOTTY);
	if ((ifp = interface_of(data)) == NULL)
		return (ENXIO);
	/* What only goes in changes something. */
	if ((cmd & IOC_OUT) == 0 && (error = suser(p, 0)) != 0)
		return (error);
	switch (cmd) {
	case RUMP_SIOCGIFFLAGS:
		ifr->ifr_u.ifr_flags = (int16_t)flags_of(ifp);
		return (0);
	case RUMP_SIOCSIFFLAGS:
		if_setup(ifp, (ifr->ifr_u.ifr_flags & RUMP_IFF_UP) != 0);
		return (0);
	case RUMP_SIOCGIFMETRIC:
		ifr->ifr_u.ifr_metric = 0;
		return (0);
	case RUMP_SIOCGIFMTU:
		ifr->ifr_u.ifr_mtu = (int32_t)ifp->if_mtu;
		return (0);
	case RUMP_SIOCSIFMTU:
		return (set_mtu(ifp, ifr->ifr_u.ifr_mtu));
	case RUMP_SIOCGIFINDEX:
		ifr->ifr_u.ifr_value = ifp->if_index;
		return (0);
	case RUMP_SIOCGIFDATA:
		if_data(ifp, &((struct rump_ifdatareq *)data)->ifdr_data);
		return (0);
	case RUMP_SIOCGIFADDR:
	case RUMP_SIOCGIFNETMASK:
	case RUMP_SIOCGIFBRDADDR:
		return (get_addr(ifp, cmd, ifr));
	case RUMP_SIOCGIFNETMASK_IN6:
	case RUMP_SIOCGIFAFLAG_IN6:
		return (get_addr6(ifp, cmd, data));
	case RUMP_SIOCSIFADDR:
	case RUMP_SIOCSIFNETMASK:
	case RUMP_SIOCAIFADDR:
	case RUMP_SIOCDIFADDR:
	case RUMP_SIOCAIFADDR_IN6:
	case RUMP_SIOCDIFADDR_IN6:
		return (set_addr(ifp, cmd, data));
	default:
		return (ENOTTY);
	}
}
