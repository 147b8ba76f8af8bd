/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * user.c: memory of the program, seen from a system call.
 *
 * Program and kernel share one address space and one privilege level, so a bad
 * pointer would be followed without a fault that could be told from a bug.
 * Hence every pointer passes here before it is used.
 */
#include "linux.h"

/* The whole range must lie in the program's part and be mapped with prot. */
int
linux_user_check(uint64_t addr, size_t len, int prot)
{

	if (len == 0)
		return 0;
	if (addr < HOST_VM_LOW || addr >= HOST_VM_HIGH ||
	    len > HOST_VM_HIGH - addr)
		return -LINUX_EFAULT;
	if (host_vm_access(addr, len, prot) != 0)
		return -LINUX_EFAULT;
	return 0;
}

int
linux_user_in(void *dst, uint64_t addr, size_t len)
{
	int error;

	error = linux_user_check(addr, len, HOST_PROT_READ);
	if (error == 0)
		memcpy(dst, (const void *)addr, len);
	return error;
}

int
linux_user_out(uint64_t addr, const void *src, size_t len)
{
	int error;

	error = linux_user_check(addr, len, HOST_PROT_WRITE);
	if (error == 0)
		memcpy((void *)addr, src, len);
	return error;
}

/*
 * The length of the string at addr, -EFAULT, or -ENAMETOOLONG if no NUL is among
 * its first max bytes.  Looks at no page beyond the one that holds the NUL.
 */
long
linux_user_string(uint64_t addr, size_t max)
{
	const char *s = (const char *)addr;
	size_t end, len;
	int error;

	for (len = 0; len < max;) {
		end = LINUX_PAGE_DOWN(addr + len) + LINUX_PAGE - addr;
		if (end > max)
			end = max;
		error = linux_user_check(addr + len, end - len,
		    HOST_PROT_READ);
		if (error != 0)
			return error;
		for (; len < end; len++) {
			if (s[len] == '\0')
				return (long)len;
		}
	}
	return -LINUX_ENAMETOOLONG;
}
