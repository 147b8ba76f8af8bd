/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * local_component.c: attaches the family AF_LOCAL.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <rump-sys/component.h>
#include "local.h"

struct domain local_domain = {
	.dom_family = RUMP_AF_LOCAL,
	.dom_protosw = local_protosw,
	.dom_protoswend =
	    local_protosw + sizeof(local_protosw) / sizeof(local_protosw[0]),
	.dom_internalize = local_internalize,
	.dom_externalize = local_externalize,
	.dom_dispose = local_dispose,
	.dom_unexternalize = local_unexternalize,
	.dom_adrift = local_adrift,
};

RUMP_COMPONENT(RUMP_COMPONENT_NET)
{

	domain_add(&local_domain);
}
