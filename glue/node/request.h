// SPDX-License-Identifier: BSD-2-Clause
// request.h: one call on files, made of work that any thread can do and of an
// answer that only the JavaScript thread can make.
#ifndef GLUE_NODE_REQUEST_H_
#define GLUE_NODE_REQUEST_H_

#include <napi.h>

#include <memory>
#include <string>
#include <utility>

#include "environment.h"
#include "jobs.h"
#include "kernel.h"

namespace rumpkit {

// dev mode nlink uid gid rdev blksize ino size blocks, then seconds and
// nanoseconds of atime, mtime, ctime, birthtime.
constexpr size_t kStatFields = 18;

// A path from JavaScript, as a string or a Buffer, without a NUL inside.
class PathArgument {
public:
	PathArgument() { bytes_[0] = '\0'; }
	explicit PathArgument(const Napi::Value &value);
	explicit PathArgument(const std::string &path);
	// Copies only what is used: most of the array never is.
	PathArgument(const PathArgument &other) { Assign(other); }
	PathArgument &operator=(const PathArgument &other) {
		Assign(other);
		return *this;
	}
	// 0, or -ENAMETOOLONG; what is there of the path is too long for a kernel too.
	int error() const { return error_; }
	const char *c_str() const { return bytes_; }

private:
	void Assign(const PathArgument &other);

	static constexpr size_t kMax = 4096;
	size_t length_ = 0;
	int error_ = 0;
	char bytes_[kMax + 4];
};

// A request that may be done later. R has
//   void Run(Kernel &)              the work
//   Napi::Value Answer(Napi::Env)   the value, or a negative number
//   bool IsLong()                   not to be begun on the JavaScript thread
//   bool IsBackground()             the process need not wait for it
//   void Keep(Napi::Env)            it goes on after the call that began it: on
//                                   the JavaScript thread, perhaps beside Run()
template <typename R>
class RequestJob : public Job {
public:
	// Calls come one after the other, mostly: each takes the memory of the last.
	// Jobs are made and deleted on the JavaScript thread.
	static void *operator new(size_t size) {
		void *p = std::exchange(spare_.memory, nullptr);
		return p != nullptr ? p : ::operator new(size);
	}
	static void operator delete(void *p) {
		::operator delete(std::exchange(spare_.memory, p));
	}

	explicit RequestJob(R &&request) : request_(std::move(request)) {}
	void Run(Kernel &kernel) override { request_.Run(kernel); }
	Napi::Value Answer(Napi::Env env) override { return request_.Answer(env); }
	bool IsLong() const override { return request_.IsLong(); }
	bool IsBackground() const override { return request_.IsBackground(); }
	void Keep(Napi::Env env) override { request_.Keep(env); }

private:
	struct Spare {
		~Spare() { ::operator delete(memory); }
		void *memory = nullptr;
	};
	static inline thread_local Spare spare_;
	R request_;
};

// The answer, or where the call has to wait for something, a promise of it.
template <typename R>
Napi::Value Dispatch(Napi::Env env, Kernel *kernel, R &&request, bool may_be_later) {
	if (!may_be_later) {
		request.Run(*kernel);
		return request.Answer(env);
	}
	using Plain = typename std::decay<R>::type;
	return kernel->jobs().Begin(env,
	    std::unique_ptr<Job>(new RequestJob<Plain>(std::move(request))));
}

// A boolean, without the coercion that costs as much as a system call's entry.
inline bool IsTrue(const Napi::Value &value) {
	bool is_true = false;
	napi_get_value_bool(value.Env(), value, &is_true);
	return is_true;
}

inline bool IsAsync(const Napi::CallbackInfo &info, size_t index) {
	return IsTrue(info[index]);
}

inline Napi::Value Number(Napi::Env env, int64_t value) {
	napi_value small;
	if (value == static_cast<int32_t>(value) &&
	    napi_create_int32(env, static_cast<int32_t>(value), &small) == napi_ok)
		return Napi::Value(env, small);
	return Napi::Number::New(env, static_cast<double>(value));
}

}  // namespace rumpkit

#endif  // GLUE_NODE_REQUEST_H_
