// SPDX-License-Identifier: BSD-2-Clause
// net_events.h: how the JavaScript side hears that sockets have events. One queue
// of the kernel (kqueue(2)) serves all of them. When it gets its first event inside
// a call that the JavaScript thread makes, a mark is left, which the caller looks
// at; on any other thread a message goes through the event loop.
#ifndef GLUE_NODE_NET_EVENTS_H_
#define GLUE_NODE_NET_EVENTS_H_

#include <napi.h>
#include <pthread.h>

#include <memory>
#include <mutex>

namespace rumpkit {

class NetEvents : public std::enable_shared_from_this<NetEvents> {
public:
	// On the JavaScript thread. `mark` has one element.
	NetEvents(Napi::Int32Array mark);
	bool Start(Napi::Env env, const Napi::Function &callback);
	void Hold(Napi::Env env, bool is_held);
	void Close();
	void Enter() { is_inside_ = true; }
	void Leave() { is_inside_ = false; }
	// The kernel's call: on any thread, inside the kernel.
	static void Notify(void *self);

	int queue = -1;

private:
	static void Deliver(napi_env env, napi_value callback, void *, void *);
	static void Finalize(napi_env env, void *data, void *);

	Napi::Reference<Napi::Int32Array> mark_ref_;
	int32_t *mark_;
	pthread_t thread_;
	// Belongs to the JavaScript thread: it is in a call that looks at the mark.
	bool is_inside_ = false;

	std::mutex mutex_;
	// Guarded by mutex_: gone once the environment ends.
	napi_threadsafe_function function_ = nullptr;
	std::shared_ptr<NetEvents> self_;
};

}  // namespace rumpkit

#endif  // GLUE_NODE_NET_EVENTS_H_
