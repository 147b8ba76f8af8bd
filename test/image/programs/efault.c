/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * efault.c: every call that takes a pointer refuses every kind of bad one, and the
 * kernel lives on.  Calls are made without the C library's help, which may touch
 * the memory by itself.  Argument: a folder that holds a file of 16 bytes or more.
 */
#define	_GNU_SOURCE
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

#define	PAGE	4096UL
#define	BAD	0x0bad0bad0badUL	/* stands for the pointer in the table */
#define	FILEFD	0x0f11eUL		/* stands for an open file */
#define	DIRFD	0x0d14UL		/* stands for an open folder */
#define	TIMERFD	0x71e4UL		/* stands for a timer, */
#define	EVENTFD	0xe7e17UL		/* a count, */
#define	EPOLLFD	0xe9011UL		/* and an epoll that has an event */
#define	SOCKFD	0x050cUL		/* stands for a socket */
#define	GOOD	0x600d600d600dUL	/* stands for memory that is there */

struct call {
	const char *name;
	long number;
	unsigned long args[6];
	int writes;			/* the kernel writes through the pointer */
};

static const struct itimerspec no_time;

static const struct call calls[] = {
	{ "read", SYS_read, { FILEFD, BAD, 16 }, 1 },
	{ "write", SYS_write, { 1, BAD, 16 }, 0 },
	{ "open", SYS_open, { BAD, O_RDONLY }, 0 },
	{ "openat", SYS_openat, { AT_FDCWD, BAD, O_RDONLY }, 0 },
	{ "stat path", SYS_stat, { BAD, 0 }, 0 },
	{ "stat", SYS_stat, { (unsigned long)"/", BAD }, 1 },
	{ "lstat", SYS_lstat, { (unsigned long)"/", BAD }, 1 },
	{ "fstat", SYS_fstat, { FILEFD, BAD }, 1 },
	{ "newfstatat path", SYS_newfstatat, { AT_FDCWD, BAD, 0, 0 }, 0 },
	{ "newfstatat", SYS_newfstatat,
	    { AT_FDCWD, (unsigned long)"/", BAD, 0 }, 1 },
	{ "statx", SYS_statx,
	    { AT_FDCWD, (unsigned long)"/", 0, 0x7ff, BAD }, 1 },
	{ "statfs", SYS_statfs, { (unsigned long)"/", BAD }, 1 },
	{ "fstatfs", SYS_fstatfs, { FILEFD, BAD }, 1 },
	{ "pread64", SYS_pread64, { FILEFD, BAD, 16, 0 }, 1 },
	{ "readv", SYS_readv, { FILEFD, BAD, 1 }, 0 },
	{ "writev", SYS_writev, { 1, BAD, 1 }, 0 },
	{ "preadv", SYS_preadv, { FILEFD, BAD, 1, 0 }, 0 },
	{ "getdents64", SYS_getdents64, { DIRFD, BAD, 1024 }, 1 },
	{ "access", SYS_access, { BAD, R_OK }, 0 },
	{ "faccessat", SYS_faccessat, { AT_FDCWD, BAD, R_OK }, 0 },
	{ "readlink path", SYS_readlink, { BAD, 0, 1 }, 0 },
	{ "readlink", SYS_readlink,
	    { (unsigned long)"/proc/self/exe", BAD, 16 }, 1 },
	{ "getcwd", SYS_getcwd, { BAD, 64 }, 1 },
	{ "chdir", SYS_chdir, { BAD }, 0 },
	{ "mkdir", SYS_mkdir, { BAD, 0755 }, 0 },
	{ "rmdir", SYS_rmdir, { BAD }, 0 },
	{ "unlink", SYS_unlink, { BAD }, 0 },
	{ "symlink target", SYS_symlink, { BAD, (unsigned long)"/x" }, 0 },
	{ "symlink", SYS_symlink, { (unsigned long)"x", BAD }, 0 },
	{ "rename from", SYS_rename, { BAD, (unsigned long)"/x" }, 0 },
	{ "rename to", SYS_rename, { (unsigned long)"/x", BAD }, 0 },
	{ "renameat from", SYS_renameat,
	    { AT_FDCWD, BAD, AT_FDCWD, (unsigned long)"/x" }, 0 },
	{ "renameat to", SYS_renameat,
	    { AT_FDCWD, (unsigned long)"/x", AT_FDCWD, BAD }, 0 },
	{ "renameat2", SYS_renameat2,
	    { AT_FDCWD, (unsigned long)"/x", AT_FDCWD, BAD, 1 }, 0 },
	{ "link from", SYS_link, { BAD, (unsigned long)"/x" }, 0 },
	{ "link to", SYS_link, { (unsigned long)"/x", BAD }, 0 },
	{ "linkat from", SYS_linkat,
	    { AT_FDCWD, BAD, AT_FDCWD, (unsigned long)"/x", 0 }, 0 },
	{ "linkat to", SYS_linkat,
	    { AT_FDCWD, (unsigned long)"/x", AT_FDCWD, BAD, 0 }, 0 },
	{ "symlinkat target", SYS_symlinkat,
	    { BAD, AT_FDCWD, (unsigned long)"/x" }, 0 },
	{ "symlinkat", SYS_symlinkat,
	    { (unsigned long)"x", AT_FDCWD, BAD }, 0 },
	{ "mkdirat", SYS_mkdirat, { AT_FDCWD, BAD, 0755 }, 0 },
	{ "mknod", SYS_mknod, { BAD, S_IFREG | 0644, 0 }, 0 },
	{ "mknodat", SYS_mknodat, { AT_FDCWD, BAD, S_IFREG | 0644, 0 }, 0 },
	{ "unlinkat", SYS_unlinkat, { AT_FDCWD, BAD, 0 }, 0 },
	{ "truncate", SYS_truncate, { BAD, 0 }, 0 },
	{ "chmod", SYS_chmod, { BAD, 0644 }, 0 },
	{ "fchmodat", SYS_fchmodat, { AT_FDCWD, BAD, 0644 }, 0 },
	{ "chown", SYS_chown, { BAD, 0, 0 }, 0 },
	{ "lchown", SYS_lchown, { BAD, 0, 0 }, 0 },
	{ "fchownat", SYS_fchownat, { AT_FDCWD, BAD, 0, 0, 0 }, 0 },
	{ "utimensat path", SYS_utimensat, { AT_FDCWD, BAD, 0, 0 }, 0 },
	{ "utimensat", SYS_utimensat,
	    { AT_FDCWD, (unsigned long)"/", BAD, 0 }, 0 },
	{ "utimes path", SYS_utimes, { BAD, 0 }, 0 },
	{ "utimes", SYS_utimes, { (unsigned long)"/", BAD }, 0 },
	{ "futimesat path", SYS_futimesat, { AT_FDCWD, BAD, 0 }, 0 },
	{ "futimesat", SYS_futimesat,
	    { AT_FDCWD, (unsigned long)"/", BAD }, 0 },
	{ "utime path", SYS_utime, { BAD, 0 }, 0 },
	{ "utime", SYS_utime, { (unsigned long)"/", BAD }, 0 },
	{ "preadv2", SYS_preadv2, { FILEFD, BAD, 1, 0, 0, 0 }, 0 },
	{ "pwritev2", SYS_pwritev2, { 1, BAD, 1, -1UL, -1UL, 0 }, 0 },
	{ "uname", SYS_uname, { BAD }, 1 },
	{ "sysinfo", SYS_sysinfo, { BAD }, 1 },
	{ "gettimeofday", SYS_gettimeofday, { BAD, 0 }, 1 },
	{ "clock_gettime", SYS_clock_gettime, { 0, BAD }, 1 },
	{ "clock_getres", SYS_clock_getres, { 0, BAD }, 1 },
	{ "nanosleep", SYS_nanosleep, { BAD, 0 }, 0 },
	{ "clock_nanosleep", SYS_clock_nanosleep, { 1, 0, BAD, 0 }, 0 },
	{ "times", SYS_times, { BAD }, 1 },
	{ "time", SYS_time, { BAD }, 1 },
	{ "getrusage", SYS_getrusage, { 0, BAD }, 1 },
	{ "getrandom", SYS_getrandom, { BAD, 16, 0 }, 1 },
	{ "rt_sigaction", SYS_rt_sigaction, { 10, BAD, 0, 8 }, 0 },
	{ "rt_sigaction old", SYS_rt_sigaction, { 10, 0, BAD, 8 }, 1 },
	{ "rt_sigprocmask", SYS_rt_sigprocmask, { 0, BAD, 0, 8 }, 0 },
	{ "rt_sigprocmask old", SYS_rt_sigprocmask, { 0, 0, BAD, 8 }, 1 },
	{ "sigaltstack old", SYS_sigaltstack, { 0, BAD }, 1 },
	{ "ioctl TCGETS", SYS_ioctl, { 1, 0x5401, BAD }, 1 },
	{ "ioctl TIOCGWINSZ", SYS_ioctl, { 1, 0x5413, BAD }, 1 },
	{ "prlimit64", SYS_prlimit64, { 0, 7, 0, BAD }, 1 },
	{ "getrlimit", SYS_getrlimit, { 7, BAD }, 1 },
	{ "sched_getaffinity", SYS_sched_getaffinity, { 0, 128, BAD }, 1 },
	{ "getresuid", SYS_getresuid, { BAD, BAD, BAD }, 1 },
	{ "getcpu", SYS_getcpu, { BAD, 0, 0 }, 1 },
	{ "arch_prctl ARCH_GET_FS", SYS_arch_prctl, { 0x1003, BAD }, 1 },
	{ "prctl PR_GET_NAME", SYS_prctl, { 16, BAD }, 1 },
	{ "futex", SYS_futex, { BAD, 0, 0, 0 }, 0 },
	{ "socketpair", SYS_socketpair, { AF_UNIX, SOCK_STREAM, 0, BAD }, 1 },
	{ "bind", SYS_bind, { SOCKFD, BAD, 16 }, 0 },
	{ "connect", SYS_connect, { SOCKFD, BAD, 16 }, 0 },
	{ "accept", SYS_accept, { SOCKFD, GOOD, BAD }, 1 },
	{ "accept4", SYS_accept4, { SOCKFD, GOOD, BAD, 0 }, 1 },
	{ "getsockname", SYS_getsockname, { SOCKFD, BAD, GOOD }, 1 },
	{ "getsockname length", SYS_getsockname, { SOCKFD, GOOD, BAD }, 0 },
	{ "sendto", SYS_sendto, { SOCKFD, BAD, 16, 0, 0, 0 }, 0 },
	{ "sendto name", SYS_sendto, { SOCKFD, GOOD, 4, 0, BAD, 16 }, 0 },
	{ "recvfrom", SYS_recvfrom, { SOCKFD, BAD, 16, 0, 0, 0 }, 1 },
	{ "recvfrom length", SYS_recvfrom, { SOCKFD, GOOD, 4, 0, GOOD, BAD },
	    1 },
	{ "sendmsg", SYS_sendmsg, { SOCKFD, BAD, 0 }, 0 },
	{ "recvmsg", SYS_recvmsg, { SOCKFD, BAD, 0 }, 1 },
	{ "sendmmsg", SYS_sendmmsg, { SOCKFD, BAD, 1, 0 }, 0 },
	{ "recvmmsg", SYS_recvmmsg, { SOCKFD, BAD, 1, 0, 0 }, 1 },
	{ "recvmmsg limit", SYS_recvmmsg, { SOCKFD, GOOD, 1, 0, BAD }, 0 },
	{ "setsockopt", SYS_setsockopt, { SOCKFD, 1, 2, BAD, 4 }, 0 },
	{ "setsockopt time", SYS_setsockopt, { SOCKFD, 1, 20, BAD, 16 }, 0 },
	{ "getsockopt", SYS_getsockopt, { SOCKFD, 1, 2, BAD, GOOD }, 1 },
	{ "getsockopt length", SYS_getsockopt, { SOCKFD, 1, 2, GOOD, BAD },
	    0 },
	{ "pipe", SYS_pipe, { BAD }, 1 },
	{ "pipe2", SYS_pipe2, { BAD, 0 }, 1 },
	{ "poll", SYS_poll, { BAD, 1, 0 }, 1 },
	{ "ppoll", SYS_ppoll, { BAD, 1, 0, 0, 0 }, 1 },
	{ "ppoll limit", SYS_ppoll, { 0, 0, BAD, 0, 0 }, 0 },
	{ "ppoll signals", SYS_ppoll, { 0, 0, 0, BAD, 8 }, 0 },
	{ "select read", SYS_select, { 8, BAD, 0, 0, 0 }, 1 },
	{ "select write", SYS_select, { 8, 0, BAD, 0, 0 }, 1 },
	{ "select except", SYS_select, { 8, 0, 0, BAD, 0 }, 1 },
	{ "select limit", SYS_select, { 0, 0, 0, 0, BAD }, 0 },
	{ "pselect6", SYS_pselect6, { 8, BAD, 0, 0, 0, 0 }, 1 },
	{ "pselect6 limit", SYS_pselect6, { 0, 0, 0, 0, BAD, 0 }, 0 },
	{ "pselect6 signals", SYS_pselect6, { 0, 0, 0, 0, 0, BAD }, 0 },
	{ "ioctl FIONBIO", SYS_ioctl, { FILEFD, 0x5421, BAD }, 0 },
	{ "ioctl FIONREAD", SYS_ioctl, { FILEFD, 0x541b, BAD }, 1 },
	{ "epoll_ctl", SYS_epoll_ctl, { EPOLLFD, EPOLL_CTL_ADD, TIMERFD, BAD },
	    0 },
	{ "epoll_wait", SYS_epoll_wait, { EPOLLFD, BAD, 1, 0 }, 1 },
	{ "epoll_pwait", SYS_epoll_pwait, { EPOLLFD, BAD, 1, 0, 0, 0 }, 1 },
	{ "epoll_pwait signals", SYS_epoll_pwait,
	    { EPOLLFD, 0, 1, 0, BAD, 8 }, 0 },
	{ "epoll_pwait2", SYS_epoll_pwait2, { EPOLLFD, BAD, 1, 0, 0, 0 }, 1 },
	{ "epoll_pwait2 limit", SYS_epoll_pwait2,
	    { EPOLLFD, 0, 1, BAD, 0, 0 }, 0 },
	{ "eventfd read", SYS_read, { EVENTFD, BAD, 8 }, 1 },
	{ "eventfd write", SYS_write, { EVENTFD, BAD, 8 }, 0 },
	{ "timerfd_settime", SYS_timerfd_settime, { TIMERFD, 0, BAD, 0 }, 0 },
	{ "timerfd_settime old", SYS_timerfd_settime,
	    { TIMERFD, 0, (unsigned long)&no_time, BAD }, 1 },
	{ "timerfd_gettime", SYS_timerfd_gettime, { TIMERFD, BAD }, 1 },
	{ "sendfile", SYS_sendfile, { 1, FILEFD, BAD, 1 }, 1 },
	{ "fcntl F_GETLK", SYS_fcntl, { FILEFD, F_GETLK, BAD }, 1 }
};

static int good[64] = { 16 };		/* a length, too */

static struct {
	const char *name;
	unsigned long address;
	int readable;			/* only a call that writes must refuse */
} bad[] = {
	{ "the first page", 8, 0 },
	{ "an unmapped page", 0, 0 },
	{ "a page without access", 0, 0 },
	{ "a read-only page", 0, 1 },
	{ "the end of a page", 0, 0 },
	{ "the kernel", 0xffffffff80100000UL, 0 },
	{ "the kernel's upper half", 0xffff800000000000UL, 0 },
	{ "a non-canonical address", 0x0000800000000000UL, 0 },
	{ "the last byte", ~0UL, 0 }
};

/* Words of 0 would be valid contents (a time, a set), so -1 fills the page. */
static unsigned char *
page(int prot)
{
	unsigned char *p;

	p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		exit(2);
	memset(p, 0xff, 2 * PAGE);
	mprotect(p, PAGE, prot);
	munmap(p + PAGE, PAGE);
	return p;
}

/* What the table's words stand for. */
static struct {
	unsigned long word;
	unsigned long value;
} words[] = {
	{ BAD, 0 }, { FILEFD, 0 }, { DIRFD, 0 }, { TIMERFD, 0 },
	{ EVENTFD, 0 }, { EPOLLFD, 0 }, { SOCKFD, 0 },
	{ GOOD, (unsigned long)good }
};

static void
mean(unsigned long word, unsigned long value)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].word == word)
			words[i].value = value;
}

static void
try(const struct call *c, const char *what)
{
	unsigned long a[6];
	char name[128];
	size_t w;
	int i;

	for (i = 0; i < 6; i++) {
		a[i] = c->args[i];
		for (w = 0; w < sizeof(words) / sizeof(words[0]); w++)
			if (c->args[i] == words[w].word)
				a[i] = words[w].value;
	}
	snprintf(name, sizeof(name), "%s: %s", c->name, what);
	tap_fails(syscall(c->number, a[0], a[1], a[2], a[3], a[4], a[5]),
	    EFAULT, name);
}

static int
first_file(const char *folder)
{
	char path[4096];
	struct dirent *de;
	struct stat st;
	int fd = -1;
	DIR *dir;

	if ((dir = opendir(folder)) == NULL)
		return -1;
	while (fd == -1 && (de = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", folder, de->d_name);
		if (stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
		    st.st_size >= 16)
			fd = open(path, O_RDONLY);
	}
	closedir(dir);
	return fd;
}

static void
open_files(const char *folder)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int dirfd, epollfd, eventfd_, filefd, sockfd, timerfd;

	dirfd = open(folder, O_RDONLY | O_DIRECTORY);
	filefd = first_file(folder);
	tap_ok(dirfd != -1 && filefd != -1, "a folder and a file to work on");
	timerfd = timerfd_create(CLOCK_MONOTONIC, 0);
	eventfd_ = eventfd(1, 0);
	epollfd = epoll_create1(0);
	tap_is(epoll_ctl(epollfd, EPOLL_CTL_ADD, eventfd_, &ev), 0,
	    "an epoll to work on");
	sockfd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	tap_ok(sockfd != -1, "a socket");
	mean(SOCKFD, (unsigned long)sockfd);
	mean(DIRFD, (unsigned long)dirfd);
	mean(FILEFD, (unsigned long)filefd);
	mean(TIMERFD, (unsigned long)timerfd);
	mean(EVENTFD, (unsigned long)eventfd_);
	mean(EPOLLFD, (unsigned long)epollfd);
}

int
main(int argc, char *argv[])
{
	size_t b, i;

	open_files(argc > 1 ? argv[1] : "/data");
	bad[1].address = (unsigned long)page(PROT_READ) + PAGE;
	bad[2].address = (unsigned long)page(PROT_NONE);
	bad[3].address = (unsigned long)page(PROT_READ);
	bad[4].address = (unsigned long)page(PROT_READ | PROT_WRITE) + PAGE - 1;

	for (b = 0; b < sizeof(bad) / sizeof(bad[0]); b++) {
		for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
			if (bad[b].readable && !calls[i].writes)
				continue;
			/* One byte is enough for these, or misaligned. */
			if (b == 4 && (calls[i].number == SYS_futex ||
			    calls[i].number == SYS_write))
				continue;
			if (bad[b].address % 4 != 0 &&
			    calls[i].number == SYS_futex)
				continue;
			/* Linux fills what there is of a buffer. */
			if (b == 4 && (calls[i].number == SYS_read ||
			    calls[i].number == SYS_pread64 ||
			    calls[i].number == SYS_getrandom))
				continue;
			mean(BAD, bad[b].address);
			try(&calls[i], bad[b].name);
		}
	}
	return tap_end();
}
