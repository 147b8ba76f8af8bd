/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * network.c: gives the machine's network devices, net0, net1, ..., to the kernel
 * as virt0, virt1, ..., and each the addresses that the configuration names.
 *
 * An image need not have a network: the calls are weak, and only the words of a
 * configuration ask for them.
 */
#include "types.h"
#include "bootconfig.h"
#include "network.h"
#include <rump/rumpnetcfg.h>

#define	DNS_MOST	3		/* as many as resolvers look at */

#pragma weak rump_pub_netconfig_ifcreate
#pragma weak rump_pub_netconfig_ifdestroy
#pragma weak rump_pub_netconfig_ifup
#pragma weak rump_pub_netconfig_ifsetlinkstr
#pragma weak rump_pub_netconfig_ipv4_ifaddr_cidr
#pragma weak rump_pub_netconfig_ipv4_gw
#pragma weak rump_pub_netconfig_ipv6_ifaddr
#pragma weak rump_pub_netconfig_auto_ipv6
#pragma weak rump_pub_netconfig_dhcp_ipv4_oneshot
#pragma weak rump_pub_netconfig_dhcp_nameserver

struct linux_net {
	const char *ln_device;		/* net0 */
	char ln_name[8];		/* virt0 */
	char *ln_options;
	const char *ln_dns[DNS_MOST];
	int ln_ndns;
	int ln_ifpresent;		/* no error without the device */
	int ln_off;
	int ln_dhcp;
};

static const char *
linux_network_complain(const struct linux_net *ln, const char *what,
    const char *problem)
{

	rumpuser_dprintf("rumpkit: cannot set up %s%s%s: %s\n", ln->ln_device,
	    *what != '\0' ? ", " : "", what, problem);
	return problem;
}

/* In words that name the remedy where there is one. */
static const char *
linux_network_explain(const struct linux_net *ln, const char *what, int error)
{

	switch (error) {
	case RUMP_EINVAL:
		return linux_network_complain(ln, what, "no such address");
	case RUMP_ENETUNREACH:
		return linux_network_complain(ln, what, "the gateway is in no "
		    "network of this machine");
	case RUMP_ETIMEDOUT:
		return linux_network_complain(ln, what, "no DHCP server has "
		    "answered");
	case RUMP_ENOBUFS:
		return linux_network_complain(ln, what, "it has no room for "
		    "more addresses");
	default:
		rumpuser_dprintf("rumpkit: error %d\n", error);
		return linux_network_complain(ln, what, "the network cannot "
		    "be set up");
	}
}

/* ADDRESS/PREFIX, of either family. */
static int
linux_network_address(const struct linux_net *ln, const char *value)
{
	char text[64], *prefix;
	const char *s;
	uint64_t n;

	if (linux_strlcpy(text, value, sizeof(text)) >= sizeof(text))
		return RUMP_EINVAL;
	prefix = linux_cut(text, '/');
	for (s = text; *s != ':' && *s != '\0'; s++)
		continue;
	if (prefix == NULL || linux_number(prefix, &n) != 0 || n > 128)
		return RUMP_EINVAL;
	return *s == ':' ?
	    rump_pub_netconfig_ipv6_ifaddr(ln->ln_name, text, (int)n) :
	    rump_pub_netconfig_ipv4_ifaddr_cidr(ln->ln_name, text, (int)n);
}

static int
linux_network_option(struct linux_net *ln, const char *option,
    const char *value)
{

	if (linux_strcmp(option, "address") == 0)
		return linux_network_address(ln, value);
	if (linux_strcmp(option, "gateway") == 0)
		return rump_pub_netconfig_ipv4_gw(value);
	if (linux_strcmp(option, "dns") == 0 && ln->ln_ndns < DNS_MOST)
		ln->ln_dns[ln->ln_ndns++] = value;
	return 0;
}

/*
 * What can be known without the device: flags now, the options that take a value
 * are left in ln_options.
 */
static const char *
linux_network_parse(struct linux_net *ln, char *text)
{
	char *next, *option;

	if (linux_strlen(ln->ln_device) != 4 ||
	    !linux_starts(ln->ln_device, "net") ||
	    ln->ln_device[3] < '0' || ln->ln_device[3] > '9')
		return linux_network_complain(ln, "", "devices are named "
		    "net0, net1, ...");
	(void)linux_strlcpy(ln->ln_name, "virt0", sizeof(ln->ln_name));
	ln->ln_name[4] = ln->ln_device[3];
	ln->ln_options = text;
	for (option = text; option != NULL; option = next) {
		next = linux_cut(option, ',');
		if (linux_strcmp(option, "dhcp") == 0)
			ln->ln_dhcp = 1;
		else if (linux_strcmp(option, "off") == 0)
			ln->ln_off = 1;
		else if (linux_strcmp(option, "ifpresent") == 0)
			ln->ln_ifpresent = 1;
		else if (!linux_starts(option, "address=") &&
		    !linux_starts(option, "gateway=") &&
		    !linux_starts(option, "dns="))
			return linux_network_complain(ln, option,
			    "an unknown option");
		if (next != NULL)
			next[-1] = ',';
	}
	return NULL;
}

/* The options with values, in their order: addresses come before a gateway. */
static const char *
linux_network_options(struct linux_net *ln)
{
	char *next, *option, *value;
	int error;

	for (option = ln->ln_options; option != NULL; option = next) {
		next = linux_cut(option, ',');
		if ((value = linux_cut(option, '=')) == NULL)
			continue;
		error = linux_network_option(ln, option, value);
		if (error != 0)
			return linux_network_explain(ln, value, error);
	}
	return NULL;
}

static const char *
linux_network_one(struct linux_net *ln, int *present)
{
	const char *problem;
	int error;

	if (rump_pub_netconfig_ifcreate == NULL ||
	    rump_pub_netconfig_ipv4_ifaddr_cidr == NULL ||
	    (error = rump_pub_netconfig_ifcreate(ln->ln_name)) == RUMP_ENXIO) {
		if (ln->ln_ifpresent)
			return NULL;
		rumpuser_dprintf("rumpkit: the components net/inet and "
		    "net/virtif are not in the image\n");
		return linux_network_complain(ln, "", "the image has no "
		    "network");
	}
	if (error == 0)
		error = rump_pub_netconfig_ifsetlinkstr(ln->ln_name,
		    ln->ln_device);
	if (error == RUMP_ENXIO) {
		(void)rump_pub_netconfig_ifdestroy(ln->ln_name);
		return ln->ln_ifpresent ? NULL : linux_network_complain(ln, "",
		    "the machine has no such network device");
	}
	if (error == 0)
		error = rump_pub_netconfig_ifup(ln->ln_name);
	if (error == 0 && ln->ln_dhcp)
		error = rump_pub_netconfig_auto_ipv6(ln->ln_name);
	if (error != 0)
		return linux_network_explain(ln, "", error);
	if ((problem = linux_network_options(ln)) != NULL)
		return problem;
	*present = 1;
	if (!ln->ln_dhcp)
		return NULL;
	error = rump_pub_netconfig_dhcp_ipv4_oneshot(ln->ln_name);
	return error == 0 ? NULL : linux_network_explain(ln, "dhcp", error);
}

/* A file that programs look for, if the image or the disk has none. */
static void
linux_network_file(const char *path, const char *text)
{
	int fd;

	(void)rump_sys_mkdir("/etc", 0755);
	fd = rump_sys_open(path, RUMP_O_WRONLY | RUMP_O_CREAT | RUMP_O_EXCL,
	    0644);
	if (fd == -1)
		return;
	(void)rump_sys_write(fd, text, linux_strlen(text));
	(void)rump_sys_close(fd);
}

static void
linux_network_add(char *text, size_t size, const char *word)
{
	const size_t len = linux_strlen(text);

	(void)linux_strlcpy(text + len, word, size - len);
}

/* resolv.conf(5): the servers of the configuration, then those of DHCP. */
static void
linux_network_names(const struct linux_net *ln)
{
	char text[512] = "", server[64];
	unsigned int i;

	for (i = 0; i < (unsigned int)ln->ln_ndns + DNS_MOST; i++) {
		if (i < (unsigned int)ln->ln_ndns)
			(void)linux_strlcpy(server, ln->ln_dns[i],
			    sizeof(server));
		else if (!ln->ln_dhcp || rump_pub_netconfig_dhcp_nameserver(i -
		    (unsigned int)ln->ln_ndns, server, sizeof(server)) != 0)
			break;
		linux_network_add(text, sizeof(text), "nameserver ");
		linux_network_add(text, sizeof(text), server);
		linux_network_add(text, sizeof(text), "\n");
	}
	if (text[0] != '\0')
		linux_network_file("/etc/resolv.conf", text);
	linux_network_file("/etc/hosts", "127.0.0.1 localhost\n"
	    "::1 localhost\n");
}

/* Whether a later word of the configuration is for the same device. */
static int
linux_network_replaced(const struct linux_bootconfig *bc, int i)
{
	char device[5];
	int j;

	(void)linux_strlcpy(device, bc->bc_nets[i], sizeof(device));
	for (j = i + 1; j < bc->bc_nnets; j++) {
		if (linux_starts(bc->bc_nets[j], device))
			return 1;
	}
	return 0;
}

/* NET is net0, net1, ..., then options after commas: bootconfig.c. */
const char *
linux_network_start(const struct linux_bootconfig *bc)
{
	struct linux_net ln;
	const char *problem = NULL;
	char *options;
	int i, present;

	for (i = 0; i < bc->bc_nnets && problem == NULL; i++) {
		if (linux_network_replaced(bc, i))
			continue;
		memset(&ln, 0, sizeof(ln));
		options = linux_cut(bc->bc_nets[i], ',');
		ln.ln_device = bc->bc_nets[i];
		problem = linux_network_parse(&ln, options);
		if (problem != NULL || ln.ln_off)
			continue;
		present = 0;
		problem = linux_network_one(&ln, &present);
		if (problem == NULL && present)
			linux_network_names(&ln);
		if (problem == NULL && present && bc->bc_verbose)
			rumpuser_dprintf("rumpkit: %s is up as %s\n",
			    ln.ln_device, ln.ln_name);
	}
	return problem;
}
