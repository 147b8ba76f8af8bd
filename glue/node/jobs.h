// SPDX-License-Identifier: BSD-2-Clause
// jobs.h: calls that are begun on the JavaScript thread, and where they have to
// wait go on on a thread of the kernel's host (rumpuser_posix_begin()). A call
// that does not wait is answered at once.
#ifndef GLUE_NODE_JOBS_H_
#define GLUE_NODE_JOBS_H_

#include <napi.h>

#include <deque>
#include <memory>
#include <mutex>

namespace rumpkit {

class Jobs;
class Kernel;
class Mailbox;

// One such call.
class Job {
public:
	virtual ~Job() = default;
	virtual void Run(Kernel &kernel) = 0;
	virtual Napi::Value Answer(Napi::Env env) = 0;
	virtual bool IsLong() const = 0;
	virtual bool IsBackground() const = 0;
	virtual void Keep(Napi::Env env) = 0;

private:
	friend class Jobs;
	friend class Mailbox;
	Jobs *jobs_ = nullptr;
	std::shared_ptr<Mailbox> mailbox_;
	std::unique_ptr<Napi::Promise::Deferred> deferred_;
};

// The way back to the JavaScript thread. It outlives the environment as long as a
// call is under way, and then swallows what comes.
class Mailbox {
public:
	explicit Mailbox(Napi::Env env);
	// On the JavaScript thread.
	void Hold(Napi::Env env);
	void Release(Napi::Env env);
	void Close();
	// On any thread.
	void Send(Job *job);

private:
	static void Deliver(napi_env env, napi_value, void *, void *data);
	static void Finalize(napi_env env, void *data, void *);

	std::mutex mutex_;
	// Guarded by mutex_: it is gone once the environment ends.
	napi_threadsafe_function function_ = nullptr;
	std::shared_ptr<Mailbox> self_;

	friend class Jobs;
};

// The calls of one kernel.
class Jobs {
public:
	explicit Jobs(Kernel *kernel) : kernel_(kernel) {}
	// Ends the way back; nothing is under way.
	void Close();
	Napi::Value Begin(Napi::Env env, std::unique_ptr<Job> job);
	// Calls under way or waiting to be begun, but for those in the background.
	int pending() const { return pending_; }

private:
	friend class Mailbox;
	static void Run(void *job);
	static void Done(void *job);
	int Start(Job *job);
	Napi::Value Promise(Napi::Env env, Job *job);
	void Finish(Napi::Env env, Job *job);
	void Resolve(Napi::Env env, Job *job);
	void StartNext(Napi::Env env);

	// All belong to the JavaScript thread.
	Kernel *kernel_;
	std::shared_ptr<Mailbox> mailbox_;
	std::deque<Job *> waiting_;
	int pending_ = 0;
};

}  // namespace rumpkit

#endif  // GLUE_NODE_JOBS_H_
