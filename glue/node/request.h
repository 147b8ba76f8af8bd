// SPDX-License-Identifier: BSD-2-Clause
// request.h: one call on files, made of work that any thread can do and of an
// answer that only the JavaScript thread can make.
#ifndef GLUE_NODE_REQUEST_H_
#define GLUE_NODE_REQUEST_H_

#include <napi.h>

#include <string>
#include <utility>

#include "environment.h"
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
	// 0, or -ENAMETOOLONG: no kernel has to be asked.
	int error() const { return error_; }
	const char *c_str() const { return bytes_; }

private:
	void Assign(const PathArgument &other);

	static constexpr size_t kMax = 4096;
	size_t length_ = 0;
	int error_ = 0;
	char bytes_[kMax];
};

// Runs a request R on a thread of the pool. R has
//   void Run(Kernel &)              the work
//   Napi::Value Answer(Napi::Env)   the value, or a negative number
template <typename R>
class RequestWorker : public Napi::AsyncWorker {
public:
	RequestWorker(Napi::Env env, Kernel *kernel, R &&request)
	    : Napi::AsyncWorker(env, "rumpkit"),
	      environment_(Environment::Of(env)),
	      kernel_(kernel),
	      request_(std::move(request)),
	      deferred_(Napi::Promise::Deferred::New(env)) {
		kernel_->Ref();
		kernel_->pending++;
	}
	Napi::Promise Promise() const { return deferred_.Promise(); }

protected:
	void Execute() override {
		if (!environment_->leaving)
			request_.Run(*kernel_);
	}
	void OnOK() override {
		kernel_->pending--;
		if (!environment_->leaving && CanAnswer(Env()))
			deferred_.Resolve(request_.Answer(Env()));
		kernel_->Unref();
	}

private:
	Environment *environment_;
	Kernel *kernel_;
	R request_;
	Napi::Promise::Deferred deferred_;
};

template <typename R>
Napi::Value Dispatch(Napi::Env env, Kernel *kernel, R &&request, bool async) {
	if (!async) {
		request.Run(*kernel);
		return request.Answer(env);
	}
	auto *worker = new RequestWorker<typename std::decay<R>::type>(env, kernel,
	    std::move(request));
	Napi::Promise promise = worker->Promise();
	worker->Queue();
	return promise;
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
