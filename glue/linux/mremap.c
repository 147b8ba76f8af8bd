/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mremap.c: mremap: in place where there is room, else by copying.
 *
 * The host does not say how a page is protected; the first page of the mapping is
 * asked, and the rest is taken to be like it.
 */
#include "linux.h"

static int
linux_mremap_prot(uintptr_t addr)
{
	static const int prots[] = {
		HOST_PROT_READ | HOST_PROT_WRITE, HOST_PROT_READ
	};
	size_t i;

	for (i = 0; i < LINUX_NELEM(prots); i++) {
		if (linux_user_check(addr, LINUX_PAGE, prots[i]) == 0)
			return prots[i];
	}
	return -1;
}

/* Copies a mapping to new memory at to, of newlen bytes, and drops the old. */
static long
linux_mremap_move(uintptr_t addr, size_t oldlen, size_t newlen, uintptr_t to,
    int hostflags, int prot)
{
	const size_t len = oldlen < newlen ? oldlen : newlen;
	int error;

	if (linux_user_check(addr, len, HOST_PROT_READ) != 0)
		return -LINUX_EFAULT;
	error = host_vm_map(&to, newlen, HOST_PROT_READ | HOST_PROT_WRITE,
	    hostflags);
	if (error != 0)
		return -linux_errno(error);
	if (linux_user_check(to, len, HOST_PROT_WRITE) != 0) {
		(void)host_vm_unmap(to, newlen);
		return -LINUX_ENOMEM;
	}
	memcpy((void *)to, (const void *)addr, len);
	error = host_vm_protect(to, newlen, prot);
	if (error == 0)
		error = host_vm_unmap(addr, oldlen);
	return error != 0 ? -linux_errno(error) : (long)to;
}

long
linux_sys_mremap(struct linux_call *lc)
{
	uintptr_t addr = lc->lc_arg[0], end;
	size_t oldlen = LINUX_PAGE_UP(lc->lc_arg[1]);
	size_t newlen = LINUX_PAGE_UP(lc->lc_arg[2]);
	const int flags = (int)lc->lc_arg[3];
	int prot;

	if (addr % LINUX_PAGE != 0 || oldlen == 0 || newlen == 0 ||
	    lc->lc_arg[1] > HOST_VM_HIGH || lc->lc_arg[2] > HOST_VM_HIGH ||
	    (flags & ~(LINUX_MREMAP_MAYMOVE | LINUX_MREMAP_FIXED)) != 0 ||
	    flags == LINUX_MREMAP_FIXED)
		return -LINUX_EINVAL;
	if ((prot = linux_mremap_prot(addr)) == -1)
		return -LINUX_EFAULT;
	if (flags & LINUX_MREMAP_FIXED) {
		if (lc->lc_arg[4] % LINUX_PAGE != 0 ||
		    lc->lc_arg[4] < HOST_VM_LOW ||
		    lc->lc_arg[4] >= HOST_VM_HIGH ||
		    newlen > HOST_VM_HIGH - lc->lc_arg[4] ||
		    (lc->lc_arg[4] < addr + oldlen &&
		    addr < lc->lc_arg[4] + newlen))
			return -LINUX_EINVAL;
		return linux_mremap_move(addr, oldlen, newlen, lc->lc_arg[4],
		    HOST_VM_FIXED, prot);
	}
	if (newlen <= oldlen) {
		if (newlen < oldlen)
			(void)host_vm_unmap(addr + newlen, oldlen - newlen);
		return (long)addr;
	}
	end = addr + oldlen;
	if (newlen - oldlen <= HOST_VM_HIGH - end &&
	    host_vm_map(&end, newlen - oldlen, prot,
	    HOST_VM_FIXED | HOST_VM_NOREPLACE) == 0)
		return (long)addr;
	if (!(flags & LINUX_MREMAP_MAYMOVE))
		return -LINUX_ENOMEM;
	return linux_mremap_move(addr, oldlen, newlen, 0, 0, prot);
}
