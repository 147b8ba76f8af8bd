/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory.c: mmap and its family, and brk, over the host's address space calls.
 *
 * A file is mapped by reading it into memory of the program: private mappings and
 * shared ones that are only read look the same.  Shared writable mappings of files
 * are refused (ENODEV), since nothing would write them back.
 */
#include "linux.h"
#include "file.h"

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

/* Fills fresh memory from a file; what is beyond the file's end stays zero. */
static int
linux_mmap_fill(struct linux_file *f, uintptr_t addr, size_t len, int64_t off)
{
	size_t chunk, done;
	long n;

	for (done = 0; done < len; done += (size_t)n) {
		chunk = len - done < 1024 * 1024 ? len - done : 1024 * 1024;
		if (linux_user_check(addr + done, chunk, HOST_PROT_WRITE) != 0)
			return -LINUX_ENOMEM;
		n = f->f_ops->fo_read(f, (void *)(addr + done), chunk,
		    off + (int64_t)done);
		if (n < 0)
			return (int)n;
		if (n == 0)
			break;
	}
	return 0;
}

/* The length of the part of a mapping that the file covers. */
static int
linux_mmap_covered(struct linux_file *f, size_t len, int64_t off,
    size_t *covered)
{
	struct rump_stat st;
	int error;

	error = f->f_ops->fo_stat(f, &st);
	if (error != 0)
		return error;
	*covered = 0;
	if (off < st.st_size)
		*covered = (uint64_t)(st.st_size - off) < len ?
		    (size_t)(st.st_size - off) : len;
	return 0;
}

static int
linux_mmap_file(struct linux_file *f, uintptr_t *addr, size_t len, int prot,
    int flags, int64_t off)
{
	size_t covered;
	int error;

	error = linux_mmap_covered(f, len, off, &covered);
	if (error != 0)
		return error;
	error = host_vm_map(addr, len, HOST_PROT_READ | HOST_PROT_WRITE,
	    flags);
	if (error != 0)
		return -linux_errno(error);
	error = linux_mmap_fill(f, *addr, covered, off);
	if (error == 0)
		error = -linux_errno(host_vm_protect(*addr, len, prot));
	if (error != 0)
		(void)host_vm_unmap(*addr, len);
	return error;
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
	if (f->f_rumpfd == -1 || f->f_dir != NULL)
		return -LINUX_ENODEV;
	if ((f->f_flags & LINUX_O_ACCMODE) == 1)
		return -LINUX_EACCES;
	if (type != LINUX_MAP_PRIVATE && (lc->lc_arg[2] & LINUX_PROT_WRITE))
		return -LINUX_ENODEV;
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
	if (error == 0 && f != NULL)
		error = linux_mmap_file(f, &addr, len, prot, hostflags,
		    (int64_t)lc->lc_arg[5]);
	else if (error == 0)
		error = -linux_errno(host_vm_map(&addr, len, prot,
		    hostflags));
	if (f != NULL)
		linux_file_put(f);
	return error != 0 ? error : (long)addr;
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

	if (linux_range_in(lc, &len) != 0 || len == 0 ||
	    !linux_range_ok(lc->lc_arg[0], len))
		return -LINUX_EINVAL;
	return -linux_errno(host_vm_unmap(lc->lc_arg[0], len));
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
