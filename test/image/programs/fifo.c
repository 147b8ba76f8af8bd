/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fifo.c: a named pipe between two threads.  Passes on Linux as well.
 *
 * Argument: a folder that can be written to (default /tmp).
 */
#include <sys/stat.h>
#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

#define	BYTES	300000

static unsigned char sent[BYTES], received[BYTES + 1];

static void *
writer(void *arg)
{
	int fd = open("pipe", O_WRONLY);

	*(long *)arg = fd == -1 ? -1 : write(fd, sent, sizeof(sent));
	close(fd);
	return NULL;
}

static void
test_threads(void)
{
	size_t got = 0, i;
	pthread_t thread;
	long n, written;
	int fd;

	for (i = 0; i < BYTES; i++)
		sent[i] = (unsigned char)(i * 7 + i / 256);
	tap_is(pthread_create(&thread, NULL, writer, &written), 0, "a writer");
	fd = open("pipe", O_RDONLY);
	tap_ok(fd != -1, "opening waits for it");
	while ((n = read(fd, received + got, sizeof(received) - got)) > 0)
		got += (size_t)n;
	tap_is((long)got, BYTES, "all bytes come through");
	tap_is(n, 0, "then the end");
	tap_ok(memcmp(sent, received, BYTES) == 0, "as they were written");
	tap_is(pthread_join(thread, NULL), 0, "the writer ends");
	tap_is(written, BYTES, "it wrote everything in one call");
	close(fd);
}

static void
test_alone(void)
{
	char buf[16];
	int fd;

	tap_fails(open("pipe", O_WRONLY | O_NONBLOCK), ENXIO, "no reader");
	fd = open("pipe", O_RDWR | O_NONBLOCK);
	tap_ok(fd != -1, "open both ends");
	tap_fails(read(fd, buf, sizeof(buf)), EAGAIN, "nothing is there");
	tap_is(write(fd, "through", 7), 7, "write");
	tap_fails(lseek(fd, 0, SEEK_SET), ESPIPE, "it has no places");
	tap_fails(pread(fd, buf, 1, 0), ESPIPE, "nor to read from");
	tap_is(read(fd, buf, sizeof(buf)), 7, "read");
	tap_ok(memcmp(buf, "through", 7) == 0, "what was written");
	tap_is(close(fd), 0, "close");
}

/* Several buffers are one read, or one write. */
static void
test_vectors(void)
{
	char first[4], second[4], rest[8];
	struct iovec iov[2] = { { first, 4 }, { second, 4 } };
	int fd = open("pipe", O_RDWR);

	tap_is(write(fd, "abcd", 4), 4, "as much as one buffer holds");
	tap_is(readv(fd, iov, 2), 4, "is not waited to be more");
	tap_is(write(fd, "abcdefg", 7), 7, "more than that");
	tap_is(readv(fd, iov, 2), 7, "goes on in the next");
	tap_ok(memcmp(first, "abcd", 4) == 0 && memcmp(second, "efg", 3) == 0,
	    "as it was written");
	tap_is(readv(fd, iov, 0), 0, "no buffers");
	tap_is(fcntl(fd, F_SETFL, O_NONBLOCK), 0, "do not wait");
	tap_is(write(fd, sent, 65534), 65534, "nearly full");
	iov[0].iov_len = 1;
	tap_fails(writev(fd, iov, 2), EAGAIN, "small writes are whole");
	tap_is(read(fd, received, sizeof(received)), 65534, "or not at all");
	tap_fails(read(fd, rest, sizeof(rest)), EAGAIN, "that was all");
	iov[1].iov_base = (void *)8;
	tap_fails(writev(fd, iov, 2), EFAULT, "a buffer that is not there");
	tap_is(close(fd), 0, "close");
}

static void
test_broken(void)
{
	int r, w;

	signal(SIGPIPE, SIG_IGN);
	r = open("pipe", O_RDONLY | O_NONBLOCK);
	w = open("pipe", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	tap_ok(r != -1 && w != -1, "a reader that did not wait");
	close(r);
	tap_fails(write(w, "x", 1), EPIPE, "the reader went");
	close(w);
}

int
main(int argc, char **argv)
{

	if (chdir(argc > 1 ? argv[1] : "/tmp") == -1)
		return 2;
	tap_is(mkfifo("pipe", 0600), 0, "mkfifo");
	test_alone();
	test_threads();
	test_vectors();
	test_broken();
	tap_is(unlink("pipe"), 0, "unlink");
	return tap_end();
}
