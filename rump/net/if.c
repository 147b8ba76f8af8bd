/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * if.c: the interfaces that there are, and how they are made (ifconfig(8)).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/uio.h>
#include <net/if.h>
#include <rump/rump.h>
#include <rump/rumpnetcfg.h>
#include <rump-sys/component.h>

#define	UNIT_MOST	1000

const struct ifstack *if_stack;

static LIST_HEAD(, ifnet) interfaces = LIST_HEAD_INITIALIZER(interfaces);
static LIST_HEAD(, if_clone) cloners = LIST_HEAD_INITIALIZER(cloners);

void
if_clone_attach(struct if_clone *ifc)
{

	LIST_INSERT_HEAD(&cloners, ifc, ifc_list);
}

struct ifnet *
if_find(const char *name)
{
	struct ifnet *ifp;

	LIST_FOREACH(ifp, &interfaces, if_list)
		if (strcmp(ifp->if_xname, name) == 0)
			break;
	return (ifp);
}

struct ifnet *
if_after(const struct ifnet *ifp)
{

	return (ifp == NULL ? LIST_FIRST(&interfaces) : LIST_NEXT(ifp, if_list));
}

void
if_enter(struct ifnet *ifp)
{
	struct ifnet *before = NULL, *at;

	LIST_FOREACH(at, &interfaces, if_list)
		if (at->if_index < ifp->if_index)
			before = at;
	if (before == NULL)
		LIST_INSERT_HEAD(&interfaces, ifp, if_list);
	else
		LIST_INSERT_AFTER(before, ifp, if_list);
}

/* The driver of a name, and the number behind it. */
static struct if_clone *
cloner_of(const char *name, int *unit)
{
	struct if_clone *ifc;
	size_t len;
	const char *p;

	LIST_FOREACH(ifc, &cloners, ifc_list) {
		len = strlen(ifc->ifc_name);
		if (strncmp(name, ifc->ifc_name, len) != 0 ||
		    name[len] == '\0')
			continue;
		*unit = 0;
		for (p = name + len; *p >= '0' && *p <= '9'; p++)
			if ((*unit = *unit * 10 + *p - '0') >= UNIT_MOST)
				break;
		if (*p == '\0')
			return (ifc);
	}
	return (NULL);
}

int
if_create(const char *name)
{
	struct if_clone *ifc;
	struct ifnet *ifp;
	int error, unit;

	if (name == NULL)
		return (EFAULT);
	if (strlen(name) >= IFNAMSIZ)
		return (ENAMETOOLONG);
	if (if_find(name) != NULL)
		return (EEXIST);
	if (if_stack == NULL || (ifc = cloner_of(name, &unit)) == NULL)
		return (ENXIO);
	if ((error = ifc->ifc_create(unit, &ifp)) != 0)
		return (error);
	strlcpy(ifp->if_xname, name, sizeof(ifp->if_xname));
	if ((error = if_stack->ifs_attach(ifp)) != 0) {
		ifp->if_destroy(ifp);
		return (error);
	}
	if_enter(ifp);
	return (0);
}

int
if_destroy_byname(const char *name)
{
	struct ifnet *ifp;

	if (name == NULL)
		return (EFAULT);
	if ((ifp = if_find(name)) == NULL)
		return (ENXIO);
	if (ifp->if_destroy == NULL)
		return (EINVAL);
	LIST_REMOVE(ifp, if_list);
	bpf_detach(ifp);
	if_stack->ifs_detach(ifp);
	ifp->if_destroy(ifp);
	return (0);
}

void
if_input(struct ifnet *ifp, const struct iovec *iov, int n, size_t len,
    int flags)
{

	if (!ifp->if_isup) {
		ifp->if_iqdrops++;
		return;
	}
	ifp->if_ipackets++;
	ifp->if_ibytes += len;
	if (!LIST_EMPTY(&ifp->if_taps))
		bpf_mtap(ifp, iov, n, len);
	if_stack->ifs_input(ifp, iov, n, len, flags);
}

void
if_setup(struct ifnet *ifp, int isup)
{

	ifp->if_isup = isup;
	if_stack->ifs_updown(ifp, isup);
}

int
if_output(struct ifnet *ifp, const struct iovec *iov, int n, size_t len)
{
	int error;

	if (!LIST_EMPTY(&ifp->if_taps))
		bpf_mtap(ifp, iov, n, len);
	if ((error = ifp->if_transmit(ifp, iov, n, len)) != 0) {
		ifp->if_oerrors++;
		return (error);
	}
	ifp->if_opackets++;
	ifp->if_obytes += len;
	return (0);
}

static int
if_setup_byname(const char *name, int isup)
{
	struct ifnet *ifp;

	if (name == NULL)
		return (EFAULT);
	if ((ifp = if_find(name)) == NULL)
		return (ENXIO);
	if_setup(ifp, isup);
	return (0);
}

static int
if_setlink(const char *name, const char *link)
{
	struct ifnet *ifp;

	if (name == NULL || link == NULL)
		return (EFAULT);
	if ((ifp = if_find(name)) == NULL)
		return (ENXIO);
	return (ifp->if_setlink == NULL ? EOPNOTSUPP :
	    ifp->if_setlink(ifp, link));
}

/* Nothing comes in any more when the kernel's code goes. */
RUMP_COMPONENT(RUMP_COMPONENT_SHUTDOWN)
{
	struct ifnet *ifp, *next;

	/* Destroying one may sleep: the list is looked at anew. */
	for (ifp = if_after(NULL); ifp != NULL; ifp = next) {
		next = if_after(ifp);
		if (if_destroy_byname(ifp->if_xname) == 0)
			next = if_after(NULL);
	}
}

/* The calls of programs: with the CPU, and 0 or an errno. */
#define	NETCONFIG(expr) do {						\
	int error_;							\
	rump_schedule();						\
	error_ = (expr);						\
	rump_unschedule();						\
	return (error_);						\
} while (0)

int
rump_pub_netconfig_ifcreate(const char *name)
{

	NETCONFIG(if_create(name));
}

int
rump_pub_netconfig_ifdestroy(const char *name)
{

	NETCONFIG(if_destroy_byname(name));
}

int
rump_pub_netconfig_ifup(const char *name)
{

	NETCONFIG(if_setup_byname(name, 1));
}

int
rump_pub_netconfig_ifdown(const char *name)
{

	NETCONFIG(if_setup_byname(name, 0));
}

int
rump_pub_netconfig_ifsetlinkstr(const char *name, const char *link)
{

	NETCONFIG(if_setlink(name, link));
}
