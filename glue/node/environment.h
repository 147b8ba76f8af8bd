// SPDX-License-Identifier: BSD-2-Clause
// environment.h: what the addon keeps per environment (main thread or worker).
#ifndef GLUE_NODE_ENVIRONMENT_H_
#define GLUE_NODE_ENVIRONMENT_H_

#include <napi.h>

#include <atomic>
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

	// Set when the environment ends: what has not begun on the pool is left out,
	// because the end waits for the pool.
	std::atomic<bool> leaving{ false };
	Napi::FunctionReference native_error;
};

// False in an environment that is being torn down: nobody waits for answers, and
// nearly every call of Node-API fails.
inline bool CanAnswer(Napi::Env env) {
	napi_value value;
	return napi_get_boolean(env, false, &value) == napi_ok &&
	    napi_coerce_to_bool(env, value, &value) == napi_ok;
}

}  // namespace rumpkit

#endif  // GLUE_NODE_ENVIRONMENT_H_
