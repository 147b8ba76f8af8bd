#!/bin/busybox sh
# SPDX-License-Identifier: BSD-2-Clause
# init.sh: the Linux guest: its network device, an address of QEMU's user network, the program.
for module in virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci failover net_failover virtio_net; do
    /bin/busybox insmod "/modules/$module.ko"
done
/bin/busybox ifconfig lo 127.0.0.1
/bin/busybox ifconfig eth0 10.0.2.15 netmask 255.255.255.0
/bin/busybox route add default gw 10.0.2.2
exec /server
