// SPDX-License-Identifier: BSD-2-Clause
// addon.cc: what the addon exports: initialise(NativeError) gives the rest.
#include <napi.h>

#include "../common/errtrans.h"
#include "environment.h"
#include "kernel.h"

namespace {

Napi::Value ErrnoToLinux(const Napi::CallbackInfo &info) {
	int error = info[0].As<Napi::Number>().Int32Value();
	return Napi::Number::New(info.Env(), rumpglue_errno_to_linux(error));
}

Napi::Value Leave(const Napi::CallbackInfo &info) {
	rumpkit::Environment::Of(info.Env())->leaving = true;
	return info.Env().Undefined();
}

Napi::Value Initialise(const Napi::CallbackInfo &info) {
	Napi::Env env = info.Env();
	rumpkit::Environment *environment = rumpkit::Environment::Of(env);
	environment->native_error = Napi::Persistent(info[0].As<Napi::Function>());
	Napi::Object exports = Napi::Object::New(env);
	exports.Set("Kernel", rumpkit::Kernel::Define(env));
	exports.Set("errnoToLinux", Napi::Function::New(env, ErrnoToLinux));
	exports.Set("leave", Napi::Function::New(env, Leave));
	exports.Set("ended", static_cast<double>(rumpkit::kEnded));
	return exports;
}

Napi::Object Start(Napi::Env env, Napi::Object exports) {
	env.SetInstanceData(new rumpkit::Environment());
	exports.Set("initialise", Napi::Function::New(env, Initialise));
	return exports;
}

}  // namespace

NODE_API_MODULE(rumpkit, Start)
