// SPDX-License-Identifier: BSD-2-Clause
// net_events.cc: the way from a kernel's queue of socket events to JavaScript.
#include "net_events.h"

#include "environment.h"

namespace rumpkit {

NetEvents::NetEvents(Napi::Int32Array mark)
    : mark_ref_(Napi::Persistent(mark)),
      mark_(mark.Data()),
      thread_(pthread_self()) {}

// Until a socket is there to be waited for, it does not keep the process running.
bool NetEvents::Start(Napi::Env env, const Napi::Function &callback) {
	napi_value name;
	napi_create_string_utf8(env, "rumpkit-net", NAPI_AUTO_LENGTH, &name);
	if (napi_create_threadsafe_function(env, callback, nullptr, name, 0, 1, this,
	    Finalize, nullptr, Deliver, &function_) != napi_ok) {
		function_ = nullptr;
		return false;
	}
	self_ = shared_from_this();
	napi_unref_threadsafe_function(env, function_);
	return true;
}

void NetEvents::Hold(Napi::Env env, bool is_held) {
	if (function_ == nullptr)
		return;
	if (is_held)
		napi_ref_threadsafe_function(env, function_);
	else
		napi_unref_threadsafe_function(env, function_);
}

void NetEvents::Close() {
	napi_threadsafe_function function;
	{
		std::lock_guard<std::mutex> guard(mutex_);
		function = function_;
		function_ = nullptr;
	}
	mark_ref_.Reset();
	if (function != nullptr)
		napi_release_threadsafe_function(function, napi_tsfn_abort);
}

void NetEvents::Notify(void *self) {
	NetEvents *events = static_cast<NetEvents *>(self);
	if (pthread_equal(pthread_self(), events->thread_) && events->is_inside_) {
		*events->mark_ = 1;
		return;
	}
	std::lock_guard<std::mutex> guard(events->mutex_);
	if (events->function_ != nullptr)
		napi_call_threadsafe_function(events->function_, nullptr,
		    napi_tsfn_nonblocking);
}

void NetEvents::Deliver(napi_env env, napi_value callback, void *, void *) {
	napi_value self, result;
	if (env == nullptr || !CanAnswer(env))
		return;
	napi_get_undefined(env, &self);
	napi_call_function(env, self, callback, 0, nullptr, &result);
}

void NetEvents::Finalize(napi_env, void *data, void *) {
	NetEvents *events = static_cast<NetEvents *>(data);
	std::shared_ptr<NetEvents> self;
	std::lock_guard<std::mutex> guard(events->mutex_);
	events->function_ = nullptr;
	self.swap(events->self_);
}

}  // namespace rumpkit
