/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_fat_random.c: random operations on a FAT volume against a plain model in
 * memory: what is read, listed and told is what the model says, also after the
 * volume was mounted again.  KTEST_SEED and KTEST_OPS say which and how many.
 */
#include "h_fat.h"

#define	NODES	64
#define	NAMES	24
#define	SIZE_MAX_FILE	(200 * 1024)

struct model {
	int used, isdir, parent;
	char name[80];
	uint8_t *data;
	size_t size;
};
static struct model nodes[NODES];	/* 0 is the root */
static uint64_t state;

static uint32_t
rnd(uint32_t below)
{

	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return ((uint32_t)(state >> 33) % below);
}

static void
make_name(char *to, uint32_t n)
{
	static const char *const forms[] = {
		"SHORT%u.TXT", "lower%u.c", "a longer name, number %u.html",
		"Gr\xc3\xb6\xc3\x9f" "e-%u \xe2\x82\xac", "x%u",
		"many words that need more than one entry of thirteen each %u",
	};

	sprintf(to, forms[n % 6], n);
}

static void
path_of(int n, char *to)
{
	char up[4096];

	if (n == 0) {
		strcpy(to, FAT_AT);
		return;
	}
	path_of(nodes[n].parent, up);
	sprintf(to, "%s/%s", up, nodes[n].name);
}

static int
find(int parent, const char *name)
{
	int i;

	for (i = 1; i < NODES; i++)
		if (nodes[i].used && nodes[i].parent == parent &&
		    strcmp(nodes[i].name, name) == 0)
			return (i);
	return (-1);
}

static int
children(int n)
{
	int i, count = 0;

	for (i = 1; i < NODES; i++)
		count += nodes[i].used && nodes[i].parent == n;
	return (count);
}

static int
pick(int isdir)
{
	int i, n = (int)rnd(NODES);

	for (i = 0; i < NODES; i++, n = (n + 1) % NODES)
		if ((n == 0 && isdir) || (n != 0 && nodes[n].used &&
		    nodes[n].isdir == isdir))
			return (n);
	return (isdir ? 0 : -1);
}

static int
depth(int n)
{
	int d = 0;

	for (; n != 0; n = nodes[n].parent)
		d++;
	return (d);
}

static int
isbelow(int n, int top)
{

	for (; n != 0; n = nodes[n].parent)
		if (n == top)
			return (1);
	return (top == 0);
}

static int
free_node(void)
{
	int i;

	for (i = 1; i < NODES; i++)
		if (!nodes[i].used)
			return (i);
	return (-1);
}

static void
forget(int n)
{

	free(nodes[n].data);
	memset(&nodes[n], 0, sizeof(nodes[n]));
}

static void
op_make(int isdir)
{
	int parent = pick(1), n = free_node(), fd;
	char path[4096], name[80];

	if (n < 0 || depth(parent) > 4)
		return;
	make_name(name, rnd(NAMES));
	path_of(parent, path);
	sprintf(path + strlen(path), "/%s", name);
	if (find(parent, name) >= 0) {
		CHECK_FAILS(rump_sys_mkdir(path, 0755), RUMP_EEXIST);
		CHECK_FAILS(rump_sys_open(path, RUMP_O_CREAT | RUMP_O_EXCL |
		    RUMP_O_RDWR, 0644), RUMP_EEXIST);
		return;
	}
	if (isdir) {
		CHECK_OK(rump_sys_mkdir(path, 0755));
	} else {
		CHECK_OK(fd = rump_sys_open(path, RUMP_O_CREAT | RUMP_O_RDWR,
		    0644));
		CHECK_OK(rump_sys_close(fd));
	}
	nodes[n].used = 1;
	nodes[n].isdir = isdir;
	nodes[n].parent = parent;
	strcpy(nodes[n].name, name);
}

static void
resize(struct model *m, size_t size)
{

	if (size > m->size || m->data == NULL) {
		m->data = realloc(m->data, size + 1);
		if (size > m->size)
			memset(m->data + m->size, 0, size - m->size);
	}
	m->size = size;
}

static void
op_write(void)
{
	static uint8_t buf[64 * 1024];
	int n = pick(0), fd;
	size_t len = rnd(4) == 0 ? 1 + rnd(sizeof(buf) - 1) : 1 + rnd(3000);
	size_t at, i;
	char path[4096];

	if (n < 0)
		return;
	at = rnd(3) == 0 ? rnd(SIZE_MAX_FILE - sizeof(buf)) :
	    rnd((uint32_t)nodes[n].size + 1);
	if (at + len > SIZE_MAX_FILE)
		return;
	for (i = 0; i < len; i++)
		buf[i] = (uint8_t)rnd(256);
	path_of(n, path);
	CHECK_OK(fd = rump_sys_open(path, RUMP_O_RDWR, 0));
	CHECK_EQUAL(rump_sys_pwrite(fd, buf, len, (int64_t)at), len);
	if (rnd(8) == 0)
		CHECK_OK(rump_sys_fsync(fd));
	CHECK_OK(rump_sys_close(fd));
	if (at + len > nodes[n].size)
		resize(&nodes[n], at + len);
	memcpy(nodes[n].data + at, buf, len);
}

static void
op_truncate(void)
{
	int n = pick(0);
	size_t size = rnd(2) == 0 ? rnd(SIZE_MAX_FILE) : rnd(5000);
	char path[4096];

	if (n < 0)
		return;
	path_of(n, path);
	CHECK_OK(rump_sys_truncate(path, (int64_t)size));
	resize(&nodes[n], size);
}

static void
op_remove(void)
{
	int n = pick(rnd(3) == 0), fd = -1;
	char path[4096];
	uint8_t byte;

	if (n <= 0)
		return;
	path_of(n, path);
	if (nodes[n].isdir) {
		CHECK_FAILS(rump_sys_unlink(path), RUMP_EPERM);
		if (children(n) != 0) {
			CHECK_FAILS(rump_sys_rmdir(path), RUMP_ENOTEMPTY);
			return;
		}
		CHECK_OK(rump_sys_rmdir(path));
	} else {
		/* What is open stays readable without its name. */
		if (rnd(2) == 0)
			CHECK_OK(fd = rump_sys_open(path, RUMP_O_RDONLY, 0));
		CHECK_OK(rump_sys_unlink(path));
		if (fd >= 0) {
			CHECK_EQUAL(rump_sys_pread(fd, &byte, 1, 0),
			    nodes[n].size != 0);
			if (nodes[n].size != 0)
				CHECK_EQUAL(byte, nodes[n].data[0]);
			CHECK_OK(rump_sys_close(fd));
		}
	}
	forget(n);
}

static void
op_rename(void)
{
	int n = pick(rnd(3) == 0), to = pick(1), old;
	char from[4096], path[4096], name[80];

	if (n <= 0 || depth(to) > 4)
		return;
	make_name(name, rnd(NAMES));
	old = find(to, name);
	path_of(n, from);
	path_of(to, path);
	sprintf(path + strlen(path), "/%s", name);
	if (old == n)
		return;
	if (nodes[n].isdir && isbelow(to, n)) {
		CHECK_FAILS(rump_sys_rename(from, path), RUMP_EINVAL);
		return;
	}
	if (old >= 0 && nodes[old].isdir && isbelow(n, old))
		return;			/* not empty, or its own parent */
	if (old >= 0 && nodes[n].isdir && !nodes[old].isdir) {
		CHECK_FAILS(rump_sys_rename(from, path), RUMP_ENOTDIR);
		return;
	}
	if (old >= 0 && !nodes[n].isdir && nodes[old].isdir) {
		CHECK_FAILS(rump_sys_rename(from, path), RUMP_EISDIR);
		return;
	}
	if (old >= 0 && nodes[old].isdir && children(old) != 0) {
		CHECK_FAILS(rump_sys_rename(from, path), RUMP_ENOTEMPTY);
		return;
	}
	CHECK_OK(rump_sys_rename(from, path));
	if (old >= 0)
		forget(old);
	nodes[n].parent = to;
	strcpy(nodes[n].name, name);
}

static void
check_file(int n)
{
	static uint8_t buf[SIZE_MAX_FILE + 1];
	struct rump_stat st;
	char path[4096];
	int fd;

	path_of(n, path);
	CHECK_OK(rump_sys_stat(path, &st));
	CHECK_EQUAL(st.st_mode & RUMP_S_IFMT,
	    nodes[n].isdir ? RUMP_S_IFDIR : RUMP_S_IFREG);
	if (nodes[n].isdir)
		return;
	CHECK_EQUAL(st.st_size, nodes[n].size);
	CHECK_OK(fd = rump_sys_open(path, RUMP_O_RDONLY, 0));
	CHECK_EQUAL(rump_sys_read(fd, buf, sizeof(buf)), nodes[n].size);
	CHECK_OK(rump_sys_close(fd));
	CHECK(nodes[n].size == 0 ||
	    memcmp(buf, nodes[n].data, nodes[n].size) == 0);
}

/* Every name that is listed is there, and as many as there are. */
static void
check_folder(int n)
{
	static char buf[16384];
	struct rump_dirent *rd;
	char path[4096];
	int fd, len, at, count = 0;

	path_of(n, path);
	CHECK_OK(fd = rump_sys_open(path, RUMP_O_RDONLY, 0));
	while ((len = rump_sys_getdents(fd, buf, sizeof(buf))) > 0) {
		for (at = 0; at < len; at += rd->d_reclen) {
			rd = (struct rump_dirent *)(void *)(buf + at);
			if (strcmp(rd->d_name, ".") != 0 &&
			    strcmp(rd->d_name, "..") != 0) {
				CHECK(find(n, rd->d_name) > 0);
				count++;
			}
		}
	}
	CHECK_OK(len);
	CHECK_OK(rump_sys_close(fd));
	CHECK_EQUAL(count, children(n));
}

static void
check_all(void)
{
	int i;

	check_folder(0);
	for (i = 1; i < NODES; i++) {
		if (!nodes[i].used)
			continue;
		check_file(i);
		if (nodes[i].isdir)
			check_folder(i);
	}
}

static void
one_op(void)
{
	uint32_t what = rnd(100);
	int n;

	if (what < 18)
		op_make(0);
	else if (what < 26)
		op_make(1);
	else if (what < 55)
		op_write();
	else if (what < 63)
		op_truncate();
	else if (what < 73)
		op_remove();
	else if (what < 88)
		op_rename();
	else if ((n = pick(what & 1)) > 0)
		check_file(n);
}

static void
random_work(void)
{
	const char *seed = getenv("KTEST_SEED"), *ops = getenv("KTEST_OPS");
	int i, count = ops == NULL ? 2000 : atoi(ops);

	state = seed == NULL ? 1 : (uint64_t)atoll(seed);
	h_fat_setup();
	nodes[0].used = nodes[0].isdir = 1;
	for (i = 0; i < count; i++) {
		one_op();
		if (i % 500 == 499) {
			check_all();
			h_fat_again();
			check_all();
		}
	}
	check_all();
	CHECK_OK(rump_sys_unmount(FAT_AT, 0));
}

static const struct tap_case cases[] = {
	{ "random operations agree with a model, mounted again and again",
	    random_work },
};

RUN_KERNEL(cases)
