// SPDX-License-Identifier: BSD-2-Clause
// stat.cc: requests that ask about a file or a file system, and its times.
#include "requests.h"

namespace rumpkit {

namespace {

template <typename T>
void FillStat(const struct rump_stat &st, T *to) {
	const int64_t fields[kStatFields] = {
		static_cast<int64_t>(st.st_dev), st.st_mode, st.st_nlink, st.st_uid,
		st.st_gid, static_cast<int64_t>(st.st_rdev), st.st_blksize,
		static_cast<int64_t>(st.st_ino), st.st_size, st.st_blocks,
		st.st_atim.tv_sec, st.st_atim.tv_nsec, st.st_mtim.tv_sec,
		st.st_mtim.tv_nsec, st.st_ctim.tv_sec, st.st_ctim.tv_nsec,
		st.st_birthtim.tv_sec, st.st_birthtim.tv_nsec
	};
	for (size_t i = 0; i < kStatFields; i++)
		to[i] = static_cast<T>(fields[i]);
}

// Rounded as libuv does it.
struct rump_timespec FromSeconds(double time) {
	struct rump_timespec spec;
	spec.tv_sec = static_cast<int64_t>(time);
	spec.tv_nsec = static_cast<int64_t>(
	    (time - static_cast<double>(spec.tv_sec)) * 1e9);
	if (spec.tv_nsec < 0) {
		spec.tv_nsec += 1000000000;
		spec.tv_sec--;
	}
	return spec;
}

}  // namespace

Napi::Value StatAnswer::Answer(Napi::Env env) {
	if (result != 0)
		return Number(env, result);
	if (numbers != nullptr || bigints != nullptr) {
		if (numbers != nullptr)
			FillStat(st, numbers);
		else
			FillStat(st, bigints);
		return Number(env, 0);
	}
	if (big) {
		Napi::BigInt64Array array = Napi::BigInt64Array::New(env, kStatFields);
		FillStat(st, array.Data());
		return array;
	}
	Napi::Float64Array array = Napi::Float64Array::New(env, kStatFields);
	FillStat(st, array.Data());
	return array;
}

void StatRequest::Run(Kernel &kernel) {
	result = path.error();
	if (result == 0)
		result = kernel.Int(is_link ? kernel.calls().lstat :
		    kernel.calls().stat, path.c_str(), &st);
}

void FstatRequest::Run(Kernel &kernel) {
	result = kernel.Int(kernel.calls().fstat, fd, &st);
}

void UtimesRequest::Run(Kernel &kernel) {
	const struct rump_timespec times[2] = { FromSeconds(atime),
		FromSeconds(mtime) };
	if (fd != -1) {
		result = kernel.Int(kernel.calls().futimens, fd, times);
		return;
	}
	result = path.error();
	if (result == 0)
		result = kernel.Int(kernel.calls().utimensat, RUMP_AT_FDCWD,
		    path.c_str(), times, is_link ? RUMP_AT_SYMLINK_NOFOLLOW : 0);
}

void StatfsRequest::Run(Kernel &kernel) {
	result = path.error();
	if (result != 0)
		return;
	statvfs.reset(new struct rump_statvfs());
	result = kernel.Int(kernel.calls().statvfs, path.c_str(), statvfs.get(),
	    RUMP_ST_WAIT);
}

Napi::Value StatfsRequest::Answer(Napi::Env env) {
	if (result != 0)
		return Number(env, result);
	Napi::BigInt64Array array = Napi::BigInt64Array::New(env, 7);
	array[0] = statvfs->f_fsidx[1];
	array[1] = static_cast<int64_t>(statvfs->f_frsize);
	array[2] = static_cast<int64_t>(statvfs->f_blocks);
	array[3] = static_cast<int64_t>(statvfs->f_bfree);
	array[4] = static_cast<int64_t>(statvfs->f_bavail);
	array[5] = static_cast<int64_t>(statvfs->f_files);
	array[6] = static_cast<int64_t>(statvfs->f_ffree);
	return array;
}

}  // namespace rumpkit
