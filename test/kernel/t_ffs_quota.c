/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_ffs_quota.c: FFS: quotas through __quotactl(): on, limits, off.
 */
#include "h_ffs.h"

#define	USER	1000
#define	HARD	(64 * 1024 / 512)	/* blocks */

static int
request(uint32_t op, int objtype, struct rump_quotaval *val)
{
	struct rump_quotakey key = { RUMP_QUOTA_IDTYPE_USER, USER, objtype };
	struct rump_quotactl_args args = { .qc_op = op };

	if (op == RUMP_QUOTACTL_GET) {
		args.u.get.key = &key;
		args.u.get.val = val;
	} else if (op == RUMP_QUOTACTL_PUT) {
		args.u.put.key = &key;
		args.u.put.val = val;
	} else if (op == RUMP_QUOTACTL_QUOTAON) {
		args.u.quotaon.idtype = RUMP_QUOTA_IDTYPE_USER;
		args.u.quotaon.quotafile = "/ffs/quota.user";
	}
	return rump_sys___quotactl("/ffs", &args);
}

static void
limits_of_a_user(void)
{
	static char buf[8192];
	struct rump_quotaval val = { .qv_hardlimit = HARD,
	    .qv_softlimit = RUMP_QUOTA_NOLIMIT };
	struct rump_quotactl_args none = { .qc_op = 99 };
	int64_t written = 0;
	ssize_t n;
	int fd;

	h_ffs_mount("/ffs", 0);
	CHECK_OK(rump_sys_mkdir("/ffs/home", 0755));
	CHECK_OK(rump_sys_chown("/ffs/home", USER, 0));
	CHECK_FAILS(rump_sys___quotactl("/ffs", NULL), RUMP_EFAULT);
	CHECK_FAILS(rump_sys___quotactl("/ffs", &none), RUMP_EOPNOTSUPP);
	CHECK_FAILS(request(RUMP_QUOTACTL_QUOTAON, 0, NULL), RUMP_ENOENT);
	h_file("/ffs/quota.user", "");
	CHECK_OK(request(RUMP_QUOTACTL_QUOTAON, 0, NULL));
	CHECK_OK(request(RUMP_QUOTACTL_PUT, RUMP_QUOTA_OBJTYPE_BLOCKS, &val));
	CHECK_FAILS(request(RUMP_QUOTACTL_PUT, 7, &val), RUMP_EINVAL);
	CHECK_FAILS(request(RUMP_QUOTACTL_GET, 0, NULL), RUMP_EFAULT);
	h_user(USER);
	CHECK_FAILS(request(RUMP_QUOTACTL_PUT, RUMP_QUOTA_OBJTYPE_BLOCKS,
	    &val), RUMP_EPERM);
	fd = h_open("/ffs/home/f", RUMP_O_WRONLY | RUMP_O_CREAT);
	while ((n = rump_sys_write(fd, buf, sizeof(buf))) > 0)
		written += n;
	CHECK_EQUAL(n, -1);
	CHECK_EQUAL(rumpglue_errno(), RUMP_EDQUOT);
	CHECK(written > 0 && written <= HARD * 512);
	CHECK_OK(rump_sys_close(fd));
	h_root();
	CHECK_OK(request(RUMP_QUOTACTL_GET, RUMP_QUOTA_OBJTYPE_BLOCKS, &val));
	CHECK_EQUAL(val.qv_hardlimit, HARD);
	CHECK(val.qv_softlimit == RUMP_QUOTA_NOLIMIT);
	CHECK(val.qv_usage > 0 && val.qv_usage <= HARD);
	CHECK_OK(request(RUMP_QUOTACTL_GET, RUMP_QUOTA_OBJTYPE_FILES, &val));
	CHECK_EQUAL(val.qv_usage, 1);
	/* Two more files at most. */
	val.qv_hardlimit = 3;
	CHECK_OK(request(RUMP_QUOTACTL_PUT, RUMP_QUOTA_OBJTYPE_FILES, &val));
	h_user(USER);
	CHECK_OK(rump_sys_mkfifo("/ffs/home/1", 0644));
	CHECK_OK(rump_sys_mkfifo("/ffs/home/2", 0644));
	CHECK_FAILS(rump_sys_mkfifo("/ffs/home/3", 0644), RUMP_EDQUOT);
	CHECK_OK(rump_sys_unlink("/ffs/home/1"));
	CHECK_OK(rump_sys_mkfifo("/ffs/home/3", 0644));
	h_root();
	{
		struct rump_quotactl_args off = { .qc_op =
		    RUMP_QUOTACTL_QUOTAOFF };

		CHECK_OK(rump_sys___quotactl("/ffs", &off));
	}
	h_user(USER);
	CHECK_OK(rump_sys_mkfifo("/ffs/home/4", 0644));
	h_root();
	/* A file system without quotas says so. */
	CHECK_FAILS(rump_sys___quotactl("/", &(struct rump_quotactl_args){
	    .qc_op = RUMP_QUOTACTL_QUOTAOFF }), RUMP_EOPNOTSUPP);
	CHECK_OK(rump_sys_unmount("/ffs", 0));
}

static const struct tap_case cases[] = {
	{ "a user's blocks and files are limited", limits_of_a_user },
};

RUN_KERNEL(cases)
