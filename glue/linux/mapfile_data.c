/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mapfile_data.c: the pages of a mapped file and the file itself kept the same:
 * what calls do to the file is done to its pages, and what the program did to its
 * pages is written to the file.  The caller has entered the mapped file.
 */
#include "linux.h"
#include "file.h"
#include "mapfile.h"

int64_t
linux_mapfile_size(struct linux_mapfile *mf)
{
	struct rump_stat st;

	if (rump_sys_fstat(mf->mf_readfd, &st) == -1)
		return linux_result(-1);
	return st.st_size;
}

static char *
linux_mapfile_at(struct linux_mapfile *mf, uint64_t off)
{
	char *page;

	page = host_vm_object_page(mf->mf_object, LINUX_PAGE_DOWN(off));
	return page == NULL ? NULL : page + off % LINUX_PAGE;
}

void
linux_mapfile_was_read(struct linux_mapfile *mf, void *buf, size_t len,
    uint64_t off)
{
	const uint64_t start = off, end = off + len;
	size_t n;
	char *p;

	for (; off < end; off += n) {
		n = LINUX_PAGE - off % LINUX_PAGE;
		if (n > end - off)
			n = end - off;
		if ((p = linux_mapfile_at(mf, off)) != NULL)
			memmove((char *)buf + (off - start), p, n);
	}
}

/* What is between the old end of a file and a later one reads as zero. */
static void
linux_mapfile_clear_tail(struct linux_mapfile *mf, uint64_t size)
{
	char *p;

	if (size % LINUX_PAGE != 0 && (p = linux_mapfile_at(mf, size)) != NULL)
		memset(p, 0, LINUX_PAGE - size % LINUX_PAGE);
}

void
linux_mapfile_was_written(struct linux_mapfile *mf, const void *buf,
    size_t len, uint64_t off, uint64_t oldsize)
{
	const uint64_t start = off, end = off + len;
	size_t n;
	char *p;

	if (end > oldsize)
		linux_mapfile_clear_tail(mf, oldsize);
	for (; off < end; off += n) {
		n = LINUX_PAGE - off % LINUX_PAGE;
		if (n > end - off)
			n = end - off;
		if ((p = linux_mapfile_at(mf, off)) != NULL)
			memmove(p, (const char *)buf + (off - start), n);
	}
}

void
linux_mapfile_was_resized(struct linux_mapfile *mf, uint64_t oldsize,
    uint64_t size)
{

	linux_mapfile_clear_tail(mf, size < oldsize ? size : oldsize);
	if (size < oldsize)
		host_vm_object_shrink(mf->mf_object, LINUX_PAGE_UP(size));
}

/*
 * Writes one page; what lies behind the end of the file is not the file's.  The
 * descriptor may append, which has to rest meanwhile.
 */
static int
linux_mapfile_write_page(struct linux_mapfile *mf, uint64_t offset,
    const void *page, uint64_t size)
{
	const size_t len = size - offset < LINUX_PAGE ? size - offset :
	    LINUX_PAGE;
	long n;

	n = linux_result(rump_sys_pwrite(mf->mf_writefd, page, len,
	    (int64_t)offset));
	if (n == (long)len)
		return 0;
	return n < 0 ? (int)n : -LINUX_EIO;
}

static int
linux_mapfile_clean_pages(struct linux_mapfile *mf)
{
	const int64_t size = linux_mapfile_size(mf);
	uint64_t offset = 0;
	int error = 0;
	void *page;

	if (size < 0)
		return (int)size;
	for (; error == 0 && offset < (uint64_t)size; offset += LINUX_PAGE) {
		page = host_vm_object_next_written(mf->mf_object, &offset);
		if (page == NULL)
			break;
		if (offset < (uint64_t)size)
			error = linux_mapfile_write_page(mf, offset, page,
			    (uint64_t)size);
		if (error != 0)
			host_vm_object_written(mf->mf_object, offset);
	}
	return error;
}

int
linux_mapfile_clean(struct linux_mapfile *mf)
{
	int error, flags;

	if (mf->mf_writefd == -1)
		return 0;
	host_vm_object_collect(mf->mf_object);
	flags = rump_sys_fcntl(mf->mf_writefd, RUMP_F_GETFL, NULL);
	if (flags != -1 && (flags & RUMP_O_APPEND))
		(void)rump_sys_fcntl(mf->mf_writefd, RUMP_F_SETFL,
		    (void *)(intptr_t)(flags & ~RUMP_O_APPEND));
	error = linux_mapfile_clean_pages(mf);
	if (flags != -1 && (flags & RUMP_O_APPEND))
		(void)rump_sys_fcntl(mf->mf_writefd, RUMP_F_SETFL,
		    (void *)(intptr_t)flags);
	return error;
}

int
linux_mapfile_clean_range(uintptr_t addr, size_t len)
{
	struct linux_mapfile *mf = NULL;
	int error = 0, failed;

	while ((mf = linux_mapfile_following(mf)) != NULL) {
		if (mf->mf_writefd == -1 ||
		    !host_vm_object_shown(mf->mf_object, addr, len))
			continue;
		failed = linux_mapfile_clean(mf);
		if (failed == 0)
			failed = (int)linux_result(
			    rump_sys_fsync(mf->mf_writefd));
		if (error == 0)
			error = failed;
	}
	return error;
}

void
linux_mapfile_clean_all(void)
{
	struct linux_mapfile *mf = NULL;

	while ((mf = linux_mapfile_following(mf)) != NULL)
		(void)linux_mapfile_clean(mf);
}
