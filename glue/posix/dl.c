/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dl.c: nothing to find.  All components of a kernel are linked into the one
 * shared object, and the kernel walks its link sets by itself.
 */
#include "rumpuser_int.h"

void
rumpuser_dl_bootstrap(rump_modinit_fn modinit, rump_symload_fn symload,
    rump_compload_fn compload, rump_evcntattach_fn evcntattach)
{

	(void)modinit;
	(void)symload;
	(void)compload;
	(void)evcntattach;
}
