/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_kern_lwp.c: lwps and processes: whose descriptors, credentials and folders
 * a thread works with, and what ends with it.
 */
#include "h_kern.h"

#include <pthread.h>

static void
processes(void)
{
	int32_t first = rump_sys_getpid();
	struct lwp *mine = rump_pub_lwproc_curlwp();
	struct lwp *other;
	struct rump_stat st;
	int fd;

	CHECK_EQUAL(first, 1);
	CHECK(mine != NULL);
	CHECK_EQUAL(rump_pub_lwproc_rfork(0x4), RUMP_EINVAL);
	CHECK_EQUAL(rump_pub_lwproc_rfork(RUMP_RFFDG | RUMP_RFCFDG),
	    RUMP_EINVAL);
	h_file("/f", "text");
	fd = h_open("/f", RUMP_O_RDONLY);
	/* A copy of the descriptors: the place in the file is one. */
	CHECK_EQUAL(rump_pub_lwproc_rfork(RUMP_RFFDG), 0);
	CHECK(rump_sys_getpid() != first);
	CHECK_EQUAL(rump_sys_getppid(), first);
	CHECK_EQUAL(rump_sys_lseek(fd, 2, RUMP_SEEK_SET), 2);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_chdir("/dev"));
	other = rump_pub_lwproc_curlwp();
	rump_pub_lwproc_switch(mine);
	CHECK_EQUAL(rump_sys_getpid(), first);
	CHECK_EQUAL(rump_sys_lseek(fd, 0, RUMP_SEEK_CUR), 2);
	CHECK_FAILS(rump_sys_stat("null", &st), RUMP_ENOENT);
	rump_pub_lwproc_switch(other);
	CHECK_OK(rump_sys_stat("null", &st));
	rump_pub_lwproc_releaselwp();
	CHECK(rump_pub_lwproc_curlwp() == NULL);
	rump_pub_lwproc_switch(mine);
	/* None at all, and the same table for both. */
	CHECK_EQUAL(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	CHECK_FAILS(rump_sys_fstat(fd, &st), RUMP_EBADF);
	rump_pub_lwproc_releaselwp();
	rump_pub_lwproc_switch(mine);
	CHECK_EQUAL(rump_pub_lwproc_rfork(0), 0);
	CHECK_OK(rump_sys_close(fd));
	rump_pub_lwproc_releaselwp();
	rump_pub_lwproc_switch(mine);
	CHECK_FAILS(rump_sys_fstat(fd, &st), RUMP_EBADF);
	CHECK_EQUAL(rump_pub_lwproc_newlwp(12345), RUMP_ESRCH);
	CHECK(rump_pub_lwproc_curlwp() == mine);
}

/* What a process had open is closed with its last lwp. */
static void
ends_with_its_process(void)
{
	struct lwp *mine = rump_pub_lwproc_curlwp();
	struct lwp *first, *second;
	int32_t pid;

	h_mount_iso("/mnt");
	CHECK_EQUAL(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	pid = rump_sys_getpid();
	(void)h_open("/mnt/hello.txt", RUMP_O_RDONLY);
	CHECK_OK(rump_sys_chdir("/mnt/many"));
	first = rump_pub_lwproc_curlwp();
	CHECK_EQUAL(rump_pub_lwproc_newlwp(pid), 0);
	second = rump_pub_lwproc_curlwp();
	CHECK(first != second);
	CHECK_EQUAL(rump_sys_getpid(), pid);
	rump_pub_lwproc_releaselwp();
	CHECK_FAILS(rump_sys_unmount("/mnt", 0), RUMP_EBUSY);
	rump_pub_lwproc_switch(first);
	rump_pub_lwproc_releaselwp();
	CHECK_EQUAL(rump_pub_lwproc_newlwp(pid), RUMP_ESRCH);
	rump_pub_lwproc_switch(mine);
	CHECK_OK(rump_sys_unmount("/mnt", 0));
}

static void *
without_an_lwp(void *arg)
{
	struct rump_stat st;

	/* A borrowed lwp lasts for one call, and belongs to process 1. */
	if (rump_pub_lwproc_curlwp() != NULL || rump_sys_getpid() != 1 ||
	    rump_sys_stat("/", &st) != 0 || rump_pub_lwproc_curlwp() != NULL)
		return NULL;
	rump_pub_lwproc_switch(NULL);
	rump_pub_lwproc_releaselwp();
	if (rump_pub_lwproc_newlwp(1) != 0 || rump_pub_lwproc_curlwp() == NULL)
		return NULL;
	rump_pub_lwproc_switch(NULL);
	if (rump_pub_lwproc_curlwp() != NULL)
		return NULL;
	return arg;
}

static void
borrowed_lwps(void)
{
	pthread_t thread;
	void *result;
	int i;

	for (i = 0; i < 20; i++) {
		if (pthread_create(&thread, NULL, without_an_lwp, &i) != 0)
			abort();
		pthread_join(thread, &result);
		CHECK(result == &i);
	}
}

/* All lwps of a process see its credentials; other processes do not. */
static void
credentials(void)
{
	struct lwp *mine = rump_pub_lwproc_curlwp();
	struct lwp *first;

	CHECK_EQUAL(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	first = rump_pub_lwproc_curlwp();
	CHECK_EQUAL(rump_pub_lwproc_newlwp(rump_sys_getpid()), 0);
	CHECK_OK(rump_sys_setgid(7));
	CHECK_OK(rump_sys_setuid(1000));
	CHECK_FAILS(rump_sys_setuid(0), RUMP_EPERM);
	CHECK_FAILS(rump_sys_seteuid(0), RUMP_EPERM);
	rump_pub_lwproc_releaselwp();
	rump_pub_lwproc_switch(first);
	CHECK_EQUAL(rump_sys_geteuid(), 1000);
	CHECK_EQUAL(rump_sys_getuid(), 1000);
	CHECK_EQUAL(rump_sys_getgid(), 7);
	rump_pub_lwproc_releaselwp();
	rump_pub_lwproc_switch(mine);
	CHECK_EQUAL(rump_sys_geteuid(), 0);
	CHECK_EQUAL(rump_sys_umask(0), 022);
	CHECK_EQUAL(rump_sys_umask(022), 0);
}

static const struct tap_case cases[] = {
	{ "processes and their descriptors", processes },
	{ "what ends with a process", ends_with_its_process },
	{ "threads without an lwp", borrowed_lwps },
	{ "credentials", credentials },
};

RUN_KERNEL(cases)
