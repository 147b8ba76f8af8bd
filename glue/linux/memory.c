/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory.c: mmap and its family, and brk, over the host's address space calls.
 * Files that are mapped are in mapfile.c.
 */
#include "linux.h"
#include "file.h"
#include "mapfile.h"

static struct rumpuser_mtx *linux_brk_lock;
static uintptr_t linux_brk_start, linux_brk_now;	/* under the lock */

void
linux_brk_init(uintptr_t end)
{

	linux_mutex_init(&linux_brk_lock);
	linux_brk_start = linux_brk_now = LINUX_PAGE_UP(end);
}

/*
 * Moves the end of the heap.  As on Linux the result is the end that holds
 * afterwards, whether or not it moved.
 */
long
linux_sys_brk(struct linux_call *lc)
{
	uintptr_t addr, new = lc->lc_arg[0], now, old;
	int error = 0;

	rumpuser_mutex_enter_nowrap(linux_brk_lock);
	if (new >= linux_brk_start && new < HOST_VM_HIGH) {
		now = LINUX_PAGE_UP(new);
		old = LINUX_PAGE_UP(linux_brk_now);
		addr = old;
		if (now > old)
			error = host_vm_map(&addr, now - old,
			    HOST_PROT_READ | HOST_PROT_WRITE,
			    HOST_VM_FIXED | HOST_VM_NOREPLACE);
		else if (now < old)
			error = host_vm_unmap(now, old - now);
		if (error == 0)
			linux_brk_now = new;
	}
	now = linux_brk_now;
	rumpuser_mutex_exit(linux_brk_lock);
	return (long)now;
}

/* Whether [addr, addr + len) is a range of pages that a program may have. */
static int
linux_range_ok(uint64_t addr, size_t len)
{

	return addr % LINUX_PAGE == 0 && addr >= HOST_VM_LOW &&
	    addr < HOST_VM_HIGH && len <= HOST_VM_HIGH - addr;
}

/* The flags and the descriptor of a mapping; *fp is NULL for anonymous memory. */
static int
linux_mmap_check(const struct linux_call *lc, struct linux_file **fp)
{
	const int flags = (int)lc->lc_arg[3];
	const int type = flags & LINUX_MAP_TYPE;
	struct linux_file *f;

	*fp = NULL;
	if (type < LINUX_MAP_SHARED || type > LINUX_MAP_TYPE_LAST ||
	    (lc->lc_arg[5] % LINUX_PAGE) != 0 || (int64_t)lc->lc_arg[5] < 0)
		return -LINUX_EINVAL;
	if (flags & LINUX_MAP_ANONYMOUS)
		return 0;
	if ((f = linux_file_get((int)lc->lc_arg[4])) == NULL)
		return -LINUX_EBADF;
	*fp = f;
	if (f->f_flags & LINUX_O_PATH)
		return -LINUX_EBADF;
	if ((f->f_flags & LINUX_O_ACCMODE) == 1 ||
	    (type != LINUX_MAP_PRIVATE && (lc->lc_arg[2] & LINUX_PROT_WRITE) &&
	    (f->f_flags & LINUX_O_ACCMODE) != 2))
		return -LINUX_EACCES;
	if (!f->f_regular)
		return -LINUX_ENODEV;
	if (lc->lc_arg[5] > (uint64_t)INT64_MAX - lc->lc_arg[1])
		return -LINUX_EOVERFLOW;
	return 0;
}

long
linux_sys_mmap(struct linux_call *lc)
{
	uintptr_t addr = lc->lc_arg[0];
	const int prot = (int)lc->lc_arg[2] & 7, flags = (int)lc->lc_arg[3];
	struct linux_file *f;
	int error, hostflags = 0;
	size_t len;

	if (lc->lc_arg[1] == 0 || lc->lc_arg[1] > HOST_VM_HIGH)
		return lc->lc_arg[1] == 0 ? -LINUX_EINVAL : -LINUX_ENOMEM;
	len = LINUX_PAGE_UP(lc->lc_arg[1]);
	if (flags & (LINUX_MAP_FIXED | LINUX_MAP_FIXED_NOREPLACE)) {
		if (addr % LINUX_PAGE != 0)
			return -LINUX_EINVAL;
		if (!linux_range_ok(addr, len))
			return -LINUX_ENOMEM;
		hostflags = HOST_VM_FIXED;
		if (flags & LINUX_MAP_FIXED_NOREPLACE)
			hostflags |= HOST_VM_NOREPLACE;
	} else if (!linux_range_ok(addr = LINUX_PAGE_UP(addr), len))
		addr = 0;
	error = linux_mmap_check(lc, &f);
	if ((flags & LINUX_MAP_TYPE) != LINUX_MAP_PRIVATE)
		hostflags |= HOST_VM_SHARED;
	if (error == 0 && f != NULL)
		error = linux_mapfile_map(f, &addr, len, prot, hostflags,
		    lc->lc_arg[5]);
	else if (error == 0)
		error = -linux_errno(host_vm_map(&addr, len, prot,
		    hostflags));
	if (f != NULL)
		linux_file_put(f);
	linux_mapfile_sweep();
	if (error != 0)
		return error;
	if (flags & LINUX_MAP_POPULATE)
		(void)linux_user_check(addr, len, prot & LINUX_PROT_READ);
	return (long)addr;
}

/* A range from a program: EINVAL, or its length in whole pages. */
static int
linux_range_in(const struct linux_call *lc, size_t *len)
{

	if (lc->lc_arg[0] % LINUX_PAGE != 0 || lc->lc_arg[1] > HOST_VM_HIGH)
		return -LINUX_EINVAL;
	*len = LINUX_PAGE_UP(lc->lc_arg[1]);
	return 0;
}

long
linux_sys_munmap(struct linux_call *lc)
{
	size_t len;
	int error;

	if (linux_range_in(lc, &len) != 0 || len == 0 ||
	    !linux_range_ok(lc->lc_arg[0], len))
		return -LINUX_EINVAL;
	error = host_vm_unmap(lc->lc_arg[0], len);
	linux_mapfile_sweep();
	return -linux_errno(error);
}

long
linux_sys_mprotect(struct linux_call *lc)
{
	size_t len;

	if (linux_range_in(lc, &len) != 0 || (lc->lc_arg[2] & ~7UL) != 0)
		return -LINUX_EINVAL;
	if (len == 0)
		return 0;
	if (!linux_range_ok(lc->lc_arg[0], len))
		return -LINUX_ENOMEM;
	return -linux_errno(host_vm_protect(lc->lc_arg[0], len,
	    (int)lc->lc_arg[2]));
}

/* DONTNEED empties the memory; the other kinds are hints. */
long
linux_sys_madvise(struct linux_call *lc)
{
	size_t len;

	if (linux_range_in(lc, &len) != 0)
		return -LINUX_EINVAL;
	if (len == 0)
		return 0;
	if (!linux_range_ok(lc->lc_arg[0], len))
		return -LINUX_ENOMEM;
	if ((int)lc->lc_arg[2] != LINUX_MADV_DONTNEED)
		return 0;
	return -linux_errno(host_vm_discard(lc->lc_arg[0], len));
}

/*
 * Writes files back that the range shows.  Without SYNC there is nothing to do:
 * every other look at such a file sees the same pages.
 */
long
linux_sys_msync(struct linux_call *lc)
{
	const int flags = (int)lc->lc_arg[2];
	const int both = LINUX_MS_ASYNC | LINUX_MS_SYNC;
	size_t len;

	if (linux_range_in(lc, &len) != 0 || (flags & both) == both ||
	    (flags & ~(both | LINUX_MS_INVALIDATE)) != 0)
		return -LINUX_EINVAL;
	if (len == 0)
		return 0;
	if (!linux_range_ok(lc->lc_arg[0], len) ||
	    !host_vm_mapped(lc->lc_arg[0], len))
		return -LINUX_ENOMEM;
	if ((flags & LINUX_MS_SYNC) == 0)
		return 0;
	return linux_mapfile_clean_range(lc->lc_arg[0], len);
}
