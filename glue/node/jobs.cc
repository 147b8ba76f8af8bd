// SPDX-License-Identifier: BSD-2-Clause
// jobs.cc: calls that may be done later, and how their answers come back.
#include "jobs.h"

#include "environment.h"
#include "kernel.h"

namespace rumpkit {

// As nothing is under way yet, it does not keep the process from ending.
Mailbox::Mailbox(Napi::Env env) {
	napi_value name;
	napi_create_string_utf8(env, "rumpkit", NAPI_AUTO_LENGTH, &name);
	if (napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, this,
	    Finalize, nullptr, Deliver, &function_) != napi_ok) {
		function_ = nullptr;
		return;
	}
	napi_unref_threadsafe_function(env, function_);
}

void Mailbox::Hold(Napi::Env env) {
	if (function_ != nullptr)
		napi_ref_threadsafe_function(env, function_);
}

void Mailbox::Release(Napi::Env env) {
	if (function_ != nullptr)
		napi_unref_threadsafe_function(env, function_);
}

void Mailbox::Close() {
	napi_threadsafe_function function;
	{
		std::lock_guard<std::mutex> guard(mutex_);
		function = function_;
		function_ = nullptr;
	}
	if (function != nullptr)
		napi_release_threadsafe_function(function, napi_tsfn_abort);
}

// A job that nobody waits for any more stays where it is: what it holds of the
// environment must not be given back here.
void Mailbox::Send(Job *job) {
	std::lock_guard<std::mutex> guard(mutex_);
	if (function_ != nullptr)
		napi_call_threadsafe_function(function_, job, napi_tsfn_nonblocking);
}

void Mailbox::Deliver(napi_env env, napi_value, void *, void *data) {
	Job *job = static_cast<Job *>(data);
	if (env != nullptr && CanAnswer(env))
		job->jobs_->Finish(env, job);
}

void Mailbox::Finalize(napi_env, void *data, void *) {
	Mailbox *mailbox = static_cast<Mailbox *>(data);
	std::shared_ptr<Mailbox> self;
	std::lock_guard<std::mutex> guard(mailbox->mutex_);
	mailbox->function_ = nullptr;
	self.swap(mailbox->self_);
}

void Jobs::Close() {
	if (mailbox_ != nullptr)
		mailbox_->Close();
	mailbox_.reset();
}

void Jobs::Run(void *data) {
	Job *job = static_cast<Job *>(data);
	job->Run(*job->jobs_->kernel_);
}

void Jobs::Done(void *data) {
	Job *job = static_cast<Job *>(data);
	std::shared_ptr<Mailbox> mailbox = job->mailbox_;
	mailbox->Send(job);
}

int Jobs::Start(Job *job) {
	const Host *host = kernel_->host();
	if (host == nullptr) {
		job->Run(*kernel_);  // says that the kernel is gone
		return RUMPUSER_POSIX_DONE;
	}
	return host->begin(Run, Done, job, job->IsLong() ? RUMPUSER_POSIX_LATER : 0);
}

Napi::Value Jobs::Begin(Napi::Env env, std::unique_ptr<Job> owned) {
	Job *job = owned.get();
	job->jobs_ = this;
	if (mailbox_ == nullptr) {
		mailbox_ = std::make_shared<Mailbox>(env);
		mailbox_->self_ = mailbox_;
	}
	job->mailbox_ = mailbox_;
	int state = waiting_.empty() ? Start(job) : RUMPUSER_POSIX_BUSY;
	if (state == RUMPUSER_POSIX_DONE)
		return job->Answer(env);
	if (state == RUMPUSER_POSIX_BUSY)
		waiting_.push_back(job);
	return Promise(env, owned.release());
}

// The answer comes through the event loop, so that it cannot come before this.
Napi::Value Jobs::Promise(Napi::Env env, Job *job) {
	job->Keep(env);
	job->deferred_.reset(
	    new Napi::Promise::Deferred(Napi::Promise::Deferred::New(env)));
	kernel_->Ref();
	if (!job->IsBackground() && pending_++ == 0)
		mailbox_->Hold(env);
	return job->deferred_->Promise();
}

void Jobs::Finish(Napi::Env env, Job *job) {
	Napi::HandleScope scope(env);
	kernel_->Ref();
	Resolve(env, job);
	StartNext(env);
	kernel_->Unref();
}

void Jobs::Resolve(Napi::Env env, Job *job) {
	std::unique_ptr<Job> owned(job);
	if (!job->IsBackground() && --pending_ == 0)
		mailbox_->Release(env);
	job->deferred_->Resolve(job->Answer(env));
	kernel_->Unref();
}

void Jobs::StartNext(Napi::Env env) {
	while (!waiting_.empty()) {
		Job *job = waiting_.front();
		int state = Start(job);
		if (state == RUMPUSER_POSIX_BUSY)
			return;
		waiting_.pop_front();
		if (state != RUMPUSER_POSIX_DONE)
			continue;
		Resolve(env, job);
	}
}

}  // namespace rumpkit
