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

// More bytes than these take longer to copy than another thread takes to begin.
constexpr size_t kLongBytes = 1024 * 1024;

// Unless a request knows better, it may be begun at once.
struct Request {
	bool IsLong() const { return false; }
	bool IsBackground() const { return false; }
	void Keep(Napi::Env) {}
};

// Calls whose answer is a number.
struct NumberRequest : Request {
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

// A call of the kernel's that takes paths and integers and answers with a number.
struct SimpleCall {
	const char *name;  // of the kernel object's method
	rumpuser_posix_fn Calls::*slot;
	const char *words;  // p: path, i: integer, @: the working folder
};
extern const SimpleCall simple_calls[];  // the last one has no name

struct SimpleRequest : NumberRequest {
	SimpleRequest(const SimpleCall &call, const Napi::CallbackInfo &info);
	void Run(Kernel &kernel);

	static constexpr size_t kPathsMax = 2, kWordsMax = 5;
	const SimpleCall *call;
	PathArgument paths[kPathsMax];
	int64_t integers[kWordsMax] = {};
};

struct UnlinkRequest : NumberRequest {
	explicit UnlinkRequest(const PathArgument &p) : path(p) {}
	void Run(Kernel &kernel);

	PathArgument path;
};

// Times of a file in seconds; of the descriptor, or of the path.
struct UtimesRequest : NumberRequest {
	UtimesRequest(const PathArgument &p, int f, double a, double m, bool l)
	    : path(p), fd(f), atime(a), mtime(m), is_link(l) {}
	void Run(Kernel &kernel);

	PathArgument path;
	int fd;  // -1: the path counts
	double atime, mtime;
	bool is_link;
};

// The bytes must stay where they are until the answer.
struct ReadRequest : NumberRequest {
	ReadRequest(int f, void *d, size_t l, int64_t p)
	    : fd(f), data(d), length(l), position(p) {}
	void Keep(Napi::Env) { holder = Napi::Persistent(bytes); }
	bool IsLong() const { return length > kLongBytes; }
	void Run(Kernel &kernel);

	int fd;
	void *data;
	size_t length;
	int64_t position;  // -1: the file's own
	// Valid only while the call is being begun.
	Napi::Uint8Array bytes;
	Napi::Reference<Napi::Uint8Array> holder;
};

struct WriteRequest : NumberRequest {
	WriteRequest(int f, const void *d, size_t l, int64_t p)
	    : fd(f), data(d), length(l), position(p) {}
	void Keep(Napi::Env) { holder = Napi::Persistent(bytes); }
	bool IsLong() const { return length > kLongBytes; }
	void Run(Kernel &kernel);

	int fd;
	const void *data;
	size_t length;
	int64_t position;  // -1: the file's own
	// Valid only while the call is being begun.
	Napi::Uint8Array bytes;
	Napi::Reference<Napi::Uint8Array> holder;
};

// Several pieces of memory, read or written one after the other.
struct VectorRequest : NumberRequest {
	VectorRequest(int f, const Napi::Array &buffers, int64_t p, bool w);
	void Keep(Napi::Env) { holder = Napi::Persistent(buffers); }
	void Run(Kernel &kernel);

	int fd;
	std::vector<struct rump_iovec> pieces;
	int64_t position;  // -1: the file's own
	bool is_write;
	// Valid only while the call is being begun.
	Napi::Object buffers;
	Napi::ObjectReference holder;
};

// Numbers of a struct rump_stat, into an array of the kernel object (for a call
// that is answered at once) or into a new one.
struct StatAnswer : Request {
	StatAnswer(bool b, double *n, int64_t *i) : big(b), numbers(n), bigints(i) {}
	Napi::Value Answer(Napi::Env env);
	// Other calls take the kernel object's array meanwhile.
	void Keep(Napi::Env) {
		numbers = nullptr;
		bigints = nullptr;
	}

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
struct StatfsRequest : Request {
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
struct ReadFileRequest : Request {
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

// Calls whose answer is a path.
struct BytesRequest : Request {
	Napi::Value Answer(Napi::Env env) const {
		if (result < 0)
			return Number(env, result);
		return Napi::Buffer<char>::Copy(env, bytes.data(), bytes.size());
	}

	int64_t result = 0;
	std::string bytes;
};

// A call that is made of several: 0, or [the failure, which step failed].
struct StepsRequest : Request {
	Napi::Value Answer(Napi::Env env) const {
		if (result >= 0)
			return Number(env, 0);
		Napi::Array failure = Napi::Array::New(env, 2);
		failure[0u] = Number(env, result);
		failure[1u] = Number(env, failed_call);
		return failure;
	}

	int64_t result = 0;
	int failed_call = 0;
};

// A whole file. Steps: 0 open, 1 write, 2 fsync, 3 close.
struct WriteFileRequest : StepsRequest {
	WriteFileRequest(const PathArgument &p, const void *d, size_t l, int f, int m,
	    bool fl)
	    : path(p), data(static_cast<const char *>(d)), length(l), flags(f),
	      mode(m), flush(fl) {}
	void Keep(Napi::Env) { holder = Napi::Persistent(bytes); }
	bool IsLong() const { return length > kLongBytes; }
	void Run(Kernel &kernel);

	PathArgument path;
	const char *data;
	size_t length;
	int flags, mode;
	bool flush;
	// Valid only while the call is being begun.
	Napi::Uint8Array bytes;
	Napi::Reference<Napi::Uint8Array> holder;

private:
	int64_t WriteAll(Kernel &kernel, int fd);
};

// A copy of a file's contents and mode. Its flags are copyFile's of Node.
struct CopyFileRequest : NumberRequest {
	CopyFileRequest(const PathArgument &f, const PathArgument &t, int m)
	    : from(f), to(t), mode(m) {}
	void Run(Kernel &kernel);

	PathArgument from, to;
	int mode;

private:
	int64_t CopyInto(Kernel &kernel, int source);
	int64_t CopyBytes(Kernel &kernel, int source, int target);
};

// A folder and those above it that are missing. The answer is the first one that
// was made, or 0 if none was.
struct MakeFoldersRequest : Request {
	MakeFoldersRequest(const PathArgument &p, int m) : path(p), mode(m) {}
	void Run(Kernel &kernel);
	Napi::Value Answer(Napi::Env env);

	PathArgument path;
	int mode;
	int64_t result = 0;
	std::string first;
};

// A folder with a name that nobody has: the prefix and six letters.
struct MakeTemporaryFolderRequest : BytesRequest {
	explicit MakeTemporaryFolderRequest(const PathArgument &p) : prefix(p) {}
	void Run(Kernel &kernel);

	PathArgument prefix;
};

// A file, or a folder with all that is in it: 0, or [the failure, which step
// failed, on what]. Steps: 0 lstat, 1 unlink, 2 scandir, 3 rmdir.
struct RemoveTreeRequest : Request {
	explicit RemoveTreeRequest(const PathArgument &p) : path(p) {}
	void Run(Kernel &kernel);
	Napi::Value Answer(Napi::Env env);

	PathArgument path;
	int64_t result = 0;
	int failed_call = 0;
	std::string failed_path;

private:
	// A folder that is being emptied.
	struct Folder {
		std::string path;
		std::vector<std::string> names;
	};
	int64_t Remove(Kernel &kernel, const std::string &what);
	int64_t Empty(Kernel &kernel);
	int64_t Fail(int64_t error, int call, const std::string &what);

	std::vector<Folder> folders;
};

struct ReaddirRequest : Request {
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

// Records of a queue of change events, once there are some.
struct EventsRequest : BytesRequest {
	explicit EventsRequest(int f) : fd(f) {}
	bool IsBackground() const { return true; }
	void Run(Kernel &kernel);

	int fd;
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
