// SPDX-License-Identifier: BSD-2-Clause
// copy.cc: a copy of a file inside of a kernel, with the rules of libuv's copyFile:
// the target gets the mode of the source; a copy that failed is taken away.
#include "requests.h"

namespace rumpkit {

namespace {

// COPYFILE_EXCL and COPYFILE_FICLONE_FORCE of Node.
constexpr int kExclusive = 1;
constexpr int kCloneOrFail = 4;

constexpr size_t kCopyPiece = 1024 * 1024;

}  // namespace

int64_t CopyFileRequest::CopyBytes(Kernel &kernel, int source, int target) {
	std::unique_ptr<char, Free> piece(static_cast<char *>(malloc(kCopyPiece)));
	if (piece == nullptr)
		return -ENOMEM;
	for (int pieces = 0;; pieces++) {
		if (pieces == 1)
			kernel.HandOver();
		int64_t n = kernel.Call(kernel.calls().read, source, piece.get(),
		    kCopyPiece);
		if (n <= 0)
			return n;
		for (int64_t done = 0; done < n;) {
			int64_t written = kernel.Call(kernel.calls().write, target,
			    piece.get() + done, static_cast<size_t>(n - done));
			if (written < 0)
				return written;
			done += written;
		}
	}
}

int64_t CopyFileRequest::CopyInto(Kernel &kernel, int source) {
	const Calls &calls = kernel.calls();
	struct rump_stat from_stat, to_stat;
	int64_t error = kernel.Int(calls.fstat, source, &from_stat);
	if (error != 0)
		return error;
	int target = kernel.Int(calls.open, to.c_str(), RUMP_O_WRONLY | RUMP_O_CREAT |
	    ((mode & kExclusive) ? RUMP_O_EXCL : 0), from_stat.st_mode & 07777);
	if (target < 0)
		return target;
	bool is_same = false;
	error = kernel.Int(calls.fstat, target, &to_stat);
	if (error == 0) {
		is_same = from_stat.st_dev == to_stat.st_dev &&
		    from_stat.st_ino == to_stat.st_ino;
		if (!is_same)
			error = kernel.Int(calls.ftruncate, target, 0);
	}
	if (error == 0 && !is_same)
		error = kernel.Int(calls.fchmod, target, from_stat.st_mode & 07777);
	if (error == 0 && !is_same)
		error = (mode & kCloneOrFail) ? -ENOTSUP :
		    CopyBytes(kernel, source, target);
	int64_t closed = kernel.Int(calls.close, target);
	if (error == 0)
		error = closed;
	if (error != 0 && !is_same)
		kernel.Int(calls.unlink, to.c_str());
	return error;
}

void CopyFileRequest::Run(Kernel &kernel) {
	result = from.error() != 0 ? from.error() : to.error();
	if (result == 0)
		result = kernel.Int(kernel.calls().open, from.c_str(), RUMP_O_RDONLY, 0);
	if (result < 0)
		return;
	int source = static_cast<int>(result);
	result = CopyInto(kernel, source);
	kernel.Int(kernel.calls().close, source);
}

}  // namespace rumpkit
