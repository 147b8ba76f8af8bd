// SPDX-License-Identifier: BSD-2-Clause
// events.cc: the kernel object's calls on queues of change events (fsevents.h). A
// queue is read in the background: that does not keep the process running.
#include "requests.h"

#include "../common/errtrans.h"

namespace rumpkit {

namespace {

// These calls answer with the errno itself.
int64_t FromErrno(int64_t result) {
	return result > 0 ? -rumpglue_errno_to_linux(static_cast<int>(result)) :
	    result;
}

constexpr size_t kEventsBuffer = 16384;

}  // namespace

void EventsRequest::Run(Kernel &kernel) {
	bytes.resize(kEventsBuffer);
	result = kernel.Call(kernel.calls().read, fd, &bytes[0], bytes.size());
	bytes.resize(result > 0 ? static_cast<size_t>(result) : 0);
}

// eventsOpen(): descriptor of a queue
Napi::Value Kernel::EventsOpen(const Napi::CallbackInfo &info) {
	int fd = -1;
	int64_t result = FromErrno(Int(calls().fsevents_open, 0, &fd));
	return Number(info.Env(), result < 0 ? result : fd);
}

// eventsAdd(fd, path, mask): number of a watch
Napi::Value Kernel::EventsAdd(const Napi::CallbackInfo &info) {
	PathArgument path(info[1]);
	int fd = info[0].As<Napi::Number>().Int32Value(), watch = 0;
	int64_t result = path.error();
	if (result == 0)
		result = FromErrno(Int(calls().fsevents_add, fd, path.c_str(),
		    info[2].As<Napi::Number>().Int64Value(), &watch));
	return Number(info.Env(), result < 0 ? result : watch);
}

// eventsRemove(fd, watch): 0
Napi::Value Kernel::EventsRemove(const Napi::CallbackInfo &info) {
	return Number(info.Env(), FromErrno(Int(calls().fsevents_remove,
	    info[0].As<Napi::Number>().Int32Value(),
	    info[1].As<Napi::Number>().Int32Value())));
}

// eventsRead(fd, true): Buffer of records
Napi::Value Kernel::EventsRead(const Napi::CallbackInfo &info) {
	return Dispatch(info.Env(), this,
	    EventsRequest(info[0].As<Napi::Number>().Int32Value()),
	    IsAsync(info, 1));
}

}  // namespace rumpkit
