// SPDX-License-Identifier: BSD-2-Clause
// kvm-failure.ts: what QEMU says when /dev/kvm is there but does not work, as inside some virtual machines. It then
// aborts, or stops the guest and waits for ever.

const complaints = [
  /KVM internal error/,
  /error: failed to set MSR/,
  /failed to initialize kvm/i,
  /KVM_[A-Z_]+ failed/,
  /kvm_[a-z_]+: Assertion/,
];

/** Matches the standard error of a QEMU that cannot go on with KVM. */
export const kvmFailure: RegExp = new RegExp(complaints.map(({ source }) => source).join('|'), 'i');
