/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_syscalls_quota.c: __quotactl(): NetBSD's requests about quotas (quota(3)
 * of its manual), turned into those that drivers of the 4.4BSD line know.
 *
 * Such a driver knows limits of blocks and of files together; here one of the
 * two is asked for, or set and the other kept.  Requests that go through all
 * owners (cursors) and those that delete have no counterpart.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/syscall.h>
#include "vfs_private.h"

/* The drivers' requests: the command above the kind of owner. */
#define	DRIVER_CMD(cmd, type)	(((cmd) << 8) | (type))
#define	DRIVER_ON	0x0100
#define	DRIVER_OFF	0x0200
#define	DRIVER_GET	0x0300
#define	DRIVER_SET	0x0400

/* The drivers' limits: blocks of DEV_BSIZE, files; 0: none, else one more. */
struct driver_quota {
	uint32_t dq_bhard;
	uint32_t dq_bsoft;
	uint32_t dq_bnow;
	uint32_t dq_ihard;
	uint32_t dq_isoft;
	uint32_t dq_inow;
	time_t dq_btime;
	time_t dq_itime;
};

static int
driver_call(struct mount *mp, int cmd, int idtype, uint32_t id, void *arg)
{

	if (mp->mnt_op->vfs_quotactl == NULL)
		return (EOPNOTSUPP);
	return (mp->mnt_op->vfs_quotactl(mp, DRIVER_CMD(cmd, idtype), id, arg,
	    curproc));
}

static uint64_t
limit_out(uint32_t limit)
{

	return (limit == 0 ? RUMP_QUOTA_NOLIMIT : limit - 1);
}

static int
limit_in(uint64_t limit, uint32_t *to)
{

	if (limit == RUMP_QUOTA_NOLIMIT) {
		*to = 0;
		return (0);
	}
	if (limit >= UINT32_MAX)
		return (EINVAL);
	*to = (uint32_t)limit + 1;
	return (0);
}

static int
check_key(const struct rump_quotakey *key)
{

	if (key == NULL)
		return (EFAULT);
	return ((key->qk_idtype != RUMP_QUOTA_IDTYPE_USER &&
	    key->qk_idtype != RUMP_QUOTA_IDTYPE_GROUP) ||
	    (key->qk_objtype != RUMP_QUOTA_OBJTYPE_BLOCKS &&
	    key->qk_objtype != RUMP_QUOTA_OBJTYPE_FILES) ? EINVAL : 0);
}

static int
quota_get(struct mount *mp, const struct rump_quotakey *key,
    struct rump_quotaval *val)
{
	struct driver_quota dq;
	int error;

	if (val == NULL)
		return (EFAULT);
	if ((error = check_key(key)) != 0 || (error = driver_call(mp,
	    DRIVER_GET, key->qk_idtype, key->qk_id, &dq)) != 0)
		return (error);
	if (key->qk_objtype == RUMP_QUOTA_OBJTYPE_BLOCKS)
		*val = (struct rump_quotaval){ limit_out(dq.dq_bhard),
		    limit_out(dq.dq_bsoft), dq.dq_bnow, dq.dq_btime, 0 };
	else
		*val = (struct rump_quotaval){ limit_out(dq.dq_ihard),
		    limit_out(dq.dq_isoft), dq.dq_inow, dq.dq_itime, 0 };
	return (0);
}

static int
quota_put(struct mount *mp, const struct rump_quotakey *key,
    const struct rump_quotaval *val)
{
	struct driver_quota dq;
	uint32_t hard, soft;
	int error;

	if (val == NULL)
		return (EFAULT);
	if ((error = check_key(key)) != 0 ||
	    (error = limit_in(val->qv_hardlimit, &hard)) != 0 ||
	    (error = limit_in(val->qv_softlimit, &soft)) != 0 ||
	    (error = driver_call(mp, DRIVER_GET, key->qk_idtype, key->qk_id,
	    &dq)) != 0)
		return (error);
	if (key->qk_objtype == RUMP_QUOTA_OBJTYPE_BLOCKS) {
		dq.dq_bhard = hard;
		dq.dq_bsoft = soft;
	} else {
		dq.dq_ihard = hard;
		dq.dq_isoft = soft;
	}
	return (driver_call(mp, DRIVER_SET, key->qk_idtype, key->qk_id, &dq));
}

static int
quota_onoff(struct mount *mp, int cmd, int idtype, const char *file)
{

	if (idtype != RUMP_QUOTA_IDTYPE_USER &&
	    idtype != RUMP_QUOTA_IDTYPE_GROUP)
		return (EINVAL);
	return (driver_call(mp, cmd, idtype, 0, (void *)(uintptr_t)file));
}

static int
quota_request(struct mount *mp, const struct rump_quotactl_args *args)
{

	switch (args->qc_op) {
	case RUMP_QUOTACTL_GET:
		return (quota_get(mp, args->u.get.key, args->u.get.val));
	case RUMP_QUOTACTL_PUT:
		return (quota_put(mp, args->u.put.key, args->u.put.val));
	case RUMP_QUOTACTL_QUOTAON:
		return (quota_onoff(mp, DRIVER_ON, args->u.quotaon.idtype,
		    args->u.quotaon.quotafile));
	case RUMP_QUOTACTL_QUOTAOFF:
		return (quota_onoff(mp, DRIVER_OFF, args->u.quotaoff.idtype,
		    NULL));
	default:
		return (EOPNOTSUPP);
	}
}

/* The mount is kept while the request runs, but nothing in it is locked. */
static int
do_quotactl(const char *path, const struct rump_quotactl_args *args)
{
	struct vnode *vp;
	struct mount *mp;
	int error;

	if (args == NULL)
		return (EFAULT);
	if ((error = vfs_lookup_for(RUMP_AT_FDCWD, path, FOLLOW, &vp)) != 0)
		return (error);
	mp = vp->v_mount;
	VOP_UNLOCK(vp, 0, curproc);
	error = mp == NULL ? ENOENT : quota_request(mp, args);
	vrele(vp);
	return (error);
}

int
rump_sys___quotactl(const char *path, struct rump_quotactl_args *args)
{

	SYSCALL(do_quotactl(path, args));
}
