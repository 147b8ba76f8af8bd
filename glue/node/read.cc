// SPDX-License-Identifier: BSD-2-Clause
// read.cc: requests that open, read and close.
#include "requests.h"

#include <algorithm>

#include "flags.h"

namespace rumpkit {

namespace {

// The largest file that Node reads as a whole.
constexpr int64_t kReadFileMax = 0x7fffffff;

// First guess for a file that does not know its size.
constexpr size_t kReadFileChunk = 65536;

// A call keeps the kernel's virtual CPU while it copies. Whole files are read in
// such pieces, so that other threads get in between.
constexpr size_t kReadFilePiece = 4 * 1024 * 1024;

}  // namespace

void OpenRequest::Run(Kernel &kernel) {
	result = path.error();
	if (result == 0)
		result = kernel.Int(kernel.calls().open, path.c_str(),
		    OpenFlagsFromLinux(flags), mode);
}

void ReadRequest::Run(Kernel &kernel) {
	if (position == -1)
		result = kernel.Call(kernel.calls().read, fd, data, length);
	else
		result = kernel.Call(kernel.calls().pread, fd, data, length, position);
}

bool ReadFileRequest::Grow(size_t wanted) {
	char *grown = static_cast<char *>(realloc(bytes.get(), wanted));
	if (grown == nullptr)
		return false;
	(void)bytes.release();
	bytes.reset(grown);
	capacity = wanted;
	return true;
}

// A file of a known size is read up to that size only, as Node does it.
int64_t ReadFileRequest::ReadAll(Kernel &kernel, int fd) {
	struct rump_stat st;
	failed_call = 1;
	int error = kernel.Int(kernel.calls().fstat, fd, &st);
	if (error != 0)
		return error;
	failed_call = 2;
	int64_t size =
	    (st.st_mode & RUMP_S_IFMT) == RUMP_S_IFREG ? st.st_size : 0;
	if (size > kReadFileMax) {
		too_large = size;
		return 0;
	}
	if (size > static_cast<int64_t>(kLongBytes))
		kernel.HandOver();
	if (!Grow(size > 0 ? static_cast<size_t>(size) : kReadFileChunk))
		return -ENOMEM;
	for (;;) {
		int64_t n = kernel.Call(kernel.calls().read, fd, bytes.get() + length,
		    std::min(capacity - length, kReadFilePiece));
		if (n <= 0)
			return n;
		length += static_cast<size_t>(n);
		if (length < capacity)
			continue;
		if (size > 0)
			return 0;
		if (!Grow(capacity * 2))
			return -ENOMEM;
	}
}

void ReadFileRequest::Run(Kernel &kernel) {
	result = path.error();
	if (result == 0)
		result = kernel.Int(kernel.calls().open, path.c_str(),
		    OpenFlagsFromLinux(flags), 0666);
	if (result < 0)
		return;
	int fd = static_cast<int>(result);
	result = ReadAll(kernel, fd);
	kernel.Int(kernel.calls().close, fd);
}

Napi::Value ReadFileRequest::Answer(Napi::Env env) {
	if (result < 0) {
		Napi::Array failure = Napi::Array::New(env, 2);
		failure[0u] = Number(env, result);
		failure[1u] = Number(env, failed_call);
		return failure;
	}
	if (too_large != 0)
		return Napi::BigInt::New(env, too_large);
	if (length == 0)
		return Napi::Buffer<char>::New(env, 0);
	char *data = bytes.release();
	return Napi::Buffer<char>::New(env, data, length,
	    [](Napi::Env, char *p) { free(p); });
}

}  // namespace rumpkit
