// SPDX-License-Identifier: BSD-2-Clause
// rumpuser-names.ts: the lower edge by name: rumpuser(3), version 17, and what the compiler's run time brings.

/** Every hypercall that a kernel may use. */
export const rumpuserNames: ReadonlySet<string> = new Set(
  `anonmmap bio clock_gettime clock_sleep close curlwp curlwpop cv_broadcast cv_destroy cv_has_waiters cv_init
   cv_signal cv_timedwait cv_wait cv_wait_nowrap daemonize_begin daemonize_done dl_bootstrap dprintf exit free
   getfileinfo getparam getrandom init iovread iovwrite kill malloc mutex_destroy mutex_enter mutex_enter_nowrap
   mutex_exit mutex_init mutex_owner mutex_tryenter open putchar rw_destroy rw_downgrade rw_enter rw_exit rw_held
   rw_init rw_tryenter rw_tryupgrade seterrno syncfd thread_create thread_exit thread_join unmap`
    .split(/\s+/)
    .map((name) => `rumpuser_${name}`),
);

/** Symbols that no component has to provide: the compiler's run time and the linker's own. */
const ambient =
  /^(mem(cpy|move|set|cmp)|_GLOBAL_OFFSET_TABLE_|__(start|stop)_link_set_.+|__stack_chk.*|__(asan|ubsan|sanitizer)_.+)$/;

/** Whether a symbol comes from below or beside the kernel rather than from a component. */
export function isAmbientSymbol(name: string): boolean {
  return rumpuserNames.has(name) || ambient.test(name);
}
