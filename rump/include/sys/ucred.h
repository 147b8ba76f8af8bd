/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ucred.h: credentials, shared by reference.
 */
#ifndef _SYS_UCRED_H_
#define	_SYS_UCRED_H_

#include <sys/syslimits.h>

struct ucred {
	u_int cr_ref;
	uid_t cr_uid;
	gid_t cr_gid;
	short cr_ngroups;
	gid_t cr_groups[NGROUPS_MAX];
};
#define	NOCRED	((struct ucred *)-1)	/* no credential at hand */
#define	FSCRED	((struct ucred *)-2)	/* the file system's own */

struct proc;

#define	crhold(cr)	((cr)->cr_ref++)
struct ucred *crget(void);		/* zeroed, one reference */
struct ucred *crcopy(struct ucred *);	/* own copy; drops the reference */
struct ucred *crdup(struct ucred *);
void	crfree(struct ucred *);
int	groupmember(gid_t, struct ucred *);
int	suser_ucred(struct ucred *);		/* EPERM unless root */
int	suser(struct proc *, u_int);

#endif /* _SYS_UCRED_H_ */
