// SPDX-License-Identifier: BSD-2-Clause
// flags.h: open(2) flags of Linux, which Node's fs.constants are, as NetBSD's.
#ifndef GLUE_NODE_FLAGS_H_
#define GLUE_NODE_FLAGS_H_

namespace rumpkit {

int OpenFlagsFromLinux(int flags);

}  // namespace rumpkit

#endif  // GLUE_NODE_FLAGS_H_
