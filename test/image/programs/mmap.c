/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mmap.c: mapped files: what is written through a mapping is read by calls and by
 * other mappings, and the reverse; private mappings keep to themselves; sizes
 * change under mappings; and the errors.
 *
 * Arguments: a folder that can be written to (default /tmp).
 */
#define	_GNU_SOURCE
#include <sys/mman.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

#define	PAGE	4096L
#define	NPAGES	40L

static char path[PATH_MAX], other[PATH_MAX];

static char
letter(long off)
{

	return (char)('a' + (off / PAGE + off) % 23);
}

/* A file of NPAGES pages and a bit, with letters that tell the place. */
static int
make_file(const char *name)
{
	static char buf[NPAGES * PAGE + 100];
	long i;
	int fd;

	for (i = 0; i < (long)sizeof(buf); i++)
		buf[i] = letter(i);
	fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
	tap_ok(fd >= 0, "create");
	tap_is(write(fd, buf, sizeof(buf)), sizeof(buf), "fill");
	return fd;
}

static void *
map(int fd, size_t len, int prot, int flags, off_t off)
{
	void *p = mmap(NULL, len, prot, flags, fd, off);

	if (p == MAP_FAILED)
		perror("# mmap");
	return p;
}

static int
all_letters(const char *p, long off, long len)
{
	long i;

	for (i = 0; i < len; i++) {
		if (p[i] != letter(off + i))
			return 0;
	}
	return 1;
}

static void
test_private(void)
{
	int fd = make_file(path);
	char *p, *q, c;

	p = map(fd, NPAGES * PAGE + 100, PROT_READ | PROT_WRITE, MAP_PRIVATE,
	    0);
	tap_ok(all_letters(p, 0, NPAGES * PAGE + 100), "private: contents");
	tap_is(p[NPAGES * PAGE + 100], 0, "private: zero behind the end");
	p[5] = '!';
	tap_is(pread(fd, &c, 1, 5), 1, "private: pread");
	tap_is(c, letter(5), "private: the file does not see a write");
	tap_is(pwrite(fd, "X", 1, 6), 1, "private: pwrite");
	tap_is(p[6], letter(6), "private: a page of its own stays as it is");
	tap_is(pwrite(fd, "Y", 1, PAGE), 1, "private: pwrite elsewhere");
	tap_is(p[PAGE], 'Y', "private: an untouched page follows the file");
	q = map(fd, PAGE, PROT_READ, MAP_PRIVATE, 0);
	tap_is(q[5], letter(5), "private: not seen by another mapping");
	tap_is(madvise(p, PAGE, MADV_DONTNEED), 0, "private: DONTNEED");
	tap_ok(p[5] == letter(5) && p[6] == 'X', "private: from the file again");
	tap_is(pread(fd, p + 2 * PAGE, 1, 0), 1, "private: read into it");
	tap_is(p[2 * PAGE], letter(0), "private: what was read is there");
	tap_is(munmap(p, NPAGES * PAGE + 100), 0, "munmap");
	tap_is(munmap(q, PAGE), 0, "munmap");
	close(fd);
}

static void
test_shared(void)
{
	int fd = make_file(path), fd2 = open(path, O_RDWR);
	char *p, *q, buf[8], big[2 * PAGE];

	p = map(fd, NPAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	q = map(fd2, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, PAGE);
	memcpy(p + PAGE + 10, "HELLO", 5);
	tap_ok(memcmp(q + 10, "HELLO", 5) == 0, "shared: another mapping sees");
	tap_is(pread(fd2, buf, 5, PAGE + 10), 5, "shared: pread");
	tap_ok(memcmp(buf, "HELLO", 5) == 0, "shared: pread sees a write");
	tap_is(pwrite(fd2, "world", 5, 2 * PAGE - 2), 5, "shared: pwrite");
	tap_ok(memcmp(p + 2 * PAGE - 2, "world", 5) == 0 &&
	    memcmp(q + PAGE - 2, "world", 5) == 0,
	    "shared: a write is seen, across pages too");
	tap_is(lseek(fd, PAGE, SEEK_SET), PAGE, "shared: lseek");
	tap_is(read(fd, big, sizeof(big)), sizeof(big), "shared: read");
	tap_ok(memcmp(big + 10, "HELLO", 5) == 0 &&
	    memcmp(big + PAGE - 2, "world", 5) == 0, "shared: read sees");
	tap_is(lseek(fd, 0, SEEK_CUR), 3 * PAGE, "shared: the position moves");
	q[20] = '?';
	tap_is(lseek(fd, PAGE + 19, SEEK_SET), PAGE + 19, "shared: lseek");
	tap_is(write(fd, q + 20, 1), 1, "shared: write from a mapping");
	tap_is(q[19], '?', "shared: write with its own position is seen");
	tap_is(pread(fd, q + 100, 5, PAGE + 10), 5, "shared: pread to itself");
	tap_ok(memcmp(p + PAGE + 100, "HELLO", 5) == 0, "shared: it is there");
	tap_is(msync(p, NPAGES * PAGE, MS_SYNC), 0, "msync");
	p[7 * PAGE] = '#';
	tap_is(fsync(fd), 0, "fsync");
	tap_is(munmap(q, 3 * PAGE), 0, "munmap of one");
	p[8 * PAGE] = '#';
	close(fd);
	p[9 * PAGE] = '#';
	tap_is(munmap(p, NPAGES * PAGE), 0, "munmap of the last");
	tap_is(pread(fd2, big, 1, 7 * PAGE) + pread(fd2, big + 1, 1, 8 * PAGE) +
	    pread(fd2, big + 2, 1, 9 * PAGE), 3, "pread of all");
	tap_ok(memcmp(big, "###", 3) == 0, "shared: all got into the file");
	tap_is(pread(fd2, big, 5, PAGE + 10), 5, "pread");
	tap_ok(memcmp(big, "HELLO", 5) == 0, "shared: the first too");
	close(fd2);
}

static void
test_append(void)
{
	int fd = make_file(path), app = open(path, O_RDWR | O_APPEND);
	const long size = NPAGES * PAGE + 100;
	char *p, c = 0;
	struct stat st;

	p = map(app, size + PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	p[size + 3] = '!';	/* behind the end: nobody's */
	tap_is(write(app, "tail", 4), 4, "append: write");
	tap_ok(memcmp(p + size, "tail", 4) == 0, "append: seen");
	p[PAGE] = '+';
	tap_is(msync(p, PAGE * 2, MS_SYNC), 0, "append: msync");
	tap_is(fstat(fd, &st), 0, "fstat");
	tap_is(st.st_size, size + 4, "append: write-back does not append");
	tap_is(pread(fd, &c, 1, PAGE), 1, "append: pread");
	tap_is(c, '+', "append: written in its place");
	tap_is(pwrite(fd, "Z", 1, size + 50), 1, "a write behind the end");
	tap_ok(p[size + 10] == 0 && p[size + 50] == 'Z',
	    "zero between the old end and the new");
	munmap(p, size + PAGE);
	close(fd);
	close(app);
}

static void
test_unlinked(void)
{
	int fd = make_file(other);
	char *p = map(fd, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);

	close(fd);
	tap_is(unlink(other), 0, "unlink a mapped file");
	tap_is(p[1], letter(1), "it is still there");
	p[1] = 'x';
	tap_is(munmap(p, PAGE), 0, "munmap");
}

static void
test_move(void)
{
	int fd = make_file(path);
	char *p, *q, c;

	p = map(fd, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	p[3] = '3';
	q = mremap(p, 2 * PAGE, 8 * PAGE, MREMAP_MAYMOVE);
	tap_ok(q != MAP_FAILED && q[3] == '3' &&
	    all_letters(q + PAGE, PAGE, 7 * PAGE), "mremap of a file");
	q[5 * PAGE] = '5';
	tap_is(pread(fd, &c, 1, 5 * PAGE), 1, "pread");
	tap_is(c, '5', "mremap: the new part is the file's");
	p = mmap(NULL, 4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	p = mremap(q, 8 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p);
	tap_ok(p != MAP_FAILED && p[3] == '3', "mremap: fixed");
	munmap(p, 4 * PAGE);
	p = map(fd, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0);
	p[1] = 'P';
	q = mremap(p, 4 * PAGE, 6 * PAGE, MREMAP_MAYMOVE);
	tap_ok(q != MAP_FAILED && q[1] == 'P' && q[5 * PAGE] == '5',
	    "mremap: private");
	munmap(q + PAGE, PAGE);
	tap_fails((long)mremap(q, 6 * PAGE, 9 * PAGE, MREMAP_MAYMOVE), EFAULT,
	    "mremap: across a hole");
	munmap(q, 6 * PAGE);
	close(fd);
}

static void
test_errors(void)
{
	int fd = open(path, O_RDONLY), wr = open(path, O_WRONLY);
	int dir = open("/", O_RDONLY | O_DIRECTORY);
	char *p;

#define	FAILS(prot, flags, fd, off, error, name)			\
	tap_fails((long)mmap(NULL, PAGE, prot, flags, fd, off), error, name)
	FAILS(PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0, EACCES,
	    "shared for writing, opened for reading");
	FAILS(PROT_READ, MAP_SHARED, wr, 0, EACCES, "opened for writing only");
	FAILS(PROT_READ, MAP_PRIVATE, wr, 0, EACCES, "the same, private");
	FAILS(PROT_READ, MAP_PRIVATE, dir, 0, ENODEV, "a folder");
	FAILS(PROT_READ, MAP_PRIVATE, 1, 0, ENODEV, "the console");
	FAILS(PROT_READ, MAP_PRIVATE, 99, 0, EBADF, "no descriptor");
	FAILS(PROT_READ, MAP_PRIVATE, fd, 100, EINVAL, "an odd offset");
	FAILS(PROT_READ, 0, fd, 0, EINVAL, "neither shared nor private");
	tap_fails((long)mmap(NULL, 0, PROT_READ, MAP_PRIVATE, fd, 0), EINVAL,
	    "no length");
	p = map(fd, PAGE, PROT_READ, MAP_SHARED, 0);
	tap_fails(mprotect(p, PAGE, PROT_READ | PROT_WRITE), EACCES,
	    "mprotect: a shared mapping of a file opened for reading");
	tap_is(mprotect(p, PAGE, PROT_NONE), 0, "mprotect: none");
	tap_is(mprotect(p, PAGE, PROT_READ), 0, "mprotect: and back");
	tap_is(p[1], letter(1), "it reads as before");
	tap_fails(msync(p + 1, PAGE, MS_SYNC), EINVAL, "msync: odd address");
	tap_fails(msync(p, PAGE, MS_SYNC | MS_ASYNC), EINVAL, "msync: both");
	tap_fails(msync(p, PAGE, 64), EINVAL, "msync: unknown flag");
	munmap(p, PAGE);
	tap_fails(msync(p, PAGE, MS_SYNC), ENOMEM, "msync: not mapped");
	p = map(fd, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0);
	tap_is(mprotect(p, PAGE, PROT_READ), 0, "mprotect: read only");
	tap_is(mprotect(p, PAGE, PROT_READ | PROT_WRITE), 0, "and write");
	p[0] = 'W';
	tap_is(p[0], 'W', "private may be written to all the same");
	munmap(p, PAGE);
	/* A page behind the end of the file: a call must say EFAULT. */
	p = map(fd, 80 * PAGE, PROT_READ, MAP_SHARED, 0);
	tap_fails(write(1, p + 60 * PAGE, 1), EFAULT, "write from behind the end");
	munmap(p, 80 * PAGE);
	close(fd);
	close(wr);
	close(dir);
}

static int shared_fd;
static char *shared;

/* Each thread adds to its own words, by mapping and by calls in turn. */
static void *
count(void *arg)
{
	const long me = (long)arg;
	long i, n, value;

	for (i = 0; i < 200; i++) {
		const long off = (i % NPAGES) * PAGE + me * 8;

		if (i % 2 == 0) {
			*(volatile long *)(shared + off) += 1;
		} else {
			n = pread(shared_fd, &value, 8, off);
			value++;
			n += pwrite(shared_fd, &value, 8, off);
			if (n != 16)
				return (void *)1;
		}
		if (i % 50 == 0)
			(void)msync(shared, NPAGES * PAGE, MS_SYNC);
	}
	return NULL;
}

static void
test_threads(void)
{
	pthread_t threads[4];
	long i, j, sum = 0, value;
	void *result, *failed = NULL;

	shared_fd = make_file(path);
	shared = map(shared_fd, NPAGES * PAGE, PROT_READ | PROT_WRITE,
	    MAP_SHARED, 0);
	memset(shared, 0, NPAGES * PAGE);
	for (i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, count, (void *)i);
	for (i = 0; i < 4; i++) {
		pthread_join(threads[i], &result);
		if (result != NULL)
			failed = result;
	}
	munmap(shared, NPAGES * PAGE);
	for (i = 0; i < NPAGES; i++) {
		for (j = 0; j < 4; j++) {
			if (pread(shared_fd, &value, 8, i * PAGE + j * 8) != 8)
				failed = &value;
			sum += value;
		}
	}
	tap_ok(failed == NULL, "threads: calls");
	tap_is(sum, 800, "threads: no count is lost");
	close(shared_fd);
}

int
main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : "/tmp";

	mkdir(folder, 0755);
	snprintf(path, sizeof(path), "%s/mapped", folder);
	snprintf(other, sizeof(other), "%s/other", folder);
	test_private();
	test_shared();
	test_append();
	test_unlinked();
	test_move();
	test_errors();
	test_threads();
	unlink(path);
	return tap_end();
}
