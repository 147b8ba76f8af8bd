// SPDX-License-Identifier: BSD-2-Clause
// addon.cc: what the addon exports: initialise(NativeError) -> { Kernel }.
#include <napi.h>

#include "environment.h"
#include "kernel.h"

namespace {

Napi::Value Initialise(const Napi::CallbackInfo &info) {
	Napi::Env env = info.Env();
	rumpkit::Environment *environment = rumpkit::Environment::Of(env);
	environment->native_error = Napi::Persistent(info[0].As<Napi::Function>());
	Napi::Object exports = Napi::Object::New(env);
	exports.Set("Kernel", rumpkit::Kernel::Define(env));
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
