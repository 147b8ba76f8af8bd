/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timers.c: counts and timers as files: eventfd and timerfd.  Prints what it is
 * told; the test runs it here and on Linux, and both must say the same.
 */
#define	_GNU_SOURCE
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define	MOST	(UINT64_MAX - 1)
#define	MS	1000000L

static long
say(const char *what, long result)
{
	const int error = errno;

	printf("%s: %ld%s%s\n", what, result, result == -1 ? " " : "",
	    result == -1 ? strerror(error) : "");
	return result;
}

static void
say_file(int fd)
{
	struct stat st;
	char c;

	say("flags", fcntl(fd, F_GETFL));
	say("of the descriptor", fcntl(fd, F_GETFD));
	say("fstat", fstat(fd, &st));
	printf("mode %o, size %ld, links %ld, blocks of %ld\n", st.st_mode,
	    (long)st.st_size, (long)st.st_nlink, (long)st.st_blksize);
	say("pread", pread(fd, &c, 1, 0));
	say("ftruncate", ftruncate(fd, 0));
	say("fsync", fsync(fd));
	say("FIONREAD", ioctl(fd, FIONREAD, &(int){ 0 }));
}

static void
say_poll(const char *what, int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN | POLLOUT | POLLPRI };

	poll(&pfd, 1, 0);
	printf("%s: %#x\n", what, (unsigned int)pfd.revents);
}

static void
put(int fd, uint64_t n)
{
	char what[64];

	snprintf(what, sizeof(what), "write %#llx", (unsigned long long)n);
	say(what, write(fd, &n, sizeof(n)));
}

/* What a read gives; the number, too, if it is always the same. */
static uint64_t
take(const char *what, int fd)
{
	uint64_t n = 0;

	if (say("read", read(fd, &n, sizeof(n))) == 8 && what != NULL)
		printf("%s: %#llx\n", what, (unsigned long long)n);
	return n;
}

static void
counts(void)
{
	uint64_t n[3] = { 0, 7, 7 };
	struct iovec iov[2] = { { n, 4 }, { (char *)n + 4, 4 } };
	int fd;

	say("eventfd, bad flags", eventfd(0, 2));
	fd = eventfd(5, EFD_CLOEXEC | EFD_NONBLOCK);
	say_file(fd);
	say_poll("poll", fd);
	say("read 7", read(fd, n, 7));
	say("write 7", write(fd, n, 7));
	say("read 24", read(fd, n, 24));
	printf("%d %d\n", (int)n[0], (int)n[1]);
	take("nothing", fd);
	say_poll("poll", fd);
	put(fd, UINT64_MAX);
	put(fd, MOST);
	put(fd, 1);
	put(fd, 0);
	say_poll("poll", fd);
	take("most", fd);
	put(fd, 3);
	put(fd, 4);
	say("readv", readv(fd, iov, 2));
	printf("%d\n", (int)n[0]);
	say("not O_NONBLOCK", fcntl(fd, F_SETFL, 0));
	say("flags", fcntl(fd, F_GETFL));
	say("FIONBIO", ioctl(fd, FIONBIO, &(int){ 1 }));
	say("flags", fcntl(fd, F_GETFL));
	take("nothing", fd);
	close(fd);
	fd = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
	take("one", fd);
	take("one", fd);
	take("none", fd);
	close(fd);
	fd = (int)syscall(SYS_eventfd, 9);
	say("flags", fcntl(fd, F_GETFL));
	take("nine", fd);
	close(fd);
}

static int counts_fd;

static void *
giver(void *arg)
{
	uint64_t one = 1;
	int i;

	(void)arg;
	for (i = 0; i < 2000; i++)
		if (write(counts_fd, &one, sizeof(one)) != sizeof(one))
			exit(2);
	return NULL;
}

static void
threads(void)
{
	uint64_t n, sum = 0;
	pthread_t t[3];
	int i;

	counts_fd = eventfd(0, 0);
	for (i = 0; i < 3; i++)
		if (pthread_create(&t[i], NULL, giver, NULL) != 0)
			exit(2);
	while (sum < 6000 && read(counts_fd, &n, sizeof(n)) == sizeof(n))
		sum += n;
	for (i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	say("the sum", (long)sum);
	close(counts_fd);
}

static int
set(int fd, int flags, time_t s, long ns, time_t is, long ins)
{
	struct itimerspec it = { { is, ins }, { s, ns } };

	return timerfd_settime(fd, flags, &it, NULL);
}

static void
timer_arguments(void)
{
	struct itimerspec it = { { 0, 0 }, { 1, 0 } };
	int fd, other;

	say("clock 2", timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0));
	say("clock 99", timerfd_create(99, 0));
	say("bad flags", timerfd_create(CLOCK_MONOTONIC, 1));
	fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	say_file(fd);
	say_poll("poll", fd);
	take("nothing", fd);
	put(fd, 1);
	say("bad flags", timerfd_settime(fd, 8, &it, NULL));
	say("at NULL", syscall(SYS_timerfd_settime, fd, 0, NULL, NULL));
	say("gettime at NULL", syscall(SYS_timerfd_gettime, fd, NULL));
	say("no descriptor", timerfd_settime(99, 0, &it, NULL));
	say("no descriptor", timerfd_gettime(99, &it));
	other = eventfd(0, 0);
	say("no timer", timerfd_settime(other, 0, &it, NULL));
	say("no timer", timerfd_gettime(other, &it));
	close(other);
	say("a bad time", set(fd, 0, 1, 1000 * MS, 0, 0));
	say("a bad time", set(fd, 0, -1, 0, 0, 0));
	say("a bad time", set(fd, 0, 1, -1, 0, 0));
	say("a bad interval", set(fd, 0, 1, 0, 0, 1000 * MS));
	say("a bad interval", set(fd, 0, 0, 0, -1, 0));
	say("no descriptor, bad time", set(99, 0, -1, 0, 0, 0));
	close(fd);
}

static void
timers(void)
{
	struct itimerspec it, old;
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	uint64_t n;
	int i;

	say("gettime", timerfd_gettime(fd, &it));
	printf("%d\n", it.it_value.tv_sec == 0 && it.it_value.tv_nsec == 0);
	say("once", set(fd, 0, 0, 20 * MS, 0, 0));
	take("count", fd);
	say_poll("poll", fd);
	say("gettime", timerfd_gettime(fd, &it));
	printf("%d\n", it.it_value.tv_sec == 0 && it.it_value.tv_nsec == 0);
	say("far away", set(fd, 0, 5000, 0, 7, 0));
	it = (struct itimerspec){ { 3, 0 }, { 0, 0 } };
	say("off", timerfd_settime(fd, 0, &it, &old));
	printf("%d %d\n", old.it_value.tv_sec == 4999,
	    (int)old.it_interval.tv_sec);
	timerfd_gettime(fd, &it);
	printf("%d %d\n", (int)it.it_value.tv_sec, (int)it.it_interval.tv_sec);
	say("the farthest", set(fd, 0, INT64_MAX, 0, 0, 0));
	say("again and again", set(fd, 0, 0, 2 * MS, 0, 2 * MS));
	for (i = 0; i < 3; i++)
		printf("%d\n", take(NULL, fd) >= 1);
	nanosleep(&(struct timespec){ 0, 30 * MS }, NULL);
	printf("%d\n", take(NULL, fd) >= 10);
	say("the shortest", set(fd, 0, 0, 1, 0, 1));
	nanosleep(&(struct timespec){ 0, 10 * MS }, NULL);
	printf("%d\n", take(NULL, fd) >= 1000);
	/* Setting it takes what it has counted. */
	say("set", set(fd, 0, 0, 1, 0, 0));
	nanosleep(&(struct timespec){ 0, 5 * MS }, NULL);
	say_poll("poll", fd);
	say("set", set(fd, 0, 100, 0, 0, 0));
	say_poll("poll", fd);
	say("long past", set(fd, TFD_TIMER_ABSTIME, 0, 1, 0, 0));
	take("count", fd);
	close(fd);
	fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
	clock_gettime(CLOCK_REALTIME, &it.it_value);
	say("a date", set(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET,
	    it.it_value.tv_sec + 1000, 0, 0, 0));
	take("nothing", fd);
	timerfd_gettime(fd, &it);
	printf("%d\n", it.it_value.tv_sec >= 900 && it.it_value.tv_sec <= 1000);
	clock_gettime(CLOCK_REALTIME, &it.it_value);
	say("a date that was", set(fd, TFD_TIMER_ABSTIME,
	    it.it_value.tv_sec - 25, it.it_value.tv_nsec, 10, 0));
	say("wait", poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1,
	    5000));
	n = take(NULL, fd);
	printf("%d\n", (int)n);
	timerfd_gettime(fd, &it);
	printf("%d\n", it.it_value.tv_sec < 5);
	close(fd);
}

int
main(void)
{

	counts();
	threads();
	timer_arguments();
	timers();
	return 0;
}
