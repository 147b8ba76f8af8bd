// SPDX-License-Identifier: BSD-2-Clause
// library.cc: loading a kernel's shared object as a private copy.
#include "library.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define RUMP_STRING(name) RUMP_STRING_(name)
#define RUMP_STRING_(name) #name

// The public names are macros for the versioned symbols.
#include <rump/rump_syscalls.h>

namespace rumpkit {

namespace {

std::string Failure(const char *what) {
	return std::string(what) + ": " + strerror(errno);
}

struct KernelSymbol {
	const char *name;
	rumpuser_posix_fn Calls::*slot;
};

const KernelSymbol kernel_symbols[] = {
	{ "rump_init", &Calls::init },
	{ "rump_pub_fsevents_add", &Calls::fsevents_add },
	{ "rump_pub_fsevents_open", &Calls::fsevents_open },
	{ "rump_pub_fsevents_remove", &Calls::fsevents_remove },
	{ "rump_pub_lwproc_curlwp", &Calls::lwproc_curlwp },
	{ "rump_pub_lwproc_switch", &Calls::lwproc_switch },
	{ RUMP_STRING(rump_sys_access), &Calls::access },
	{ RUMP_STRING(rump_sys_chmod), &Calls::chmod },
	{ RUMP_STRING(rump_sys_chown), &Calls::chown },
	{ RUMP_STRING(rump_sys_close), &Calls::close },
	{ RUMP_STRING(rump_sys_fchmod), &Calls::fchmod },
	{ RUMP_STRING(rump_sys_fchown), &Calls::fchown },
	{ RUMP_STRING(rump_sys_fdatasync), &Calls::fdatasync },
	{ RUMP_STRING(rump_sys_fstat), &Calls::fstat },
	{ RUMP_STRING(rump_sys_fstatvfs1), &Calls::fstatvfs },
	{ RUMP_STRING(rump_sys_fsync), &Calls::fsync },
	{ RUMP_STRING(rump_sys_ftruncate), &Calls::ftruncate },
	{ RUMP_STRING(rump_sys_futimens), &Calls::futimens },
	{ RUMP_STRING(rump_sys_getdents), &Calls::getdents },
	{ RUMP_STRING(rump_sys_lchown), &Calls::lchown },
	{ RUMP_STRING(rump_sys_linkat), &Calls::linkat },
	{ RUMP_STRING(rump_sys_lseek), &Calls::lseek },
	{ RUMP_STRING(rump_sys_lstat), &Calls::lstat },
	{ RUMP_STRING(rump_sys_mkdir), &Calls::mkdir },
	{ RUMP_STRING(rump_sys_open), &Calls::open },
	{ RUMP_STRING(rump_sys_pread), &Calls::pread },
	{ RUMP_STRING(rump_sys_preadv), &Calls::preadv },
	{ RUMP_STRING(rump_sys_pwrite), &Calls::pwrite },
	{ RUMP_STRING(rump_sys_pwritev), &Calls::pwritev },
	{ RUMP_STRING(rump_sys_read), &Calls::read },
	{ RUMP_STRING(rump_sys_readlink), &Calls::readlink },
	{ RUMP_STRING(rump_sys_readv), &Calls::readv },
	{ RUMP_STRING(rump_sys_reboot), &Calls::reboot },
	{ RUMP_STRING(rump_sys___posix_rename), &Calls::rename },
	{ RUMP_STRING(rump_sys_rmdir), &Calls::rmdir },
	{ RUMP_STRING(rump_sys_stat), &Calls::stat },
	{ RUMP_STRING(rump_sys_statvfs1), &Calls::statvfs },
	{ RUMP_STRING(rump_sys_symlink), &Calls::symlink },
	{ RUMP_STRING(rump_sys_sync), &Calls::sync },
	{ RUMP_STRING(rump_sys_unlink), &Calls::unlink },
	{ RUMP_STRING(rump_sys_utimensat), &Calls::utimensat },
	{ RUMP_STRING(rump_sys_write), &Calls::write },
	{ RUMP_STRING(rump_sys_writev), &Calls::writev },
};

const KernelSymbol socket_symbols[] = {
	{ "rump_pub_kqueue_notify", &Calls::kqueue_notify },
	{ RUMP_STRING(rump_sys_bind), &Calls::bind },
	{ RUMP_STRING(rump_sys_connect), &Calls::connect },
	{ RUMP_STRING(rump_sys_getpeername), &Calls::getpeername },
	{ RUMP_STRING(rump_sys_getsockname), &Calls::getsockname },
	{ RUMP_STRING(rump_sys_getsockopt), &Calls::getsockopt },
	{ RUMP_STRING(rump_sys_ioctl), &Calls::ioctl },
	{ RUMP_STRING(rump_sys_kevent), &Calls::kevent },
	{ RUMP_STRING(rump_sys_kqueue), &Calls::kqueue },
	{ RUMP_STRING(rump_sys_listen), &Calls::listen },
	{ RUMP_STRING(rump_sys_paccept), &Calls::paccept },
	{ RUMP_STRING(rump_sys_recvmsg), &Calls::recvmsg },
	{ RUMP_STRING(rump_sys_sendmsg), &Calls::sendmsg },
	{ RUMP_STRING(rump_sys_setsockopt), &Calls::setsockopt },
	{ RUMP_STRING(rump_sys_shutdown), &Calls::shutdown },
	{ RUMP_STRING(rump_sys_socket), &Calls::socket },
};

template <typename Fn>
bool Find(void *handle, const char *name, Fn *slot, std::string *missing) {
	void *symbol = dlsym(handle, name);
	if (symbol == nullptr) {
		*missing += *missing == "" ? name : std::string(" ") + name;
		return false;
	}
	*slot = reinterpret_cast<Fn>(symbol);
	return true;
}

}  // namespace

std::string Library::Copy(const std::string &path) {
	int from = open(path.c_str(), O_RDONLY | O_CLOEXEC);
	if (from == -1)
		return Failure("open");
	std::string error;
	struct stat st;
	fd_ = memfd_create("rumpkit-kernel", MFD_CLOEXEC);
	if (fd_ == -1 || fstat(from, &st) == -1)
		error = Failure("memfd_create");
	off_t left = error.empty() ? st.st_size : 0;
	while (left > 0) {
		ssize_t n = sendfile(fd_, from, nullptr, static_cast<size_t>(left));
		if (n <= 0) {
			error = n == 0 ? "the file became shorter" : Failure("sendfile");
			break;
		}
		left -= n;
	}
	close(from);
	return error;
}

std::string Library::Resolve() {
	std::string missing;
	for (const KernelSymbol &symbol : kernel_symbols)
		Find(handle_, symbol.name, &(calls.*symbol.slot), &missing);
	std::string without_sockets;
	for (const KernelSymbol &symbol : socket_symbols)
		Find(handle_, symbol.name, &(calls.*symbol.slot), &without_sockets);
	Find(handle_, "rumpuser_posix_call", &host.call, &missing);
	Find(handle_, "rumpuser_posix_begin", &host.begin, &missing);
	Find(handle_, "rumpuser_posix_hand_over", &host.hand_over, &missing);
	Find(handle_, "rumpuser_posix_sethooks", &host.sethooks, &missing);
	Find(handle_, "rumpuser_posix_setparam", &host.setparam, &missing);
	Find(handle_, "rumpuser_posix_console_tail", &host.console_tail, &missing);
	Find(handle_, "rumpuser_posix_teardown", &host.teardown, &missing);
	Find(handle_, "rumpuser_posix_usage", &host.usage, &missing);
	return missing.empty() ? "" : "missing symbols: " + missing;
}

std::string Library::Open(const std::string &path) {
	std::string error = Copy(path);
	if (error.empty()) {
		handle_ = dlopen(Path().c_str(), RTLD_NOW | RTLD_LOCAL);
		error = handle_ == nullptr ? dlerror() : Resolve();
	}
	if (!error.empty())
		Close();
	return error;
}

void Library::Close() {
	if (handle_ != nullptr)
		dlclose(handle_);
	if (fd_ != -1)
		close(fd_);
	handle_ = nullptr;
	fd_ = -1;
}

// The descriptor stays open too: a second library under the same path would be
// taken for this one.
void Library::Abandon() {
	handle_ = nullptr;
	fd_ = -1;
}

std::string Library::Path() const {
	return "/proc/self/fd/" + std::to_string(fd_);
}

}  // namespace rumpkit
