# SPDX-License-Identifier: BSD-2-Clause
# flags.cmake: how kernel code, host glue and foreign driver sources are compiled.

# All optimisation flags are ours, whatever the build type.
set(CMAKE_C_FLAGS_RELEASE "")
set(CMAKE_ASM_FLAGS_RELEASE "")
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

set(RUMPKIT_STRICT -Wall -Wextra -Werror)

# Old sources warn about much that is of no consequence; a pointer of the wrong type is not.
set(RUMPKIT_LENIENT -Werror=incompatible-pointer-types)

# frame pointers: a fault on bare metal prints a backtrace
set(RUMPKIT_CODE -fno-strict-aliasing -fno-common -ffunction-sections -fdata-sections
  -fno-asynchronous-unwind-tables -fno-stack-protector -fno-omit-frame-pointer)

if(RUMPKIT_HOST STREQUAL baremetal)
  # Boot time is the same with -O2 (measured under emulation); the image is a tenth smaller.
  list(APPEND RUMPKIT_CODE -Os -mcmodel=kernel -fno-pic -fno-pie -mgeneral-regs-only -mno-red-zone)
else()
  list(APPEND RUMPKIT_CODE -O2 -fPIC)
endif()
if(RUMPKIT_SANITIZE)
  # Every block of kernel memory from the host's allocator, so that it sees where one ends.
  list(APPEND RUMPKIT_CODE -g -fsanitize=address,undefined -fno-sanitize-recover=undefined
    -DRUMP_MALLOC_DIRECT)
endif()

# Kernel code sees rump/include only.
set(RUMPKIT_KERNEL -ffreestanding -nostdinc -D_KERNEL -I${CMAKE_CURRENT_SOURCE_DIR}/rump/include)

# Glue sees the public headers (as <rump/...>), glue/common, and its host's own headers: those of the
# C library on posix, only those of the compiler on bare metal.
file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/public)
file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR}/rump/include/rump ${CMAKE_CURRENT_BINARY_DIR}/public/rump SYMBOLIC)
set(RUMPKIT_GLUE -I${CMAKE_CURRENT_BINARY_DIR}/public -I${CMAKE_CURRENT_SOURCE_DIR}/glue/common)
if(RUMPKIT_HOST STREQUAL baremetal)
  execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=include
    OUTPUT_VARIABLE RUMPKIT_COMPILER_INCLUDE OUTPUT_STRIP_TRAILING_WHITESPACE)
  list(APPEND RUMPKIT_GLUE -ffreestanding -nostdinc -isystem ${RUMPKIT_COMPILER_INCLUDE})
else()
  list(APPEND RUMPKIT_GLUE -D_GNU_SOURCE -pthread)
endif()
