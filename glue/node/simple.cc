// SPDX-License-Identifier: BSD-2-Clause
// simple.cc: calls that are one system call on paths and integers, as a table, and
// unlink, which is nearly one.
#include "requests.h"

namespace rumpkit {

const SimpleCall simple_calls[] = {
	{ "access", &Calls::access, "pi" },
	{ "chmod", &Calls::chmod, "pi" },
	{ "chown", &Calls::chown, "pii" },
	{ "closeFile", &Calls::close, "i" },
	{ "fchmod", &Calls::fchmod, "ii" },
	{ "fchown", &Calls::fchown, "iii" },
	// fdatasync(2) of NetBSD wants a file open for writing, Linux's does not;
	// what they do is the same
	{ "fdatasync", &Calls::fsync, "i" },
	{ "fsync", &Calls::fsync, "i" },
	{ "ftruncate", &Calls::ftruncate, "ii" },
	{ "lchown", &Calls::lchown, "pii" },
	// linkat(2) with no flags, as link(2) of BSD follows links and Linux's does not
	{ "link", &Calls::linkat, "@p@p" },
	{ "mkdir", &Calls::mkdir, "pi" },
	{ "rename", &Calls::rename, "pp" },
	{ "rmdir", &Calls::rmdir, "p" },
	{ "symlink", &Calls::symlink, "pp" },
	{ nullptr, nullptr, nullptr },
};

SimpleRequest::SimpleRequest(const SimpleCall &c, const Napi::CallbackInfo &info)
    : call(&c) {
	size_t path = 0, arg = 0;
	for (size_t i = 0; c.words[i] != '\0'; i++) {
		if (c.words[i] == 'p')
			paths[path++] = PathArgument(info[arg++]);
		else if (c.words[i] == 'i')
			integers[i] = info[arg++].As<Napi::Number>().Int64Value();
		else
			integers[i] = RUMP_AT_FDCWD;
	}
}

void SimpleRequest::Run(Kernel &kernel) {
	int64_t words[kWordsMax] = {};
	size_t path = 0;
	for (size_t i = 0; call->words[i] != '\0'; i++) {
		words[i] = integers[i];
		if (call->words[i] != 'p')
			continue;
		words[i] = reinterpret_cast<int64_t>(paths[path++].c_str());
	}
	result = kernel.Int(kernel.calls().*call->slot, words[0], words[1], words[2],
	    words[3], words[4]);
	// Linux's word where a file system has no links
	if (result == -EOPNOTSUPP &&
	    (call->slot == &Calls::linkat || call->slot == &Calls::symlink))
		result = -EPERM;
}

// (the paths and integers of the call, async): 0
Napi::Value Kernel::Simple(const Napi::CallbackInfo &info) {
	const SimpleCall &call = *static_cast<const SimpleCall *>(info.Data());
	return Dispatch(info.Env(), this, SimpleRequest(call, info),
	    IsAsync(info, info.Length() - 1));
}

// Linux says of a folder what it is.
void UnlinkRequest::Run(Kernel &kernel) {
	struct rump_stat st;
	result = path.error();
	if (result == 0)
		result = kernel.Int(kernel.calls().unlink, path.c_str());
	if (result == -EPERM &&
	    kernel.Int(kernel.calls().lstat, path.c_str(), &st) == 0 &&
	    (st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR)
		result = -EISDIR;
}

// unlink(path, async): 0
Napi::Value Kernel::Unlink(const Napi::CallbackInfo &info) {
	return Dispatch(info.Env(), this, UnlinkRequest(PathArgument(info[0])),
	    IsAsync(info, 1));
}

}  // namespace rumpkit
