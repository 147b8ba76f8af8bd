/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mapfile.c: files that the program has mapped: one set of pages for each file, in
 * an object of the host's, whatever descriptors and ranges show it.
 *
 * A page comes from the file at the first touch.  From then on it is at least as
 * new as the file: what write(2) puts into the file goes into the page as well, and
 * what read(2) gets is taken from the page.  A page that the program wrote to goes
 * back to the file on msync, fsync, sync, when the last mapping goes, and at the end
 * of the program.  Pages are not taken back before that: a program that touches
 * more of a file than there is memory runs out of it.
 */
#include "linux.h"
#include "file.h"
#include "mapfile.h"

#define	LINUX_FILL_MAX	16		/* pages read at once */

static struct rumpuser_mtx *linux_mapfiles_lock;
static struct linux_mapfile *linux_mapfiles;

void
linux_mapfile_init(void)
{

	linux_mutex_init(&linux_mapfiles_lock);
}

/* Waits until nobody else is in it.  The list's lock is held. */
static void
linux_mapfile_take(struct linux_mapfile *mf)
{

	mf->mf_refs++;
	while (mf->mf_busy)
		rumpuser_cv_wait_nowrap(mf->mf_cv, linux_mapfiles_lock);
	mf->mf_busy = 1;
}

void
linux_mapfile_leave(struct linux_mapfile *mf)
{

	rumpuser_mutex_enter_nowrap(linux_mapfiles_lock);
	mf->mf_refs--;
	mf->mf_busy = 0;
	rumpuser_cv_signal(mf->mf_cv);
	rumpuser_mutex_exit(linux_mapfiles_lock);
}

/* The list's lock is held. */
static struct linux_mapfile *
linux_mapfile_find(uint64_t dev, uint64_t ino)
{
	struct linux_mapfile *mf;

	for (mf = linux_mapfiles; mf != NULL; mf = mf->mf_next) {
		if (mf->mf_dev == dev && mf->mf_ino == ino)
			break;
	}
	return mf;
}

struct linux_mapfile *
linux_mapfile_enter_id(uint64_t dev, uint64_t ino)
{
	struct linux_mapfile *mf;

	if (linux_mapfiles == NULL)
		return NULL;
	rumpuser_mutex_enter_nowrap(linux_mapfiles_lock);
	mf = linux_mapfile_find(dev, ino);
	if (mf != NULL)
		linux_mapfile_take(mf);
	rumpuser_mutex_exit(linux_mapfiles_lock);
	return mf;
}

struct linux_mapfile *
linux_mapfile_enter(const struct linux_file *f)
{

	return f->f_regular ? linux_mapfile_enter_id(f->f_dev, f->f_ino) :
	    NULL;
}

/*
 * New pages for the missing one and those behind it that are missing too, within
 * the file; how many, or 0 and why.
 */
static int
linux_mapfile_want(struct linux_mapfile *mf, uint64_t offset, void **pages,
    int *error)
{
	const int64_t size = linux_mapfile_size(mf);
	int n;

	*error = RUMP_EFAULT;
	for (n = 0; n < LINUX_FILL_MAX && size >= 0 &&
	    offset < (uint64_t)size; n++, offset += LINUX_PAGE) {
		if (host_vm_object_page(mf->mf_object, offset) != NULL)
			break;
		*error = RUMP_ENOMEM;
		if ((pages[n] = host_page_alloc()) == NULL)
			break;
	}
	return n;
}

/* Reads pages from offset on, which the file has in part at least. */
static int
linux_mapfile_read_pages(struct linux_mapfile *mf, uint64_t offset,
    void **pages, int npages)
{
	struct rump_iovec iov[LINUX_FILL_MAX];
	int i;

	for (i = 0; i < npages; i++)
		iov[i] = (struct rump_iovec){ pages[i], LINUX_PAGE };
	return rump_sys_preadv(mf->mf_readfd, iov, npages,
	    (int64_t)offset) == -1 ? rumpglue_errno() : 0;
}

/* Reads the missing page, and those behind it that are missing as well. */
static int
linux_mapfile_bring(struct linux_mapfile *mf, uint64_t offset)
{
	void *pages[LINUX_FILL_MAX];
	int error, i, n;

	n = linux_mapfile_want(mf, offset, pages, &error);
	if (n == 0)
		return error;
	error = linux_mapfile_read_pages(mf, offset, pages, n);
	for (i = 0; i < n; i++, offset += LINUX_PAGE) {
		if (error == 0)
			error = host_vm_object_enter(mf->mf_object, offset,
			    pages[i]);
		if (error != 0)
			host_page_free(pages[i]);
	}
	return error;
}

/* The host asks for a page: see host.h. */
static int
linux_mapfile_fill(void *arg, uint64_t offset)
{
	struct linux_mapfile *mf = arg;
	int error = 0;

	rumpuser_mutex_enter_nowrap(linux_mapfiles_lock);
	linux_mapfile_take(mf);
	rumpuser_mutex_exit(linux_mapfiles_lock);
	if (host_vm_object_page(mf->mf_object, offset) == NULL)
		error = linux_mapfile_bring(mf, offset);
	linux_mapfile_leave(mf);
	return error;
}

/* A new one for an open file, not yet in the list. */
static struct linux_mapfile *
linux_mapfile_create(const struct linux_file *f)
{
	struct linux_mapfile *mf;
	void *mem;

	if (rumpuser_malloc(sizeof(*mf), 0, &mem) != 0)
		return NULL;
	mf = mem;
	memset(mf, 0, sizeof(*mf));
	mf->mf_dev = f->f_dev;
	mf->mf_ino = f->f_ino;
	mf->mf_writefd = -1;
	mf->mf_readfd = rump_sys_dup(f->f_rumpfd);
	if (mf->mf_readfd == -1 || host_vm_object_create(linux_mapfile_fill,
	    mf, &mf->mf_object) != 0) {
		if (mf->mf_readfd != -1)
			(void)rump_sys_close(mf->mf_readfd);
		rumpuser_free(mf, sizeof(*mf));
		return NULL;
	}
	rumpuser_cv_init(&mf->mf_cv);
	return mf;
}

static void
linux_mapfile_destroy(struct linux_mapfile *mf)
{

	host_vm_object_destroy(mf->mf_object);
	(void)rump_sys_close(mf->mf_readfd);
	if (mf->mf_writefd != -1)
		(void)rump_sys_close(mf->mf_writefd);
	rumpuser_cv_destroy(mf->mf_cv);
	rumpuser_free(mf, sizeof(*mf));
}

/* The one of an open file, entered; made if there is none.  NULL: no memory. */
static struct linux_mapfile *
linux_mapfile_make(const struct linux_file *f)
{
	struct linux_mapfile *mf, *new;

	if ((mf = linux_mapfile_enter(f)) != NULL ||
	    (new = linux_mapfile_create(f)) == NULL)
		return mf;
	rumpuser_mutex_enter_nowrap(linux_mapfiles_lock);
	mf = linux_mapfile_find(f->f_dev, f->f_ino);
	if (mf == NULL) {
		mf = new;
		new = NULL;
		mf->mf_next = linux_mapfiles;
		linux_mapfiles = mf;
	}
	linux_mapfile_take(mf);
	rumpuser_mutex_exit(linux_mapfiles_lock);
	if (new != NULL)
		linux_mapfile_destroy(new);
	return mf;
}

int
linux_mapfile_map(struct linux_file *f, uintptr_t *addr, size_t len, int prot,
    int hostflags, uint64_t off)
{
	const int iswritable = (f->f_flags & LINUX_O_ACCMODE) == 2;
	struct linux_mapfile *mf;
	int error;

	if ((mf = linux_mapfile_make(f)) == NULL)
		return -LINUX_ENOMEM;
	if ((hostflags & HOST_VM_SHARED) && !iswritable)
		hostflags |= HOST_VM_NOWRITE;
	if ((hostflags & HOST_VM_SHARED) && iswritable &&
	    mf->mf_writefd == -1) {
		mf->mf_writefd = rump_sys_dup(f->f_rumpfd);
		if (mf->mf_writefd == -1) {
			error = (int)linux_result(-1);
			linux_mapfile_leave(mf);
			return error;
		}
	}
	error = host_vm_map_object(addr, len, prot, hostflags, mf->mf_object,
	    off);
	linux_mapfile_leave(mf);
	return -linux_errno(error);
}

/* One that nobody maps or uses, entered; or NULL. */
static struct linux_mapfile *
linux_mapfile_idle(void)
{
	struct linux_mapfile *mf;

	rumpuser_mutex_enter_nowrap(linux_mapfiles_lock);
	for (mf = linux_mapfiles; mf != NULL; mf = mf->mf_next) {
		if (mf->mf_refs == 0 &&
		    host_vm_object_users(mf->mf_object) == 0) {
			linux_mapfile_take(mf);
			break;
		}
	}
	rumpuser_mutex_exit(linux_mapfiles_lock);
	return mf;
}

/* Takes it out of the list, unless somebody wants it again. */
static int
linux_mapfile_remove(struct linux_mapfile *mf)
{
	struct linux_mapfile **mfp;
	int last;

	rumpuser_mutex_enter_nowrap(linux_mapfiles_lock);
	last = mf->mf_refs == 1 && host_vm_object_users(mf->mf_object) == 0;
	for (mfp = &linux_mapfiles; last && *mfp != mf;)
		mfp = &(*mfp)->mf_next;
	if (last)
		*mfp = mf->mf_next;
	rumpuser_mutex_exit(linux_mapfiles_lock);
	return last;
}

void
linux_mapfile_sweep(void)
{
	struct linux_mapfile *mf;
	int error;

	while (linux_mapfiles != NULL && (mf = linux_mapfile_idle()) != NULL) {
		error = linux_mapfile_clean(mf);
		if (!linux_mapfile_remove(mf)) {
			linux_mapfile_leave(mf);
			return;
		}
		if (error != 0)
			rumpuser_dprintf("rumpkit: a mapped file could not be "
			    "written back: Linux error %d\n", -error);
		linux_mapfile_destroy(mf);
	}
}

struct linux_mapfile *
linux_mapfile_following(struct linux_mapfile *prev)
{
	struct linux_mapfile *mf;

	if (prev == NULL && linux_mapfiles == NULL)
		return NULL;
	rumpuser_mutex_enter_nowrap(linux_mapfiles_lock);
	mf = prev == NULL ? linux_mapfiles : prev->mf_next;
	if (mf != NULL)
		linux_mapfile_take(mf);
	rumpuser_mutex_exit(linux_mapfiles_lock);
	if (prev != NULL)
		linux_mapfile_leave(prev);
	return mf;
}
