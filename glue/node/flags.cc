// SPDX-License-Identifier: BSD-2-Clause
// flags.cc: open(2) flags of Linux as NetBSD's. Flags that only mean something
// to Linux (O_LARGEFILE, O_NOATIME) are dropped.
#include "flags.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <rump/rump_syscalls.h>

namespace rumpkit {

namespace {

struct Flag {
	int linux_flag;
	int netbsd_flag;
};

// O_SYNC has the bit of O_DSYNC in it, so it stands first.
const Flag flags_table[] = {
	{ O_SYNC, RUMP_O_SYNC },
	{ O_DSYNC, RUMP_O_DSYNC },
	{ O_CREAT, RUMP_O_CREAT },
	{ O_EXCL, RUMP_O_EXCL },
	{ O_NOCTTY, RUMP_O_NOCTTY },
	{ O_TRUNC, RUMP_O_TRUNC },
	{ O_APPEND, RUMP_O_APPEND },
	{ O_NONBLOCK, RUMP_O_NONBLOCK },
	{ O_DIRECT, RUMP_O_DIRECT },
	{ O_DIRECTORY, RUMP_O_DIRECTORY },
	{ O_NOFOLLOW, RUMP_O_NOFOLLOW },
	{ O_CLOEXEC, RUMP_O_CLOEXEC },
};

}  // namespace

int OpenFlagsFromLinux(int flags) {
	int result = flags & O_ACCMODE;
	for (const Flag &flag : flags_table) {
		if ((flags & flag.linux_flag) == flag.linux_flag) {
			result |= flag.netbsd_flag;
			flags &= ~flag.linux_flag;
		}
	}
	return result;
}

}  // namespace rumpkit
