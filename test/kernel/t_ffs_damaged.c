/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_ffs_damaged.c: FFS: images with random bytes changed are mounted, walked and
 * written to, each in a process of its own: it may get errors, and the kernel may
 * end by a panic, but it does not hang and touches no memory but its own.
 *
 * KTEST_IMAGES says how many, KTEST_SEED which comes first.
 */
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <signal.h>

#include "h_ffs.h"

#define	NAMES_MOST	300
#define	PANICS_MOST	1	/* in a hundred */

static unsigned char *pristine;
static size_t size;
static int names;

static uint32_t
next(uint32_t *state)
{

	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* A field of the superblock; places are in fragments. */
static size_t
field(int at)
{
	int32_t value;

	memcpy(&value, pristine + 8192 + at, sizeof(value));
	return (size_t)value;
}

/* A place in the superblock, the group, the first inodes, or the first data. */
static size_t
place(uint32_t *random)
{
	size_t fragment = field(52);

	switch (next(random) % 9) {
	case 0:
		return 8192 + next(random) % 1380;
	case 1:
	case 2:
		return field(12) * fragment + next(random) % 700;
	case 3:
	case 4:
	case 5:
		return field(16) * fragment + next(random) % (64 * 128);
	case 6:
	case 7:
		return field(20) * fragment + next(random) % 4096;
	default:
		return next(random) % size;
	}
}

/* Most of the damage goes to bytes that are not zero. */
static void
damage(unsigned char *p, uint32_t *random)
{
	int n = 1 + next(random) % 12;
	size_t at;

	while (n > 0) {
		at = place(random);
		if (p[at] == 0 && next(random) % 8 != 0)
			continue;
		p[at] = (unsigned char)next(random);
		n--;
	}
}

static void
look(const char *path, int depth)
{
	static char data[16384];
	char entries[4096], inside[700];
	struct rump_dirent *d;
	struct rump_stat st;
	int fd, n, at;

	if (names++ > NAMES_MOST || rump_sys_lstat(path, &st) != 0)
		return;
	if ((st.st_mode & RUMP_S_IFMT) == RUMP_S_IFLNK)
		(void)rump_sys_readlink(path, data, sizeof(data));
	if ((fd = rump_sys_open(path, RUMP_O_RDONLY | RUMP_O_NONBLOCK)) == -1)
		return;
	if ((st.st_mode & RUMP_S_IFMT) == RUMP_S_IFREG) {
		for (n = 0; n < 16 &&
		    rump_sys_read(fd, data, sizeof(data)) > 0; n++)
			continue;
	}
	while ((st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR && depth < 6 &&
	    names < NAMES_MOST &&
	    (n = rump_sys_getdents(fd, entries, sizeof(entries))) > 0) {
		for (at = 0; at < n; at += d->d_reclen) {
			d = (void *)(entries + at);
			if (d->d_name[0] == '.' || strlen(path) > 400)
				continue;
			snprintf(inside, sizeof(inside), "%s/%s", path,
			    d->d_name);
			look(inside, depth + 1);
		}
	}
	(void)rump_sys_close(fd);
}

static void
change(void)
{
	static char data[200000];
	int fd;

	if ((fd = rump_sys_open("/ffs/new", RUMP_O_CREAT | RUMP_O_RDWR,
	    0644)) != -1) {
		(void)rump_sys_write(fd, data, sizeof(data));
		(void)rump_sys_fsync(fd);
		(void)rump_sys_close(fd);
	}
	(void)rump_sys_mkdir("/ffs/dir/new", 0755);
	(void)rump_sys_rename("/ffs/new", "/ffs/dir/other");
	(void)rump_sys_unlink("/ffs/hello.txt");
	(void)rump_sys_truncate("/ffs/dir/file-3", 5);
	(void)rump_sys_unlink("/ffs/dir/file-4");
	(void)rump_sys_rmdir("/ffs/dir/new");
}

static void
use_damaged(const char *image, uint32_t random)
{
	struct rump_ufs_args args = { .fspec = "/dev/ffs" };
	int flags = random % 5 == 0 ? RUMP_MNT_RDONLY :
	    random % 2 ? H_SOFTDEP : 0;

	if (rump_init() != 0)
		_exit(9);
	if (rump_pub_etfs_register("/dev/ffs", image, RUMP_ETFS_BLK) != 0 ||
	    rump_sys_mkdir("/ffs", 0755) != 0)
		_exit(9);
	if (rump_sys_mount("ffs", "/ffs", flags, &args, sizeof(args)) != 0)
		_exit(1);
	look("/ffs", 0);
	change();
	(void)rump_sys_unmount("/ffs", RUMP_MNT_FORCE);
	_exit(0);
}

/* How the use of one image ended: its wait status. */
static int
try_image(uint32_t seed)
{
	char image[1024];
	uint32_t random = seed * 2654435761U + 1;
	unsigned char *p;
	int status, fd;
	pid_t pid;

	snprintf(image, sizeof(image), "%s/damaged", getenv("KTEST_KEEP"));
	if ((p = malloc(size)) == NULL)
		abort();
	memcpy(p, pristine, size);
	damage(p, &random);
	if ((fd = open(image, O_CREAT | O_TRUNC | O_WRONLY, 0644)) == -1 ||
	    write(fd, p, size) != (ssize_t)size || close(fd) != 0)
		abort();
	free(p);
	if ((pid = fork()) == 0) {
		alarm(30);
		if (getenv("KTEST_LOUD") == NULL)
			(void)freopen("/dev/null", "w", stderr);
		use_damaged(image, random);
	}
	if (waitpid(pid, &status, 0) != pid)
		abort();
	(void)unlink(image);
	return status;
}

static void
damaged_images(void)
{
	const char *wanted = getenv("KTEST_IMAGES");
	const char *from = getenv("KTEST_SEED");
	int n = wanted != NULL ? atoi(wanted) : 400, i, status;
	int first = from != NULL ? atoi(from) : 1;
	int panics = 0, refused = 0, bad = 0;
	struct stat st;
	int fd;

	if ((fd = open(getenv("KTEST_FFS"), O_RDONLY)) == -1 ||
	    fstat(fd, &st) != 0)
		abort();
	size = st.st_size;
	pristine = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	CHECK(pristine != MAP_FAILED);
	for (i = first; i < first + n; i++) {
		status = try_image(i);
		if (WIFEXITED(status) && WEXITSTATUS(status) <= 1) {
			refused += WEXITSTATUS(status);
		} else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) {
			panics++;
		} else {
			printf("# seed %d: wait status %#x\n", i, status);
			bad++;
		}
	}
	printf("# %d images: %d refused, %d panics, %d bad\n", n, refused,
	    panics, bad);
	CHECK_EQUAL(bad, 0);
	CHECK(panics * 100 <= n * PANICS_MOST);
}

static const struct tap_case cases[] = {
	{ "damaged images give errors", damaged_images },
};

/* No kernel in this process: each child boots its own. */
int
main(void)
{

	setvbuf(stdout, NULL, _IOLBF, 0);
	return TAP_RUN(cases);
}
