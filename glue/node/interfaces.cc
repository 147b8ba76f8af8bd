// SPDX-License-Identifier: BSD-2-Clause
// interfaces.cc: ioctl(2) on sockets: what interfaces there are, and changes of them.
#include <string.h>

#include <vector>

#include "net_call.h"
#include "request.h"

#include <rump/rump_syscalls.h>

namespace rumpkit {

// socketIoctl(fd, command, bytes): 0. The bytes are the structure, in and out; its
// length is part of the command.
Napi::Value Kernel::SocketIoctl(const Napi::CallbackInfo &info) {
	int64_t command = 0;
	napi_get_value_int64(info.Env(), info[1], &command);
	Bytes bytes(info[2]);
	if (bytes.length < (static_cast<size_t>(command) >> 16 & 0x1fff))
		return Number(info.Env(), -EINVAL);
	return Number(info.Env(), NetInt(calls().ioctl, IntArgument(info, 0),
	    command, bytes.data));
}

// socketInterfaces(fd): a Buffer of struct rump_ifreq (SIOCGIFCONF)
Napi::Value Kernel::SocketInterfaces(const Napi::CallbackInfo &info) {
	Napi::Env env = info.Env();
	int fd = IntArgument(info, 0);
	std::vector<struct rump_ifreq> list;
	struct rump_ifconf conf;
	do {
		// Until there is room to spare: nothing was left out then.
		list.resize(list.size() * 2 + 32);
		conf.ifc_len = static_cast<int32_t>(list.size() * sizeof(list[0]));
		conf.ifc_req = list.data();
		int error = NetInt(calls().ioctl, fd, RUMP_SIOCGIFCONF, &conf);
		if (error < 0)
			return Number(env, error);
	} while (static_cast<size_t>(conf.ifc_len) == list.size() * sizeof(list[0]));
	return Napi::Buffer<char>::Copy(env,
	    reinterpret_cast<const char *>(list.data()),
	    static_cast<size_t>(conf.ifc_len));
}

}  // namespace rumpkit
