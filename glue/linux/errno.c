/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * errno.c: from a rump_sys_*() call's result to a handler's.
 */
#include "linux.h"
#include "errtrans.h"

int
linux_errno(int error)
{

	return rumpglue_errno_to_linux(error);
}

long
linux_result(long value)
{

	return value == -1 ? -linux_errno(rumpglue_errno()) : value;
}

/* Linux says EPERM where a file system has no links, devices or pipes. */
long
linux_result_name(long value)
{

	return value == -1 && rumpglue_errno() == RUMP_EOPNOTSUPP ?
	    -LINUX_EPERM : linux_result(value);
}
