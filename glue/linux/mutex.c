/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mutex.c: locks of this layer.
 *
 * They are the host's, entered with the nowrap form: a system call runs outside
 * the kernel, where there is no virtual CPU to give up while waiting.  They are
 * never held across a rump_sys_*() call.
 */
#include "linux.h"

void
linux_mutex_init(struct rumpuser_mtx **mtx)
{

	rumpuser_mutex_init(mtx, RUMPUSER_MTX_SPIN);
}
