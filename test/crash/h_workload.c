/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * h_workload.c: random work on a file system, recorded: h_workload IMAGE LOG
 * SEED OPERATIONS TYPE FLAGS, where TYPE and FLAGS are those of mount(2), the latter
 * in hexadecimal.
 *
 * The log is what a disk would have seen up to a power cut: it ends before the
 * file system is unmounted.  Each operation is marked before it starts and when
 * it has ended; what it means for the contents is known to whoever replays
 * (oracle.ts).  All that a file ever holds is a beginning of its own stream
 * (stream_fill), so that any part of it can be told from any other bytes.
 */
#include "h_recorder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>

int	rumpglue_errno(void);

#define	FILES_MAX	40
#define	FOLDERS_MAX	16
#define	TARGETS		4
#define	DEPTH_MAX	6
#define	SIZE_MAX_BYTES	150000
#define	PATH_BYTES	1024

struct folder {
	int id;
	int renames;
	int parent;		/* index; -1: the root */
	int depth;
	int children;
	char path[PATH_BYTES];
};
struct file {
	int id;
	int renames;
	int folder;
	long size;
	char name[64];
};

static struct folder folders[FOLDERS_MAX];
static struct file files[FILES_MAX];
static int nfolders, nfiles, lastid;
static int haslinks;
static uint64_t state;

/* xorshift64*: the same everywhere for one seed. */
static uint32_t
random_below(uint32_t n)
{

	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * 0x2545f4914f6cdd1dULL) >> 33) % n;
}

/*
 * Eight bytes at a time: the file's number, seven bits to a byte, and something
 * of the place; no byte is zero.
 */
static void
stream_fill(char *buf, int id, long from, long len)
{
	uint32_t place;
	long at;

	for (at = from; at < from + len; at++) {
		place = (uint32_t)(at / 8) * 0x9e3779b1U;
		*buf++ = (char)(at % 8 < 4 ?
		    0x80 | (uint32_t)id >> 7 * (at % 8) :
		    1 | place >> 8 * (at % 4));
	}
}

static void
begin(const char *verb, const char *a, const char *b)
{
	char text[3 * PATH_BYTES];

	snprintf(text, sizeof(text), "begin\t%s\t%s\t%s", verb, a, b);
	recorder_mark(text);
}

/* Nothing may fail here: the image is large enough, and the disk is sound. */
static void
end(const char *verb, long long rv)
{
	char text[64];

	if (rv == -1) {
		fprintf(stderr, "%s fails with %d\n", verb, rumpglue_errno());
		exit(2);
	}
	snprintf(text, sizeof(text), "end\t%s", verb);
	recorder_mark(text);
}

static const char *
folder_path(int index)
{
	static char path[PATH_BYTES - 64];

	if (index == -1)
		return "/mnt";
	snprintf(path, sizeof(path), "%s", folders[index].path);
	return path;
}

static const char *
file_path(const struct file *f)
{
	static char path[2][PATH_BYTES];
	static int which;

	which = !which;
	if ((size_t)snprintf(path[which], PATH_BYTES, "%s/%s",
	    folder_path(f->folder), f->name) >= PATH_BYTES)
		abort();
	return path[which];
}

static int
random_folder(void)
{

	return (int)random_below((uint32_t)nfolders + 1) - 1;
}

static void
append(struct file *f, long len)
{
	char number[32], id[32];
	char *buf = malloc((size_t)len);
	int fd;

	if (buf == NULL)
		abort();
	stream_fill(buf, f->id, f->size, len);
	snprintf(number, sizeof(number), "%ld", f->size + len);
	snprintf(id, sizeof(id), "%d", f->id);
	fd = rump_sys_open(file_path(f), RUMP_O_WRONLY | RUMP_O_APPEND);
	if (fd == -1)
		end("open", -1);
	begin("size", id, number);
	end("size", rump_sys_write(fd, buf, (size_t)len) == len ? 0 : -1);
	(void)rump_sys_close(fd);
	f->size += len;
	free(buf);
}

static void
op_create(void)
{
	struct file *f;
	char id[32];
	int fd;

	if (nfiles == FILES_MAX)
		return;
	f = &files[nfiles++];
	f->id = ++lastid;
	f->renames = 0;
	f->size = 0;
	f->folder = random_folder();
	snprintf(f->name, sizeof(f->name), "f%d.0", f->id);
	if (f->folder != -1)
		folders[f->folder].children++;
	snprintf(id, sizeof(id), "%d", f->id);
	begin("create", id, file_path(f));
	fd = rump_sys_open(file_path(f),
	    RUMP_O_WRONLY | RUMP_O_CREAT | RUMP_O_EXCL, 0644);
	end("create", fd);
	(void)rump_sys_close(fd);
	append(f, 64 + random_below(random_below(4) == 0 ? 150000 : 9000));
}

static void
op_append(void)
{
	struct file *f;

	if (nfiles == 0)
		return;
	f = &files[random_below(nfiles)];
	if (f->size < SIZE_MAX_BYTES)
		append(f, 1 + random_below(random_below(3) == 0 ? 60000 : 3000));
}

static void
op_truncate(void)
{
	char number[32], id[32];
	struct file *f;

	if (nfiles == 0)
		return;
	f = &files[random_below(nfiles)];
	f->size = 64 + random_below((uint32_t)(f->size - 63));
	snprintf(number, sizeof(number), "%ld", f->size);
	snprintf(id, sizeof(id), "%d", f->id);
	begin("size", id, number);
	end("size", rump_sys_truncate(file_path(f), f->size));
}

static void
op_fsync(void)
{
	struct file *f;
	char id[32];
	int fd;

	if (nfiles == 0)
		return;
	f = &files[random_below(nfiles)];
	snprintf(id, sizeof(id), "%d", f->id);
	if ((fd = rump_sys_open(file_path(f), RUMP_O_RDWR)) == -1)
		end("open", -1);
	begin("fsync", id, "");
	end("fsync", random_below(4) == 0 ? rump_sys_fdatasync(fd) :
	    rump_sys_fsync(fd));
	(void)rump_sys_close(fd);
}

static void
forget(struct file *f)
{

	if (f->folder != -1)
		folders[f->folder].children--;
	*f = files[--nfiles];
}

static void
op_unlink(void)
{
	struct file *f;
	char id[32];

	if (nfiles == 0)
		return;
	f = &files[random_below(nfiles)];
	snprintf(id, sizeof(id), "%d", f->id);
	begin("unlink", id, file_path(f));
	end("unlink", rump_sys_unlink(file_path(f)));
	forget(f);
}

static void
op_rename(void)
{
	char from[PATH_BYTES], id[32];
	struct file *f;

	if (nfiles == 0)
		return;
	f = &files[random_below(nfiles)];
	strcpy(from, file_path(f));
	if (f->folder != -1)
		folders[f->folder].children--;
	f->folder = random_folder();
	if (f->folder != -1)
		folders[f->folder].children++;
	snprintf(f->name, sizeof(f->name), "f%d.%d", f->id, ++f->renames);
	snprintf(id, sizeof(id), "%d", f->id);
	begin("rename", id, "");
	end("rename", rump_sys_rename(from, file_path(f)));
}

/* A second name for a moment, as programs of old made locks. */
static void
op_link(void)
{
	char other[PATH_BYTES], id[32];
	struct file *f;

	if (nfiles == 0 || !haslinks)
		return;
	f = &files[random_below(nfiles)];
	snprintf(other, sizeof(other), "%s/f%d.%d",
	    folder_path(random_folder()), f->id, f->renames + 1000000);
	snprintf(id, sizeof(id), "%d", f->id);
	begin("link", id, other);
	end("link", rump_sys_link(file_path(f), other));
	begin("unlink-other", id, other);
	end("unlink-other", rump_sys_unlink(other));
}

/* The way programs save: a new file, made safe, takes the old one's name. */
static void
op_replace(void)
{
	struct file f = { .id = ++lastid, .folder = -1 };
	char target[64], id[32], temporary[sizeof(f.name) + 8];
	int fd;

	snprintf(f.name, sizeof(f.name), "f%d.0", f.id);
	snprintf(temporary, sizeof(temporary), "/mnt/%s", f.name);
	snprintf(target, sizeof(target), "/mnt/t%u", random_below(TARGETS));
	snprintf(id, sizeof(id), "%d", f.id);
	begin("create", id, temporary);
	fd = rump_sys_open(temporary,
	    RUMP_O_WRONLY | RUMP_O_CREAT | RUMP_O_EXCL, 0644);
	end("create", fd);
	append(&f, 64 + random_below(20000));
	begin("fsync", id, "");
	end("fsync", rump_sys_fsync(fd));
	(void)rump_sys_close(fd);
	begin("replace", id, target);
	end("replace", rump_sys_rename(temporary, target));
}

static void
op_mkdir(void)
{
	struct folder *d;
	int parent = random_folder();

	if (nfolders == FOLDERS_MAX ||
	    (parent != -1 && folders[parent].depth == DEPTH_MAX))
		return;
	d = &folders[nfolders];
	*d = (struct folder){ .id = ++lastid, .parent = parent };
	d->depth = parent == -1 ? 1 : folders[parent].depth + 1;
	snprintf(d->path, sizeof(d->path), "%s/d%d", folder_path(parent),
	    d->id);
	begin("mkdir", "", "");
	end("mkdir", rump_sys_mkdir(d->path, 0755));
	if (parent != -1)
		folders[parent].children++;
	nfolders++;
}

/* Only the youngest, so that indexes of the others stay. */
static void
op_rmdir(void)
{
	struct folder *d;

	if (nfolders == 0 || (d = &folders[nfolders - 1])->children != 0)
		return;
	begin("rmdir", "", "");
	end("rmdir", rump_sys_rmdir(d->path));
	if (d->parent != -1)
		folders[d->parent].children--;
	nfolders--;
}

/* A folder with nothing below it but files moves to another parent. */
static void
op_move_folder(void)
{
	char from[PATH_BYTES];
	struct folder *d;
	int i, parent = random_folder();

	if (nfolders == 0)
		return;
	d = &folders[random_below(nfolders)];
	for (i = 0; i < nfolders; i++)
		if (folders[i].parent == d - folders)
			return;
	if (parent == d - folders ||
	    (parent != -1 && folders[parent].depth == DEPTH_MAX))
		return;
	strcpy(from, d->path);
	snprintf(d->path, sizeof(d->path), "%s/d%d.%d", folder_path(parent),
	    d->id, ++d->renames);
	begin("move", "", "");
	end("move", rump_sys_rename(from, d->path));
	if (d->parent != -1)
		folders[d->parent].children--;
	if (parent != -1)
		folders[parent].children++;
	d->parent = parent;
	d->depth = parent == -1 ? 1 : folders[parent].depth + 1;
}

/* Time for whatever the kernel writes by itself. */
static void
op_pause(void)
{
	struct rump_timespec ts = { 0, 1000000L * random_below(60) };

	if (random_below(4) == 0)
		rump_sys_sync();
	(void)rump_sys_nanosleep(&ts, NULL);
}

static const struct {
	void (*run)(void);
	int weight;
} operations[] = {
	{ op_create, 22 }, { op_append, 16 }, { op_truncate, 5 },
	{ op_fsync, 12 }, { op_unlink, 10 }, { op_rename, 9 },
	{ op_link, 3 }, { op_replace, 6 }, { op_mkdir, 8 }, { op_rmdir, 5 },
	{ op_move_folder, 4 }, { op_pause, 5 },
};

static void
run_one(void)
{
	uint32_t total = 0, pick;
	size_t i;

	for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		total += operations[i].weight;
	pick = random_below(total);
	for (i = 0; pick >= (uint32_t)operations[i].weight; i++)
		pick -= operations[i].weight;
	operations[i].run();
}

int
main(int argc, char *argv[])
{
	/* All types' arguments begin with the device's name. */
	struct rump_msdosfs_args args = { .fspec = "/dev/image", .mask = 0777 };
	int i;

	if (argc != 7)
		return 2;
	haslinks = strcmp(argv[5], "msdos") != 0;
	state = strtoull(argv[3], NULL, 10) * 0x9e3779b97f4a7c15ULL + 1;
	if (rump_init() != 0 || rump_pub_etfs_register("/dev/image", argv[1],
	    RUMP_ETFS_BLK) != 0)
		return 2;
	recorder_start(argv[1], argv[2]);
	(void)rump_sys_mkdir("/mnt", 0755);
	if (rump_sys_mount(argv[5], "/mnt", (int)strtoul(argv[6], NULL, 16),
	    &args, strcmp(argv[5], "msdos") == 0 ? sizeof(args) :
	    sizeof(args.fspec)) == -1)
		end("mount", -1);
	recorder_mark("mounted");
	for (i = 0; i < atoi(argv[4]); i++)
		run_one();
	recorder_stop();
	/* The power is cut: nothing is unmounted. */
	_exit(0);
}
