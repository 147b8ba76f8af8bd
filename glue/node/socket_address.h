// SPDX-License-Identifier: BSD-2-Clause
// socket_address.h: addresses of sockets, as JavaScript and as the kernel has them.
#ifndef GLUE_NODE_SOCKET_ADDRESS_H_
#define GLUE_NODE_SOCKET_ADDRESS_H_

#include <napi.h>
#include <stddef.h>
#include <stdint.h>

#include <rump/rumpnet.h>

namespace rumpkit {

// Families as JavaScript says them.
constexpr int kFamilyPath = 1, kFamily4 = 4, kFamily6 = 6;

int FamilyOf(int family);  // the kernel's AF_

// (family, address or path, port)
class SocketAddress {
public:
	SocketAddress() : length_(sizeof(storage_)) {}
	SocketAddress(int family, const Napi::Value &address, int port);
	// 0, or a negative errno.
	int error() const { return error_; }
	void *data() { return &storage_; }
	uint32_t *length_pointer() { return &length_; }
	uint32_t length() const { return length_; }
	// [address, port, family]
	Napi::Value ToArray(Napi::Env env) const;

private:
	void SetPath(const char *path, size_t length);
	void Set4(const char *text, int port);
	void Set6(char *text, int port);

	union {
		struct rump_sockaddr_storage storage_;
		struct rump_sockaddr_in in_;
		struct rump_sockaddr_in6 in6_;
		struct rump_sockaddr_un un_;
	};
	uint32_t length_;
	int error_ = 0;
};

}  // namespace rumpkit

#endif  // GLUE_NODE_SOCKET_ADDRESS_H_
