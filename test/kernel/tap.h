/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tap.h: the little that C tests need: checks that count, and output in the
 * Test Anything Protocol, which the mocha side reads.
 *
 * A case is a function; it fails with the first check that does not hold.
 */
#ifndef _TEST_TAP_H_
#define	_TEST_TAP_H_

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

struct tap_case {
	const char *tc_descr;
	void (*tc_fun)(void);
};

static jmp_buf tap_failed;
static char tap_reason[512];

#define	CHECK(e) do {							\
	if (!(e)) {							\
		snprintf(tap_reason, sizeof(tap_reason), "%s:%d: %s",	\
		    __FILE__, __LINE__, #e);				\
		longjmp(tap_failed, 1);					\
	}								\
} while (0)

#define	CHECK_EQUAL(a, b) do {						\
	long long tap_a = (long long)(a), tap_b = (long long)(b);	\
	if (tap_a != tap_b) {						\
		snprintf(tap_reason, sizeof(tap_reason),		\
		    "%s:%d: %s is %lld, expected %lld",			\
		    __FILE__, __LINE__, #a, tap_a, tap_b);		\
		longjmp(tap_failed, 1);					\
	}								\
} while (0)

static int
tap_run(const struct tap_case *cases, size_t n)
{
	volatile int failed = 0;
	volatile size_t i;

	printf("1..%zu\n", n);
	for (i = 0; i < n; i++) {
		fflush(stdout);
		if (setjmp(tap_failed) == 0) {
			cases[i].tc_fun();
			printf("ok %zu - %s\n", i + 1, cases[i].tc_descr);
		} else {
			printf("not ok %zu - %s\n# %s\n", i + 1,
			    cases[i].tc_descr, tap_reason);
			failed++;
		}
	}
	return failed != 0;
}
#define	TAP_RUN(cases)	tap_run(cases, sizeof(cases) / sizeof((cases)[0]))

#endif /* _TEST_TAP_H_ */
