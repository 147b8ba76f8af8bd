/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * write.c: calls that change names, attributes, sizes and contents: results, and
 * the errors that they must give.  Passes on Linux as well, as root.
 *
 * Arguments: a folder that can be written to (default /tmp); what its file system
 * lacks: "links" (and owners).
 */
#define	_GNU_SOURCE
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utime.h>

#include "tap.h"

#define	NOREPLACE	1
#define	LONGNAME	"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"

static int dir;		/* the folder, which is also the working folder */
static const char *lacking = "";

static void
make(const char *name, const char *contents)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd == -1 || write(fd, contents, strlen(contents)) !=
	    (ssize_t)strlen(contents) || close(fd) != 0) {
		perror(name);
		exit(2);
	}
}

static int
holds(const char *name, const char *contents)
{
	char buf[256];
	int fd = open(name, O_RDONLY);
	ssize_t n;

	if (fd == -1)
		return 0;
	n = read(fd, buf, sizeof(buf));
	close(fd);
	return n == (ssize_t)strlen(contents) &&
	    memcmp(buf, contents, (size_t)n) == 0;
}

static int
exists(const char *name)
{
	struct stat st;

	return lstat(name, &st) == 0;
}

static long
links(const char *name)
{
	struct stat st;

	return lstat(name, &st) == 0 ? (long)st.st_nlink : -1;
}

static void
test_rename(void)
{
	make("a", "a");
	make("b", "b");
	mkdir("d", 0755);
	mkdir("d/e", 0755);
	mkdir("full", 0755);
	make("full/x", "x");
	tap_is(rename("a", "b"), 0, "rename onto a file");
	tap_ok(!exists("a") && holds("b", "a"), "it is there, and only there");
	tap_is(renameat(dir, "b", dir, "d/c"), 0, "renameat to a folder");
	tap_ok(!exists("b") && holds("d/c", "a"), "it is there");
	tap_is(rename("d/c", "d/c"), 0, "rename onto itself");
	tap_fails(rename("none", "x"), ENOENT, "rename: missing");
	tap_fails(rename("d/c/x", "x"), ENOTDIR, "rename: through a file");
	tap_fails(rename("d/c", "none/x"), ENOENT, "rename: to a missing folder");
	tap_fails(rename("d/c", "full"), EISDIR, "rename: a file onto a folder");
	tap_fails(rename("full", "d/c"), ENOTDIR, "rename: a folder onto a file");
	tap_fails(rename("d", "d/e/f"), EINVAL, "rename: below itself");
	tap_fails(rename("d/e", "full"), ENOTEMPTY, "rename: onto a full folder");
	tap_fails(rename("d/e", "d"), ENOTEMPTY, "rename: onto its own parent");
	tap_fails(rename("d/.", "q"), EBUSY, "rename: dot");
	tap_fails(rename("d", LONGNAME LONGNAME LONGNAME LONGNAME LONGNAME),
	    ENAMETOOLONG, "rename: a name too long");
	tap_fails(rename("d", ""), ENOENT, "rename: no name");
	mkdir("empty", 0755);
	tap_is(rename("full", "empty"), 0, "rename onto an empty folder");
	tap_ok(holds("empty/x", "x") && !exists("full"), "it is there");
	tap_is(rename("empty", "d/e"), 0, "rename onto one elsewhere");
	tap_ok(holds("d/e/x", "x"), "it is there");
	make("n1", "1");
	make("n2", "2");
	tap_fails(syscall(SYS_renameat2, dir, "n1", dir, "n2", NOREPLACE),
	    EEXIST, "renameat2: not over a file");
	tap_ok(holds("n1", "1") && holds("n2", "2"), "nothing has changed");
	tap_is(syscall(SYS_renameat2, dir, "n1", dir, "n3", NOREPLACE), 0,
	    "renameat2: to a free name");
	tap_fails(syscall(SYS_renameat2, dir, "n1", dir, "n4", NOREPLACE),
	    ENOENT, "renameat2: missing");
	tap_fails(syscall(SYS_renameat2, dir, "n2", dir, "n3", 1024), EINVAL,
	    "renameat2: unknown flag");
	tap_fails(syscall(SYS_renameat2, 99, "n2", dir, "n3", 0), EBADF,
	    "renameat2: no such descriptor");
	unlink("n2");
	unlink("n3");
	unlink("d/c");
	unlink("d/e/x");
	rmdir("d/e");
	tap_is(rmdir("d"), 0, "rmdir");
}

static void
test_link(void)
{
	struct stat st;

	make("a", "a");
	symlink("a", "s");
	mkdir("d", 0755);
	tap_is(link("a", "b"), 0, "link");
	tap_is(links("a"), 2, "two links");
	tap_is(linkat(dir, "a", dir, "d/c", 0), 0, "linkat to a folder");
	tap_is(links("b"), 3, "three links");
	tap_is(rename("a", "b"), 0, "rename one onto another");
	tap_ok(exists("a") && exists("b"), "both are still there");
	tap_is(renameat(dir, "a", dir, "d/c"), 0, "the same by renameat");
	tap_is(links("a"), 3, "still three");
	tap_is(link("s", "t"), 0, "link of a symbolic link");
	tap_ok(lstat("t", &st) == 0 && S_ISLNK(st.st_mode), "it is one itself");
	unlink("t");
	tap_is(linkat(dir, "s", dir, "t", AT_SYMLINK_FOLLOW), 0,
	    "linkat: follow");
	tap_ok(lstat("t", &st) == 0 && S_ISREG(st.st_mode), "the file");
	tap_fails(link("a", "b"), EEXIST, "link: exists");
	tap_fails(link("none", "x"), ENOENT, "link: missing");
	tap_fails(link("d", "x"), EPERM, "link: a folder");
	tap_fails(link("a", "none/x"), ENOENT, "link: to a missing folder");
	tap_fails(linkat(dir, "a", dir, "x", 0x10000), EINVAL,
	    "linkat: unknown flag");
	tap_is(unlink("a") + unlink("b") + unlink("t") + unlink("d/c"), 0,
	    "unlink all");
	tap_fails(open("s", O_RDONLY), ENOENT, "the link dangles");
	tap_is(unlink("s"), 0, "unlink a dangling link");
	rmdir("d");
}

static void
test_names(void)
{
	char path[4100], buf[16];
	struct stat st;
	int fd;

	mkdir("d", 0755);
	fd = open("d", O_RDONLY | O_DIRECTORY);
	tap_is(mkdirat(fd, "e", 0700), 0, "mkdirat");
	tap_ok(stat("d/e", &st) == 0 && (st.st_mode & 07777) == 0700,
	    "with its mode");
	tap_is(umask(027), 022, "umask");
	tap_is(mkdir("d/f", 0777), 0, "mkdir under umask");
	tap_ok(stat("d/f", &st) == 0 && (st.st_mode & 07777) == 0750,
	    "with what it leaves");
	umask(022);
	tap_fails(mkdir("d/e", 0755), EEXIST, "mkdir: exists");
	tap_fails(mkdir("x/y", 0755), ENOENT, "mkdir: no parent");
	tap_fails(mkdir("", 0755), ENOENT, "mkdir: no name");
	tap_fails(mkdirat(99, "x", 0755), EBADF, "mkdirat: no descriptor");
	tap_is(symlinkat("to/where", fd, "s"), 0, "symlinkat");
	tap_is(readlink("d/s", buf, sizeof(buf)), 8, "readlink");
	tap_ok(memcmp(buf, "to/where", 8) == 0, "it says so");
	tap_fails(symlink("x", "d/s"), EEXIST, "symlink: exists");
	tap_fails(symlink("", "x"), ENOENT, "symlink: to nothing");
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	tap_fails(symlink(path, "x"), ENAMETOOLONG, "symlink: too long");
	tap_is(mknodat(fd, "reg", S_IFREG | 0640, 0), 0, "mknod: a file");
	tap_ok(stat("d/reg", &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & 07777) == 0640 && st.st_size == 0, "it is one");
	tap_is(mkfifo("d/fifo", 0600), 0, "mkfifo");
	tap_ok(lstat("d/fifo", &st) == 0 && S_ISFIFO(st.st_mode), "it is one");
	tap_fails(mknod("d/reg", S_IFREG | 0644, 0), EEXIST, "mknod: exists");
	tap_fails(mknod("d/dir", S_IFDIR | 0755, 0), EPERM, "mknod: a folder");
	tap_fails(unlink("d/e"), EISDIR, "unlink: a folder");
	tap_fails(unlink("none"), ENOENT, "unlink: missing");
	tap_fails(unlink("d/reg/x"), ENOTDIR, "unlink: through a file");
	tap_fails(unlinkat(fd, "e", 8), EINVAL, "unlinkat: unknown flag");
	tap_fails(rmdir("d"), ENOTEMPTY, "rmdir: not empty");
	tap_fails(rmdir("d/reg"), ENOTDIR, "rmdir: a file");
	tap_fails(rmdir("none"), ENOENT, "rmdir: missing");
	tap_fails(rmdir("d/."), EINVAL, "rmdir: dot");
	tap_is(unlinkat(fd, "e", AT_REMOVEDIR), 0, "unlinkat: a folder");
	tap_is(unlinkat(fd, "reg", 0), 0, "unlinkat: a file");
	tap_is(unlinkat(fd, "fifo", 0), 0, "unlinkat: a fifo");
	tap_is(rmdir("d/f") + unlink("d/s") + rmdir("d"), 0, "the rest");
	tap_fails(openat(fd, "x", O_CREAT | O_WRONLY, 0644), ENOENT,
	    "create in a folder that was removed");
	close(fd);
	tap_fails(open(".", O_TMPFILE | O_RDONLY, 0600), EINVAL,
	    "O_TMPFILE for reading");
}

static void
test_attributes(void)
{
	const struct timespec ts[2] = { { 1000000000, 123000000 },
	    { 1100000000, 0 } };
	const struct timespec omit[2] = { { 0, UTIME_OMIT }, { 5, 0 } };
	const struct timespec bad[2] = { { 0, 1000000000 }, { 0, 0 } };
	const struct timeval tv[2] = { { 900000000, 0 }, { 900000001, 0 } };
	const struct utimbuf ub = { 800000000, 800000001 };
	struct stat st;
	int fd;

	make("a", "a");
	symlink("a", "s");
	fd = open("a", O_RDWR);
	tap_is(chmod("a", 0751), 0, "chmod");
	tap_ok(stat("a", &st) == 0 && (st.st_mode & 07777) == 0751, "is seen");
	tap_is(fchmod(fd, 0640), 0, "fchmod");
	tap_is(fchmodat(dir, "s", 0600, 0), 0, "fchmodat through a link");
	tap_ok(fstat(fd, &st) == 0 && (st.st_mode & 07777) == 0600, "is seen");
	tap_fails(chmod("none", 0644), ENOENT, "chmod: missing");
	tap_fails(fchmod(99, 0644), EBADF, "fchmod: no descriptor");
	tap_is(chown("s", 12, 34), 0, "chown through a link");
	tap_ok(fstat(fd, &st) == 0 && st.st_uid == 12 && st.st_gid == 34,
	    "is seen");
	tap_is(lchown("s", 56, 78), 0, "lchown");
	tap_ok(lstat("s", &st) == 0 && st.st_uid == 56 && st.st_gid == 78,
	    "the link has it");
	tap_is(fchown(fd, (uid_t)-1, 9), 0, "fchown of the group");
	tap_ok(fstat(fd, &st) == 0 && st.st_uid == 12 && st.st_gid == 9,
	    "the user stays");
	tap_is(fchownat(dir, "s", 1, 2, AT_SYMLINK_NOFOLLOW), 0, "fchownat");
	tap_is(fchownat(fd, "", 3, 4, AT_EMPTY_PATH), 0, "fchownat: itself");
	tap_ok(fstat(fd, &st) == 0 && st.st_uid == 3, "is seen");
	tap_fails(fchownat(dir, "a", 1, 2, 2), EINVAL, "fchownat: bad flag");
	tap_is(utimensat(dir, "s", ts, 0), 0, "utimensat");
	tap_ok(fstat(fd, &st) == 0 && st.st_atime == 1000000000 &&
	    st.st_mtime == 1100000000, "is seen");
	tap_is(futimens(fd, omit), 0, "futimens: omit one");
	tap_ok(fstat(fd, &st) == 0 && st.st_atime == 1000000000 &&
	    st.st_mtime == 5, "it stays");
	tap_is(utimensat(dir, "s", ts, AT_SYMLINK_NOFOLLOW), 0, "of a link");
	tap_ok(lstat("s", &st) == 0 && st.st_mtime == 1100000000, "is seen");
	tap_is(utimes("a", tv), 0, "utimes");
	tap_ok(stat("a", &st) == 0 && st.st_mtime == 900000001, "is seen");
	tap_is(syscall(SYS_utime, "a", &ub), 0, "utime");
	tap_ok(stat("a", &st) == 0 && st.st_mtime == 800000001, "is seen");
	tap_is(syscall(SYS_futimesat, dir, "a", tv), 0, "futimesat");
	tap_is(utimensat(dir, "a", NULL, 0), 0, "utimensat: now");
	tap_ok(stat("a", &st) == 0 && st.st_mtime > 1600000000, "is now");
	tap_fails(utimensat(dir, "a", bad, 0), EINVAL, "utimensat: bad time");
	tap_fails(utimensat(dir, "none", ts, 0), ENOENT, "utimensat: missing");
	tap_fails(utimensat(dir, "a", ts, 1), EINVAL, "utimensat: bad flag");
	close(fd);
	unlink("a");
	unlink("s");
}

static void
test_size(void)
{
	char buf[8] = "";
	struct stat st;
	int fd, rd;

	make("a", "0123456789");
	fd = open("a", O_RDWR);
	rd = open("a", O_RDONLY);
	tap_is(truncate("a", 4), 0, "truncate");
	tap_ok(holds("a", "0123"), "is seen");
	tap_is(ftruncate(fd, 6), 0, "ftruncate to a larger size");
	tap_is(pread(fd, buf, 8, 0), 6, "read all");
	tap_ok(memcmp(buf, "0123\0\0", 6) == 0, "zeros are new");
	tap_fails(ftruncate(rd, 0), EINVAL, "ftruncate: opened for reading");
	tap_fails(ftruncate(fd, -1), EINVAL, "ftruncate: negative");
	tap_fails(ftruncate(99, 0), EBADF, "ftruncate: no descriptor");
	tap_fails(truncate("none", 0), ENOENT, "truncate: missing");
	tap_fails(truncate(".", 0), EISDIR, "truncate: a folder");
	tap_fails(truncate("a", -1), EINVAL, "truncate: negative");
	tap_is(fallocate(fd, 0, 0, 100000), 0, "fallocate");
	tap_ok(fstat(fd, &st) == 0 && st.st_size == 100000 &&
	    st.st_blocks * 512 >= 100000, "size and blocks are there");
	tap_is(pread(fd, buf, 4, 0), 4, "read");
	tap_ok(memcmp(buf, "0123", 4) == 0, "the contents stay");
	tap_is(fallocate(fd, 0, 10, 100), 0, "fallocate of what is there");
	tap_fails(fallocate(fd, 0, 0, 0), EINVAL, "fallocate: no length");
	tap_fails(fallocate(rd, 0, 0, 1), EBADF, "fallocate: for reading");
	tap_fails(fallocate(fd, 0, LLONG_MAX, 1), EFBIG, "fallocate: too far");
	close(rd);
	tap_is(close(fd), 0, "close");
	fd = open("a", O_WRONLY | O_TRUNC);
	tap_ok(stat("a", &st) == 0 && st.st_size == 0, "O_TRUNC");
	tap_is(pwrite(fd, "end", 3, 1000000), 3, "write far away");
	tap_ok(stat("a", &st) == 0 && st.st_size == 1000003, "size");
	close(fd);
	unlink("a");
}

static void
test_mapped_size(void)
{
	const long page = 4096;
	char *p, c = 'z';
	int fd;

	make("m", "x");
	fd = open("m", O_RDWR);
	ftruncate(fd, 3 * page);
	p = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	p[0] = 'a';
	p[page + 100] = 'b';
	p[2 * page] = 'c';
	tap_is(ftruncate(fd, page + 50), 0, "ftruncate of a mapped file");
	tap_fails(write(1, p + 2 * page, 1), EFAULT, "the page behind is gone");
	tap_is(p[page + 100], 0, "behind the end is zero");
	tap_is(ftruncate(fd, 3 * page), 0, "longer again");
	tap_ok(p[0] == 'a' && p[page + 100] == 0 && p[2 * page] == 0,
	    "with zeros");
	p[2 * page] = 'd';
	tap_is(pread(fd, &c, 1, 2 * page), 1, "pread");
	tap_is(c, 'd', "the new page is shared");
	tap_is(truncate("m", 0), 0, "truncate by name");
	tap_fails(write(1, p, 1), EFAULT, "all pages are gone");
	ftruncate(fd, page);
	tap_is(p[0], 0, "they come back empty");
	p[0] = 'e';
	close(open("m", O_RDWR | O_TRUNC));
	tap_fails(write(1, p, 1), EFAULT, "O_TRUNC takes them too");
	munmap(p, 3 * page);
	close(fd);
	unlink("m");
}

static void
test_copy(void)
{
	struct iovec iov[2] = { { "ab", 2 }, { "cd", 2 } };
	loff_t in, out;
	char buf[8];
	int a, b, app, rd;

	make("a", "0123456789");
	make("b", "");
	a = open("a", O_RDWR);
	b = open("b", O_RDWR);
	app = open("b", O_WRONLY | O_APPEND);
	rd = open("b", O_RDONLY);
	tap_is(sendfile(b, a, NULL, 4), 4, "sendfile to a file");
	tap_ok(holds("b", "0123"), "is seen");
	in = 6, out = 1;
	tap_is(copy_file_range(a, &in, b, &out, 2, 0), 2, "copy_file_range");
	tap_ok(in == 8 && out == 3 && holds("b", "0673"), "is seen");
	tap_is(copy_file_range(a, NULL, b, NULL, 100, 0), 6, "own positions");
	tap_ok(holds("b", "0673456789"), "is seen");
	tap_is(copy_file_range(a, NULL, b, NULL, 100, 0), 0, "at the end");
	in = 0, out = 2;
	tap_fails(copy_file_range(a, &in, a, &out, 4, 0), EINVAL, "overlap");
	tap_fails(copy_file_range(a, NULL, app, NULL, 1, 0), EBADF, "append");
	tap_fails(copy_file_range(a, NULL, rd, NULL, 1, 0), EBADF, "read only");
	tap_fails(copy_file_range(a, NULL, b, NULL, 1, 1), EINVAL, "a flag");
	tap_fails(copy_file_range(dir, NULL, b, NULL, 1, 0), EISDIR, "a folder");
	tap_is(pwritev(b, iov, 2, 3), 4, "pwritev");
	tap_ok(holds("b", "067abcd789"), "is seen");
	tap_is(syscall(SYS_pwritev2, b, iov, 1, 0L, 0L, 4L), 2,
	    "pwritev2: synchronous");
	tap_is(lseek(b, 8, SEEK_SET), 8, "lseek");
	tap_is(syscall(SYS_pwritev2, b, iov, 1, -1L, -1L, 0L), 2,
	    "pwritev2: at its own position");
	tap_ok(holds("b", "ab7abcd7ab"), "is seen");
	iov[0].iov_base = buf;
	tap_is(syscall(SYS_preadv2, b, iov, 1, 3L, 0L, 0L), 2, "preadv2");
	tap_ok(memcmp(buf, "ab", 2) == 0, "is right");
	tap_fails(syscall(SYS_preadv2, b, iov, 1, 0L, 0L, 0x4000L), EOPNOTSUPP,
	    "preadv2: unknown flag");
	tap_is(write(app, "!", 1), 1, "append");
	tap_ok(holds("b", "ab7abcd7ab!"), "at the end");
	close(a), close(b), close(app), close(rd);
	unlink("a");
	unlink("b");
}

static void
test_sync(void)
{
	int fd, rd;

	make("a", "a");
	fd = open("a", O_RDWR);
	rd = open("a", O_RDONLY);
	tap_is(write(fd, "b", 1), 1, "write");
	tap_is(fsync(fd), 0, "fsync");
	tap_is(fdatasync(fd), 0, "fdatasync");
	tap_is(fsync(rd), 0, "fsync: opened for reading");
	tap_is(fdatasync(rd), 0, "fdatasync: opened for reading");
	tap_is(fsync(dir), 0, "fsync of a folder");
	tap_is(syncfs(fd), 0, "syncfs");
	tap_is(sync_file_range(fd, 0, 0, 7), 0, "sync_file_range");
	tap_fails(sync_file_range(fd, -1, 0, 7), EINVAL, "a bad range");
	tap_fails(sync_file_range(fd, 0, 0, 8), EINVAL, "a bad flag");
	tap_fails(fsync(99), EBADF, "fsync: no descriptor");
	tap_fails(syncfs(99), EBADF, "syncfs: no descriptor");
	sync();
	close(fd);
	fd = open("a", O_RDWR | O_SYNC);
	tap_is(write(fd, "c", 1), 1, "write with O_SYNC");
	close(fd);
	close(rd);
	unlink("a");
}

static void
test_locks(void)
{
	struct flock fl = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd, fd2, rd;

	make("a", "a");
	fd = open("a", O_RDWR);
	fd2 = open("a", O_RDWR);
	rd = open("a", O_RDONLY);
	tap_is(flock(fd, LOCK_EX), 0, "flock: exclusive");
	tap_fails(flock(fd2, LOCK_EX | LOCK_NB), EWOULDBLOCK, "of another");
	tap_fails(flock(fd2, LOCK_SH | LOCK_NB), EWOULDBLOCK, "shared too");
	tap_is(flock(fd, LOCK_SH), 0, "down to shared");
	tap_is(flock(fd2, LOCK_SH | LOCK_NB), 0, "shared by two");
	tap_is(flock(fd, LOCK_UN), 0, "unlock");
	close(fd2);
	tap_is(flock(rd, LOCK_EX | LOCK_NB), 0, "free after close");
	tap_fails(flock(fd, 0), EINVAL, "flock: nothing");
	tap_fails(flock(99, LOCK_SH), EBADF, "flock: no descriptor");
	tap_is(fcntl(fd, F_SETLK, &fl), 0, "F_SETLK");
	tap_is(fcntl(fd, F_SETLKW, &fl), 0, "F_SETLKW");
	tap_is(fcntl(fd, F_GETLK, &fl), 0, "F_GETLK");
	tap_is(fl.l_type, F_UNLCK, "nobody else has one");
	fl.l_type = F_WRLCK;
	tap_fails(fcntl(rd, F_SETLK, &fl), EBADF, "to write, for reading");
	fl.l_type = 7;
	tap_fails(fcntl(fd, F_SETLK, &fl), EINVAL, "an unknown lock");
	fl.l_type = F_RDLCK;
	fl.l_start = -5;
	tap_fails(fcntl(fd, F_SETLK, &fl), EINVAL, "before the start");
	fl.l_whence = 9;
	tap_fails(fcntl(fd, F_SETLK, &fl), EINVAL, "from nowhere");
	close(fd);
	close(rd);
	unlink("a");
}

/* A folder is read to its end although what was read is taken away. */
static void
test_folder(void)
{
	char name[64];
	int i, removed = 0, left = 0;
	struct dirent *de;
	DIR *d;

	mkdir("d", 0755);
	for (i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "d/file-with-a-long-name-%d", i);
		make(name, "");
	}
	d = opendir("d");
	while ((de = readdir(d)) != NULL) {
		if (de->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "d/%.50s", de->d_name);
		removed += unlink(name) == 0;
	}
	closedir(d);
	tap_is(removed, 300, "all were found and removed");
	d = opendir("d");
	while ((de = readdir(d)) != NULL)
		left += de->d_name[0] != '.';
	closedir(d);
	tap_is(left, 0, "none is left");
	tap_is(rmdir("d"), 0, "rmdir");
}

static void
test_devices(void)
{
	struct stat st;
	int fd;

	fd = open("/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	tap_ok(fd >= 0 && write(fd, "x", 1) == 1, "/dev/null, as a shell opens");
	tap_ok(fstat(fd, &st) == 0 && S_ISCHR(st.st_mode), "it is a device");
	tap_ok(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode) &&
	    st.st_rdev == makedev(1, 3), "by name too");
	close(fd);
}

static void
test_statfs(void)
{
	struct statfs sf;

	tap_is(statfs(".", &sf), 0, "statfs");
	tap_ok(sf.f_bsize > 0 && sf.f_namelen >= 255, "sizes");
	printf("# statfs: type %lx, %ld-byte blocks\n", (long)sf.f_type,
	    (long)sf.f_bsize);
	tap_fails(statfs("none", &sf), ENOENT, "statfs: missing");
	tap_is(fstatfs(dir, &sf), 0, "fstatfs");
}

int
main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : "/tmp";

	if (argc > 2)
		lacking = argv[2];
	umask(022);
	mkdir(folder, 0755);
	dir = open(folder, O_RDONLY | O_DIRECTORY);
	if (dir == -1 || fchdir(dir) == -1)
		return 2;
	test_rename();
	if (strcmp(lacking, "links") != 0) {
		test_link();
		test_names();
		test_attributes();
	}
	test_size();
	test_mapped_size();
	test_copy();
	test_sync();
	test_locks();
	test_folder();
	test_devices();
	test_statfs();
	return tap_end();
}
