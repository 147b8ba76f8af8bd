/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace.c: `trace=1` in the configuration: each system call with its arguments
 * and result on the console, in the manner of strace(1).
 */
#include "linux.h"
#include "thread.h"

static void
linux_trace_argument(char kind, uint64_t value)
{

	switch (kind) {
	case 'd':
		rumpuser_dprintf("%d", (int)value);
		break;
	case 'u':
		rumpuser_dprintf("%llu", (unsigned long long)value);
		break;
	case 's':
		if (linux_user_string(value, LINUX_PATH_MAX) >= 0) {
			rumpuser_dprintf("\"%s\"", (const char *)value);
			break;
		}
		/* FALLTHROUGH */
	default:
		rumpuser_dprintf("0x%llx", (unsigned long long)value);
		break;
	}
}

void
linux_trace(const char *name, const char *kinds, const struct linux_call *lc,
    long result)
{
	int i;

	rumpuser_dprintf("rumpkit: [%d] %s(", linux_thread_self()->lt_tid,
	    name);
	for (i = 0; kinds[i] != '\0'; i++) {
		if (i != 0)
			rumpuser_dprintf(", ");
		linux_trace_argument(kinds[i], lc->lc_arg[i]);
	}
	if (result < 0 && result > -4096)
		rumpuser_dprintf(") = error %ld\n", -result);
	else
		rumpuser_dprintf(") = 0x%lx\n", (unsigned long)result);
}
