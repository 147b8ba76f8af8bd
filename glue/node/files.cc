// SPDX-License-Identifier: BSD-2-Clause
// files.cc: the kernel object's calls on files: arguments in, request started.
#include "requests.h"

#include <algorithm>

namespace rumpkit {

namespace {

int IntArgument(const Napi::CallbackInfo &info, size_t index) {
	return info[index].As<Napi::Number>().Int32Value();
}

size_t SizeArgument(const Napi::CallbackInfo &info, size_t index) {
	return static_cast<size_t>(info[index].As<Napi::Number>().Int64Value());
}

// A place in a file as a number or a bigint.
int64_t PositionArgument(const Napi::CallbackInfo &info, size_t index) {
	bool lossless = true;
	if (info[index].IsBigInt())
		return info[index].As<Napi::BigInt>().Int64Value(&lossless);
	return info[index].As<Napi::Number>().Int64Value();
}

}  // namespace

PathArgument::PathArgument(const Napi::Value &value) {
	napi_env env = value.Env();
	size_t length = 0;
	if (napi_get_value_string_utf8(env, value, bytes_, sizeof(bytes_),
	    &length) == napi_ok) {
		// A string that does not fit is cut at a whole character.
		error_ = length >= kMax ? -ENAMETOOLONG : 0;
		length_ = length;
		return;
	}
	Napi::Uint8Array bytes = value.As<Napi::Uint8Array>();
	length_ = std::min(bytes.ByteLength(), kMax);
	error_ = length_ == kMax ? -ENAMETOOLONG : 0;
	memcpy(bytes_, bytes.Data(), length_);
	bytes_[length_] = '\0';
}

PathArgument::PathArgument(const std::string &path) {
	length_ = std::min(path.size(), kMax);
	error_ = length_ == kMax ? -ENAMETOOLONG : 0;
	memcpy(bytes_, path.data(), length_);
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

// stat(path, isLink, isBigint, async): at once, 0 and the numbers are in
// `numbers` or `bigints`; later, an array of its own.
Napi::Value Kernel::Stat(const Napi::CallbackInfo &info) {
	bool big = IsTrue(info[2]), async = IsAsync(info, 3);
	return Dispatch(info.Env(), this, StatRequest(PathArgument(info[0]),
	    IsTrue(info[1]), big, big ? nullptr : numbers_,
	    big ? bigints_ : nullptr), async);
}

// fstat(fd, isBigint, async): as stat
Napi::Value Kernel::Fstat(const Napi::CallbackInfo &info) {
	bool big = IsTrue(info[1]), async = IsAsync(info, 2);
	return Dispatch(info.Env(), this, FstatRequest(IntArgument(info, 0), big,
	    big ? nullptr : numbers_, big ? bigints_ : nullptr), async);
}

// statfs(path, async): numbers
Napi::Value Kernel::Statfs(const Napi::CallbackInfo &info) {
	return Dispatch(info.Env(), this, StatfsRequest{ PathArgument(info[0]) },
	    IsAsync(info, 1));
}

// read(fd, bytes, offset, length, position or -1, async): count
Napi::Value Kernel::Read(const Napi::CallbackInfo &info) {
	bool async = IsAsync(info, 5);
	Napi::Uint8Array bytes = info[1].As<Napi::Uint8Array>();
	ReadRequest request(IntArgument(info, 0), bytes.Data() +
	    SizeArgument(info, 2), SizeArgument(info, 3), PositionArgument(info, 4));
	request.bytes = bytes;
	return Dispatch(info.Env(), this, std::move(request), async);
}

// write(fd, bytes, offset, length, position or -1, async): count
Napi::Value Kernel::Write(const Napi::CallbackInfo &info) {
	bool async = IsAsync(info, 5);
	Napi::Uint8Array bytes = info[1].As<Napi::Uint8Array>();
	WriteRequest request(IntArgument(info, 0), bytes.Data() +
	    SizeArgument(info, 2), SizeArgument(info, 3), PositionArgument(info, 4));
	request.bytes = bytes;
	return Dispatch(info.Env(), this, std::move(request), async);
}

// vector(fd, Uint8Array[], position or -1, isWrite, async): count
Napi::Value Kernel::Vector(const Napi::CallbackInfo &info) {
	bool async = IsAsync(info, 4);
	Napi::Array buffers = info[1].As<Napi::Array>();
	VectorRequest request(IntArgument(info, 0), buffers,
	    PositionArgument(info, 2), IsTrue(info[3]));
	request.buffers = buffers;
	return Dispatch(info.Env(), this, std::move(request), async);
}

// writeFile(path, bytes, flags, mode, isFlushed, async): 0 or [failure, step]
Napi::Value Kernel::WriteFile(const Napi::CallbackInfo &info) {
	bool async = IsAsync(info, 5);
	Napi::Uint8Array bytes = info[1].As<Napi::Uint8Array>();
	WriteFileRequest request(PathArgument(info[0]), bytes.Data(),
	    bytes.ByteLength(), IntArgument(info, 2), IntArgument(info, 3),
	    IsTrue(info[4]));
	request.bytes = bytes;
	return Dispatch(info.Env(), this, std::move(request), async);
}

// copyFile(from, to, mode, async): 0
Napi::Value Kernel::CopyFile(const Napi::CallbackInfo &info) {
	return Dispatch(info.Env(), this, CopyFileRequest(PathArgument(info[0]),
	    PathArgument(info[1]), IntArgument(info, 2)), IsAsync(info, 3));
}

// makeFolders(path, mode, async): Buffer, the first that was made, or 0
Napi::Value Kernel::MakeFolders(const Napi::CallbackInfo &info) {
	return Dispatch(info.Env(), this, MakeFoldersRequest(PathArgument(info[0]),
	    IntArgument(info, 1)), IsAsync(info, 2));
}

// makeTemporaryFolder(prefix, async): Buffer
Napi::Value Kernel::MakeTemporaryFolder(const Napi::CallbackInfo &info) {
	return Dispatch(info.Env(), this,
	    MakeTemporaryFolderRequest(PathArgument(info[0])), IsAsync(info, 1));
}

// removeTree(path, async): 0 or [failure, step, Buffer]
Napi::Value Kernel::RemoveTree(const Napi::CallbackInfo &info) {
	return Dispatch(info.Env(), this, RemoveTreeRequest(PathArgument(info[0])),
	    IsAsync(info, 1));
}

// utimes(path or descriptor, atime, mtime, isLink, async): 0
Napi::Value Kernel::Utimes(const Napi::CallbackInfo &info) {
	bool is_descriptor = info[0].IsNumber();
	return Dispatch(info.Env(), this, UtimesRequest(
	    is_descriptor ? PathArgument() : PathArgument(info[0]),
	    is_descriptor ? IntArgument(info, 0) : -1,
	    info[1].As<Napi::Number>().DoubleValue(),
	    info[2].As<Napi::Number>().DoubleValue(), IsTrue(info[3])),
	    IsAsync(info, 4));
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
	std::vector<Napi::ClassPropertyDescriptor<Kernel>> methods = {
		InstanceMethod<&Kernel::Attach>("attach"),
		InstanceMethod<&Kernel::Boot>("boot"),
		InstanceMethod<&Kernel::Close>("close"),
		InstanceMethod<&Kernel::Path>("path"),
		InstanceMethod<&Kernel::State>("state"),
		InstanceMethod<&Kernel::ConsoleTail>("consoleTail"),
		InstanceMethod<&Kernel::Usage>("usage"),
		InstanceMethod<&Kernel::CopyFile>("copyFile"),
		InstanceMethod<&Kernel::EventsAdd>("eventsAdd"),
		InstanceMethod<&Kernel::EventsOpen>("eventsOpen"),
		InstanceMethod<&Kernel::EventsRead>("eventsRead"),
		InstanceMethod<&Kernel::EventsRemove>("eventsRemove"),
		InstanceMethod<&Kernel::Fstat>("fstat"),
		InstanceMethod<&Kernel::MakeFolders>("makeFolders"),
		InstanceMethod<&Kernel::MakeTemporaryFolder>("makeTemporaryFolder"),
		InstanceMethod<&Kernel::NetClose>("netClose"),
		InstanceMethod<&Kernel::NetHold>("netHold"),
		InstanceMethod<&Kernel::NetOpen>("netOpen"),
		InstanceMethod<&Kernel::NetTake>("netTake"),
		InstanceMethod<&Kernel::Open>("open"),
		InstanceMethod<&Kernel::Read>("read"),
		InstanceMethod<&Kernel::Readdir>("readdir"),
		InstanceMethod<&Kernel::ReadFile>("readFile"),
		InstanceMethod<&Kernel::Readlink>("readlink"),
		InstanceMethod<&Kernel::Realpath>("realpath"),
		InstanceMethod<&Kernel::RemoveTree>("removeTree"),
		InstanceMethod<&Kernel::SocketAccept>("socketAccept"),
		InstanceMethod<&Kernel::SocketBind>("socketBind"),
		InstanceMethod<&Kernel::SocketClose>("socketClose"),
		InstanceMethod<&Kernel::SocketConnect>("socketConnect"),
		InstanceMethod<&Kernel::SocketError>("socketError"),
		InstanceMethod<&Kernel::SocketListen>("socketListen"),
		InstanceMethod<&Kernel::SocketName>("socketName"),
		InstanceMethod<&Kernel::SocketGet>("socketGet"),
		InstanceMethod<&Kernel::SocketInterfaces>("socketInterfaces"),
		InstanceMethod<&Kernel::SocketIoctl>("socketIoctl"),
		InstanceMethod<&Kernel::SocketMember>("socketMember"),
		InstanceMethod<&Kernel::SocketMulticast>("socketMulticast"),
		InstanceMethod<&Kernel::SocketOpen>("socketOpen"),
		InstanceMethod<&Kernel::SocketRead>("socketRead"),
		InstanceMethod<&Kernel::SocketReceive>("socketReceive"),
		InstanceMethod<&Kernel::SocketSend>("socketSend"),
		InstanceMethod<&Kernel::SocketSet>("socketSet"),
		InstanceMethod<&Kernel::SocketShutdown>("socketShutdown"),
		InstanceMethod<&Kernel::SocketWatch>("socketWatch"),
		InstanceMethod<&Kernel::SocketWrite>("socketWrite"),
		InstanceMethod<&Kernel::SocketWriteAll>("socketWriteAll"),
		InstanceMethod<&Kernel::Stat>("stat"),
		InstanceMethod<&Kernel::Statfs>("statfs"),
		InstanceMethod<&Kernel::Unlink>("unlink"),
		InstanceMethod<&Kernel::Utimes>("utimes"),
		InstanceMethod<&Kernel::Vector>("vector"),
		InstanceMethod<&Kernel::Write>("write"),
		InstanceMethod<&Kernel::WriteFile>("writeFile"),
	};
	for (const SimpleCall *call = simple_calls; call->name != nullptr; call++)
		methods.push_back(InstanceMethod<&Kernel::Simple>(call->name,
		    napi_default, const_cast<SimpleCall *>(call)));
	return DefineClass(env, "Kernel", methods);
}

}  // namespace rumpkit
