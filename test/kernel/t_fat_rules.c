/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_fat_rules.c: what POSIX calls mean on a FAT volume: names and their case, what
 * the format cannot hold, open files without a name, rename, times, full volumes.
 */
#include "h_fat.h"

#define	F(name)	FAT_AT "/" name

static int
isexfat(void)
{

	return (strcmp(getenv("KTEST_FORMAT"), "exfat") == 0);
}

static void
put(const char *path, const char *text)
{

	h_file(path, text);
}

static void
expect(const char *path, const char *text)
{
	char buf[256];
	int fd;

	fd = h_open(path, RUMP_O_RDONLY);
	CHECK_EQUAL(rump_sys_read(fd, buf, sizeof(buf)), strlen(text));
	CHECK(memcmp(buf, text, strlen(text)) == 0);
	CHECK_OK(rump_sys_close(fd));
}

/* How often the folder lists this name, letter by letter. */
static int
listed(const char *folder, const char *name)
{
	static char buf[8192];
	struct rump_dirent *rd;
	int fd, len, at, n = 0;

	fd = h_open(folder, RUMP_O_RDONLY);
	while ((len = rump_sys_getdents(fd, buf, sizeof(buf))) > 0)
		for (at = 0; at < len; at += rd->d_reclen) {
			rd = (struct rump_dirent *)(void *)(buf + at);
			n += strcmp(rd->d_name, name) == 0;
		}
	CHECK_OK(len);
	CHECK_OK(rump_sys_close(fd));
	return (n);
}

static void
cases_of_names(void)
{
	struct rump_stat a, b;

	put(F("ReadMe.Text"), "x");
	CHECK_OK(rump_sys_stat(F("README.TEXT"), &a));
	CHECK_OK(rump_sys_stat(F("readme.text"), &b));
	CHECK_EQUAL(a.st_ino, b.st_ino);
	CHECK_EQUAL(listed(FAT_AT, "ReadMe.Text"), 1);
	CHECK_FAILS(rump_sys_mkdir(F("readme.TEXT"), 0755), RUMP_EEXIST);
	/* Another spelling of its own name. */
	CHECK_OK(rump_sys_rename(F("readme.text"), F("README.text")));
	CHECK_EQUAL(listed(FAT_AT, "ReadMe.Text"), 0);
	CHECK_EQUAL(listed(FAT_AT, "README.text"), 1);
	CHECK_OK(rump_sys___posix_rename(F("readme.text"), F("Readme.TEXT")));
	CHECK_EQUAL(listed(FAT_AT, "Readme.TEXT"), 1);
	CHECK_OK(rump_sys_mkdir(F("folder"), 0755));
	CHECK_OK(rump_sys___posix_rename(F("folder"), F("Folder")));
	CHECK_EQUAL(listed(FAT_AT, "Folder"), 1);
	CHECK_OK(rump_sys_rmdir(F("FOLDER")));
	expect(F("ReadMe.Text"), "x");
	CHECK_OK(rump_sys_unlink(F("rEADmE.tEXT")));
	CHECK_FAILS(rump_sys_stat(F("README.text"), &a), RUMP_ENOENT);
	put(F("\xc3\x84rger"), "y");			/* A with dots */
	expect(F("\xc3\xa4rger"), "y");
	CHECK_OK(rump_sys_unlink(F("\xc3\xa4rger")));
	/* A name that was not there is there in any spelling, once made. */
	CHECK_FAILS(rump_sys_stat(F("late"), &a), RUMP_ENOENT);
	put(F("LATE"), "z");
	expect(F("late"), "z");
	CHECK_OK(rump_sys_unlink(F("late")));
}

static void
names_it_cannot_hold(void)
{
	static const char *const bad[] = {
		F("a:b"), F("what?"), F("star*"), F("less<"), F("pi|pe"),
		F("quo\"te"), F("back\\slash"), F("tab\there"), F("..."),
		F("\xff\xfe"),
	};
	char name[400];
	struct rump_stat st;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK_FAILS(rump_sys_open(bad[i], RUMP_O_CREAT | RUMP_O_RDWR,
		    0644), RUMP_EINVAL);
		CHECK_FAILS(rump_sys_mkdir(bad[i], 0755), RUMP_EINVAL);
		CHECK_FAILS(rump_sys_stat(bad[i], &st), RUMP_ENOENT);
	}
	memset(name, 'n', sizeof(name));
	memcpy(name, FAT_AT "/", sizeof(FAT_AT));
	name[sizeof(FAT_AT) + 255] = '\0';
	put(name, "longest");
	expect(name, "longest");
	CHECK_OK(rump_sys_unlink(name));
	name[sizeof(FAT_AT) + 255] = 'n';
	name[sizeof(FAT_AT) + 256] = '\0';
	CHECK_FAILS(rump_sys_mkdir(name, 0755), RUMP_ENAMETOOLONG);
}

static void
what_it_does_not_have(void)
{
	struct rump_stat st;

	put(F("file"), "x");
	CHECK_FAILS(rump_sys_link(F("file"), F("other")), RUMP_EOPNOTSUPP);
	CHECK_FAILS(rump_sys_symlink("file", F("other")), RUMP_EOPNOTSUPP);
	CHECK_FAILS(rump_sys_mkfifo(F("other"), 0644), RUMP_EOPNOTSUPP);
	CHECK_FAILS(rump_sys_chown(F("file"), 5, 5), RUMP_EPERM);
	CHECK_OK(rump_sys_chown(F("file"), 0, 0));
	/* Of a mode, only whether it may be written is kept. */
	CHECK_OK(rump_sys_chmod(F("file"), 0444));
	CHECK_OK(rump_sys_stat(F("file"), &st));
	CHECK_EQUAL(st.st_mode & 0777, 0555);
	h_fat_again();
	CHECK_OK(rump_sys_stat(F("file"), &st));
	CHECK_EQUAL(st.st_mode & 0777, 0555);
	h_user(7);
	CHECK_FAILS(rump_sys_open(F("file"), RUMP_O_RDWR, 0), RUMP_EACCES);
	CHECK_FAILS(rump_sys_chmod(F("file"), 0644), RUMP_EPERM);
	CHECK_FAILS(rump_sys_unlink(F("file")), RUMP_EACCES);
	h_root();
	CHECK_OK(rump_sys_chmod(F("file"), 0644));
	CHECK_OK(rump_sys_stat(F("file"), &st));
	CHECK_EQUAL(st.st_mode & 0777, 0755);
	CHECK_OK(rump_sys_unlink(F("file")));
}

static void
open_without_a_name(void)
{
	struct rump_stat st;
	char buf[16];
	int fd, other;

	put(F("gone"), "still here");
	fd = h_open(F("gone"), RUMP_O_RDWR);
	CHECK_OK(rump_sys_unlink(F("gone")));
	CHECK_OK(rump_sys_fstat(fd, &st));
	CHECK_EQUAL(st.st_nlink, 0);
	/* The name is free, for a file of its own. */
	put(F("gone"), "new");
	other = h_open(F("gone"), RUMP_O_RDONLY);
	CHECK_EQUAL(rump_sys_pread(fd, buf, 10, 0), 10);
	CHECK(memcmp(buf, "still here", 10) == 0);
	CHECK_EQUAL(rump_sys_pwrite(fd, "more", 4, 100000), 4);
	CHECK_OK(rump_sys_fsync(fd));
	CHECK_EQUAL(rump_sys_pread(other, buf, 16, 0), 3);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_close(other));
	expect(F("gone"), "new");
	CHECK_OK(rump_sys_unlink(F("gone")));
}

static void
renames(void)
{
	struct rump_stat before, after;
	char buf[8];
	int fd;

	CHECK_OK(rump_sys_mkdir(F("from"), 0755));
	CHECK_OK(rump_sys_mkdir(F("to"), 0755));
	put(F("from/a"), "one");
	put(F("to/b"), "two");
	/* Over a file that is open, from one that is open. */
	fd = h_open(F("from/a"), RUMP_O_RDWR);
	CHECK_OK(rump_sys_fstat(fd, &before));
	CHECK_OK(rump_sys_rename(F("from/a"), F("to/b")));
	CHECK_OK(rump_sys_stat(F("to/b"), &after));
	CHECK_EQUAL(before.st_ino, after.st_ino);
	CHECK_EQUAL(rump_sys_pwrite(fd, "1", 1, 3), 1);
	CHECK_OK(rump_sys_close(fd));
	expect(F("to/b"), "one1");
	CHECK_FAILS(rump_sys_stat(F("from/a"), &after), RUMP_ENOENT);
	/* A folder moves with what is in it, and ".." leads to its new parent. */
	CHECK_OK(rump_sys_mkdir(F("from/dir"), 0755));
	put(F("from/dir/c"), "three");
	CHECK_OK(rump_sys_rename(F("from/dir"), F("to/dir")));
	expect(F("to/dir/../dir/c"), "three");
	expect(F("to/dir/../b"), "one1");
	CHECK_FAILS(rump_sys_rename(F("to"), F("to/dir/in")), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_rename(F("to/b"), F("from")), RUMP_EISDIR);
	CHECK_FAILS(rump_sys_rename(F("from"), F("to/b")), RUMP_ENOTDIR);
	CHECK_FAILS(rump_sys_rename(F("from"), F("to")), RUMP_ENOTEMPTY);
	CHECK_FAILS(rump_sys_rename(F("to/b"), "/b"), RUMP_EXDEV);
	h_fat_again();
	expect(F("to/dir/../b"), "one1");
	CHECK_OK(rump_sys_chdir(F("to/dir")));
	CHECK_EQUAL(rump_sys___getcwd(buf, sizeof(buf)), -1);	/* too small */
	CHECK_OK(rump_sys_chdir("/"));
	CHECK_OK(rump_sys_unlink(F("to/dir/c")));
	CHECK_OK(rump_sys_rename(F("to/dir"), F("from")));
	CHECK_FAILS(rump_sys_rmdir(F("to")), RUMP_ENOTEMPTY);
	CHECK_OK(rump_sys_unlink(F("to/b")));
	CHECK_OK(rump_sys_rmdir(F("to")));
	CHECK_OK(rump_sys_rmdir(F("from")));
}

static void
times_of_two_seconds(void)
{
	struct rump_timespec ts[2] = { { 1700000001, 999999999 },
	    { 1700000001, 999999999 } };
	struct rump_stat st, again;

	put(F("timed"), "t");
	CHECK_OK(rump_sys_utimensat(RUMP_AT_FDCWD, F("timed"), ts, 0));
	CHECK_OK(rump_sys_stat(F("timed"), &st));
	CHECK_EQUAL(st.st_mtim.tv_sec, isexfat() ? 1700000001 : 1700000000);
	CHECK_EQUAL(st.st_mtim.tv_nsec, isexfat() ? 990000000 : 0);
	h_fat_again();
	CHECK_OK(rump_sys_stat(F("timed"), &again));
	CHECK_EQUAL(st.st_mtim.tv_sec, again.st_mtim.tv_sec);
	CHECK_EQUAL(st.st_mtim.tv_nsec, again.st_mtim.tv_nsec);
	/* Of an access the day, and a change is one of the contents. */
	CHECK_EQUAL(st.st_atim.tv_sec, isexfat() ? 1700000000 : 1699920000);
	CHECK_EQUAL(again.st_atim.tv_sec, st.st_atim.tv_sec);
	CHECK_EQUAL(st.st_ctim.tv_sec, st.st_mtim.tv_sec);
	CHECK_OK(rump_sys_unlink(F("timed")));
}

static void
times_that_are_none(void)
{
	static const struct { int64_t set, got; } times[] = {
		{ 0, 315532800 }, { 315532799, 315532800 },
		{ -86400, 315532800 }, { 4354819200, 4354819198 },
		{ 1000000000000, 4354819198 },
	};
	struct rump_timespec ts[2] = { { 0, 0 }, { 0, 0 } };
	struct rump_stat st;
	size_t i;

	/* Before the format's first day, and after its last. */
	put(F("timed"), "t");
	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		ts[1].tv_sec = times[i].set;
		CHECK_OK(rump_sys_utimensat(RUMP_AT_FDCWD, F("timed"), ts, 0));
		CHECK_OK(rump_sys_stat(F("timed"), &st));
		CHECK_EQUAL(st.st_mtim.tv_sec, times[i].got);
		CHECK_EQUAL(st.st_atim.tv_sec, 315532800);
		h_fat_again();
		CHECK_OK(rump_sys_stat(F("timed"), &st));
		CHECK_EQUAL(st.st_mtim.tv_sec, times[i].got);
		CHECK_EQUAL(st.st_atim.tv_sec, 315532800);
	}
	CHECK_OK(rump_sys_unlink(F("timed")));
}

static void
holes_are_zeroes(void)
{
	static char buf[300000];
	size_t i;
	int fd;

	/* What was there before must not shine through. */
	memset(buf, 0xee, sizeof(buf));
	fd = h_open(F("old"), RUMP_O_RDWR | RUMP_O_CREAT);
	CHECK_EQUAL(rump_sys_write(fd, buf, sizeof(buf)), sizeof(buf));
	CHECK_OK(rump_sys_fsync(fd));
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unlink(F("old")));
	fd = h_open(F("hole"), RUMP_O_RDWR | RUMP_O_CREAT);
	CHECK_EQUAL(rump_sys_pwrite(fd, "x", 1, 100), 1);
	CHECK_EQUAL(rump_sys_pwrite(fd, "y", 1, 200000), 1);
	CHECK_OK(rump_sys_ftruncate(fd, 250000));
	CHECK_OK(rump_sys_close(fd));
	h_fat_again();
	fd = h_open(F("hole"), RUMP_O_RDWR);
	CHECK_EQUAL(rump_sys_read(fd, buf, sizeof(buf)), 250000);
	for (i = 0; i < 250000; i++)
		CHECK(buf[i] == (i == 100 ? 'x' : i == 200000 ? 'y' : 0));
	/* Cut and grown again: zeroes too. */
	CHECK_OK(rump_sys_ftruncate(fd, 101));
	CHECK_OK(rump_sys_ftruncate(fd, 200001));
	CHECK_EQUAL(rump_sys_pread(fd, buf, sizeof(buf), 0), 200001);
	CHECK(buf[100] == 'x' && buf[101] == 0 && buf[200000] == 0);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unlink(F("hole")));
}

/*
 * exFAT: makes the last bytes of file "valid" never written (the volume is not
 * mounted): its valid length goes down to 1000, and the set's checksum follows.
 */
static void
lower_valid_length(void)
{
	static const char name[] = "v\0a\0l\0i\0d\0";
	const char *path = getenv("KTEST_FAT");
	static uint8_t bytes[32 * 1024 * 1024], *p;
	uint16_t sum = 0;
	FILE *f;
	size_t n, at;

	CHECK((f = fopen(path, "r+")) != NULL);
	n = fread(bytes, 1, sizeof(bytes), f);
	p = memmem(bytes, n, name, sizeof(name) - 1);
	CHECK(p != NULL);
	p -= 66;			/* file, stream, then the name */
	CHECK_EQUAL(p[0], 0x85);
	p[40] = 1000 & 0xff;
	p[41] = 1000 >> 8;
	p[42] = 0;
	for (at = 0; at < (size_t)(p[1] + 1) * 32; at++)
		if (at != 2 && at != 3)
			sum = (uint16_t)((sum << 15 | sum >> 1) + p[at]);
	p[2] = (uint8_t)sum;
	p[3] = (uint8_t)(sum >> 8);
	CHECK(fseek(f, p - bytes, SEEK_SET) == 0);
	CHECK_EQUAL(fwrite(p, 1, 64, f), 64);
	CHECK(fclose(f) == 0);
}

static void
never_written(void)
{
	static char buf[100000];
	size_t i;
	int fd;

	if (!isexfat())
		return;
	memset(buf, 'g', sizeof(buf));
	fd = h_open(F("valid"), RUMP_O_RDWR | RUMP_O_CREAT);
	CHECK_EQUAL(rump_sys_write(fd, buf, sizeof(buf)), sizeof(buf));
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unmount(FAT_AT, 0));
	lower_valid_length();
	CHECK_OK(h_fat_mount(0));
	fd = h_open(F("valid"), RUMP_O_RDWR);
	CHECK_EQUAL(rump_sys_read(fd, buf, sizeof(buf)), sizeof(buf));
	for (i = 0; i < sizeof(buf); i++)
		CHECK(buf[i] == (i < 1000 ? 'g' : 0));
	/* Writing makes all of it real. */
	CHECK_EQUAL(rump_sys_pwrite(fd, "w", 1, 50000), 1);
	CHECK_OK(rump_sys_close(fd));
	h_fat_again();
	fd = h_open(F("valid"), RUMP_O_RDONLY);
	CHECK_EQUAL(rump_sys_read(fd, buf, sizeof(buf)), sizeof(buf));
	for (i = 0; i < sizeof(buf); i++)
		CHECK(buf[i] == (i < 1000 ? 'g' : i == 50000 ? 'w' : 0));
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unlink(F("valid")));
}

static void
too_large_a_file(void)
{
	int fd;

	if (isexfat())
		return;
	fd = h_open(F("large"), RUMP_O_RDWR | RUMP_O_CREAT);
	CHECK_FAILS(rump_sys_pwrite(fd, "x", 1, 0xffffffffLL), RUMP_EFBIG);
	CHECK_FAILS(rump_sys_ftruncate(fd, 0x100000000LL), RUMP_EFBIG);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unlink(F("large")));
}

static void
full_volume(void)
{
	static char buf[64 * 1024];
	struct rump_statvfs before, sv;
	struct rump_stat st;
	int64_t total = 0;
	ssize_t n;
	int fd;

	CHECK_OK(rump_sys_statvfs1(FAT_AT, &before, RUMP_ST_WAIT));
	put(F("small"), "kept");
	fd = h_open(F("full"), RUMP_O_RDWR | RUMP_O_CREAT);
	while ((n = rump_sys_write(fd, buf, sizeof(buf))) > 0)
		total += n;
	CHECK_EQUAL(rumpglue_errno(), RUMP_ENOSPC);
	while ((n = rump_sys_write(fd, buf, 512)) > 0)
		total += n;
	CHECK_FAILS(rump_sys_write(fd, buf, 512), RUMP_ENOSPC);
	CHECK_OK(rump_sys_fstat(fd, &st));
	CHECK_EQUAL(st.st_size, total);
	CHECK_OK(rump_sys_statvfs1(FAT_AT, &sv, RUMP_ST_WAIT));
	CHECK_EQUAL(sv.f_bfree, 0);
	CHECK_FAILS(rump_sys_mkdir(F("no room"), 0755), RUMP_ENOSPC);
	CHECK_FAILS(rump_sys_ftruncate(fd, total + 1000000), RUMP_ENOSPC);
	CHECK_OK(rump_sys_fstat(fd, &st));
	CHECK_EQUAL(st.st_size, total);
	CHECK_OK(rump_sys_close(fd));
	expect(F("small"), "kept");
	CHECK_OK(rump_sys_unlink(F("full")));
	CHECK_OK(rump_sys_unlink(F("small")));
	CHECK_OK(rump_sys_statvfs1(FAT_AT, &sv, RUMP_ST_WAIT));
	CHECK_EQUAL(sv.f_bfree, before.f_bfree);
}

/* The root of FAT12 and FAT16 has so many entries and no more. */
static void
full_folder(void)
{
	char path[64];
	int i, fd, made;

	for (made = 0; made < 3000; made++) {
		sprintf(path, F("n%d.x"), made);
		if ((fd = rump_sys_open(path, RUMP_O_CREAT | RUMP_O_RDWR,
		    0644)) < 0)
			break;
		CHECK_OK(rump_sys_close(fd));
	}
	if (made < 3000) {
		CHECK_EQUAL(rumpglue_errno(), RUMP_ENOSPC);
		CHECK(made >= 500);
	}
	h_fat_again();
	for (i = 0; i < made; i++) {
		sprintf(path, F("N%d.X"), i);
		CHECK_OK(rump_sys_unlink(path));
	}
	/* Now there is room for it. */
	CHECK_OK(rump_sys_mkdir(F("a folder with a long name"), 0755));
	CHECK_OK(rump_sys_rmdir(F("a folder with a long name")));
}

/* Long names that all begin alike get short names of their own. */
static void
many_alike(void)
{
	char path[128];
	struct rump_stat st;
	int i, fd;

	CHECK_OK(rump_sys_mkdir(F("alike"), 0755));
	for (i = 0; i < 1500; i++) {
		sprintf(path, F("alike/all of them begin alike %d.data"), i);
		fd = h_open(path, RUMP_O_CREAT | RUMP_O_EXCL | RUMP_O_RDWR);
		CHECK_OK(rump_sys_close(fd));
	}
	h_fat_again();
	for (i = 0; i < 1500; i++) {
		sprintf(path, F("alike/ALL of them begin alike %d.data"), i);
		CHECK_OK(rump_sys_stat(path, &st));
		if (i % 3 != 0)
			CHECK_OK(rump_sys_unlink(path));
	}
	for (i = 0; i < 1500; i += 3) {
		sprintf(path, F("alike/all of them begin alike %d.data"), i);
		CHECK_OK(rump_sys_unlink(path));
	}
	CHECK_OK(rump_sys_rmdir(F("alike")));
}

static void
read_only(void)
{

	put(F("kept"), "k");
	CHECK_OK(rump_sys_unmount(FAT_AT, 0));
	CHECK_OK(h_fat_mount(RUMP_MNT_RDONLY));
	expect(F("kept"), "k");
	CHECK_FAILS(rump_sys_open(F("kept"), RUMP_O_RDWR, 0), RUMP_EROFS);
	CHECK_FAILS(rump_sys_mkdir(F("new"), 0755), RUMP_EROFS);
	CHECK_FAILS(rump_sys_unlink(F("kept")), RUMP_EROFS);
	CHECK_FAILS(rump_sys_rename(F("kept"), F("k")), RUMP_EROFS);
	/* And back, without unmounting. */
	CHECK_OK(h_fat_mount(RUMP_MNT_UPDATE));
	CHECK_OK(rump_sys_mkdir(F("new"), 0755));
	CHECK_OK(rump_sys_rmdir(F("new")));
	CHECK_OK(h_fat_mount(RUMP_MNT_UPDATE | RUMP_MNT_RDONLY));
	CHECK_FAILS(rump_sys_unlink(F("kept")), RUMP_EROFS);
	CHECK_OK(h_fat_mount(RUMP_MNT_UPDATE));
	CHECK_OK(rump_sys_unlink(F("kept")));
	CHECK_OK(rump_sys_unmount(FAT_AT, 0));
}

static const struct tap_case cases[] = {
	{ "mounts", h_fat_setup },
	{ "names keep their case, and match in any", cases_of_names },
	{ "names that FAT cannot hold are refused", names_it_cannot_hold },
	{ "links, owners and modes it does not have", what_it_does_not_have },
	{ "a file that is open outlives its name", open_without_a_name },
	{ "rename: over files, open ones, folders", renames },
	{ "times are kept to two seconds (exFAT: 10 ms)",
	    times_of_two_seconds },
	{ "a time that cannot be kept is the nearest one that can",
	    times_that_are_none },
	{ "holes read as zeroes", holes_are_zeroes },
	{ "what was allocated and never written reads as zeroes",
	    never_written },
	{ "a file of 4 GiB is too large", too_large_a_file },
	{ "a full volume says so, and loses nothing", full_volume },
	{ "a full folder says so", full_folder },
	{ "many names that begin alike", many_alike },
	{ "read-only, writable, and back", read_only },
};

RUN_KERNEL(cases)
