// SPDX-License-Identifier: BSD-2-Clause
// write.cc: requests that write: pieces and whole files.
#include "requests.h"

#include <algorithm>

#include "flags.h"

namespace rumpkit {

namespace {

// A call keeps the kernel's virtual CPU while it copies. Whole files are written
// in such pieces, so that other threads get in between.
constexpr size_t kWriteFilePiece = 4 * 1024 * 1024;

}  // namespace

void WriteRequest::Run(Kernel &kernel) {
	if (position == -1)
		result = kernel.Call(kernel.calls().write, fd, data, length);
	else
		result = kernel.Call(kernel.calls().pwrite, fd, data, length, position);
}

int64_t WriteFileRequest::WriteAll(Kernel &kernel, int fd) {
	for (size_t done = 0; done < length;) {
		int64_t n = kernel.Call(kernel.calls().write, fd, data + done,
		    std::min(length - done, kWriteFilePiece));
		if (n < 0)
			return n;
		done += static_cast<size_t>(n);
	}
	return 0;
}

void WriteFileRequest::Run(Kernel &kernel) {
	result = path.error();
	if (result == 0)
		result = kernel.Int(kernel.calls().open, path.c_str(),
		    OpenFlagsFromLinux(flags), mode);
	if (result < 0)
		return;
	int fd = static_cast<int>(result);
	failed_call = 1;
	result = WriteAll(kernel, fd);
	if (result == 0 && flush) {
		failed_call = 2;
		result = kernel.Int(kernel.calls().fsync, fd);
	}
	int64_t closed = kernel.Int(kernel.calls().close, fd);
	if (result == 0 && closed < 0) {
		failed_call = 3;
		result = closed;
	}
}

}  // namespace rumpkit
