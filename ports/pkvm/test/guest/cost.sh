# SPDX-License-Identifier: GPL-2.0-only
# Not a test: the jobs of the cost table.
/tests/bench /dev/nvme0n1 "$mib"
