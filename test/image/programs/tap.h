/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tap.h: checks of a guest program: each prints "ok N - name" or "not ok N - name"
 * with what was got; tap_end() prints the plan and gives the exit status.
 */
#ifndef _TAP_H_
#define	_TAP_H_

#include <errno.h>
#include <stdio.h>

static int tap_count, tap_failed;

__attribute__((__unused__)) static void
tap_ok(int good, const char *name)
{

	tap_count++;
	tap_failed += !good;
	printf("%sok %d - %s\n", good ? "" : "not ", tap_count, name);
}

/* Result of a call that returns -1 and errno: a value that was expected. */
__attribute__((__unused__)) static void
tap_is(long got, long expected, const char *name)
{
	const int error = errno;

	tap_ok(got == expected, name);
	if (got != expected)
		printf("# got %ld (errno %d), expected %ld\n", got, error,
		    expected);
}

/* Result of a call that must fail with this errno. */
__attribute__((__unused__)) static void
tap_fails(long got, int expected, const char *name)
{
	const int error = errno;

	tap_ok(got == -1 && error == expected, name);
	if (got != -1 || error != expected)
		printf("# got %ld (errno %d), expected errno %d\n", got,
		    error, expected);
}

__attribute__((__unused__)) static int
tap_end(void)
{

	printf("1..%d\n", tap_count);
	if (tap_failed != 0)
		printf("# %d of %d failed\n", tap_failed, tap_count);
	return tap_failed != 0;
}

#endif /* _TAP_H_ */
