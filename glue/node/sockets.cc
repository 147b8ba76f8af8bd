// SPDX-License-Identifier: BSD-2-Clause
// sockets.cc: the kernel object's calls on sockets. None of them waits: sockets are
// opened so, and what they wait for comes as an event of the kernel's one queue,
// which knows each socket by a number that is never used again.
#include <errno.h>
#include <limits.h>

#include <algorithm>
#include <vector>

#include "../common/errtrans.h"
#include "net_call.h"
#include "request.h"
#include "socket_address.h"

#include <rump/rump_syscalls.h>

namespace rumpkit {

namespace {

constexpr int kSocketFlags =
    RUMP_SOCK_NONBLOCK | RUMP_SOCK_CLOEXEC | RUMP_SOCK_NOSIGPIPE;

// Events that are taken at once, and their numbers in the array: socket, filter.
constexpr int kEventsMax = 256;
constexpr int kEventNumbers = 2;

constexpr size_t kPiecesMax = 1024;

}  // namespace

int Kernel::Watch(int fd, int serial, int filter, int flags) {
	struct rump_kevent change = {};
	change.ident = static_cast<uint64_t>(fd);
	change.filter = static_cast<uint32_t>(filter);
	change.flags = RUMP_EV_ADD | static_cast<uint32_t>(flags);
	change.udata = serial;
	return NetInt(calls().kevent, net_events_->queue, &change, 1,
	    nullptr, 0, nullptr);
}

// netOpen(mark: Int32Array, callback): 0. The mark becomes 1, or the callback is
// called, when there are events.
Napi::Value Kernel::NetOpen(const Napi::CallbackInfo &info) {
	Napi::Env env = info.Env();
	if (calls().kqueue == nullptr || calls().socket == nullptr)
		return Number(env, -EAFNOSUPPORT);
	int queue = Int(calls().kqueue);
	if (queue < 0)
		return Number(env, queue);
	net_events_ = std::make_shared<NetEvents>(info[0].As<Napi::Int32Array>());
	net_events_->queue = queue;
	if (!net_events_->Start(env, info[1].As<Napi::Function>()))
		return Number(env, -ENOMEM);
	int error = Int(calls().kqueue_notify, queue,
	    reinterpret_cast<int64_t>(&NetEvents::Notify), net_events_.get());
	return Number(env, error > 0 ? -rumpglue_errno_to_linux(error) : error);
}

// netHold(isHeld): whether the process goes on for the sake of sockets.
Napi::Value Kernel::NetHold(const Napi::CallbackInfo &info) {
	if (net_events_ != nullptr)
		net_events_->Hold(info.Env(), IsTrue(info[0]));
	return info.Env().Undefined();
}

// netClose(): no more events.
Napi::Value Kernel::NetClose(const Napi::CallbackInfo &info) {
	if (net_events_ != nullptr) {
		if (net_events_->queue >= 0)
			Int(calls().close, net_events_->queue);
		net_events_->queue = -1;
		net_events_->Close();
	}
	return info.Env().Undefined();
}

// netTake(into: Int32Array): number of events
Napi::Value Kernel::NetTake(const Napi::CallbackInfo &info) {
	struct rump_kevent events[kEventsMax];
	struct rump_timespec now = {};
	Bytes into(info[0]);
	int32_t *numbers = reinterpret_cast<int32_t *>(into.data);
	int most = std::min<int>(kEventsMax,
	    static_cast<int>(into.length) / kEventNumbers);
	int count = NetInt(calls().kevent, net_events_->queue, nullptr, 0, events,
	    most, &now);
	for (int i = 0; i < count; i++) {
		*numbers++ = static_cast<int32_t>(events[i].udata);
		*numbers++ = static_cast<int32_t>(events[i].filter);
	}
	return Number(info.Env(), count);
}

// socketOpen(family, type): descriptor
Napi::Value Kernel::SocketOpen(const Napi::CallbackInfo &info) {
	return Number(info.Env(), NetInt(calls().socket,
	    FamilyOf(IntArgument(info, 0)), IntArgument(info, 1) | kSocketFlags, 0));
}

// socketClose(fd): 0
Napi::Value Kernel::SocketClose(const Napi::CallbackInfo &info) {
	return Number(info.Env(), NetInt(calls().close, IntArgument(info, 0)));
}

// socketAccept(fd, number): descriptor; its reading is watched under the number.
Napi::Value Kernel::SocketAccept(const Napi::CallbackInfo &info) {
	int fd = NetInt(calls().paccept, IntArgument(info, 0), nullptr, nullptr,
	    nullptr, kSocketFlags);
	if (fd < 0)
		return Number(info.Env(), fd);
	int error = Watch(fd, IntArgument(info, 1), RUMP_EVFILT_READ, RUMP_EV_CLEAR);
	if (error < 0) {
		NetInt(calls().close, fd);
		return Number(info.Env(), error);
	}
	return Number(info.Env(), fd);
}

// socketWatch(fd, number, isWrite, isOnce): 0
Napi::Value Kernel::SocketWatch(const Napi::CallbackInfo &info) {
	return Number(info.Env(), Watch(IntArgument(info, 0), IntArgument(info, 1),
	    IsTrue(info[2]) ? RUMP_EVFILT_WRITE : RUMP_EVFILT_READ,
	    IsTrue(info[3]) ? RUMP_EV_ONESHOT : RUMP_EV_CLEAR));
}

// socketBind(fd, family, address, port): 0
Napi::Value Kernel::SocketBind(const Napi::CallbackInfo &info) {
	SocketAddress address(IntArgument(info, 1), info[2], IntArgument(info, 3));
	int error = address.error();
	if (error == 0)
		error = NetInt(calls().bind, IntArgument(info, 0), address.data(),
		    address.length());
	return Number(info.Env(), error);
}

// socketConnect(fd, family, address, port): 0, or -EINPROGRESS
Napi::Value Kernel::SocketConnect(const Napi::CallbackInfo &info) {
	SocketAddress address(IntArgument(info, 1), info[2], IntArgument(info, 3));
	int error = address.error();
	if (error == 0)
		error = NetInt(calls().connect, IntArgument(info, 0), address.data(),
		    address.length());
	return Number(info.Env(), error);
}

// socketListen(fd, backlog): 0
Napi::Value Kernel::SocketListen(const Napi::CallbackInfo &info) {
	return Number(info.Env(), NetInt(calls().listen, IntArgument(info, 0),
	    IntArgument(info, 1)));
}

// socketName(fd, isPeer): [address, port, family]
Napi::Value Kernel::SocketName(const Napi::CallbackInfo &info) {
	SocketAddress address;
	int error = NetInt(IsTrue(info[1]) ? calls().getpeername :
	    calls().getsockname, IntArgument(info, 0), address.data(),
	    address.length_pointer());
	if (error < 0)
		return Number(info.Env(), error);
	return address.ToArray(info.Env());
}

// socketShutdown(fd, how): 0
Napi::Value Kernel::SocketShutdown(const Napi::CallbackInfo &info) {
	return Number(info.Env(), NetInt(calls().shutdown, IntArgument(info, 0),
	    IntArgument(info, 1)));
}

// socketSet(fd, level, name, value): 0. SO_LINGER takes seconds.
Napi::Value Kernel::SocketSet(const Napi::CallbackInfo &info) {
	int level = IntArgument(info, 1), name = IntArgument(info, 2);
	int value = IntArgument(info, 3);
	struct rump_linger linger = { 1, value };
	bool is_linger = level == RUMP_SOL_SOCKET && name == RUMP_SO_LINGER;
	const void *data = &value;
	size_t length = sizeof(value);
	if (is_linger) {
		data = &linger;
		length = sizeof(linger);
	}
	return Number(info.Env(), NetInt(calls().setsockopt, IntArgument(info, 0),
	    level, name, data, length));
}

// socketError(fd): 0, or what became of connecting
Napi::Value Kernel::SocketError(const Napi::CallbackInfo &info) {
	int value = 0;
	uint32_t length = sizeof(value);
	int error = NetInt(calls().getsockopt, IntArgument(info, 0),
	    RUMP_SOL_SOCKET, RUMP_SO_ERROR, &value, &length);
	return Number(info.Env(), error < 0 ? error :
	    value != 0 ? -rumpglue_errno_to_linux(value) : 0);
}

// socketRead(fd, bytes): count
Napi::Value Kernel::SocketRead(const Napi::CallbackInfo &info) {
	Bytes bytes(info[1]);
	return Number(info.Env(), NetCall(calls().read, IntArgument(info, 0),
	    bytes.data, bytes.length));
}

// socketWrite(fd, bytes, offset): count
Napi::Value Kernel::SocketWrite(const Napi::CallbackInfo &info) {
	Bytes bytes(info[1]);
	int64_t offset = 0;
	napi_get_value_int64(info.Env(), info[2], &offset);
	return Number(info.Env(), NetCall(calls().write, IntArgument(info, 0),
	    bytes.data + offset, bytes.length - static_cast<size_t>(offset)));
}

// socketWriteAll(fd, Uint8Array[]): count
Napi::Value Kernel::SocketWriteAll(const Napi::CallbackInfo &info) {
	Napi::Array array = info[1].As<Napi::Array>();
	size_t count = std::min<size_t>(array.Length(), kPiecesMax);
	std::vector<struct rump_iovec> pieces(count);
	for (size_t i = 0; i < count; i++) {
		Bytes bytes(array[static_cast<uint32_t>(i)]);
		pieces[i].iov_base = bytes.data;
		pieces[i].iov_len = bytes.length;
	}
	return Number(info.Env(), NetCall(calls().writev, IntArgument(info, 0),
	    pieces.data(), count));
}

}  // namespace rumpkit
