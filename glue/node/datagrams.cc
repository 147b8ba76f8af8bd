// SPDX-License-Identifier: BSD-2-Clause
// datagrams.cc: the kernel object's calls on sockets of messages: several are taken
// in one call, and an address is turned into text once while it stays the same.
#include <arpa/inet.h>
#include <string.h>

#include <algorithm>
#include <string>
#include <vector>

#include "net_call.h"
#include "request.h"
#include "socket_address.h"

#include <rump/rump_syscalls.h>

namespace rumpkit {

namespace {

// The most that one message has.
constexpr size_t kMessageMax = 65536;

}  // namespace

// socketReceive(fd, into: Uint8Array, lengths: Int32Array): the addresses that
// messages came from, as [address, port, family], one for each message; `null`
// where it is that of the message before. They stand one after the other in `into`.
// Or a failure, where there is none.
Napi::Value Kernel::SocketReceive(const Napi::CallbackInfo &info) {
	Napi::Env env = info.Env();
	int fd = IntArgument(info, 0);
	Bytes into(info[1]), lengths(info[2]);
	int32_t *length = reinterpret_cast<int32_t *>(lengths.data);
	Napi::Array names = Napi::Array::New(env);
	struct rump_sockaddr_storage before = {};
	uint32_t before_length = 0, count = 0;
	size_t at = 0;
	while (count < lengths.length && into.length - at >= kMessageMax) {
		SocketAddress from;
		struct rump_iovec iov = { into.data + at, kMessageMax };
		struct rump_msghdr message = {};
		message.msg_name = from.data();
		message.msg_namelen = *from.length_pointer();
		message.msg_iov = &iov;
		message.msg_iovlen = 1;
		int64_t n = NetCall(calls().recvmsg, fd, &message, 0);
		if (n < 0 && count == 0)
			return Number(env, n);
		if (n < 0)
			break;
		*from.length_pointer() = message.msg_namelen;
		bool is_same = count > 0 && before_length == message.msg_namelen &&
		    memcmp(&before, from.data(), before_length) == 0;
		names[count] = is_same ? env.Null() : from.ToArray(env);
		before_length = message.msg_namelen;
		memcpy(&before, from.data(), before_length);
		length[count++] = static_cast<int32_t>(n);
		at += static_cast<size_t>(n);
	}
	return names;
}

// socketSend(fd, Uint8Array[], family, address, port): bytes. Family 0: to the peer
// that the socket is connected to.
Napi::Value Kernel::SocketSend(const Napi::CallbackInfo &info) {
	Napi::Array array = info[1].As<Napi::Array>();
	size_t count = array.Length();
	std::vector<struct rump_iovec> pieces(count);
	for (size_t i = 0; i < count; i++) {
		Bytes bytes(array[static_cast<uint32_t>(i)]);
		pieces[i].iov_base = bytes.data;
		pieces[i].iov_len = bytes.length;
	}
	struct rump_msghdr message = {};
	message.msg_iov = pieces.data();
	message.msg_iovlen = static_cast<int32_t>(count);
	int family = IntArgument(info, 2);
	if (family == 0)
		return Number(info.Env(), NetCall(calls().sendmsg,
		    IntArgument(info, 0), &message, 0));
	SocketAddress to(family, info[3], IntArgument(info, 4));
	if (to.error() != 0)
		return Number(info.Env(), to.error());
	message.msg_name = to.data();
	message.msg_namelen = to.length();
	return Number(info.Env(), NetCall(calls().sendmsg, IntArgument(info, 0),
	    &message, 0));
}

// socketGet(fd, level, name): the value, which is not negative
Napi::Value Kernel::SocketGet(const Napi::CallbackInfo &info) {
	int value = 0;
	uint32_t length = sizeof(value);
	int error = NetInt(calls().getsockopt, IntArgument(info, 0),
	    IntArgument(info, 1), IntArgument(info, 2), &value, &length);
	return Number(info.Env(), error < 0 ? error : value);
}

// The interface that `address` has behind its %, by number or by name; 0: none.
uint32_t Kernel::InterfaceIndex(int fd, const std::string &address) {
	size_t at = address.find('%');
	if (at == std::string::npos)
		return 0;
	std::string zone = address.substr(at + 1);
	char *end;
	unsigned long number = strtoul(zone.c_str(), &end, 10);
	if (*end == '\0')
		return static_cast<uint32_t>(number);
	struct rump_ifreq ifr = {};
	strncpy(ifr.ifr_name, zone.c_str(), sizeof(ifr.ifr_name) - 1);
	int error = NetInt(calls().ioctl, fd, RUMP_SIOCGIFINDEX, &ifr);
	return error < 0 ? UINT32_MAX : ifr.ifr_u.ifr_value;
}

// socketMember(fd, family, group, interface, isJoin): 0. The interface is the
// address of one ('' where any will do); of IPv6 its zone counts.
Napi::Value Kernel::SocketMember(const Napi::CallbackInfo &info) {
	int fd = IntArgument(info, 0);
	bool is_join = IsTrue(info[4]);
	std::string group = info[2].As<Napi::String>().Utf8Value();
	std::string interface = info[3].As<Napi::String>().Utf8Value();
	if (IntArgument(info, 1) == kFamily4) {
		struct rump_ip_mreq mreq = {};
		if (inet_pton(AF_INET, group.c_str(), &mreq.imr_multiaddr) != 1 ||
		    (!interface.empty() && inet_pton(AF_INET, interface.c_str(),
		    &mreq.imr_interface) != 1))
			return Number(info.Env(), -EINVAL);
		return Number(info.Env(), NetInt(calls().setsockopt, fd,
		    RUMP_IPPROTO_IP, is_join ? RUMP_IP_ADD_MEMBERSHIP :
		    RUMP_IP_DROP_MEMBERSHIP, &mreq, sizeof(mreq)));
	}
	struct rump_ipv6_mreq mreq = {};
	mreq.ipv6mr_interface = InterfaceIndex(fd, interface);
	if (inet_pton(AF_INET6, group.substr(0, group.find('%')).c_str(),
	    mreq.ipv6mr_multiaddr) != 1)
		return Number(info.Env(), -EINVAL);
	return Number(info.Env(), NetInt(calls().setsockopt, fd,
	    RUMP_IPPROTO_IPV6, is_join ? RUMP_IPV6_JOIN_GROUP :
	    RUMP_IPV6_LEAVE_GROUP, &mreq, sizeof(mreq)));
}

// socketMulticast(fd, family, interface): 0. Where messages to groups go out.
Napi::Value Kernel::SocketMulticast(const Napi::CallbackInfo &info) {
	int fd = IntArgument(info, 0);
	std::string interface = info[2].As<Napi::String>().Utf8Value();
	if (IntArgument(info, 1) == kFamily4) {
		uint32_t address;
		if (inet_pton(AF_INET, interface.c_str(), &address) != 1)
			return Number(info.Env(), -EINVAL);
		return Number(info.Env(), NetInt(calls().setsockopt, fd,
		    RUMP_IPPROTO_IP, RUMP_IP_MULTICAST_IF, &address,
		    sizeof(address)));
	}
	char any[16];
	if (inet_pton(AF_INET6, interface.substr(0, interface.find('%')).c_str(),
	    any) != 1)
		return Number(info.Env(), -EINVAL);
	uint32_t index = InterfaceIndex(fd, interface);
	return Number(info.Env(), NetInt(calls().setsockopt, fd,
	    RUMP_IPPROTO_IPV6, RUMP_IPV6_MULTICAST_IF, &index, sizeof(index)));
}

}  // namespace rumpkit
