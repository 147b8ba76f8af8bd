// SPDX-License-Identifier: BSD-2-Clause
// requests.h: the calls on files, one structure each. Run() may be on any
// thread, Answer() is on the JavaScript thread. Results are as in kernel.h.
#ifndef GLUE_NODE_REQUESTS_H_
#define GLUE_NODE_REQUESTS_H_

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <memory>
#include <string>
#include <vector>

#include "request.h"

#include <rump/rump_syscalls.h>

namespace rumpkit {

// Calls whose answer is a number.
struct NumberRequest {
	int64_t result = 0;

	Napi::Value Answer(Napi::Env env) const { return Number(env, result); }
};

struct OpenRequest : NumberRequest {
	OpenRequest(const PathArgument &p, int f, int m)
	    : path(p), flags(f), mode(m) {}
	void Run(Kernel &kernel);

	PathArgument path;
	int flags, mode;  // Linux flags
};

struct CloseRequest : NumberRequest {
	explicit CloseRequest(int f) : fd(f) {}
	void Run(Kernel &kernel);

	int fd;
};

struct AccessRequest : NumberRequest {
	AccessRequest(const PathArgument &p, int m) : path(p), mode(m) {}
	void Run(Kernel &kernel);

	PathArgument path;
	int mode;
};

// The bytes must stay where they are until the answer.
struct ReadRequest : NumberRequest {
	ReadRequest(int f, void *d, size_t l, int64_t p)
	    : fd(f), data(d), length(l), position(p) {}
	void Hold(const Napi::Uint8Array &bytes) {
		holder = Napi::Persistent(bytes);
	}
	void Run(Kernel &kernel);

	int fd;
	void *data;
	size_t length;
	int64_t position;  // -1: the file's own
	Napi::Reference<Napi::Uint8Array> holder;
};

// Numbers of a struct rump_stat, into an array of the kernel object (for a call
// that is answered at once) or into a new one.
struct StatAnswer {
	StatAnswer(bool b, double *n, int64_t *i) : big(b), numbers(n), bigints(i) {}
	Napi::Value Answer(Napi::Env env);

	int result = 0;
	bool big;
	double *numbers;
	int64_t *bigints;
	struct rump_stat st;
};

struct StatRequest : StatAnswer {
	StatRequest(const PathArgument &p, bool l, bool b, double *n, int64_t *i)
	    : StatAnswer(b, n, i), path(p), is_link(l) {}
	void Run(Kernel &kernel);

	PathArgument path;
	bool is_link;
};

struct FstatRequest : StatAnswer {
	FstatRequest(int f, bool b, double *n, int64_t *i)
	    : StatAnswer(b, n, i), fd(f) {}
	void Run(Kernel &kernel);

	int fd;
};

// type bsize blocks bfree bavail files ffree
struct StatfsRequest {
	explicit StatfsRequest(const PathArgument &p) : path(p) {}
	void Run(Kernel &kernel);
	Napi::Value Answer(Napi::Env env);

	PathArgument path;
	int result = 0;
	std::unique_ptr<struct rump_statvfs> statvfs;
};

struct Free {
	void operator()(void *p) const { free(p); }
};

// A whole file. A file larger than Node's limit is not read: the answer is then
// its size as a bigint.
struct ReadFileRequest {
	ReadFileRequest(const PathArgument &p, int f) : path(p), flags(f) {}
	void Run(Kernel &kernel);
	Napi::Value Answer(Napi::Env env);

	PathArgument path;
	int flags;
	int64_t result = 0;
	int failed_call = 0;  // 0 open, 1 fstat, 2 read
	size_t length = 0, capacity = 0;
	int64_t too_large = 0;
	std::unique_ptr<char, Free> bytes;

private:
	int64_t ReadAll(Kernel &kernel, int fd);
	bool Grow(size_t capacity);
};

struct ReaddirRequest {
	ReaddirRequest(const PathArgument &p, bool r) : path(p), is_raw(r) {}
	void Run(Kernel &kernel);
	Napi::Value Answer(Napi::Env env);

	PathArgument path;
	bool is_raw;
	int64_t result = 0;
	std::vector<std::string> names;
	std::vector<uint8_t> types;

private:
	void Take(const char *buf, size_t len);
};

// Calls whose answer is a path.
struct BytesRequest {
	Napi::Value Answer(Napi::Env env) const {
		if (result < 0)
			return Number(env, result);
		return Napi::Buffer<char>::Copy(env, bytes.data(), bytes.size());
	}

	int64_t result = 0;
	std::string bytes;
};

struct ReadlinkRequest : BytesRequest {
	explicit ReadlinkRequest(const PathArgument &p) : path(p) {}
	void Run(Kernel &kernel);

	PathArgument path;
};

struct RealpathRequest : BytesRequest {
	explicit RealpathRequest(const PathArgument &p) : path(p) {}
	void Run(Kernel &kernel);

	PathArgument path;

private:
	int64_t Step(Kernel &kernel, std::string *rest, int *links);
};

}  // namespace rumpkit

#endif  // GLUE_NODE_REQUESTS_H_
