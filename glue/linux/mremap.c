/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mremap.c: mremap, which is the host's to do.
 */
#include "linux.h"
#include "mapfile.h"

/* Whether a program may have a range there. */
static int
linux_mremap_is_place(uint64_t addr, size_t len)
{

	return addr % LINUX_PAGE == 0 && addr >= HOST_VM_LOW &&
	    addr < HOST_VM_HIGH && len <= HOST_VM_HIGH - addr;
}

long
linux_sys_mremap(struct linux_call *lc)
{
	const size_t oldlen = LINUX_PAGE_UP(lc->lc_arg[1]);
	const size_t newlen = LINUX_PAGE_UP(lc->lc_arg[2]);
	const int flags = (int)lc->lc_arg[3];
	uintptr_t to = lc->lc_arg[4];
	int error, hostflags = 0;

	if (lc->lc_arg[0] % LINUX_PAGE != 0 || oldlen == 0 || newlen == 0 ||
	    lc->lc_arg[1] > HOST_VM_HIGH || lc->lc_arg[2] > HOST_VM_HIGH ||
	    (flags & ~(LINUX_MREMAP_MAYMOVE | LINUX_MREMAP_FIXED)) != 0 ||
	    flags == LINUX_MREMAP_FIXED)
		return -LINUX_EINVAL;
	if (!linux_mremap_is_place(lc->lc_arg[0], oldlen))
		return -LINUX_EFAULT;
	if (flags & LINUX_MREMAP_MAYMOVE)
		hostflags |= HOST_VM_MAYMOVE;
	if (flags & LINUX_MREMAP_FIXED) {
		if (!linux_mremap_is_place(to, newlen))
			return -LINUX_EINVAL;
		hostflags |= HOST_VM_FIXED;
	}
	error = host_vm_remap(lc->lc_arg[0], oldlen, newlen, hostflags, &to);
	linux_mapfile_sweep();
	return error != 0 ? -linux_errno(error) : (long)to;
}
