// SPDX-License-Identifier: BSD-2-Clause
// vectors.cc: requests on several pieces of memory at once (readv, writev).
#include "requests.h"

#include <algorithm>

namespace rumpkit {

namespace {

// The most pieces that one system call takes (IOV_MAX of NetBSD and of Linux).
constexpr size_t kPiecesMax = 1024;

}  // namespace

VectorRequest::VectorRequest(int f, const Napi::Array &buffers, int64_t p, bool w)
    : fd(f), position(p), is_write(w) {
	pieces.reserve(buffers.Length());
	for (uint32_t i = 0; i < buffers.Length(); i++) {
		Napi::HandleScope scope(buffers.Env());
		Napi::Uint8Array bytes =
		    static_cast<Napi::Value>(buffers[i]).As<Napi::Uint8Array>();
		pieces.push_back({ bytes.Data(), bytes.ByteLength() });
	}
}

// More pieces than a system call takes are several calls; the first short one is
// the last one.
void VectorRequest::Run(Kernel &kernel) {
	const Calls &calls = kernel.calls();
	if (pieces.empty())
		result = -EINVAL;
	for (size_t at = 0; at < pieces.size(); at += kPiecesMax) {
		size_t count = std::min(pieces.size() - at, kPiecesMax);
		uint64_t wanted = 0;
		for (size_t i = 0; i < count; i++)
			wanted += pieces[at + i].iov_len;
		int64_t n;
		if (position == -1)
			n = kernel.Call(is_write ? calls.writev : calls.readv, fd,
			    &pieces[at], count);
		else
			n = kernel.Call(is_write ? calls.pwritev : calls.preadv, fd,
			    &pieces[at], count, position + result);
		if (n < 0 && result == 0)
			result = n;
		if (n < 0)
			return;
		result += n;
		if (static_cast<uint64_t>(n) < wanted)
			return;
	}
}

}  // namespace rumpkit
