// SPDX-License-Identifier: BSD-2-Clause
// library.h: one kernel's shared object in this process, and its entry points.
#ifndef GLUE_NODE_LIBRARY_H_
#define GLUE_NODE_LIBRARY_H_

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <string>

#include "../posix/rumpuser_posix.h"

namespace rumpkit {

// Entry points of the kernel, for rumpuser_posix_call().
struct Calls {
	rumpuser_posix_fn init, lwproc_curlwp, lwproc_switch, reboot;
	rumpuser_posix_fn access, chmod, chown, close, fchmod, fchown, fdatasync;
	rumpuser_posix_fn fsevents_add, fsevents_open, fsevents_remove;
	rumpuser_posix_fn fstat, fstatvfs, fsync, ftruncate, futimens, getdents;
	rumpuser_posix_fn lchown, linkat, lseek, lstat, mkdir, open, pread, preadv;
	rumpuser_posix_fn pwrite, pwritev, read, readlink, readv, rename, rmdir;
	rumpuser_posix_fn stat, statvfs, symlink, sync, unlink, utimensat, write;
	rumpuser_posix_fn writev;
	// Sockets; null in a kernel without them.
	rumpuser_posix_fn bind, connect, getpeername, getsockname, getsockopt, kevent;
	rumpuser_posix_fn ioctl, kqueue, kqueue_notify, listen, paccept, recvmsg;
	rumpuser_posix_fn sendmsg, setsockopt, shutdown, socket;
};

// Entry points of the posix host, called as they are.
struct Host {
	decltype(&rumpuser_posix_call) call;
	decltype(&rumpuser_posix_begin) begin;
	decltype(&rumpuser_posix_hand_over) hand_over;
	decltype(&rumpuser_posix_sethooks) sethooks;
	decltype(&rumpuser_posix_setparam) setparam;
	decltype(&rumpuser_posix_console_tail) console_tail;
	decltype(&rumpuser_posix_teardown) teardown;
	decltype(&rumpuser_posix_usage) usage;
};

// A private copy of a shared object. Copying goes through a memfd, because the
// dynamic linker gives the same instance for the same file.
class Library {
public:
	Library() = default;
	Library(const Library &) = delete;
	Library &operator=(const Library &) = delete;
	~Library() { Close(); }

	// Returns an empty string, or what went wrong.
	std::string Open(const std::string &path);
	void Close();
	// Leaves it mapped for ever: threads may still run in it.
	void Abandon();
	bool IsOpen() const { return handle_ != nullptr; }
	// A path under which dlopen() gives this very instance.
	std::string Path() const;

	Calls calls = {};
	Host host = {};

private:
	std::string Copy(const std::string &path);
	std::string Resolve();

	void *handle_ = nullptr;
	int fd_ = -1;
};

}  // namespace rumpkit

#endif  // GLUE_NODE_LIBRARY_H_
