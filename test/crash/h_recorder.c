/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * h_recorder.c: what the posix host writes to a disk image, recorded.
 *
 * The program's own pwrite(2), fdatasync(2) and their like stand before the C
 * library's, so that the host of the kernel that it loads calls these.  A write
 * to the image is done and noted under one lock: the order in the log is the
 * order in which writes completed.  A flush is noted at its begin and at its
 * end: what completed before its begin is safe at its end, and no more.
 */
#include "h_recorder.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *recording;		/* NULL: not recording */
static dev_t image_dev;
static ino_t image_ino;

struct record {
	uint32_t r_kind;
	uint32_t r_len;
	uint64_t r_off;
};

/* Caller must hold the lock. */
static void
note(uint32_t kind, const void *data, size_t len, uint64_t off)
{
	struct record r = { kind, (uint32_t)len, off };

	if (fwrite(&r, sizeof(r), 1, recording) != 1 ||
	    (len != 0 && fwrite(data, len, 1, recording) != 1)) {
		perror("the log");
		_exit(3);
	}
}

void
recorder_start(const char *image, const char *path)
{
	struct stat st;

	if (stat(image, &st) == -1 || (recording = fopen(path, "we")) == NULL) {
		perror(image);
		exit(3);
	}
	image_dev = st.st_dev;
	image_ino = st.st_ino;
}

void
recorder_stop(void)
{

	pthread_mutex_lock(&lock);
	if (fclose(recording) != 0) {
		perror("the log");
		_exit(3);
	}
	recording = NULL;
	pthread_mutex_unlock(&lock);
}

void
recorder_mark(const char *text)
{

	pthread_mutex_lock(&lock);
	note(RECORD_MARK, text, strlen(text), 0);
	pthread_mutex_unlock(&lock);
}

static int
is_image(int fd)
{
	struct stat st;

	return recording != NULL && fstat(fd, &st) == 0 &&
	    st.st_dev == image_dev && st.st_ino == image_ino;
}

ssize_t
pwritev(int fd, const struct iovec *iov, int n, off_t off)
{
	static ssize_t (*real)(int, const struct iovec *, int, off_t);
	ssize_t done = 0, one;
	int i;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "pwritev");
	if (!is_image(fd))
		return real(fd, iov, n, off);
	for (i = 0; i < n; i++) {
		one = pwrite(fd, iov[i].iov_base, iov[i].iov_len, off + done);
		if (one > 0)
			done += one;
		if (one != (ssize_t)iov[i].iov_len)
			return done != 0 ? done : one;
	}
	return done;
}

ssize_t
pwritev2(int fd, const struct iovec *iov, int n, off_t off, int flags)
{

	if (is_image(fd) && flags != 0) {
		fputs("a write with flags is not recorded\n", stderr);
		_exit(3);
	}
	return pwritev(fd, iov, n, off);
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t off)
{
	static ssize_t (*real)(int, const void *, size_t, off_t);
	ssize_t done;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "pwrite");
	if (!is_image(fd))
		return real(fd, data, len, off);
	pthread_mutex_lock(&lock);
	done = real(fd, data, len, off);
	if (done > 0 && recording != NULL)
		note(RECORD_WRITE, data, (size_t)done, (uint64_t)off);
	pthread_mutex_unlock(&lock);
	return done;
}

/* The host's page cache stands in for a disk's: nothing has to be waited for. */
int
fdatasync(int fd)
{
	static int (*real)(int);
	static uint64_t flushes;
	uint64_t flush;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "fdatasync");
	if (!is_image(fd))
		return real(fd);
	pthread_mutex_lock(&lock);
	flush = flushes++;
	if (recording != NULL)
		note(RECORD_FLUSH, NULL, 0, flush);
	pthread_mutex_unlock(&lock);
	/* Whoever wants to write meanwhile may. */
	sched_yield();
	pthread_mutex_lock(&lock);
	if (recording != NULL)
		note(RECORD_FLUSHED, NULL, 0, flush);
	pthread_mutex_unlock(&lock);
	return 0;
}

int
fsync(int fd)
{

	return fdatasync(fd);
}
