/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The library's status as the kernel says it, at EL1 and at EL2. Whoever
 * includes it has <linux/errno.h>, <linux/types.h> and <hypiommu/error.h>.
 */
#ifndef HYPIOMMU_STATUS_H
#define HYPIOMMU_STATUS_H

static inline int hypiommu_errno(s64 status)
{
	switch (status) {
	case HYPIOMMU_OK:
		return 0;
	case HYPIOMMU_E_INVAL:
	case HYPIOMMU_E_RANGE:
		return -EINVAL;
	case HYPIOMMU_E_NOENT:
		return -ENOENT;
	case HYPIOMMU_E_EXIST:
		return -EEXIST;
	case HYPIOMMU_E_PERM:
		return -EPERM;
	case HYPIOMMU_E_BUSY:
		return -EBUSY;
	case HYPIOMMU_E_NOMEM:
		return -ENOMEM;
	case HYPIOMMU_E_NOSPC:
	case HYPIOMMU_E_OVERFLOW:
		return -ENOSPC;
	case HYPIOMMU_E_AGAIN:
		return -EAGAIN;
	case HYPIOMMU_E_TIMEOUT:
		return -ETIMEDOUT;
	case HYPIOMMU_E_UNSUPPORTED:
		return -EOPNOTSUPP;
	default:
		return -EIO;
	}
}

#endif /* HYPIOMMU_STATUS_H */
