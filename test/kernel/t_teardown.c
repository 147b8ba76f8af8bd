/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_teardown.c: the end of a kernel: whatever its threads wait for, they leave,
 * and everything it held is given back.  Each case is a process of its own,
 * because a host ends only once.
 */
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "h_hyp.h"
#include "tap.h"

static struct rumpuser_mtx *mtx;
static struct rumpuser_cv *cv;
static struct rumpuser_rw *rw;
static int exit_value = 77;

static void
on_exit_hook(void *arg, int value)
{

	(void)arg;
	exit_value = value;
}

static void
drop_console(void *arg, const char *bytes, size_t len)
{

	(void)arg;
	(void)bytes;
	(void)len;
}

static void
install_hooks(void)
{
	const struct rumpuser_posix_hooks hooks = {
		.ph_exit = on_exit_hook, .ph_console = drop_console
	};

	rumpuser_posix_sethooks(&hooks);
}

static void *
wait_cv(void *arg)
{

	h_schedule();
	rumpuser_mutex_enter(mtx);
	for (;;)
		rumpuser_cv_wait(cv, mtx);
	return arg;
}

static void *
wait_mutex(void *arg)
{

	rumpuser_mutex_enter_nowrap(arg);
	return NULL;
}

static void *
wait_rw(void *arg)
{

	h_schedule();
	rumpuser_rw_enter(RUMPUSER_RW_READER, rw);
	return arg;
}

static void *
wait_sleep(void *arg)
{

	h_schedule();
	rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 1000000, 0);
	return arg;
}

static void *
end_thread(void *arg)
{

	(void)arg;
	rumpuser_thread_exit();
}

static int64_t
start_kernel(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)
{
	struct rumpuser_mtx *taken;
	void *p;
	int fd, i;

	(void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
	rumpuser_mutex_init(&mtx, RUMPUSER_MTX_KMUTEX);
	rumpuser_mutex_init(&taken, RUMPUSER_MTX_SPIN);
	rumpuser_cv_init(&cv);
	rumpuser_rw_init(&rw);
	rumpuser_mutex_enter(taken);
	rumpuser_rw_enter(RUMPUSER_RW_WRITER, rw);
	rumpuser_malloc(100000, 4096, &p);
	rumpuser_anonmmap(NULL, 1 << 20, 0, 0, &p);
	h_schedule();
	rumpuser_open("/dev/null", RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_BIO, &fd);
	h_unschedule();
	for (i = 0; i < 3; i++) {
		rumpuser_thread_create(wait_cv, NULL, "cv", 0, -1, -1, NULL);
		rumpuser_thread_create(wait_mutex, taken, "mtx", 1, -1, -1, &p);
		rumpuser_thread_create(wait_rw, NULL, "rw", 0, -1, -1, NULL);
		rumpuser_thread_create(wait_sleep, NULL, "sl", 0, -1, -1, NULL);
		rumpuser_thread_create(end_thread, NULL, "end", 0, -1, -1,
		    NULL);
	}
	return 42;
}

static int64_t
call(rumpuser_posix_fn fun, int64_t arg, int *error)
{

	return rumpuser_posix_call(fun, arg, 0, 0, 0, 0, 0, error);
}

static int
count_threads(void)
{
	struct rumpuser_posix_usage usage;

	rumpuser_posix_usage(&usage);
	return usage.pu_threads;
}

static void
check_nothing_left(void)
{
	struct rumpuser_posix_usage usage;

	rumpuser_posix_usage(&usage);
	CHECK_EQUAL(usage.pu_threads, 0);
	CHECK_EQUAL(usage.pu_files, 0);
	CHECK_EQUAL(usage.pu_bytes, 0);
}

static void
t_stop(void)
{
	int error = 99;

	install_hooks();
	CHECK_EQUAL(call(start_kernel, 0, &error), 42);
	CHECK_EQUAL(error, 0);
	CHECK(count_threads() >= 12);
	CHECK_EQUAL(rumpuser_posix_teardown(5000), 0);
	check_nothing_left();
	CHECK_EQUAL(call(start_kernel, 0, &error), -1);
	CHECK_EQUAL(error, RUMPUSER_POSIX_ENDED);
}

static int64_t
panic_now(int64_t value, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)
{

	(void)b, (void)c, (void)d, (void)e, (void)f;
	rumpuser_dprintf("panic: %s\n", "on purpose");
	rumpuser_exit((int)value);
}

static void
t_panic(void)
{
	char tail[100];
	int error = 99;

	install_hooks();
	CHECK_EQUAL(call(start_kernel, 0, &error), 42);
	CHECK_EQUAL(call(panic_now, RUMPUSER_PANIC, &error), -1);
	CHECK_EQUAL(error, RUMPUSER_POSIX_ENDED);
	CHECK_EQUAL(exit_value, RUMPUSER_PANIC);
	CHECK(rumpuser_posix_console_tail(tail, sizeof(tail)) > 0);
	CHECK(strstr(tail, "panic: on purpose") != NULL);
	CHECK_EQUAL(rumpuser_posix_teardown(5000), 0);
	check_nothing_left();
}

static void *
panic_thread(void *arg)
{

	(void)arg;
	rumpuser_exit(RUMPUSER_PANIC);
}

static int64_t
wait_for_panic(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)
{

	(void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
	rumpuser_thread_create(panic_thread, NULL, "panic", 0, -1, -1, NULL);
	(void)wait_cv(NULL);
	return 0;
}

static void
t_panic_elsewhere(void)
{
	int error = 99;

	install_hooks();
	rumpuser_mutex_init(&mtx, RUMPUSER_MTX_KMUTEX);
	rumpuser_cv_init(&cv);
	CHECK_EQUAL(call(wait_for_panic, 0, &error), -1);
	CHECK_EQUAL(error, RUMPUSER_POSIX_ENDED);
	CHECK_EQUAL(rumpuser_posix_teardown(5000), 0);
	check_nothing_left();
}

static int64_t
fail_call(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)
{

	(void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
	rumpuser_seterrno(RUMP_EROFS);
	return -1;
}

static void
t_call_errno(void)
{
	int error = 99;

	CHECK_EQUAL(call(fail_call, 0, &error), -1);
	CHECK_EQUAL(error, RUMP_EROFS);
}

static _Atomic int stop_spinning;

static void *
spin(void *arg)
{

	while (!stop_spinning)
		usleep(1000);
	return arg;
}

static void
t_stuck(void)
{
	void *p;

	install_hooks();
	rumpuser_malloc(100, 0, &p);
	rumpuser_thread_create(spin, NULL, "spin", 0, -1, -1, NULL);
	CHECK_EQUAL(rumpuser_posix_teardown(50), 1);
	memset(p, 1, 100);
	stop_spinning = 1;
}

static void
t_exit_status(void)
{

	fflush(stdout);
	rumpuser_exit(5);
}

static void (*const funs[])(void) = {
	t_stop, t_panic, t_panic_elsewhere, t_call_errno, t_stuck, t_exit_status
};
static const int statuses[] = { 0, 0, 0, 0, 0, 5 };
static int next_fun;

static void
run_in_child(void)
{
	int status, which = next_fun++;
	pid_t pid;

	fflush(stdout);
	if ((pid = fork()) == 0) {
		alarm(60);
		h_init();
		if (setjmp(tap_failed) == 0) {
			funs[which]();
			exit(0);
		}
		printf("# %s\n", tap_reason);
		exit(99);
	}
	CHECK_EQUAL(waitpid(pid, &status, 0), pid);
	CHECK(WIFEXITED(status));
	CHECK_EQUAL(WEXITSTATUS(status), statuses[which]);
}

static const struct tap_case cases[] = {
	{ "teardown gets waiting threads out and frees all", run_in_child },
	{ "a panic ends the kernel, not the process", run_in_child },
	{ "a panic on another thread wakes who waits", run_in_child },
	{ "a failed call hands over its errno", run_in_child },
	{ "a thread that does not stop is reported, memory stays",
	    run_in_child },
	{ "without a hook exit ends the process", run_in_child },
};

int
main(void)
{

	return TAP_RUN(cases);
}
