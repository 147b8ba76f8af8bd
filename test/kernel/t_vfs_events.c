/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_vfs_events.c: changes of files as events with names (rump/fsevents.h).
 */
#include <pthread.h>
#include "h_kern.h"
#include <rump/fsevents.h>

static char text[4096];

/* What is queued, as text: "watch:MASK name" each, masks in hexadecimal. */
static const char *
events(int fd)
{
	char buf[4096], *end = text;
	struct rump_fsevent *fe;
	ssize_t n, off;

	*text = '\0';
	while ((n = rump_sys_read(fd, buf, sizeof(buf))) > 0) {
		for (off = 0; off < n; off += (ssize_t)sizeof(*fe) +
		    fe->fe_namelen) {
			fe = (struct rump_fsevent *)(void *)(buf + off);
			end += sprintf(end, "%s%d:%x%s%s", *text ? ", " : "",
			    fe->fe_watch, fe->fe_mask,
			    fe->fe_namelen ? " " : "",
			    fe->fe_namelen ? fe->fe_name : "");
		}
	}
	CHECK_EQUAL(rumpglue_errno(), RUMP_EAGAIN);
	return text;
}

#define	CHECK_EVENTS(fd, expected) do {					\
	const char *got_ = events(fd);					\
	if (strcmp(got_, expected) != 0) {				\
		snprintf(tap_reason, sizeof(tap_reason),		\
		    "%s:%d: \"%s\", expected \"%s\"", __FILE__, __LINE__, \
		    got_, expected);					\
		longjmp(tap_failed, 1);					\
	}								\
} while (0)

static int
queue(void)
{
	int fd;

	CHECK_EQUAL(rump_pub_fsevents_open(RUMP_O_NONBLOCK, &fd), 0);
	return fd;
}

static int
watch(int fd, const char *path, uint32_t mask)
{
	int w = 0;

	CHECK_EQUAL(rump_pub_fsevents_add(fd, path, mask, &w), 0);
	return w;
}

#define	NAMES	(RUMP_FSEVENT_CREATE | RUMP_FSEVENT_DELETE |		\
		    RUMP_FSEVENT_MOVED_FROM | RUMP_FSEVENT_MOVED_TO)

static void
names(void)
{
	struct rump_fsevent *fe, *other;
	char buf[600];
	int q;

	CHECK_OK(rump_sys_mkdir("/w", 0755));
	CHECK_OK(rump_sys_mkdir("/elsewhere", 0755));
	q = queue();
	CHECK_EQUAL(watch(q, "/w", NAMES), 1);
	h_file("/w/f", "x");
	CHECK_OK(rump_sys_mkdir("/w/d", 0755));
	CHECK_OK(rump_sys_symlink("y", "/w/s"));
	CHECK_OK(rump_sys_mkfifo("/w/p", 0644));
	CHECK_OK(rump_sys_link("/w/f", "/w/g"));
	CHECK_EVENTS(q, "1:100 f, 1:40000100 d, 1:100 s, 1:100 p, 1:100 g");
	/* What fails is not told, nor what was there before. */
	CHECK_FAILS(rump_sys_mkdir("/w/d", 0755), RUMP_EEXIST);
	CHECK_FAILS(rump_sys_rmdir("/w/none"), RUMP_ENOENT);
	h_file("/w/f", "y");
	CHECK_EVENTS(q, "");
	/* The halves of a move have a cookie in common. */
	CHECK_OK(rump_sys_rename("/w/f", "/w/h"));
	CHECK_EQUAL(rump_sys_read(q, buf, sizeof(buf)), 2 * (16 + 16));
	fe = (struct rump_fsevent *)(void *)buf;
	other = (struct rump_fsevent *)(void *)(buf + 32);
	CHECK_EQUAL(fe->fe_mask, RUMP_FSEVENT_MOVED_FROM);
	CHECK(strcmp(fe->fe_name, "f") == 0);
	CHECK_EQUAL(other->fe_mask, RUMP_FSEVENT_MOVED_TO);
	CHECK(strcmp(other->fe_name, "h") == 0);
	CHECK(fe->fe_cookie != 0 && fe->fe_cookie == other->fe_cookie);
	CHECK_OK(rump_sys_rename("/w/d", "/elsewhere/d"));
	CHECK_OK(rump_sys_rename("/elsewhere/d", "/w/e"));
	CHECK_EVENTS(q, "1:40000040 d, 1:40000080 e");
	CHECK_OK(rump_sys_unlink("/w/h"));
	CHECK_OK(rump_sys_unlink("/w/g"));
	CHECK_OK(rump_sys_unlink("/w/s"));
	CHECK_OK(rump_sys_unlink("/w/p"));
	CHECK_OK(rump_sys_rmdir("/w/e"));
	CHECK_EVENTS(q, "1:200 h, 1:200 g, 1:200 s, 1:200 p, 1:40000200 e");
	CHECK_OK(rump_sys_close(q));
	CHECK_OK(rump_sys_rmdir("/w"));
	CHECK_OK(rump_sys_rmdir("/elsewhere"));
}

static void
contents_and_attributes(void)
{
	struct rump_stat st;
	char c;
	int q, fd, before;

	CHECK_OK(rump_sys_mkdir("/w", 0755));
	h_file("/w/f", "x");
	before = h_open("/w/f", RUMP_O_RDWR);	/* opened before the watch */
	q = queue();
	CHECK_EQUAL(watch(q, "/w", RUMP_FSEVENT_ALL), 1);
	CHECK_EQUAL(rump_sys_write(before, "y", 1), 1);
	CHECK_OK(rump_sys_close(before));
	CHECK_EVENTS(q, "1:2 f, 1:8 f");
	fd = h_open("/w/f", RUMP_O_RDWR);
	CHECK_EQUAL(rump_sys_read(fd, &c, 1), 1);
	CHECK_EQUAL(rump_sys_write(fd, "y", 1), 1);
	CHECK_EQUAL(rump_sys_write(fd, "y", 1), 1);	/* as the one before */
	CHECK_OK(rump_sys_fchmod(fd, 0600));
	CHECK_OK(rump_sys_ftruncate(fd, 0));
	CHECK_OK(rump_sys_close(fd));
	CHECK_EVENTS(q, "1:20 f, 1:1 f, 1:2 f, 1:4 f, 1:2 f, 1:8 f");
	CHECK_OK(rump_sys_chmod("/w/f", 0644));
	CHECK_OK(rump_sys_truncate("/w/f", 10));
	CHECK_OK(rump_sys_utimes("/w/f", NULL));
	CHECK_OK(rump_sys_stat("/w/f", &st));
	CHECK_EVENTS(q, "1:4 f, 1:2 f, 1:4 f");
	/* A file that was moved while open is told by its new name. */
	fd = h_open("/w/f", RUMP_O_RDWR);
	CHECK_OK(rump_sys_rename("/w/f", "/w/g"));
	CHECK_EQUAL(rump_sys_write(fd, "y", 1), 1);
	CHECK_EVENTS(q, "1:20 f, 1:40 f, 1:80 g, 1:2 g");
	CHECK_OK(rump_sys_close(fd));
	/* The folder itself. */
	(void)events(q);
	CHECK_OK(rump_sys_chmod("/w", 0700));
	CHECK_EVENTS(q, "1:40000004");
	CHECK_OK(rump_sys_unlink("/w/g"));
	CHECK_OK(rump_sys_close(q));
	CHECK_OK(rump_sys_rmdir("/w"));
}

static void
single_files(void)
{
	int q;

	h_file("/f", "x");
	q = queue();
	CHECK_EQUAL(watch(q, "/f", RUMP_FSEVENT_ALL), 1);
	h_file("/f", "y");
	CHECK_EVENTS(q, "1:2, 1:20, 1:2, 1:8");
	CHECK_OK(rump_sys_link("/f", "/g"));
	CHECK_OK(rump_sys_rename("/f", "/h"));
	CHECK_OK(rump_sys_unlink("/g"));
	CHECK_EVENTS(q, "1:4, 1:800, 1:4");
	CHECK_OK(rump_sys_unlink("/h"));
	CHECK_EVENTS(q, "1:4, 1:400, 1:8000");
	/* Replaced by a rename; folders; once only. */
	h_file("/f", "x");
	h_file("/g", "x");
	CHECK_EQUAL(watch(q, "/g", RUMP_FSEVENT_DELETE_SELF), 2);
	CHECK_OK(rump_sys_rename("/f", "/g"));
	CHECK_EVENTS(q, "2:400, 2:8000");
	CHECK_OK(rump_sys_mkdir("/d", 0755));
	CHECK_EQUAL(watch(q, "/d", RUMP_FSEVENT_DELETE_SELF), 3);
	CHECK_OK(rump_sys_rmdir("/d"));
	CHECK_EVENTS(q, "3:400, 3:8000");
	CHECK_EQUAL(watch(q, "/g", RUMP_FSEVENT_ATTRIB | RUMP_FSEVENT_ONESHOT),
	    4);
	CHECK_OK(rump_sys_chmod("/g", 0600));
	CHECK_OK(rump_sys_chmod("/g", 0644));
	CHECK_EVENTS(q, "4:4, 4:8000");
	CHECK_OK(rump_sys_close(q));
	CHECK_OK(rump_sys_unlink("/g"));
}

static void
adding_and_removing(void)
{
	char small[16];
	int q, other, n = 77, w;

	CHECK_EQUAL(rump_pub_fsevents_open(RUMP_O_RDWR, &n), RUMP_EINVAL);
	CHECK_EQUAL(n, 77);
	h_file("/f", "x");
	CHECK_OK(rump_sys_symlink("/f", "/s"));
	q = queue();
	CHECK_EQUAL(rump_pub_fsevents_add(q, "/f", 0, &n), RUMP_EINVAL);
	CHECK_EQUAL(rump_pub_fsevents_add(99, "/f", 1, &n), RUMP_EBADF);
	CHECK_EQUAL(rump_pub_fsevents_add(q, "/none", 1, &n), RUMP_ENOENT);
	CHECK_EQUAL(rump_pub_fsevents_add(q, NULL, 1, &n), RUMP_EFAULT);
	CHECK_EQUAL(rump_pub_fsevents_add(q, "/f", RUMP_FSEVENT_ATTRIB |
	    RUMP_FSEVENT_ONLYDIR, &n), RUMP_ENOTDIR);
	w = h_open("/f", RUMP_O_RDONLY);
	CHECK_EQUAL(rump_pub_fsevents_add(w, "/f", 1, &n), RUMP_EINVAL);
	CHECK_EQUAL(rump_pub_fsevents_remove(w, 1), RUMP_EINVAL);
	CHECK_OK(rump_sys_close(w));
	CHECK_EQUAL(n, 77);
	/* One watch for a file; a mask is replaced, or added to. */
	w = watch(q, "/f", RUMP_FSEVENT_ATTRIB);
	CHECK_EQUAL(watch(q, "/s", RUMP_FSEVENT_MODIFY), w);
	CHECK_OK(rump_sys_chmod("/f", 0600));
	CHECK_EVENTS(q, "");
	CHECK_EQUAL(watch(q, "/f", RUMP_FSEVENT_ATTRIB |
	    RUMP_FSEVENT_MASK_ADD), w);
	CHECK_OK(rump_sys_chmod("/f", 0644));
	CHECK_OK(rump_sys_truncate("/f", 0));
	CHECK_EVENTS(q, "1:4, 1:2");
	n = watch(q, "/s", RUMP_FSEVENT_ATTRIB | RUMP_FSEVENT_NOFOLLOW);
	CHECK(n != w);
	/* Another queue hears the same. */
	other = queue();
	CHECK_EQUAL(watch(other, "/f", RUMP_FSEVENT_ATTRIB), 1);
	CHECK_OK(rump_sys_chmod("/f", 0600));
	CHECK_EQUAL(rump_sys_read(q, small, 8), -1);
	CHECK_EQUAL(rumpglue_errno(), RUMP_EINVAL);
	CHECK_OK(rump_sys_ioctl(q, 0x4004667f, &n));	/* FIONREAD */
	CHECK_EQUAL(n, 16);
	CHECK_EVENTS(q, "1:4");
	CHECK_EVENTS(other, "1:4");
	CHECK_EQUAL(rump_pub_fsevents_remove(q, w), 0);
	CHECK_EQUAL(rump_pub_fsevents_remove(q, w), RUMP_EINVAL);
	CHECK_OK(rump_sys_chmod("/f", 0644));
	CHECK_EVENTS(q, "1:8000");
	CHECK_EVENTS(other, "1:4");
	CHECK_FAILS(rump_sys_write(q, "x", 1), RUMP_EBADF);
	CHECK_FAILS(rump_sys_lseek(q, 0, RUMP_SEEK_SET), RUMP_ESPIPE);
	CHECK_OK(rump_sys_close(q));
	CHECK_OK(rump_sys_close(other));
	CHECK_OK(rump_sys_chmod("/f", 0600));
	CHECK_OK(rump_sys_unlink("/f"));
	CHECK_OK(rump_sys_unlink("/s"));
	/* Who may not read a folder may not watch it. */
	CHECK_OK(rump_sys_mkdir("/closed", 0700));
	h_user(1000);
	q = queue();
	CHECK_EQUAL(rump_pub_fsevents_add(q, "/closed", 1, &n), RUMP_EACCES);
	h_root();
	CHECK_OK(rump_sys_close(q));
	CHECK_OK(rump_sys_rmdir("/closed"));
}

static void
too_many(void)
{
	char buf[4096];
	struct rump_fsevent *fe;
	int q, i, records = 0, overflows = 0;
	ssize_t n, off;

	CHECK_OK(rump_sys_mkdir("/w", 0755));
	q = queue();
	(void)watch(q, "/w", RUMP_FSEVENT_CREATE | RUMP_FSEVENT_DELETE);
	for (i = 0; i < RUMP_FSEVENTS_QUEUED; i++) {
		CHECK_OK(rump_sys_mkfifo("/w/p", 0644));
		CHECK_OK(rump_sys_unlink("/w/p"));
	}
	while ((n = rump_sys_read(q, buf, sizeof(buf))) > 0) {
		for (off = 0; off < n; off += (ssize_t)sizeof(*fe) +
		    fe->fe_namelen) {
			fe = (struct rump_fsevent *)(void *)(buf + off);
			CHECK_EQUAL(overflows, 0);
			if (fe->fe_mask == RUMP_FSEVENT_OVERFLOW) {
				CHECK_EQUAL(fe->fe_watch, -1);
				overflows++;
			} else {
				records++;
			}
		}
	}
	CHECK_EQUAL(overflows, 1);
	CHECK_EQUAL(records, RUMP_FSEVENTS_QUEUED);
	CHECK_OK(rump_sys_mkfifo("/w/p", 0644));
	CHECK_EVENTS(q, "1:100 p");
	CHECK_OK(rump_sys_unlink("/w/p"));
	CHECK_OK(rump_sys_close(q));
	CHECK_OK(rump_sys_rmdir("/w"));
}

static void
unmounting(void)
{
	struct rump_tmpfs_args args = { .ta_version = RUMP_TMPFS_ARGS_VERSION,
	    .ta_root_mode = 0755 };
	int q;

	CHECK_OK(rump_sys_mkdir("/m", 0755));
	CHECK_OK(rump_sys_mount("tmpfs", "/m", 0, &args, sizeof(args)));
	h_file("/m/f", "x");
	q = queue();
	CHECK_EQUAL(watch(q, "/m/f", RUMP_FSEVENT_MODIFY), 1);
	CHECK_OK(rump_sys_unmount("/m", 0));
	CHECK_EVENTS(q, "1:2000, 1:8000");
	CHECK_OK(rump_sys_close(q));
	CHECK_OK(rump_sys_rmdir("/m"));
	h_mount_iso("/iso");
	q = queue();
	CHECK_EQUAL(watch(q, "/iso", RUMP_FSEVENT_OPEN), 1);
	CHECK_OK(rump_sys_close(h_open("/iso/hello.txt", RUMP_O_RDONLY)));
	CHECK_EVENTS(q, "1:20 hello.txt");
	CHECK_OK(rump_sys_unmount("/iso", RUMP_MNT_FORCE));
	CHECK_EVENTS(q, "1:2000, 1:8000");
	CHECK_OK(rump_sys_close(q));
}

struct reader {
	int r_fd;
	pthread_barrier_t r_ready;
	ssize_t r_first, r_second;
	int r_errno;
};

static void *
read_twice(void *arg)
{
	struct reader *r = arg;
	char buf[RUMP_FSEVENT_MAX];

	r->r_first = rump_sys_read(r->r_fd, buf, sizeof(buf));
	pthread_barrier_wait(&r->r_ready);
	r->r_second = rump_sys_read(r->r_fd, buf, sizeof(buf));
	r->r_errno = rumpglue_errno();
	return NULL;
}

/* A reader on another thread waits for events, and ends with its descriptor. */
static void
blocking_readers(void)
{
	struct reader r;
	pthread_t t;
	int w;

	CHECK_OK(rump_sys_mkdir("/w", 0755));
	CHECK_EQUAL(rump_pub_fsevents_open(0, &r.r_fd), 0);
	CHECK_EQUAL(rump_pub_fsevents_add(r.r_fd, "/w", RUMP_FSEVENT_CREATE,
	    &w), 0);
	pthread_barrier_init(&r.r_ready, NULL, 2);
	CHECK_EQUAL(pthread_create(&t, NULL, read_twice, &r), 0);
	CHECK_OK(rump_sys_mkdir("/w/d", 0755));
	pthread_barrier_wait(&r.r_ready);
	CHECK_OK(rump_sys_close(r.r_fd));
	pthread_join(t, NULL);
	CHECK_EQUAL(r.r_first, 32);
	CHECK_EQUAL(r.r_second, -1);
	CHECK_EQUAL(r.r_errno, RUMP_EBADF);
	pthread_barrier_destroy(&r.r_ready);
	CHECK_OK(rump_sys_rmdir("/w/d"));
	CHECK_OK(rump_sys_rmdir("/w"));
}

static const struct tap_case cases[] = {
	{ "names that come, go and move", names },
	{ "contents and attributes of files in a folder",
	    contents_and_attributes },
	{ "a file by itself, until it is gone", single_files },
	{ "adding and removing watches", adding_and_removing },
	{ "a queue that is full says so once", too_many },
	{ "unmounting ends watches", unmounting },
	{ "a reader waits, and ends when the queue is closed",
	    blocking_readers },
};

RUN_KERNEL(cases)
