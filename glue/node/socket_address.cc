// SPDX-License-Identifier: BSD-2-Clause
// socket_address.cc: addresses of sockets: text from and to JavaScript.
#include "socket_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <string>

namespace rumpkit {

int FamilyOf(int family) {
	switch (family) {
	case kFamilyPath:
		return RUMP_AF_LOCAL;
	case kFamily4:
		return RUMP_AF_INET;
	default:
		return RUMP_AF_INET6;
	}
}

SocketAddress::SocketAddress(int family, const Napi::Value &address, int port) {
	std::string text = address.As<Napi::String>().Utf8Value();
	memset(&storage_, 0, sizeof(storage_));
	switch (family) {
	case kFamilyPath:
		SetPath(text.c_str(), text.size());
		break;
	case kFamily4:
		Set4(text.c_str(), port);
		break;
	default:
		Set6(&text[0], port);
		break;
	}
}

void SocketAddress::SetPath(const char *path, size_t length) {
	error_ = length >= sizeof(un_.sun_path) ? -ENAMETOOLONG : 0;
	if (error_ != 0)
		return;
	length_ = static_cast<uint32_t>(
	    offsetof(struct rump_sockaddr_un, sun_path) + length + 1);
	un_.sun_len = static_cast<uint8_t>(length_);
	un_.sun_family = RUMP_AF_LOCAL;
	memcpy(un_.sun_path, path, length);
}

void SocketAddress::Set4(const char *text, int port) {
	error_ = inet_pton(AF_INET, text, &in_.sin_addr) == 1 ? 0 : -EINVAL;
	in_.sin_len = sizeof(in_);
	in_.sin_family = RUMP_AF_INET;
	in_.sin_port = htons(static_cast<uint16_t>(port));
	length_ = sizeof(in_);
}

// A zone is the number of an interface.
void SocketAddress::Set6(char *text, int port) {
	char *zone = strchr(text, '%');
	if (zone != nullptr) {
		*zone++ = '\0';
		in6_.sin6_scope_id = static_cast<uint32_t>(strtoul(zone, nullptr, 10));
	}
	error_ = inet_pton(AF_INET6, text, in6_.sin6_addr) == 1 ? 0 : -EINVAL;
	in6_.sin6_len = sizeof(in6_);
	in6_.sin6_family = RUMP_AF_INET6;
	in6_.sin6_port = htons(static_cast<uint16_t>(port));
	length_ = sizeof(in6_);
}

Napi::Value SocketAddress::ToArray(Napi::Env env) const {
	char text[INET6_ADDRSTRLEN] = "";
	std::string address;
	int family = kFamilyPath, port = 0;

	if (storage_.ss_family == RUMP_AF_INET) {
		family = kFamily4;
		port = ntohs(in_.sin_port);
		address = inet_ntop(AF_INET, &in_.sin_addr, text, sizeof(text));
	} else if (storage_.ss_family == RUMP_AF_INET6) {
		family = kFamily6;
		port = ntohs(in6_.sin6_port);
		address = inet_ntop(AF_INET6, in6_.sin6_addr, text, sizeof(text));
		if (in6_.sin6_scope_id != 0)
			address += "%" + std::to_string(in6_.sin6_scope_id);
	} else {
		size_t most = length_ > offsetof(struct rump_sockaddr_un, sun_path) ?
		    length_ - offsetof(struct rump_sockaddr_un, sun_path) : 0;
		if (most > sizeof(un_.sun_path))
			most = sizeof(un_.sun_path);
		address.assign(un_.sun_path, strnlen(un_.sun_path, most));
	}
	Napi::Array array = Napi::Array::New(env, 3);
	array[0u] = Napi::String::New(env, address);
	array[1u] = Napi::Number::New(env, port);
	array[2u] = Napi::Number::New(env, family);
	return array;
}

}  // namespace rumpkit
