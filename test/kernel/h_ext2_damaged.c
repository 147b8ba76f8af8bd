/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * h_ext2_damaged.c: damaged ext2 images, one after the other, each in a process of its
 * own: h_ext2_damaged IMAGE FIRST COUNT SCRATCH.
 *
 * In a copy of the image a few bytes are changed, mostly where there is something;
 * then it is mounted, to be written if it lets us, walked, read, and changed.  What
 * calls say does not matter; that the process lives and ends does.  Prints a line for
 * each seed whose process did not.
 */
#include <sys/stat.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>

#define	NAMES_MAX	300		/* damage can make a tree endless */
#define	DEPTH_MAX	12
#define	BYTES_MAX	(256 * 1024)
#define	TIME_MAX	20		/* seconds; one that takes longer hangs */
#define	REFUSED		2		/* not 1, with which sanitizers end */

static uint64_t state;
static int names;

static uint32_t
next(void)
{

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32);
}

static void
read_file(const char *path)
{
	static char buf[32768];
	size_t total = 0;
	ssize_t n;
	int fd;

	if ((fd = rump_sys_open(path, RUMP_O_RDONLY | RUMP_O_NONBLOCK)) == -1)
		return;
	while (total < BYTES_MAX && (n = rump_sys_read(fd, buf,
	    sizeof(buf))) > 0)
		total += (size_t)n;
	rump_sys_close(fd);
}

/* Changes a file in one of the ways there are. */
static void
change_file(const char *path)
{
	char other[1104];
	int fd;

	snprintf(other, sizeof(other), "%s.x", path);
	switch (next() % 6) {
	case 0:
		rump_sys_unlink(path);
		break;
	case 1:
		rump_sys_truncate(path, (int64_t)(next() % 100000));
		break;
	case 2:
		rump_sys_rename(path, other);
		break;
	case 3:
		rump_sys_link(path, other);
		break;
	case 4:
		if ((fd = rump_sys_open(path, RUMP_O_WRONLY)) != -1) {
			rump_sys_pwrite(fd, other, 1000,
			    (int64_t)(next() % 1000000));
			rump_sys_fsync(fd);
			rump_sys_close(fd);
		}
		break;
	default:
		rump_sys_chmod(path, 0640);
		break;
	}
}

static void
change_folder(const char *path)
{
	char name[1100];
	int fd, i;

	for (i = 0; i < 6; i++) {
		snprintf(name, sizeof(name), "%s/new-%d-with-a-longer-name",
		    path, i);
		if (i == 0) {
			rump_sys_mkdir(name, 0755);
			continue;
		}
		fd = rump_sys_open(name, RUMP_O_CREAT | RUMP_O_WRONLY, 0644);
		if (fd != -1) {
			rump_sys_write(fd, name, sizeof(name));
			rump_sys_close(fd);
		}
	}
	rump_sys_rmdir(path);
}

static void	walk(const char *, int);

static void
visit(const char *folder, const struct rump_dirent *de, int depth)
{
	char path[1100], target[1024];
	struct rump_stat st;

	if (strcmp(de->d_name, ".") == 0 || strcmp(de->d_name, "..") == 0 ||
	    names++ > NAMES_MAX || strlen(folder) > 700)
		return;
	snprintf(path, sizeof(path), "%s/%s", folder, de->d_name);
	if (rump_sys_lstat(path, &st) == -1)
		return;
	switch (st.st_mode & RUMP_S_IFMT) {
	case RUMP_S_IFDIR:
		if (depth < DEPTH_MAX)
			walk(path, depth + 1);
		break;
	case RUMP_S_IFLNK:
		rump_sys_readlink(path, target, sizeof(target));
		break;
	case RUMP_S_IFREG:
		read_file(path);
		break;
	}
	if (next() % 3 == 0 && (st.st_mode & RUMP_S_IFMT) != RUMP_S_IFDIR)
		change_file(path);
}

static void
walk(const char *folder, int depth)
{
	struct rump_dirent *de;
	char *buf;
	int fd, n, at;

	if ((fd = rump_sys_open(folder, RUMP_O_RDONLY)) == -1)
		return;
	if ((buf = malloc(8192)) == NULL)
		abort();
	while (names <= NAMES_MAX && (n = rump_sys_getdents(fd, buf,
	    8192)) > 0)
		for (at = 0; at < n; at += de->d_reclen) {
			de = (struct rump_dirent *)(void *)(buf + at);
			visit(folder, de, depth);
		}
	free(buf);
	rump_sys_close(fd);
	change_folder(folder);
}

static int
work(const char *image)
{
	const char *args[1] = { "/dev/ext2" };

	alarm(TIME_MAX);
	if (rump_init() != 0 || rump_sys_mkdir("/e", 0755) != 0 ||
	    rump_pub_etfs_register("/dev/ext2", image, RUMP_ETFS_BLK) != 0)
		return 3;
	if (rump_sys_mount("ext2fs", "/e", 0, args, sizeof(args)) == -1 &&
	    rump_sys_mount("ext2fs", "/e", RUMP_MNT_RDONLY, args,
	    sizeof(args)) == -1)
		return REFUSED;
	walk("/e", 0);
	rump_sys_sync();
	if (rump_sys_unmount("/e", 0) == -1)
		rump_sys_unmount("/e", RUMP_MNT_FORCE);
	return 0;
}

/* Writes a copy of the image with bytes changed. */
static void
damage(const unsigned char *image, size_t size, const char *path)
{
	unsigned char *copy;
	uint32_t changes, i;
	size_t at;
	int fd, tries;

	if ((copy = malloc(size)) == NULL)
		abort();
	memcpy(copy, image, size);
	for (changes = 1 + next() % 24, i = 0; i < changes; i++) {
		at = next() % size;
		/* Where there is something, or soon behind it. */
		for (tries = 0; tries < 200000 && copy[at] == 0; tries++)
			at = (at + 1) % size;
		copy[at] = (unsigned char)(next() % 4 == 0 ? copy[at] ^
		    (1U << next() % 8) : next());
	}
	if ((fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600)) == -1 ||
	    write(fd, copy, size) != (ssize_t)size || close(fd) != 0)
		abort();
	free(copy);
}

int
main(int argc, char **argv)
{
	unsigned int seed, first, count, outcomes[4] = { 0, 0, 0, 0 };
	unsigned char *image;
	struct stat st;
	int fd, status;
	pid_t pid;

	if (argc != 5 || (fd = open(argv[1], O_RDONLY)) == -1 ||
	    fstat(fd, &st) != 0 ||
	    (image = malloc((size_t)st.st_size)) == NULL ||
	    read(fd, image, (size_t)st.st_size) != st.st_size)
		abort();
	first = (unsigned int)atoi(argv[2]);
	count = (unsigned int)atoi(argv[3]);
	for (seed = first; seed < first + count; seed++) {
		state = 0x9e3779b97f4a7c15ULL * (seed + 1);
		damage(image, (size_t)st.st_size, argv[4]);
		fflush(stdout);
		if ((pid = fork()) == 0) {
			if (freopen("/dev/null", "w", stdout) == NULL)
				abort();
			_exit(work(argv[4]));
		}
		if (waitpid(pid, &status, 0) != pid)
			abort();
		if (WIFEXITED(status) && (WEXITSTATUS(status) == 0 ||
		    WEXITSTATUS(status) == REFUSED))
			outcomes[WEXITSTATUS(status)]++;
		else
			printf("seed %u: %s %d\n", seed, WIFSIGNALED(status) ?
			    "signal" : "status", WIFSIGNALED(status) ?
			    WTERMSIG(status) : WEXITSTATUS(status));
	}
	printf("mounted %u, refused %u\n", outcomes[0],
	    outcomes[REFUSED]);
	return 0;
}
