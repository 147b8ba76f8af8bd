/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_opt.c: options of sockets (ip(4), ip6(4), and those of SOL_SOCKET that a
 * protocol has to know of).
 */
#include "inet.h"

int
sopt_getint(const struct sockopt *sopt, int *value)
{

	/* Some options of ip(4) are a byte in old programs. */
	if (sopt->sopt_size == 1)
		*value = *(const u8_t *)sopt->sopt_data;
	else if (sopt->sopt_size == sizeof(*value))
		memcpy(value, sopt->sopt_data, sizeof(*value));
	else
		return (EINVAL);
	return (0);
}

int
sopt_putint(struct sockopt *sopt, int value)
{

	sopt->sopt_size = MIN(sopt->sopt_size, sizeof(value));
	memcpy(sopt->sopt_data, &value, sopt->sopt_size);
	return (0);
}

/* SOL_SOCKET has set so_options: the pcb's own follow. */
static int
set_socket(struct socket *so, struct ip_pcb *pcb)
{
	static const struct {
		int so;
		u8_t sof;
	} flags[] = {
		{ RUMP_SO_REUSEADDR, SOF_REUSEADDR },
		{ RUMP_SO_REUSEPORT, SOF_REUSEADDR },
		{ RUMP_SO_KEEPALIVE, SOF_KEEPALIVE },
		{ RUMP_SO_BROADCAST, SOF_BROADCAST },
	};
	u_int i;

	ip_reset_option(pcb, SOF_REUSEADDR | SOF_KEEPALIVE | SOF_BROADCAST);
	for (i = 0; i < __arraycount(flags); i++)
		if (so->so_options & flags[i].so)
			ip_set_option(pcb, flags[i].sof);
	return (0);
}

static int
set_ip(struct ip_pcb *pcb, const struct sockopt *sopt, u8_t *field, int most)
{
	int error, value;

	(void)pcb;
	if ((error = sopt_getint(sopt, &value)) != 0)
		return (error);
	if (value < 0 || value > most)
		return (EINVAL);
	*field = (u8_t)value;
	return (0);
}

int
inet_ctloutput(struct socket *so, struct ip_pcb *pcb, int isset,
    struct sockopt *sopt)
{
	int name = sopt->sopt_name, level = sopt->sopt_level;
	u8_t *field = NULL;

	if (pcb == NULL)
		return (EINVAL);
	if (level == RUMP_SOL_SOCKET)
		return (isset ? set_socket(so, pcb) : ENOPROTOOPT);
	if (level == RUMP_IPPROTO_IP && name == RUMP_IP_TTL)
		field = &pcb->ttl;
	else if (level == RUMP_IPPROTO_IP && name == RUMP_IP_TOS)
		field = &pcb->tos;
	else if (level == RUMP_IPPROTO_IPV6 && name == RUMP_IPV6_UNICAST_HOPS)
		field = &pcb->ttl;
	else if (level == RUMP_IPPROTO_IPV6 && name == RUMP_IPV6_TCLASS)
		field = &pcb->tos;
	if (field != NULL)
		return (isset ? set_ip(pcb, sopt, field, 255) :
		    sopt_putint(sopt, *field));
	if (level == RUMP_IPPROTO_IPV6 && name == RUMP_IPV6_V6ONLY) {
		int error, value;

		if (so->so_domain->dom_family != RUMP_AF_INET6)
			return (EINVAL);
		if (!isset)
			return (sopt_putint(sopt,
			    !IP_IS_ANY_TYPE_VAL(pcb->local_ip)));
		if ((error = sopt_getint(sopt, &value)) != 0)
			return (error);
		if (!ip_addr_isany(&pcb->local_ip))
			return (EINVAL);
		IP_SET_TYPE_VAL(pcb->local_ip, value ? IPADDR_TYPE_V6 :
		    IPADDR_TYPE_ANY);
		IP_SET_TYPE_VAL(pcb->remote_ip, value ? IPADDR_TYPE_V6 :
		    IPADDR_TYPE_ANY);
		return (0);
	}
	return (ENOPROTOOPT);
}
