// SPDX-License-Identifier: BSD-2-Clause
// environment.h: what the addon keeps per environment (main thread or worker).
#ifndef GLUE_NODE_ENVIRONMENT_H_
#define GLUE_NODE_ENVIRONMENT_H_

#include <napi.h>

#include <string>

namespace rumpkit {

class Environment {
public:
	static Environment *Of(Napi::Env env) {
		return env.GetInstanceData<Environment>();
	}

	// Throws the error class that ts/native handed over: (code, message).
	void Throw(Napi::Env env, const char *code, const std::string &message) {
		Napi::Value error = native_error.New({ Napi::String::New(env, code),
		    Napi::String::New(env, message) });
		napi_throw(env, error);
	}

	Napi::FunctionReference native_error;
};

}  // namespace rumpkit

#endif  // GLUE_NODE_ENVIRONMENT_H_
