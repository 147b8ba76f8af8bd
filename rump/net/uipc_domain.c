/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uipc_domain.c: the families of protocols (socket(2)).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/protosw.h>

static SLIST_HEAD(, domain) domains = SLIST_HEAD_INITIALIZER(domains);

void
domain_add(struct domain *dom)
{

	KASSERT(domain_find(dom->dom_family) == NULL);
	SLIST_INSERT_HEAD(&domains, dom, dom_list);
}

struct domain *
domain_find(int family)
{
	struct domain *dom;

	SLIST_FOREACH(dom, &domains, dom_list)
		if (dom->dom_family == family)
			break;
	return (dom);
}

int
protosw_find(int family, int type, int protocol, const struct protosw **prp,
    struct domain **domp)
{
	const struct protosw *pr;
	struct domain *dom;
	int hastype = 0;

	if ((dom = domain_find(family)) == NULL)
		return (EAFNOSUPPORT);
	*domp = dom;
	for (pr = dom->dom_protosw; pr < dom->dom_protoswend; pr++) {
		if (pr->pr_type != type)
			continue;
		hastype = 1;
		if (protocol == 0 || pr->pr_protocol == 0 ||
		    pr->pr_protocol == protocol) {
			*prp = pr;
			return (0);
		}
	}
	return (hastype ? EPROTONOSUPPORT : EPROTOTYPE);
}
