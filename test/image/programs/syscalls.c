/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * syscalls.c: system calls on the console, on a file, on a folder and on a
 * read-only file system: results, and the errors that they must give.
 *
 * Arguments: a folder on a read-only file system that holds at least one regular
 * file of more than 8 bytes (default /data).
 */
#define	_GNU_SOURCE
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static char folder[PATH_MAX];
static char file[PATH_MAX * 2];		/* a regular file in it */
static char missing[PATH_MAX * 2];
static char below[PATH_MAX * 3];	/* a path through the file */

static void
find_file(void)
{
	struct dirent *de;
	struct stat st;
	DIR *dir;

	dir = opendir(folder);
	tap_ok(dir != NULL, "opendir");
	if (dir == NULL)
		exit(tap_end());
	while ((de = readdir(dir)) != NULL) {
		snprintf(file, sizeof(file), "%s/%s", folder, de->d_name);
		if (lstat(file, &st) == 0 && S_ISREG(st.st_mode) &&
		    st.st_size > 8)
			break;
	}
	tap_ok(de != NULL, "a file of more than 8 bytes");
	closedir(dir);
	if (de == NULL)
		exit(tap_end());
	snprintf(missing, sizeof(missing), "%s/is-not-there", folder);
	snprintf(below, sizeof(below), "%s/x", file);
}

static void
test_open(void)
{
	char longname[600];
	int fd;

	fd = open(file, O_RDONLY);
	tap_ok(fd == 3, "open gives the lowest descriptor");
	tap_is(close(fd), 0, "close");
	tap_fails(close(fd), EBADF, "close twice");
	tap_fails(close(-1), EBADF, "close -1");
	tap_fails(close(100000), EBADF, "close beyond the table");
	tap_fails(open(missing, O_RDONLY), ENOENT, "open: missing");
	tap_fails(open(below, O_RDONLY), ENOTDIR, "open: through a file");
	tap_fails(open("", O_RDONLY), ENOENT, "open: empty path");
	tap_fails(open(file, O_RDONLY | O_DIRECTORY), ENOTDIR,
	    "open: O_DIRECTORY on a file");
	tap_fails(open(folder, O_WRONLY), EISDIR, "open: write a folder");
	tap_fails(open(file, O_WRONLY), EROFS, "open: write, read-only fs");
	tap_fails(open(file, O_RDWR | O_TRUNC), EROFS, "open: O_TRUNC");
	tap_fails(open(missing, O_WRONLY | O_CREAT, 0644), EROFS,
	    "open: O_CREAT");
	tap_fails(open(file, O_RDONLY | O_CREAT | O_EXCL, 0644), EEXIST,
	    "open: O_EXCL");
	memset(longname, 'a', sizeof(longname));
	longname[0] = '/';
	longname[sizeof(longname) - 1] = '\0';
	tap_fails(open(longname, O_RDONLY), ENAMETOOLONG, "open: long name");
}

static void
test_at(void)
{
	const char *base = strrchr(file, '/') + 1;
	struct stat st, st2;
	int dirfd, fd;

	dirfd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	tap_ok(dirfd != -1, "open a folder");
	fd = openat(dirfd, base, O_RDONLY);
	tap_ok(fd != -1, "openat");
	tap_is(fstat(fd, &st), 0, "fstat");
	tap_is(fstatat(dirfd, base, &st2, 0), 0, "fstatat");
	tap_ok(st.st_ino == st2.st_ino && st.st_dev == st2.st_dev &&
	    st.st_size == st2.st_size, "both say the same");
	tap_is(fstatat(fd, "", &st2, AT_EMPTY_PATH), 0,
	    "fstatat AT_EMPTY_PATH");
	tap_ok(st.st_ino == st2.st_ino, "of the same file");
	tap_is(faccessat(dirfd, base, R_OK, 0), 0, "faccessat");
	tap_fails(openat(fd, "x", O_RDONLY), ENOTDIR, "openat: in a file");
	tap_fails(openat(77, "x", O_RDONLY), EBADF, "openat: EBADF");
	tap_is(fstatat(77, "/", &st2, 0), 0, "fstatat: absolute path");
	tap_is(fcntl(dirfd, F_GETFD), FD_CLOEXEC, "F_GETFD");
	tap_is(fcntl(dirfd, F_SETFD, 0), 0, "F_SETFD");
	tap_is(fcntl(dirfd, F_GETFD), 0, "F_GETFD after it");
	close(fd);
	close(dirfd);
}

static void
test_stat(void)
{
	struct statvfs sv;
	struct stat st;

	tap_is(stat(folder, &st), 0, "stat");
	tap_ok(S_ISDIR(st.st_mode), "is a folder");
	tap_fails(stat(missing, &st), ENOENT, "stat: missing");
	tap_fails(stat(below, &st), ENOTDIR, "stat: through a file");
	tap_fails(fstat(77, &st), EBADF, "fstat: EBADF");
	tap_fails(syscall(SYS_newfstatat, AT_FDCWD, "/", &st, 0x80000),
	    EINVAL, "newfstatat: unknown flag");
	tap_is(fstat(1, &st), 0, "fstat of the console");
	tap_ok(S_ISCHR(st.st_mode), "is a character device");
	tap_is(statvfs(folder, &sv), 0, "statvfs");
	tap_ok((sv.f_flag & ST_RDONLY) && sv.f_frsize > 0 &&
	    sv.f_blocks > 0, "is read-only and has a size");
	tap_is(access(file, R_OK), 0, "access R_OK");
	tap_fails(access(file, W_OK), EROFS, "access W_OK");
	tap_fails(access(file, 0x20), EINVAL, "access: bad mode");
	tap_fails(access(missing, F_OK), ENOENT, "access: missing");
}

static void
test_read(void)
{
	char a[8], b[8], c[9], *big;
	struct iovec iov[3] = { { b, 3 }, { b + 3, 0 }, { b + 3, 5 } };
	struct stat st;
	int fd;

	fd = open(file, O_RDONLY);
	fstat(fd, &st);
	tap_is(read(fd, a, 8), 8, "read");
	tap_is(lseek(fd, 0, SEEK_CUR), 8, "lseek SEEK_CUR");
	tap_is(lseek(fd, 0, SEEK_SET), 0, "lseek SEEK_SET");
	tap_is(readv(fd, iov, 3), 8, "readv");
	tap_ok(memcmp(a, b, 8) == 0, "the same bytes");
	tap_is(pread(fd, c, 4, 4), 4, "pread");
	tap_ok(memcmp(a + 4, c, 4) == 0, "of its position");
	tap_is(lseek(fd, 0, SEEK_CUR), 8, "pread leaves the position");
	tap_is(lseek(fd, -3, SEEK_END), st.st_size - 3, "lseek SEEK_END");
	tap_is(read(fd, c, 8), 3, "a short read");
	tap_is(read(fd, c, 8), 0, "the end");
	tap_is(pread(fd, c, 8, st.st_size + 5), 0, "pread beyond the end");
	tap_fails(lseek(fd, -1, SEEK_SET), EINVAL, "lseek: negative");
	tap_fails(lseek(fd, 0, 99), EINVAL, "lseek: bad whence");
	tap_fails(pread(fd, c, 1, -1), EINVAL, "pread: negative");
	tap_fails(write(fd, a, 1), EBADF, "write: opened to read");
	tap_fails(read(77, a, 1), EBADF, "read: EBADF");
	tap_fails(syscall(SYS_readv, fd, iov, -1L), EINVAL,
	    "readv: bad count");
	tap_fails(lseek(1, 0, SEEK_CUR), ESPIPE, "lseek: the console");
	tap_fails(pread(0, a, 1, 0), ESPIPE, "pread: the console");
	tap_is(read(fd, NULL, 0), 0, "read of nothing");

	/* The second page of the buffer cannot be written. */
	big = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(big + 4096, 4096, PROT_READ);
	iov[0] = (struct iovec){ big, 4 };
	iov[1] = (struct iovec){ big + 4096, 4 };
	lseek(fd, 0, SEEK_SET);
	tap_is(readv(fd, iov, 2), 4, "readv: stops at a bad buffer");
	tap_is(lseek(fd, 0, SEEK_CUR), 4, "and counts what it read");
	munmap(big, 8192);
	close(fd);
}

static void
test_dup(void)
{
	char c;
	int fd, fd2;

	fd = open(file, O_RDONLY);
	fd2 = dup(fd);
	tap_ok(fd2 > fd, "dup");
	read(fd, &c, 1);
	tap_is(lseek(fd2, 0, SEEK_CUR), 1, "they share the position");
	tap_is(dup2(fd, 20), 20, "dup2");
	close(fd);
	tap_is(read(20, &c, 1), 1, "lives on after close");
	tap_is(dup2(20, 20), 20, "dup2 to itself");
	tap_fails(dup2(77, 21), EBADF, "dup2: EBADF");
	tap_fails(dup3(20, 20, 0), EINVAL, "dup3 to itself");
	tap_is(dup3(20, 21, O_CLOEXEC), 21, "dup3");
	tap_is(fcntl(21, F_GETFD), FD_CLOEXEC, "sets close-on-exec");
	tap_is(fcntl(20, F_DUPFD, 30), 30, "F_DUPFD");
	tap_is(fcntl(20, F_GETFL) & O_ACCMODE, O_RDONLY, "F_GETFL");
	tap_fails(fcntl(20, 9999), EINVAL, "fcntl: unknown");
	tap_is(dup2(1, fd2), fd2, "dup2 of the console");
	tap_is(write(fd2, "# written through a copy\n", 25), 25,
	    "write to the copy");
	close(fd2);
	close(20);
	close(21);
	close(30);
}

static int
count_entries(DIR *dir)
{
	int n = 0;

	while (readdir(dir) != NULL)
		n++;
	return n;
}

static void
test_dir(void)
{
	char buf[8], name[NAME_MAX + 1];
	struct dirent *de;
	long where;
	DIR *dir;
	int fd, n;

	dir = opendir(folder);
	n = count_entries(dir);
	tap_ok(n >= 3, "readdir");
	rewinddir(dir);
	tap_is(count_entries(dir), n, "rewinddir");
	rewinddir(dir);
	readdir(dir);
	where = telldir(dir);
	de = readdir(dir);
	snprintf(name, sizeof(name), "%s", de->d_name);
	count_entries(dir);
	seekdir(dir, where);
	de = readdir(dir);
	tap_ok(de != NULL && strcmp(de->d_name, name) == 0, "seekdir");
	closedir(dir);

	fd = open(folder, O_RDONLY);
	tap_fails(read(fd, buf, 8), EISDIR, "read: a folder");
	tap_fails(syscall(SYS_getdents64, fd, buf, 8), EINVAL,
	    "getdents64: small buffer");
	close(fd);
	fd = open(file, O_RDONLY);
	tap_fails(syscall(SYS_getdents64, fd, name, sizeof(name)), ENOTDIR,
	    "getdents64: a file");
	close(fd);
}

static void
test_paths(void)
{
	char cwd[PATH_MAX], link[64];

	tap_is(chdir(folder), 0, "chdir");
	tap_ok(getcwd(cwd, sizeof(cwd)) != NULL && strcmp(cwd, folder) == 0,
	    "getcwd");
	tap_fails(syscall(SYS_getcwd, cwd, 2L), ERANGE, "getcwd: small");
	tap_fails(chdir(file), ENOTDIR, "chdir: a file");
	tap_fails(chdir(missing), ENOENT, "chdir: missing");
	tap_fails(readlink(file, link, sizeof(link)), EINVAL,
	    "readlink: a file");
	tap_fails(readlink(file, link, 0), EINVAL, "readlink: no room");
	tap_ok(readlink("/proc/self/exe", link, sizeof(link)) > 1 &&
	    link[0] == '/', "readlink /proc/self/exe");
	tap_fails(mkdir(missing, 0755), EROFS, "mkdir: EROFS");
	tap_fails(mkdir(file, 0755), EEXIST, "mkdir: EEXIST");
	tap_fails(unlink(file), EROFS, "unlink: EROFS");
	/* BSD file systems look at "read-only" first. */
	tap_ok(unlink(missing) == -1 && (errno == ENOENT || errno == EROFS),
	    "unlink: missing");
	tap_fails(symlink("x", missing), EROFS, "symlink: EROFS");
	tap_is(chdir("/"), 0, "chdir back");
}

static void
test_memory(void)
{
	struct stat st;
	char *p, *q;
	int fd;

	p = mmap(NULL, 1UL << 36, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	tap_ok(p != MAP_FAILED, "mmap: reserve 64 GiB");
	tap_is(mprotect(p + (1UL << 35), 65536, PROT_READ | PROT_WRITE), 0,
	    "mprotect: a part of it");
	p[(1UL << 35) + 5000] = 7;
	tap_ok(p[(1UL << 35) + 5000] == 7 && p[(1UL << 35) + 9000] == 0,
	    "which reads and writes");
	tap_is(madvise(p + (1UL << 35), 65536, MADV_DONTNEED), 0, "madvise");
	tap_ok(p[(1UL << 35) + 5000] == 0, "is zero again");
	tap_is(munmap(p, 1UL << 36), 0, "munmap");

	p = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(p, 5, 3 * 4096);
	tap_is(munmap(p + 4096, 4096), 0, "munmap: the middle");
	tap_ok(p[0] == 5 && p[8192] == 5, "leaves the rest");
	q = mmap(p + 4096, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	tap_ok(q == p + 4096 && q[0] == 0, "MAP_FIXED");
	q = mremap(p, 3 * 4096, 100 * 4096, MREMAP_MAYMOVE);
	tap_ok(q != MAP_FAILED && q[0] == 5 && q[8192] == 5 &&
	    q[99 * 4096] == 0, "mremap");
	munmap(q, 100 * 4096);

	fd = open(file, O_RDONLY);
	fstat(fd, &st);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	q = malloc((size_t)st.st_size);
	tap_ok(p != MAP_FAILED, "mmap of a file");
	tap_ok(pread(fd, q, (size_t)st.st_size, 0) == st.st_size &&
	    memcmp(p, q, (size_t)st.st_size) == 0, "holds the file");
	free(q);
	munmap(p, (size_t)st.st_size);
	tap_ok(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
	    == MAP_FAILED, "mmap: shared and writable is refused");
	close(fd);
	tap_fails((long)mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
	    -1, 0), EINVAL, "mmap: no length");
	tap_fails((long)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 77, 0),
	    EBADF, "mmap: EBADF");
	tap_fails((long)mmap((void *)0xffffffff80000000UL, 4096, PROT_READ,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), ENOMEM,
	    "mmap: over the kernel");
	tap_fails(munmap((void *)0xffffffff80000000UL, 4096), EINVAL,
	    "munmap: the kernel");
	tap_fails(mprotect((void *)0xffffffff80000000UL, 4096, PROT_READ |
	    PROT_WRITE), ENOMEM, "mprotect: the kernel");
	p = (char *)syscall(SYS_brk, 0L);
	tap_is(syscall(SYS_brk, p + 100000), (long)p + 100000, "brk");
	p[99999] = 1;
	tap_is(syscall(SYS_brk, p), (long)p, "brk back");
}

static void
test_time(void)
{
	struct timespec a, b, wait = { 0, 15000000 };
	long ms;

	tap_is(clock_gettime(CLOCK_MONOTONIC, &a), 0, "clock_gettime");
	tap_is(nanosleep(&wait, NULL), 0, "nanosleep");
	clock_gettime(CLOCK_MONOTONIC, &b);
	ms = (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000;
	tap_ok(ms >= 15 && ms < 5000, "slept for as long as asked");
	b.tv_nsec += 5000000;
	b.tv_sec += b.tv_nsec / 1000000000;
	b.tv_nsec %= 1000000000;
	tap_is(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &b, NULL), 0,
	    "clock_nanosleep until");
	clock_gettime(CLOCK_MONOTONIC, &a);
	tap_ok(a.tv_sec > b.tv_sec || (a.tv_sec == b.tv_sec &&
	    a.tv_nsec >= b.tv_nsec), "not before");
	tap_ok(time(NULL) > 1700000000, "time is of this century");
	tap_fails(clock_gettime(99, &a), EINVAL, "clock_gettime: EINVAL");
	wait.tv_nsec = 1000000000;
	tap_fails(nanosleep(&wait, NULL), EINVAL, "nanosleep: EINVAL");
}

static void
test_system(void)
{
	struct sigaction sa;
	struct termios tio;
	struct utsname un;
	struct winsize ws;
	struct rlimit rl;
	cpu_set_t set;
	unsigned char random[32] = { 0 };
	int i, sum = 0;

	tap_is(uname(&un), 0, "uname");
	tap_ok(strcmp(un.sysname, "Linux") == 0 &&
	    strcmp(un.machine, "x86_64") == 0, "Linux on x86_64");
	tap_ok(getpid() == syscall(SYS_gettid), "one thread");
	tap_ok(getuid() == 0 && geteuid() == 0, "root");
	tap_is(getrlimit(RLIMIT_STACK, &rl), 0, "getrlimit");
	tap_ok(rl.rlim_cur == 8UL << 20, "a stack of 8 MiB");
	tap_is(syscall(SYS_getrandom, random, sizeof(random), 0),
	    sizeof(random), "getrandom");
	for (i = 0; i < 32; i++)
		sum += random[i] != 0;
	tap_ok(sum > 8, "is not all zero");
	tap_is(sched_getaffinity(0, sizeof(set), &set), 0,
	    "sched_getaffinity");
	tap_is(sched_yield(), 0, "sched_yield");
	tap_is(tcgetattr(0, &tio), 0, "tcgetattr");
	tap_is(ioctl(1, TIOCGWINSZ, &ws), 0, "TIOCGWINSZ");
	tap_fails(ioctl(1, 0x1234, 0), ENOTTY, "ioctl: unknown");
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = SIG_IGN;
	tap_is(sigaction(SIGUSR1, &sa, NULL), 0, "sigaction");
	sigaction(SIGUSR1, NULL, &sa);
	tap_ok(sa.sa_handler == SIG_IGN, "is kept");
	tap_is(raise(SIGUSR1), 0, "raise, ignored");
	tap_fails(kill(4711, 0), ESRCH, "kill: ESRCH");
	tap_fails(sigaction(SIGKILL, &sa, NULL), EINVAL, "sigaction: SIGKILL");
	tap_fails(syscall(SYS_rt_sigaction, 10, 0, 0, 4), EINVAL,
	    "rt_sigaction: size");
	tap_fails(syscall(9999), ENOSYS, "a call that does not exist");
}

static void
test_devices(void)
{
	char buf[16] = "xxxxxxxxxxxxxxx";
	struct stat st;
	int fd;

	fd = open("/dev/null", O_RDWR);
	tap_ok(fd != -1, "open /dev/null");
	tap_is(write(fd, buf, 16), 16, "takes everything");
	tap_is(read(fd, buf, 16), 0, "gives nothing");
	close(fd);
	fd = open("/dev/zero", O_RDONLY);
	tap_is(read(fd, buf, 16), 16, "read /dev/zero");
	tap_ok(buf[0] == 0 && buf[15] == 0, "gives zeros");
	close(fd);
	fd = open("/dev/urandom", O_RDONLY);
	tap_is(read(fd, buf, 16), 16, "read /dev/urandom");
	close(fd);
	tap_is(stat("/dev/null", &st), 0, "stat /dev/null");
	tap_ok(S_ISCHR(st.st_mode), "is a character device");
}

/* More descriptors than there may be: the last open fails, none is lost. */
static void
test_many(void)
{
	static int fds[2048];
	struct rlimit rl;
	int i, n;

	tap_is(getrlimit(RLIMIT_NOFILE, &rl), 0, "getrlimit");
	rl.rlim_cur = 1500;
	tap_is(setrlimit(RLIMIT_NOFILE, &rl), 0, "setrlimit");

	for (n = 0; n < 2048; n++) {
		fds[n] = open("/dev/null", O_RDONLY);
		if (fds[n] == -1)
			break;
	}
	tap_ok(n == 1497 && errno == EMFILE, "open: EMFILE");
	tap_fails(dup2(0, 1500), EBADF, "dup2: EBADF");
	tap_fails(fcntl(0, F_DUPFD, 1500), EINVAL, "F_DUPFD: EINVAL");
	tap_fails(dup(0), EMFILE, "dup: EMFILE");
	for (i = 0; i < n; i++)
		close(fds[i]);
	i = open("/dev/null", O_RDONLY);
	tap_is(i, 3, "all are free again");
	close(i);
}

int
main(int argc, char *argv[])
{

	snprintf(folder, sizeof(folder), "%s", argc > 1 ? argv[1] : "/data");
	find_file();
	test_open();
	test_at();
	test_stat();
	test_read();
	test_dup();
	test_dir();
	test_paths();
	test_memory();
	test_time();
	test_system();
	test_devices();
	test_many();
	return tap_end();
}
