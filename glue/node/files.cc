// SPDX-License-Identifier: BSD-2-Clause
// files.cc: the kernel object's calls on files: arguments in, request started.
#include "requests.h"

namespace rumpkit {

namespace {

int IntArgument(const Napi::CallbackInfo &info, size_t index) {
	return info[index].As<Napi::Number>().Int32Value();
}

}  // namespace

PathArgument::PathArgument(const Napi::Value &value) {
	napi_env env = value.Env();
	size_t length = 0;
	if (napi_get_value_string_utf8(env, value, bytes_, kMax, &length) ==
	    napi_ok) {
		// A string that does not fit is cut at a whole character.
		error_ = length > kMax - 5 ? -ENAMETOOLONG : 0;
		length_ = length;
		return;
	}
	Napi::Uint8Array bytes = value.As<Napi::Uint8Array>();
	length_ = bytes.ByteLength();
	if (length_ >= kMax) {
		length_ = 0;
		error_ = -ENAMETOOLONG;
	}
	memcpy(bytes_, bytes.Data(), length_);
	bytes_[length_] = '\0';
}

void PathArgument::Assign(const PathArgument &other) {
	length_ = other.length_;
	error_ = other.error_;
	memcpy(bytes_, other.bytes_, length_ + 1);
}

// open(path, flags, mode, async): descriptor
Napi::Value Kernel::Open(const Napi::CallbackInfo &info) {
	return Dispatch(info.Env(), this, OpenRequest{ PathArgument(info[0]),
	    IntArgument(info, 1), IntArgument(info, 2) }, IsAsync(info, 3));
}

// closeFile(fd, async): 0
Napi::Value Kernel::CloseFile(const Napi::CallbackInfo &info) {
	return Dispatch(info.Env(), this, CloseRequest{ IntArgument(info, 0) },
	    IsAsync(info, 1));
}

// access(path, mode, async): 0
Napi::Value Kernel::Access(const Napi::CallbackInfo &info) {
	return Dispatch(info.Env(), this, AccessRequest{ PathArgument(info[0]),
	    IntArgument(info, 1) }, IsAsync(info, 2));
}

// stat(path, isLink, isBigint, async): at once, 0 and the numbers are in
// `numbers` or `bigints`; later, an array of its own.
Napi::Value Kernel::Stat(const Napi::CallbackInfo &info) {
	bool big = IsTrue(info[2]), async = IsAsync(info, 3);
	return Dispatch(info.Env(), this, StatRequest(PathArgument(info[0]),
	    IsTrue(info[1]), big, async || big ? nullptr : numbers_,
	    async || !big ? nullptr : bigints_), async);
}

// fstat(fd, isBigint, async): as stat
Napi::Value Kernel::Fstat(const Napi::CallbackInfo &info) {
	bool big = IsTrue(info[1]), async = IsAsync(info, 2);
	return Dispatch(info.Env(), this, FstatRequest(IntArgument(info, 0), big,
	    async || big ? nullptr : numbers_, async || !big ? nullptr : bigints_),
	    async);
}

// statfs(path, async): numbers
Napi::Value Kernel::Statfs(const Napi::CallbackInfo &info) {
	return Dispatch(info.Env(), this, StatfsRequest{ PathArgument(info[0]) },
	    IsAsync(info, 1));
}

// read(fd, bytes, offset, length, position or -1, async): count
Napi::Value Kernel::Read(const Napi::CallbackInfo &info) {
	bool async = IsAsync(info, 5), lossless = true;
	Napi::Uint8Array bytes = info[1].As<Napi::Uint8Array>();
	int64_t position = info[4].IsBigInt() ?
	    info[4].As<Napi::BigInt>().Int64Value(&lossless) :
	    info[4].As<Napi::Number>().Int64Value();
	ReadRequest request(IntArgument(info, 0),
	    bytes.Data() + info[2].As<Napi::Number>().Int64Value(),
	    static_cast<size_t>(info[3].As<Napi::Number>().Int64Value()), position);
	if (async)
		request.Hold(bytes);
	return Dispatch(info.Env(), this, std::move(request), async);
}

// readFile(path, flags, async): Buffer
Napi::Value Kernel::ReadFile(const Napi::CallbackInfo &info) {
	return Dispatch(info.Env(), this, ReadFileRequest(PathArgument(info[0]),
	    IntArgument(info, 1)), IsAsync(info, 2));
}

// readdir(path, isRaw, async): { names: string[] or Buffer[], types: Uint8Array }
Napi::Value Kernel::Readdir(const Napi::CallbackInfo &info) {
	return Dispatch(info.Env(), this, ReaddirRequest(PathArgument(info[0]),
	    IsTrue(info[1])), IsAsync(info, 2));
}

// readlink(path, async): Buffer
Napi::Value Kernel::Readlink(const Napi::CallbackInfo &info) {
	return Dispatch(info.Env(), this, ReadlinkRequest(PathArgument(info[0])),
	    IsAsync(info, 1));
}

// realpath(path, async): Buffer
Napi::Value Kernel::Realpath(const Napi::CallbackInfo &info) {
	return Dispatch(info.Env(), this, RealpathRequest(PathArgument(info[0])),
	    IsAsync(info, 1));
}

Napi::Function Kernel::Define(Napi::Env env) {
	return DefineClass(env, "Kernel", {
		InstanceMethod<&Kernel::Attach>("attach"),
		InstanceMethod<&Kernel::Boot>("boot"),
		InstanceMethod<&Kernel::Close>("close"),
		InstanceMethod<&Kernel::Path>("path"),
		InstanceMethod<&Kernel::State>("state"),
		InstanceMethod<&Kernel::ConsoleTail>("consoleTail"),
		InstanceMethod<&Kernel::Usage>("usage"),
		InstanceMethod<&Kernel::Access>("access"),
		InstanceMethod<&Kernel::CloseFile>("closeFile"),
		InstanceMethod<&Kernel::Fstat>("fstat"),
		InstanceMethod<&Kernel::Open>("open"),
		InstanceMethod<&Kernel::Read>("read"),
		InstanceMethod<&Kernel::Readdir>("readdir"),
		InstanceMethod<&Kernel::ReadFile>("readFile"),
		InstanceMethod<&Kernel::Readlink>("readlink"),
		InstanceMethod<&Kernel::Realpath>("realpath"),
		InstanceMethod<&Kernel::Stat>("stat"),
		InstanceMethod<&Kernel::Statfs>("statfs"),
	});
}

}  // namespace rumpkit
