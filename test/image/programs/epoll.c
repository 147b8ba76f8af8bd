/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * epoll.c: epoll on counts and pipes: arguments, levels, edges, and descriptors
 * that come and go.
 */
#define	_GNU_SOURCE
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <fcntl.h>
#include <signal.h>
#include <time.h>

#include "epoll.h"

#define	MOST	(UINT64_MAX - 1)

static void
arguments(void)
{
	struct epoll_event ev[2];
	int ep, fd, file, other;
	struct stat st;
	char c;

	say("epoll_create(0)", syscall(SYS_epoll_create, 0));
	say("epoll_create(-1)", syscall(SYS_epoll_create, -1));
	say("epoll_create1(1)", epoll_create1(1));
	ep = epoll_create1(EPOLL_CLOEXEC);
	say("cloexec", fcntl(ep, F_GETFD));
	say("its flags", fcntl(ep, F_GETFL));
	other = (int)syscall(SYS_epoll_create, 1);
	say("cloexec of the other", fcntl(other, F_GETFD));
	say("fstat", fstat(ep, &st));
	printf("mode %o, size %ld, links %ld\n", st.st_mode, (long)st.st_size,
	    (long)st.st_nlink);
	say("read", read(ep, &c, 1));
	say("write", write(ep, &c, 1));
	say("pread", pread(ep, &c, 1, 0));
	say("ftruncate", ftruncate(ep, 0));
	fd = eventfd(0, 0);
	file = open("/dev/null", O_RDWR);
	say("wait 0", epoll_wait(ep, ev, 0, 0));
	say("wait -1", epoll_wait(ep, ev, -1, 0));
	say("wait too many", epoll_wait(ep, ev, 0x7fffffff, 0));
	say("wait on no descriptor", epoll_wait(99, ev, 1, 0));
	say("wait on another", epoll_wait(fd, ev, 1, 0));
	say("wait at NULL", epoll_wait(ep, NULL, 1, 0));
	say("add to no descriptor", add(99, fd, IN, 0));
	say("add no descriptor", add(ep, 99, IN, 0));
	say("add to another", add(fd, ep, IN, 0));
	say("add itself", add(ep, ep, IN, 0));
	say("mod itself", mod(ep, ep, IN, 0));
	say("add /dev/null", add(ep, file, IN, 0));
	say("mod /dev/null", mod(ep, file, IN, 0));
	say("del /dev/null", del(ep, file));
	close(file);
	file = open("/dev/zero", O_RDWR);
	say("add /dev/zero", add(ep, file, IN, 0));
	close(file);
	file = open("/dev/urandom", O_RDONLY);
	say("add /dev/urandom", add(ep, file, IN, 0));
	close(file);
	file = open("/dev/random", O_RDONLY);
	say("add /dev/random", add(ep, file, IN | OUT, 0));
	show(ep, "events of it");
	close(file);
	file = open("/", O_RDONLY | O_DIRECTORY);
	say("add a folder", add(ep, file, IN, 0));
	close(file);
	file = open("/", O_PATH);
	say("add a path", add(ep, file, IN, 0));
	close(file);
	say("add at NULL", epoll_ctl(ep, EPOLL_CTL_ADD, fd, NULL));
	say("mod at NULL", epoll_ctl(ep, EPOLL_CTL_MOD, fd, NULL));
	say("an unknown command", epoll_ctl(ep, 4, fd, ev));
	say("mod what is not there", mod(ep, fd, IN, 0));
	say("del what is not there", del(ep, fd));
	say("add", add(ep, fd, IN, 0));
	say("add again", add(ep, fd, IN, 0));
	say("del", del(ep, fd));
	say("add exclusive", add(ep, fd, IN | EPOLLEXCLUSIVE, 0));
	say("mod exclusive", mod(ep, fd, IN, 0));
	say("del", del(ep, fd));
	say("mod to exclusive", (add(ep, fd, IN, 0), mod(ep, fd,
	    IN | EPOLLEXCLUSIVE, 0)));
	say("exclusive, once", (del(ep, fd), add(ep, fd,
	    IN | EPOLLEXCLUSIVE | EPOLLONESHOT, 0)));
	say("exclusive, of an epoll", add(ep, other, IN | EPOLLEXCLUSIVE, 0));
	say("wakeup", add(ep, fd, IN | EPOLLWAKEUP, 0));
	say("epoll_pwait with a bad size", syscall(SYS_epoll_pwait, ep, ev, 1,
	    0, "12345678", 7));
	say("epoll_pwait without a set", syscall(SYS_epoll_pwait, ep, ev, 1, 0,
	    NULL, 7));
	say("epoll_pwait", epoll_pwait(ep, ev, 1, 0, &(sigset_t){ 0 }));
	say("epoll_pwait2 with a bad time", syscall(SYS_epoll_pwait2, ep, ev,
	    1, &(struct timespec){ 0, 1000000000 }, NULL, 0));
	say("epoll_pwait2 with a bad time", syscall(SYS_epoll_pwait2, ep, ev,
	    1, &(struct timespec){ -1, 0 }, NULL, 0));
	say("epoll_pwait2", syscall(SYS_epoll_pwait2, ep, ev, 1,
	    &(struct timespec){ 0, 1000 }, NULL, 0));
	close(fd);
	close(ep);
	close(other);
}

static void
levels(void)
{
	int ep = epoll_create1(0), fd = eventfd(0, 0);

	add(ep, fd, IN | OUT, 1);
	show(ep, "an eventfd of 0");
	put(fd, 1);
	show(ep, "of 1");
	show(ep, "again");
	mod(ep, fd, IN, 2);
	show(ep, "IN only");
	take(fd);
	show(ep, "of 0");
	mod(ep, fd, OUT, 3);
	put(fd, MOST);
	show(ep, "full");
	take(fd);
	show(ep, "empty");
	mod(ep, fd, 0, 4);
	show(ep, "nothing asked for");
	mod(ep, fd, EPOLLIN | EPOLLRDNORM | EPOLLWRNORM | EPOLLPRI | OUT |
	    EPOLLRDHUP | EPOLLHUP | EPOLLERR | EPOLLRDBAND | EPOLLWRBAND, 5);
	put(fd, 1);
	show(ep, "everything asked for");
	mod(ep, fd, EPOLLRDNORM | EPOLLWRNORM, 6);
	show(ep, "other names");
	say("del", del(ep, fd));
	show(ep, "nothing there");
	close(fd);
	close(ep);
}

static void
edges(void)
{
	int ep = epoll_create1(0), fd = eventfd(0, 0);

	add(ep, fd, IN | OUT | EPOLLET, 1);
	show(ep, "an edge of 0");
	show(ep, "again");
	put(fd, 1);
	show(ep, "written");
	show(ep, "again");
	put(fd, 1);
	put(fd, 1);
	show(ep, "written twice");
	show(ep, "again");
	take(fd);
	show(ep, "read");
	show(ep, "again");
	mod(ep, fd, IN | EPOLLET, 2);
	show(ep, "IN only");
	put(fd, 1);
	take(fd);
	show(ep, "written and read");
	put(fd, 1);
	show(ep, "written");
	mod(ep, fd, IN, 3);
	show(ep, "a level");
	show(ep, "again");
	mod(ep, fd, IN | EPOLLET, 4);
	show(ep, "an edge");
	show(ep, "again");
	mod(ep, fd, IN | EPOLLET, 5);
	show(ep, "changed to the same");
	mod(ep, fd, IN | OUT | EPOLLONESHOT, 6);
	show(ep, "once");
	put(fd, 1);
	show(ep, "written");
	mod(ep, fd, IN | EPOLLONESHOT, 7);
	show(ep, "once more");
	show(ep, "again");
	mod(ep, fd, IN | EPOLLONESHOT | EPOLLET, 8);
	show(ep, "both");
	put(fd, 1);
	show(ep, "written");
	mod(ep, fd, IN, 9);
	show(ep, "a level");
	close(fd);
	close(ep);
}

static void
pipes(void)
{
	static char big[65536];
	int ep = epoll_create1(0), fd[2];

	if (pipe(fd) != 0)
		exit(2);
	add(ep, fd[0], IN | OUT | EPOLLRDHUP, 1);
	add(ep, fd[1], IN | OUT | EPOLLRDHUP | EPOLLET, 2);
	show(ep, "a pipe");
	show(ep, "again");
	say("write", write(fd[1], big, 10));
	show(ep, "written");
	mod(ep, fd[0], EPOLLRDNORM, 3);
	show(ep, "another name");
	mod(ep, fd[1], EPOLLWRNORM, 4);
	show(ep, "and another");
	say("read", read(fd[0], big, 100));
	show(ep, "read");
	mod(ep, fd[1], OUT, 5);
	say("write", write(fd[1], big, sizeof(big)));
	show(ep, "full");
	say("read", read(fd[0], big, 4096));
	show(ep, "not full");
	mod(ep, fd[0], IN | EPOLLET, 6);
	show(ep, "an edge");
	say("read", read(fd[0], big, 4096));
	show(ep, "some is read");
	close(fd[1]);
	show(ep, "no writer");
	show(ep, "again");
	mod(ep, fd[0], 0, 7);
	show(ep, "nothing asked for");
	say("read", read(fd[0], big, sizeof(big)));
	mod(ep, fd[0], IN, 8);
	show(ep, "no writer, and nothing");
	mod(ep, fd[0], IN | EPOLLONESHOT, 9);
	show(ep, "once");
	show(ep, "again");
	close(fd[0]);
	if (pipe(fd) != 0)
		exit(2);
	add(ep, fd[1], OUT, 1);
	close(fd[0]);
	show(ep, "no reader");
	mod(ep, fd[1], IN, 2);
	show(ep, "IN only");
	mod(ep, fd[1], EPOLLET, 3);
	show(ep, "an edge");
	show(ep, "again");
	close(fd[1]);
	show(ep, "closed");
	close(ep);
}

static void
closing(void)
{
	int ep = epoll_create1(0), fd = eventfd(1, 0), twin, i;

	add(ep, fd, IN, 1);
	twin = dup(fd);
	say("add its twin", add(ep, twin, IN | OUT, 2));
	show(ep, "both");
	close(fd);
	show(ep, "one is closed");
	say("mod the closed one", mod(ep, fd, IN, 9));
	say("del the closed one", del(ep, fd));
	say("the number is free", eventfd(0, 0) == fd);
	say("mod the new one", mod(ep, fd, IN, 3));
	say("add the new one", add(ep, fd, OUT, 3));
	show(ep, "three");
	close(twin);
	show(ep, "the twin is closed");
	say("dup2 back", dup2(fd, twin) == twin);
	say("del the twin", del(ep, twin));
	say("add the twin", add(ep, twin, OUT, 4));
	show(ep, "two");
	close(fd);
	close(twin);
	show(ep, "none");
	/* Numbers that come again. */
	for (i = 0; i < 100; i++) {
		fd = eventfd(1, 0);
		if (add(ep, fd, IN, 100 + (uint64_t)i) != 0)
			say("add", -1);
		if (epoll_wait(ep, &(struct epoll_event){ 0 }, 1, 0) != 1)
			say("wait", -1);
		close(fd);
	}
	show(ep, "none");
	close(ep);
}

static void
pointers(void)
{
	struct epoll_event *bad = (void *)8;
	int ep = epoll_create1(0), fd = eventfd(1, 0);

	say("ctl", epoll_ctl(ep, EPOLL_CTL_ADD, fd, bad));
	add(ep, fd, IN | EPOLLET, 1);
	say("wait, an event there", epoll_wait(ep, bad, 1, 0));
	show(ep, "and now");
	close(fd);
	close(ep);
}

int
main(void)
{

	arguments();
	levels();
	edges();
	pipes();
	closing();
	pointers();
	return 0;
}
