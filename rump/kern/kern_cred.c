/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_cred.c: credentials: shared by reference, changed by copying.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/proc.h>

struct ucred *
crget(void)
{
	struct ucred *cr;

	cr = malloc(sizeof(*cr), M_CRED, M_WAITOK | M_ZERO);
	cr->cr_ref = 1;
	return (cr);
}

void
crfree(struct ucred *cr)
{

	KASSERT(cr->cr_ref > 0);
	if (--cr->cr_ref == 0)
		free(cr, M_CRED);
}

struct ucred *
crdup(struct ucred *cr)
{
	struct ucred *newcr;

	newcr = crget();
	*newcr = *cr;
	newcr->cr_ref = 1;
	return (newcr);
}

struct ucred *
crcopy(struct ucred *cr)
{
	struct ucred *newcr;

	if (cr->cr_ref == 1)
		return (cr);
	newcr = crdup(cr);
	crfree(cr);
	return (newcr);
}

int
groupmember(gid_t gid, struct ucred *cr)
{
	int i;

	if (cr->cr_gid == gid)
		return (1);
	for (i = 0; i < cr->cr_ngroups; i++)
		if (cr->cr_groups[i] == gid)
			return (1);
	return (0);
}

int
suser_ucred(struct ucred *cr)
{

	return (cr->cr_uid == 0 ? 0 : EPERM);
}

int
suser(struct proc *p, u_int flags)
{

	(void)flags;
	return (suser_ucred(p->p_ucred));
}
