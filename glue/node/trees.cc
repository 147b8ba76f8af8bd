// SPDX-License-Identifier: BSD-2-Clause
// trees.cc: requests that make or remove several names.
#include "requests.h"

#include <sys/random.h>

namespace rumpkit {

namespace {

constexpr size_t kLetters = 6;
constexpr int kNamesTried = 100;

// After so many names it is known that there is much to remove.
constexpr int kStepsAtOnce = 100;

// The folder that a path lies in; "" if there is none to make.
std::string FolderOf(const std::string &path) {
	size_t end = path.find_last_not_of('/');
	size_t slash = end == std::string::npos ? end : path.rfind('/', end);
	if (slash == std::string::npos)
		return "";
	size_t last = path.find_last_not_of('/', slash);
	return last == std::string::npos ? "" : path.substr(0, last + 1);
}

}  // namespace

// Goes up until a folder can be made, then down again.
void MakeFoldersRequest::Run(Kernel &kernel) {
	const Calls &calls = kernel.calls();
	std::vector<std::string> wanted = { path.c_str() };
	result = path.error();
	while (result == 0 && !wanted.empty()) {
		std::string folder = wanted.back();
		int error = kernel.Int(calls.mkdir, folder.c_str(), mode);
		if (error == 0) {
			if (first.empty())
				first = folder;
			wanted.pop_back();
			continue;
		}
		std::string above = error == -ENOENT ? FolderOf(folder) : "";
		if (!above.empty()) {
			wanted.push_back(above);
			continue;
		}
		if (error == kEnded || error == -ENOENT || error == -EACCES ||
		    error == -ENOTDIR || error == -EPERM || error == -ENOSPC ||
		    error == -ENAMETOOLONG || error == -ELOOP || error == -EDQUOT) {
			result = error;
			return;
		}
		// Something is there, or (on a read-only file system) may be.
		struct rump_stat st;
		int missing = kernel.Int(calls.stat, folder.c_str(), &st);
		if (missing != 0)
			result = error == -EEXIST ? missing : error;
		else if ((st.st_mode & RUMP_S_IFMT) != RUMP_S_IFDIR)
			result = wanted.size() > 1 ? -ENOTDIR : -EEXIST;
		wanted.pop_back();
	}
}

Napi::Value MakeFoldersRequest::Answer(Napi::Env env) {
	if (result < 0 || first.empty())
		return Number(env, result);
	return Napi::Buffer<char>::Copy(env, first.data(), first.size());
}

void MakeTemporaryFolderRequest::Run(Kernel &kernel) {
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	result = prefix.error();
	if (result != 0)
		return;
	for (int tried = 0; tried < kNamesTried; tried++) {
		unsigned char random[kLetters];
		if (getentropy(random, sizeof(random)) != 0) {
			result = -EIO;
			return;
		}
		bytes = prefix.c_str();
		for (unsigned char each : random)
			bytes += letters[each % (sizeof(letters) - 1)];
		result = kernel.Int(kernel.calls().mkdir, bytes.c_str(), 0700);
		if (result != -EEXIST)
			return;
	}
}

int64_t RemoveTreeRequest::Fail(int64_t error, int call, const std::string &what) {
	failed_call = call;
	failed_path = what;
	return error;
}

// Removes a file, or adds a folder to those to be emptied. What somebody else
// removed meanwhile is removed.
int64_t RemoveTreeRequest::Remove(Kernel &kernel, const std::string &what) {
	const Calls &calls = kernel.calls();
	int64_t error = kernel.Int(calls.unlink, what.c_str());
	if (error == 0 || error == -ENOENT)
		return 0;
	struct rump_stat st;
	if (error == kEnded || kernel.Int(calls.lstat, what.c_str(), &st) != 0 ||
	    (st.st_mode & RUMP_S_IFMT) != RUMP_S_IFDIR)
		return Fail(error, 1, what);
	std::unique_ptr<ReaddirRequest> list(
	    new ReaddirRequest(PathArgument(what), false));
	list->Run(kernel);
	if (list->result < 0)
		return Fail(list->result, 2, what);
	folders.push_back({ what, std::move(list->names) });
	return 0;
}

// Trees may be deep, so that this is no recursion.
int64_t RemoveTreeRequest::Empty(Kernel &kernel) {
	for (int steps = 0; !folders.empty(); steps++) {
		if (steps == kStepsAtOnce)
			kernel.HandOver();
		Folder &folder = folders.back();
		int64_t error;
		if (!folder.names.empty()) {
			std::string what = folder.path + "/" + folder.names.back();
			folder.names.pop_back();
			error = Remove(kernel, what);
		} else {
			error = kernel.Int(kernel.calls().rmdir, folder.path.c_str());
			if (error == -ENOENT)
				error = 0;
			if (error != 0)
				return Fail(error, 3, folder.path);
			folders.pop_back();
		}
		if (error != 0)
			return error;
	}
	return 0;
}

void RemoveTreeRequest::Run(Kernel &kernel) {
	struct rump_stat st;
	std::string what = path.c_str();
	result = path.error();
	if (result == 0)
		result = kernel.Int(kernel.calls().lstat, path.c_str(), &st);
	if (result != 0)
		result = Fail(result, 0, what);
	else
		result = Remove(kernel, what);
	if (result == 0)
		result = Empty(kernel);
}

Napi::Value RemoveTreeRequest::Answer(Napi::Env env) {
	if (result == 0)
		return Number(env, 0);
	Napi::Array failure = Napi::Array::New(env, 3);
	failure[0u] = Number(env, result);
	failure[1u] = Number(env, failed_call);
	failure[2u] = Napi::Buffer<char>::Copy(env, failed_path.data(),
	    failed_path.size());
	return failure;
}

}  // namespace rumpkit
