// SPDX-License-Identifier: BSD-2-Clause
// names.cc: requests whose answers are names: folders and links.
#include "requests.h"

#include <stddef.h>

namespace rumpkit {

namespace {

constexpr size_t kDirectoryBuffer = 16384;
constexpr size_t kPathMax = 4096;
constexpr int kLinksMax = 40;

}  // namespace

// Copies what is a whole record only: the file system may be damaged.
void ReaddirRequest::Take(const char *buf, size_t len) {
	constexpr size_t header = offsetof(struct rump_dirent, d_name);
	size_t at = 0;
	while (at + header < len) {
		struct rump_dirent entry;
		memcpy(&entry, buf + at, header);
		if (entry.d_reclen < header + entry.d_namlen ||
		    entry.d_reclen > len - at)
			return;
		const char *bytes = buf + at + header;
		std::string name(bytes, strnlen(bytes, entry.d_namlen));
		at += entry.d_reclen;
		if (entry.d_fileno == 0 || name.empty() || name == "." || name == "..")
			continue;
		names.push_back(std::move(name));
		types.push_back(entry.d_type);
	}
}

void ReaddirRequest::Run(Kernel &kernel) {
	result = path.error();
	if (result == 0)
		result = kernel.Int(kernel.calls().open, path.c_str(),
		    RUMP_O_RDONLY | RUMP_O_DIRECTORY, 0);
	if (result < 0)
		return;
	int fd = static_cast<int>(result);
	std::unique_ptr<char[]> buf(new char[kDirectoryBuffer]);
	while ((result = kernel.Int(kernel.calls().getdents, fd, buf.get(),
	    kDirectoryBuffer)) > 0)
		Take(buf.get(), static_cast<size_t>(result));
	kernel.Int(kernel.calls().close, fd);
}

Napi::Value ReaddirRequest::Answer(Napi::Env env) {
	if (result < 0)
		return Number(env, result);
	Napi::Array list = Napi::Array::New(env, names.size());
	for (size_t i = 0; i < names.size(); i++) {
		Napi::HandleScope scope(env);
		if (is_raw)
			list[i] = Napi::Buffer<char>::Copy(env, names[i].data(),
			    names[i].size());
		else
			list[i] = Napi::String::New(env, names[i]);
	}
	Napi::Uint8Array kinds = Napi::Uint8Array::New(env, types.size());
	memcpy(kinds.Data(), types.data(), types.size());
	Napi::Object answer = Napi::Object::New(env);
	answer.Set("names", list);
	answer.Set("types", kinds);
	return answer;
}

void ReadlinkRequest::Run(Kernel &kernel) {
	char target[kPathMax];
	result = path.error();
	if (result == 0)
		result = kernel.Call(kernel.calls().readlink, path.c_str(), target,
		    sizeof(target));
	if (result >= 0)
		bytes.assign(target, static_cast<size_t>(result));
}

// Takes one name off rest and adds it to bytes, which is always the real path of
// a folder, "" for the root.
int64_t RealpathRequest::Step(Kernel &kernel, std::string *rest, int *links) {
	size_t start = rest->find_first_not_of('/');
	if (start == std::string::npos) {
		rest->clear();
		return 0;
	}
	size_t end = rest->find('/', start);
	if (end == std::string::npos)
		end = rest->size();
	std::string name = rest->substr(start, end - start);
	bool is_last = rest->find_first_not_of('/', end) == std::string::npos;
	bool wants_folder = end < rest->size();
	rest->erase(0, end);
	if (name == ".")
		return 0;
	if (name == "..") {
		size_t slash = bytes.rfind('/');
		bytes.erase(slash == std::string::npos ? 0 : slash);
		return 0;
	}

	struct rump_stat st;
	std::string candidate = bytes + "/" + name;
	int error = kernel.Int(kernel.calls().lstat, candidate.c_str(), &st);
	if (error != 0)
		return error;
	if ((st.st_mode & RUMP_S_IFMT) != RUMP_S_IFLNK) {
		if ((!is_last || wants_folder) &&
		    (st.st_mode & RUMP_S_IFMT) != RUMP_S_IFDIR)
			return -ENOTDIR;
		bytes = candidate;
		return 0;
	}
	char target[kPathMax];
	int64_t n = kernel.Call(kernel.calls().readlink, candidate.c_str(), target,
	    sizeof(target));
	if (n < 0)
		return n;
	if (++*links > kLinksMax)
		return -ELOOP;
	if (n > 0 && target[0] == '/')
		bytes.clear();
	rest->insert(0, target, static_cast<size_t>(n));
	return 0;
}

void RealpathRequest::Run(Kernel &kernel) {
	std::string rest = path.c_str();
	int links = 0;
	result = path.error();
	if (result == 0 && rest.empty())
		result = -ENOENT;
	while (result == 0 && !rest.empty())
		result = Step(kernel, &rest, &links);
	if (bytes.empty())
		bytes = "/";
}

}  // namespace rumpkit
