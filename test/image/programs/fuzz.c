/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz.c: system calls with arguments at random.  Whatever they answer, the kernel
 * must live on: the last line is "fuzz ok".
 *
 * Arguments: seed (default 1), number of calls (default 20000), folder (/data).
 * Left out is what would end or stop the program itself, or let it wait.
 */
#define	_GNU_SOURCE
#include <sys/mman.h>
#include <sys/syscall.h>

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define	AREA	(64 * 4096UL)

static const int left_out[] = {
	SYS_exit, SYS_exit_group, SYS_kill, SYS_tkill, SYS_tgkill, SYS_clone,
	SYS_clone3, SYS_nanosleep, SYS_clock_nanosleep, SYS_futex,
	SYS_arch_prctl, SYS_poll, SYS_ppoll, SYS_select, SYS_pselect6,
	SYS_pipe, SYS_pipe2,
	SYS_munmap, SYS_mremap, SYS_mprotect, SYS_mmap, SYS_brk,
	SYS_madvise, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_chroot
};
/* With an address first: these get one from the area, never another. */
static const int on_memory[] = {
	SYS_munmap, SYS_mremap, SYS_mprotect, SYS_mmap, SYS_madvise
};

static uint64_t state;
static char *area;
static char paths[8][64];

static uint64_t
rnd(void)
{

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static uint64_t
address(void)
{
	static const uint64_t odd[] = {
		0, 1, 8, 4095, 0x10000, 0x7fffffffe000, 0x7ffffffff000,
		0x800000000000, 0xffff800000000000, 0xffffffff80000000,
		0xffffffff80100000, ~0UL, ~0UL - 4095
	};

	if (rnd() % 3 == 0)
		return odd[rnd() % (sizeof(odd) / sizeof(odd[0]))];
	if (rnd() % 4 == 0)
		return (uint64_t)area + AREA - rnd() % 64;
	return (uint64_t)area + rnd() % AREA;
}

static uint64_t
argument(void)
{

	switch (rnd() % 8) {
	case 0:
	case 1:
		return rnd() % 16;
	case 2:
		return address();
	case 3:
		return (uint64_t)paths[rnd() % 8];
	case 4:
		return 1UL << (rnd() % 64);
	case 5:
		return rnd() % 2 ? (uint64_t)-100 : (uint64_t)-1;
	case 6:
		return rnd() % 100000;
	default:
		return rnd();
	}
}

static int
is_in(int number, const int *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (list[i] == number)
			return 1;
	}
	return 0;
}

/* Fixed places in the area only, so that the program itself stays whole. */
static void
memory_call(void)
{
	const int number = on_memory[rnd() % 5];
	const uint64_t page = rnd() % 64;
	uint64_t at = (uint64_t)area + page * 4096;
	uint64_t len = rnd() % ((64 - page) * 4096 + 1);

	if (number == SYS_mmap)
		(void)syscall(number, at, len, 3, MAP_FIXED | MAP_PRIVATE |
		    MAP_ANONYMOUS, -1, 0);
	else if (number == SYS_mprotect)
		(void)syscall(number, at, len, rnd() % 8);
	else if (number == SYS_mremap)
		(void)syscall(number, at, len, len / 2 + 1, rnd() % 2);
	else
		(void)syscall(number, at, len, rnd() % 32);
}

static void
one_call(void)
{
	uint64_t a[6];
	int i, number;

	if (rnd() % 16 == 0) {
		memory_call();
		return;
	}
	number = (int)(rnd() % (rnd() % 64 == 0 ? 1000 : 452));
	if (is_in(number, left_out, sizeof(left_out) / sizeof(left_out[0])))
		return;
	for (i = 0; i < 6; i++)
		a[i] = argument();
	/* Reading from the console would wait, writing would flood it. */
	if (number == SYS_read || number == SYS_readv ||
	    number == SYS_pread64 || number == SYS_preadv ||
	    number == SYS_write || number == SYS_writev ||
	    number == SYS_pwrite64 || number == SYS_pwritev ||
	    number == SYS_sendfile || number == SYS_dup || number == SYS_dup2 ||
	    number == SYS_dup3 || number == SYS_fcntl || number == SYS_close)
		a[0] = 3 + rnd() % 5;
	if (number == SYS_sendfile || number == SYS_dup2 || number == SYS_dup3)
		a[1] = 3 + rnd() % 5;
	(void)syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static void
fresh_files(const char *folder)
{

	(void)syscall(SYS_open, folder, O_RDONLY);
	(void)syscall(SYS_open, paths[1], O_RDONLY);
	(void)syscall(SYS_open, "/dev/null", O_RDWR);
}

int
main(int argc, char *argv[])
{
	const char *folder = argc > 3 ? argv[3] : "/data";
	long i, n;

	state = argc > 1 ? strtoull(argv[1], NULL, 0) * 2654435761u + 1 : 1;
	n = argc > 2 ? atol(argv[2]) : 20000;
	snprintf(paths[0], sizeof(paths[0]), "%s", folder);
	snprintf(paths[1], sizeof(paths[1]), "%s/hello.txt", folder);
	snprintf(paths[2], sizeof(paths[2]), "%s/missing", folder);
	snprintf(paths[3], sizeof(paths[3]), "/proc/self/exe");
	snprintf(paths[4], sizeof(paths[4]), ".");
	snprintf(paths[5], sizeof(paths[5]), "/dev/null");
	snprintf(paths[6], sizeof(paths[6]), "/new-%d", (int)(rnd() % 100));
	area = mmap(NULL, AREA, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (i = 0; i < n; i++) {
		if (i % 64 == 0)
			fresh_files(folder);
		one_call();
	}
	puts("fuzz ok");
	return 0;
}
