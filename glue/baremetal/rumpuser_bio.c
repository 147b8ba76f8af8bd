/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpuser_bio.c: rumpuser(3)'s files, which here are the machine's disks:
 * asynchronous transfers, and synchronous ones of any size on top.
 */
#include "types.h"
#include "../../rump/include/rump/rumpuser.h"
#include "cpu.h"
#include "disk.h"
#include "host_int.h"
#include "mem.h"
#include "program.h"
#include "sched.h"

#define	FILES_MAX	32

static struct file {
	struct disk *f_disk;		/* NULL: not open */
	bool f_write;
	uint64_t f_position;		/* for RUMPUSER_IOV_NOSEEK */
} files[FILES_MAX];

static struct file *
file_of(int fd)
{

	return fd >= 0 && fd < FILES_MAX && files[fd].f_disk != NULL ?
	    &files[fd] : NULL;
}

int
rumpuser_getfileinfo(const char *name, uint64_t *size, int *ft)
{
	struct disk *d = disk_by_name(name);
	int error;

	if (d == NULL)
		return RUMP_ENOENT;
	if ((error = disk_start(d)) != 0)
		return error;
	if (size != NULL)
		*size = disk_size(d);
	if (ft != NULL)
		*ft = RUMPUSER_FT_BLK;
	return 0;
}

int
rumpuser_open(const char *name, int mode, int *fdp)
{
	struct disk *d = disk_by_name(name);
	bool write = (mode & RUMPUSER_OPEN_ACCMODE) != RUMPUSER_OPEN_RDONLY;
	int error, fd;

	if (d == NULL)
		return RUMP_ENOENT;
	if ((mode & RUMPUSER_OPEN_BIO) == 0)
		return RUMP_EINVAL;
	if ((error = disk_start(d)) != 0)
		return error;
	if (write && disk_read_only(d))
		return RUMP_EROFS;
	for (fd = 0; fd < FILES_MAX; fd++) {
		if (files[fd].f_disk != NULL)
			continue;
		files[fd] = (struct file){ d, write, 0 };
		*fdp = fd;
		return 0;
	}
	return RUMP_EMFILE;
}

int
rumpuser_close(int fd)
{
	struct file *f = file_of(fd);

	if (f == NULL)
		return RUMP_EBADF;
	f->f_disk = NULL;
	return 0;
}

/* Checks a transfer and clips a read at the end of the disk. */
static int
check(const struct file *f, bool write, uint64_t offset, size_t *len)
{
	uint64_t size;

	if (f == NULL || (write && !f->f_write))
		return RUMP_EBADF;
	size = disk_size(f->f_disk);
	if (offset % SECTOR_SIZE != 0 || *len % SECTOR_SIZE != 0)
		return RUMP_EINVAL;
	if (offset > size || *len > size - offset) {
		if (write)
			return RUMP_ENOSPC;
		*len = offset > size ? 0 : size - offset;
	}
	return 0;
}

static void
bio_done(struct disk_io *io)
{
	union {
		void *p;
		rump_biodone_fn f;
	} fn = { io->io_cookie[0] };
	void *arg = io->io_cookie[1];
	size_t moved = io->io_moved;
	int error = io->io_error;

	heap_free(io, sizeof(*io));
	rumpkern_enter();
	fn.f(arg, moved, error);
	rumpkern_leave();
}

void
rumpuser_bio(int fd, int op, void *data, size_t len, int64_t off,
    rump_biodone_fn biodone, void *donearg)
{
	struct file *f = file_of(fd);
	bool write = (op & RUMPUSER_BIO_WRITE) != 0;
	union {
		rump_biodone_fn f;
		void *p;
	} fn = { biodone };
	bool sync = write && (op & RUMPUSER_BIO_SYNC) != 0;
	struct disk_io *io;
	int error;

	error = check(f, write, (uint64_t)off, &len);
	if (error != 0 || (len == 0 &&
	    !(sync && disk_needs_flush(f->f_disk)))) {
		biodone(donearg, 0, error);
		return;
	}
	io = heap_zalloc(sizeof(*io));
	if (io == NULL) {
		biodone(donearg, 0, RUMP_ENOMEM);
		return;
	}
	io->io_disk = f->f_disk;
	io->io_write = write;
	io->io_sync = sync;
	io->io_data = data;
	io->io_len = len;
	io->io_offset = (uint64_t)off;
	io->io_done = bio_done;
	io->io_cookie[0] = fn.p;
	io->io_cookie[1] = donearg;
	disk_submit(io);
}

static void
sync_done(struct disk_io *io)
{
	uint64_t flags = intr_disable();

	io->io_cookie[0] = NULL;
	sched_wake_all((struct waitq *)io->io_cookie[1]);
	intr_restore(flags);
}

/* One transfer of whole sectors of kernel memory; waits for it. */
static int
transfer(struct disk *d, bool write, bool sync, void *data, size_t len,
    uint64_t offset)
{
	struct disk_io *io = heap_zalloc(sizeof(*io));
	struct waitq wait = { NULL, NULL };
	uint64_t flags;
	int error;

	if (io == NULL)
		return RUMP_ENOMEM;
	io->io_disk = d;
	io->io_write = write;
	io->io_sync = sync;
	io->io_data = data;
	io->io_len = len;
	io->io_offset = offset;
	io->io_done = sync_done;
	io->io_cookie[0] = io;
	io->io_cookie[1] = &wait;
	flags = intr_disable();
	disk_submit(io);
	while (io->io_cookie[0] != NULL)
		(void)sched_wait(&wait, NO_DEADLINE);
	intr_restore(flags);
	error = io->io_error;
	heap_free(io, sizeof(*io));
	return error;
}

/* Part of a sector: by way of a buffer. */
static int
transfer_part(struct disk *d, bool write, char *data, size_t n, uint64_t offset)
{
	size_t skip = offset % SECTOR_SIZE;
	char *sector = heap_alloc(SECTOR_SIZE, 0);
	int error;

	if (sector == NULL)
		return RUMP_ENOMEM;
	error = transfer(d, false, false, sector, SECTOR_SIZE, offset - skip);
	if (error == 0 && !write)
		memcpy(data, sector + skip, n);
	if (error == 0 && write) {
		memcpy(sector + skip, data, n);
		error = transfer(d, true, false, sector, SECTOR_SIZE,
		    offset - skip);
	}
	heap_free(sector, SECTOR_SIZE);
	return error;
}

static int
transfer_any(struct disk *d, bool write, char *data, size_t len,
    uint64_t offset, size_t *moved)
{
	size_t n;
	int error = 0;

	if (offset >= disk_size(d))
		return 0;
	for (len = MIN(len, disk_size(d) - offset); len > 0 && error == 0;) {
		n = SECTOR_SIZE - offset % SECTOR_SIZE;
		if (n != SECTOR_SIZE || len < SECTOR_SIZE) {
			n = MIN(n, len);
			error = transfer_part(d, write, data, n, offset);
		} else {
			n = rounddown2(len, (size_t)SECTOR_SIZE);
			error = transfer(d, write, false, data, n, offset);
		}
		if (error == 0)
			*moved += n;
		data += n, len -= n, offset += n;
	}
	return error;
}

static int
transfer_vector(int fd, bool write, const struct rumpuser_iovec *iov,
    size_t iovlen, int64_t off, size_t *result)
{
	struct file *f = file_of(fd);
	size_t i, moved = 0, before;
	uint64_t position;
	int error = 0, nlocks;

	if (f == NULL || (write && !f->f_write))
		return RUMP_EBADF;
	position = off == RUMPUSER_IOV_NOSEEK ? f->f_position : (uint64_t)off;
	nlocks = rumpkern_release(NULL);
	for (i = 0; i < iovlen && error == 0; i++) {
		before = moved;
		error = transfer_any(f->f_disk, write, iov[i].iov_base,
		    iov[i].iov_len, position + moved, &moved);
		if (moved - before < iov[i].iov_len)
			break;
	}
	rumpkern_acquire(nlocks, NULL);
	if (error != 0)
		return error;
	if (off == RUMPUSER_IOV_NOSEEK)
		f->f_position += moved;
	*result = moved;
	return 0;
}

int
rumpuser_iovread(int fd, struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    size_t *result)
{

	return transfer_vector(fd, false, iov, iovlen, off, result);
}

int
rumpuser_iovwrite(int fd, const struct rumpuser_iovec *iov, size_t iovlen,
    int64_t off, size_t *result)
{

	return transfer_vector(fd, true, iov, iovlen, off, result);
}

/*
 * There is no cache on this side: reads need nothing, and writes that the device
 * may have kept to itself are flushed.  A flush covers every write that was over
 * before it began, so that a barrier is one as well.
 */
int
rumpuser_syncfd(int fd, int flags, uint64_t start __unused,
    uint64_t len __unused)
{
	struct file *f = file_of(fd);
	int error, nlocks;

	if (f == NULL)
		return RUMP_EBADF;
	if ((flags & RUMPUSER_SYNCFD_WRITE) == 0 ||
	    !disk_needs_flush(f->f_disk))
		return 0;
	nlocks = rumpkern_release(NULL);
	error = transfer(f->f_disk, true, true, NULL, 0, 0);
	rumpkern_acquire(nlocks, NULL);
	return error;
}
