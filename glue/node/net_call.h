// SPDX-License-Identifier: BSD-2-Clause
// net_call.h: what the files with calls on sockets share.
#ifndef GLUE_NODE_NET_CALL_H_
#define GLUE_NODE_NET_CALL_H_

#include <errno.h>

#include "kernel.h"

namespace rumpkit {

inline int IntArgument(const Napi::CallbackInfo &info, size_t index) {
	int32_t value = 0;
	napi_get_value_int32(info.Env(), info[index], &value);
	return value;
}

struct Bytes {
	explicit Bytes(const Napi::Value &value) {
		napi_get_typedarray_info(value.Env(), value, nullptr, &length,
		    reinterpret_cast<void **>(&data), nullptr, nullptr);
	}
	char *data = nullptr;
	size_t length = 0;
};

template <typename... Args>
int64_t Kernel::NetCall(rumpuser_posix_fn fun, Args... args) {
	if (fun == nullptr)
		return -EAFNOSUPPORT;
	if (net_events_ == nullptr)
		return Call(fun, args...);
	net_events_->Enter();
	int64_t result = Call(fun, args...);
	net_events_->Leave();
	return result;
}

}  // namespace rumpkit

#endif  // GLUE_NODE_NET_CALL_H_
