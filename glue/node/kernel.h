// SPDX-License-Identifier: BSD-2-Clause
// kernel.h: the JavaScript object that stands for one kernel.
//
// Its methods take checked arguments (ts/native does that) and answer with a
// value or, where the call failed, with a negative Linux errno, or kEnded for a
// kernel that is gone. The last argument of a file call says whether to do it
// now or on a thread of the pool; then the answer is a promise of the same.
#ifndef GLUE_NODE_KERNEL_H_
#define GLUE_NODE_KERNEL_H_

#include <napi.h>

#include <atomic>
#include <memory>
#include <string>

#include "jobs.h"
#include "library.h"
#include "net_events.h"

namespace rumpkit {

// Below every errno that Linux has.
constexpr int64_t kEnded = -4096;

// How much of the console is kept, with a NUL.
constexpr size_t kConsoleTail = 2049;

class Kernel : public Napi::ObjectWrap<Kernel> {
public:
	static Napi::Function Define(Napi::Env env);
	explicit Kernel(const Napi::CallbackInfo &info);
	~Kernel() override;

	// Calls into the kernel, on any thread: the result, or a negative Linux
	// errno, or kEnded.
	template <typename... Args>
	int64_t Call(rumpuser_posix_fn fun, Args... args) {
		return CallWords(fun, Word(args)...);
	}
	// The same for an entry point whose result is an int.
	template <typename... Args>
	int Int(rumpuser_posix_fn fun, Args... args) {
		return static_cast<int>(CallWords(fun, Word(args)...));
	}
	const Calls &calls() const { return library_.calls; }
	// From a request that has found out that it will take long.
	void HandOver();
	// NULL once the kernel is closed.
	const Host *host() const { return closing_ || !library_.IsOpen() ?
		nullptr : &library_.host; }
	Jobs &jobs() { return jobs_; }

private:
	static int64_t Word(int64_t value) { return value; }
	static int64_t Word(int value) { return value; }
	static int64_t Word(unsigned int value) { return value; }
	static int64_t Word(size_t value) { return static_cast<int64_t>(value); }
	static int64_t Word(const void *p) { return reinterpret_cast<int64_t>(p); }
	int64_t CallWords(rumpuser_posix_fn fun, int64_t a = 0, int64_t b = 0,
	    int64_t c = 0, int64_t d = 0, int64_t e = 0, int64_t f = 0);

	// kernel.cc: the life of a kernel.
	Napi::Value Attach(const Napi::CallbackInfo &info);
	Napi::Value Boot(const Napi::CallbackInfo &info);
	Napi::Value Close(const Napi::CallbackInfo &info);
	Napi::Value Path(const Napi::CallbackInfo &info);
	Napi::Value State(const Napi::CallbackInfo &info);
	Napi::Value ConsoleTail(const Napi::CallbackInfo &info);
	Napi::Value Usage(const Napi::CallbackInfo &info);
	int Start();
	int Stop();
	void Detach();
	static void OnExit(void *self, int value);
	static void OnConsole(void *self, const char *bytes, size_t len);

	// events.cc: calls on queues of change events.
	Napi::Value EventsAdd(const Napi::CallbackInfo &info);
	Napi::Value EventsOpen(const Napi::CallbackInfo &info);
	Napi::Value EventsRead(const Napi::CallbackInfo &info);
	Napi::Value EventsRemove(const Napi::CallbackInfo &info);

	// files.cc: calls on files.
	Napi::Value CopyFile(const Napi::CallbackInfo &info);
	Napi::Value Fstat(const Napi::CallbackInfo &info);
	Napi::Value MakeFolders(const Napi::CallbackInfo &info);
	Napi::Value MakeTemporaryFolder(const Napi::CallbackInfo &info);
	Napi::Value Open(const Napi::CallbackInfo &info);
	Napi::Value Read(const Napi::CallbackInfo &info);
	Napi::Value Readdir(const Napi::CallbackInfo &info);
	Napi::Value ReadFile(const Napi::CallbackInfo &info);
	Napi::Value Readlink(const Napi::CallbackInfo &info);
	Napi::Value Realpath(const Napi::CallbackInfo &info);
	Napi::Value RemoveTree(const Napi::CallbackInfo &info);
	Napi::Value Simple(const Napi::CallbackInfo &info);
	Napi::Value Stat(const Napi::CallbackInfo &info);
	Napi::Value Statfs(const Napi::CallbackInfo &info);
	Napi::Value Unlink(const Napi::CallbackInfo &info);
	Napi::Value Utimes(const Napi::CallbackInfo &info);
	Napi::Value Vector(const Napi::CallbackInfo &info);
	Napi::Value Write(const Napi::CallbackInfo &info);
	Napi::Value WriteFile(const Napi::CallbackInfo &info);

	// sockets.cc: calls on sockets, and the events of all of them.
	Napi::Value NetClose(const Napi::CallbackInfo &info);
	Napi::Value NetHold(const Napi::CallbackInfo &info);
	Napi::Value NetOpen(const Napi::CallbackInfo &info);
	Napi::Value NetTake(const Napi::CallbackInfo &info);
	Napi::Value SocketAccept(const Napi::CallbackInfo &info);
	Napi::Value SocketBind(const Napi::CallbackInfo &info);
	Napi::Value SocketClose(const Napi::CallbackInfo &info);
	Napi::Value SocketConnect(const Napi::CallbackInfo &info);
	Napi::Value SocketError(const Napi::CallbackInfo &info);
	Napi::Value SocketListen(const Napi::CallbackInfo &info);
	Napi::Value SocketName(const Napi::CallbackInfo &info);
	Napi::Value SocketOpen(const Napi::CallbackInfo &info);
	Napi::Value SocketRead(const Napi::CallbackInfo &info);
	Napi::Value SocketSet(const Napi::CallbackInfo &info);
	Napi::Value SocketShutdown(const Napi::CallbackInfo &info);
	Napi::Value SocketWatch(const Napi::CallbackInfo &info);
	Napi::Value SocketWrite(const Napi::CallbackInfo &info);
	Napi::Value SocketWriteAll(const Napi::CallbackInfo &info);

	// datagrams.cc: messages, and options of sockets that have them.
	Napi::Value SocketGet(const Napi::CallbackInfo &info);
	Napi::Value SocketMember(const Napi::CallbackInfo &info);
	Napi::Value SocketMulticast(const Napi::CallbackInfo &info);
	Napi::Value SocketReceive(const Napi::CallbackInfo &info);
	Napi::Value SocketSend(const Napi::CallbackInfo &info);
	uint32_t InterfaceIndex(int fd, const std::string &address);

	// interfaces.cc
	Napi::Value SocketInterfaces(const Napi::CallbackInfo &info);
	Napi::Value SocketIoctl(const Napi::CallbackInfo &info);

	// A call that may give events, on the JavaScript thread.
	template <typename... Args>
	int64_t NetCall(rumpuser_posix_fn fun, Args... args);
	template <typename... Args>
	int NetInt(rumpuser_posix_fn fun, Args... args) {
		return static_cast<int>(NetCall(fun, args...));
	}
	int Watch(int fd, int serial, int filter, int flags);

	friend class LifeWorker;

	Library library_;
	Jobs jobs_{ this };
	std::shared_ptr<NetEvents> net_events_;
	bool verbose_ = false;
	// The lwp that rump_init() gave, for the thread of this environment.
	int64_t lwp_ = 0;
	// Set on the JavaScript thread, before the library is closed on another.
	std::atomic<bool> closing_{ false };
	// last_words_ is written before ended_ is set, and not after.
	std::atomic<bool> ended_{ false };
	char last_words_[kConsoleTail] = "";
	std::atomic<int> exit_value_{ 0 };
	// Where stat and statfs put their numbers for the JavaScript side.
	Napi::Reference<Napi::Float64Array> numbers_ref_;
	Napi::Reference<Napi::BigInt64Array> bigints_ref_;
	double *numbers_ = nullptr;
	int64_t *bigints_ = nullptr;
};

}  // namespace rumpkit

#endif  // GLUE_NODE_KERNEL_H_
