/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * faults.c: a disk that fails now and then.  Linked into a kernel with
 * --wrap=rumpuser_bio and --wrap=rumpuser_syncfd, it stands between the kernel
 * and the host, and fails as many of 1,024 transfers as a file says that the
 * test writes: its name is in RUMPKIT_FAULTS when the kernel makes the first.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/types.h>

#include "../../../rump/include/rump/rumperr.h"
#include "../../../rump/include/rump/rumpuser.h"

/* What the test writes, then what it reads; in this order in the file. */
struct faults {
	_Atomic uint32_t f_reads, f_writes, f_syncs;	/* of 1,024 */
	_Atomic uint32_t f_random;			/* not 0 */
	_Atomic uint32_t f_injected;
};

static struct faults *faults;
static pthread_once_t faults_once = PTHREAD_ONCE_INIT;

void	__real_rumpuser_bio(int, int, void *, size_t, int64_t,
	    rump_biodone_fn, void *);
void	__wrap_rumpuser_bio(int, int, void *, size_t, int64_t,
	    rump_biodone_fn, void *);
int	__real_rumpuser_syncfd(int, int, uint64_t, uint64_t);
int	__wrap_rumpuser_syncfd(int, int, uint64_t, uint64_t);

static void
faults_map(void)
{
	const char *name = getenv("RUMPKIT_FAULTS");
	void *p;
	int fd;

	if (name == NULL || (fd = open(name, O_RDWR)) == -1)
		abort();
	p = mmap(NULL, sizeof(*faults), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
	    0);
	if (p == MAP_FAILED)
		abort();
	faults = p;
}

/* xorshift; two threads at a time may get the same number, which is as well. */
static int
faults_happens(const _Atomic uint32_t *rate)
{
	uint32_t x;

	pthread_once(&faults_once, faults_map);
	if (*rate == 0)
		return 0;
	x = faults->f_random;
	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	faults->f_random = x;
	if (x % 1024 >= *rate)
		return 0;
	faults->f_injected++;
	return 1;
}

void
__wrap_rumpuser_bio(int fd, int op, void *data, size_t len, int64_t off,
    rump_biodone_fn done, void *arg)
{

	pthread_once(&faults_once, faults_map);
	/* A write of nothing is a flush. */
	if (faults_happens(op & RUMPUSER_BIO_READ ? &faults->f_reads :
	    len == 0 ? &faults->f_syncs : &faults->f_writes))
		done(arg, 0, RUMP_EIO);
	else
		__real_rumpuser_bio(fd, op, data, len, off, done, arg);
}

int
__wrap_rumpuser_syncfd(int fd, int flags, uint64_t start, uint64_t len)
{

	pthread_once(&faults_once, faults_map);
	if (faults_happens(&faults->f_syncs))
		return RUMP_EIO;
	return __real_rumpuser_syncfd(fd, flags, start, len);
}
