// SPDX-License-Identifier: BSD-2-Clause
// kernel.cc: the life of a kernel in this process: load, boot, end, release.
#include "kernel.h"

#include <unistd.h>

#include "../common/errtrans.h"
#include "environment.h"
#include "request.h"

#include <rump/rump_syscalls.h>

namespace rumpkit {

namespace {

// How long threads of the kernel may take to leave it.
constexpr unsigned int kStopMilliseconds = 5000;

}  // namespace

// Boots or stops a kernel on a thread of the pool.
class LifeWorker : public Napi::AsyncWorker {
public:
	LifeWorker(Napi::Env env, Kernel *kernel, int (Kernel::*work)())
	    : Napi::AsyncWorker(env, "rumpkit"),
	      kernel_(kernel),
	      work_(work),
	      deferred_(Napi::Promise::Deferred::New(env)) {
		kernel_->Ref();
	}
	Napi::Promise Promise() const { return deferred_.Promise(); }

protected:
	void Execute() override { result_ = (kernel_->*work_)(); }
	void OnOK() override {
		kernel_->Unref();
		if (CanAnswer(Env()))
			deferred_.Resolve(Napi::Number::New(Env(), result_));
	}

private:
	Kernel *kernel_;
	int (Kernel::*work_)();
	int result_ = 0;
	Napi::Promise::Deferred deferred_;
};

Kernel::Kernel(const Napi::CallbackInfo &info)
    : Napi::ObjectWrap<Kernel>(info) {
	Napi::Env env = info.Env();
	std::string path = info[0].As<Napi::String>().Utf8Value();
	verbose_ = IsTrue(info[1]);
	std::string error = library_.Open(path);
	if (!error.empty()) {
		Environment::Of(env)->Throw(env, "RUMP_NATIVE_LOAD_FAILED",
		    "cannot load the kernel " + path + ": " + error);
		return;
	}
	Napi::Float64Array numbers = Napi::Float64Array::New(env, kStatFields);
	Napi::BigInt64Array bigints = Napi::BigInt64Array::New(env, kStatFields);
	numbers_ = numbers.Data();
	bigints_ = bigints.Data();
	numbers_ref_ = Napi::Persistent(numbers);
	bigints_ref_ = Napi::Persistent(bigints);
	Napi::Object self = info.This().As<Napi::Object>();
	self.Set("numbers", numbers);
	self.Set("bigints", bigints);
}

// Garbage collection or the end of the environment: nothing is under way,
// because requests hold a reference.
Kernel::~Kernel() {
	if (library_.IsOpen() && !closing_) {
		Detach();
		closing_ = true;
		Stop();
	}
	jobs_.Close();
}

void Kernel::HandOver() {
	if (!closing_ && library_.IsOpen())
		library_.host.hand_over();
}

int64_t Kernel::CallWords(rumpuser_posix_fn fun, int64_t a, int64_t b, int64_t c,
    int64_t d, int64_t e, int64_t f) {
	if (closing_ || !library_.IsOpen())
		return kEnded;
	int error = 0;
	int64_t result = library_.host.call(fun, a, b, c, d, e, f, &error);
	if (error == 0)
		return result;
	if (error == RUMPUSER_POSIX_ENDED)
		return kEnded;
	return -rumpglue_errno_to_linux(error);
}

void Kernel::OnExit(void *self, int value) {
	Kernel *kernel = static_cast<Kernel *>(self);
	kernel->library_.host.console_tail(kernel->last_words_,
	    sizeof(kernel->last_words_));
	kernel->exit_value_ = value;
	kernel->ended_ = true;
}

void Kernel::OnConsole(void *self, const char *bytes, size_t len) {
	if (static_cast<Kernel *>(self)->verbose_ &&
	    write(STDERR_FILENO, bytes, len) == -1)
		return;  // there is nobody to tell
}

// On a thread of the pool. The lwp that the thread gets is meant for the thread
// of the environment, which takes it over with Attach().
int Kernel::Start() {
	struct rumpuser_posix_hooks hooks = {};
	hooks.ph_exit = OnExit;
	hooks.ph_console = OnConsole;
	hooks.ph_arg = this;
	library_.host.sethooks(&hooks);

	int error = 0;
	int64_t result =
	    library_.host.call(library_.calls.init, 0, 0, 0, 0, 0, 0, &error);
	if (error == RUMPUSER_POSIX_ENDED)
		return static_cast<int>(kEnded);
	if (static_cast<int>(result) != 0)
		return -rumpglue_errno_to_linux(static_cast<int>(result));
	// Node's streams take a descriptor 0 for none, as no process has it to give.
	for (int taken = 0; taken < 3; taken++)
		Call(library_.calls.open, "/", RUMP_O_RDONLY, 0);
	lwp_ = Call(library_.calls.lwproc_curlwp);
	Call(library_.calls.lwproc_switch, nullptr);
	return 0;
}

// Returns the number of threads that could not be stopped. closing_ is set and
// keeps everybody else out, so that this is the only thread inside.
int Kernel::Stop() {
	int error = 0;
	if (!ended_)
		library_.host.call(library_.calls.reboot, RUMP_RB_HALT, 0, 0, 0, 0, 0,
		    &error);
	int left = library_.host.teardown(kStopMilliseconds);
	if (left == 0)
		library_.Close();
	else
		library_.Abandon();
	return left;
}

void Kernel::Detach() {
	if (lwp_ > 0)
		Call(library_.calls.lwproc_switch, nullptr);
	lwp_ = 0;
}

Napi::Value Kernel::Boot(const Napi::CallbackInfo &info) {
	LifeWorker *worker = new LifeWorker(info.Env(), this, &Kernel::Start);
	Napi::Promise promise = worker->Promise();
	worker->Queue();
	return promise;
}

// The caller sees to it that no request is under way.
Napi::Value Kernel::Close(const Napi::CallbackInfo &info) {
	if (jobs_.pending() != 0 || closing_ || !library_.IsOpen()) {
		Environment::Of(info.Env())->Throw(info.Env(), "RUMP_NATIVE_USAGE",
		    "the kernel is in use or closed already");
		return info.Env().Undefined();
	}
	Detach();
	jobs_.Close();
	closing_ = true;
	LifeWorker *worker = new LifeWorker(info.Env(), this, &Kernel::Stop);
	Napi::Promise promise = worker->Promise();
	worker->Queue();
	return promise;
}

// Binds the kernel's first lwp to the thread of this environment.
Napi::Value Kernel::Attach(const Napi::CallbackInfo &info) {
	if (lwp_ > 0)
		Call(library_.calls.lwproc_switch, lwp_);
	return info.Env().Undefined();
}

Napi::Value Kernel::Path(const Napi::CallbackInfo &info) {
	return Napi::String::New(info.Env(), library_.Path());
}

Napi::Value Kernel::State(const Napi::CallbackInfo &info) {
	Napi::Object state = Napi::Object::New(info.Env());
	state.Set("isOpen", !closing_ && library_.IsOpen());
	state.Set("hasEnded", ended_.load());
	state.Set("exitValue", exit_value_.load());
	state.Set("pending", jobs_.pending());
	return state;
}

Napi::Value Kernel::ConsoleTail(const Napi::CallbackInfo &info) {
	char tail[kConsoleTail] = "";
	if (ended_)
		return Napi::String::New(info.Env(), last_words_);
	if (!closing_ && library_.IsOpen())
		library_.host.console_tail(tail, sizeof(tail));
	return Napi::String::New(info.Env(), tail);
}

Napi::Value Kernel::Usage(const Napi::CallbackInfo &info) {
	struct rumpuser_posix_usage usage = {};
	if (!closing_ && library_.IsOpen())
		library_.host.usage(&usage);
	Napi::Object result = Napi::Object::New(info.Env());
	result.Set("bytes", static_cast<double>(usage.pu_bytes));
	result.Set("files", usage.pu_files);
	result.Set("threads", usage.pu_threads);
	return result;
}

}  // namespace rumpkit
