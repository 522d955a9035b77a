/* SPDX-License-Identifier: GPL-2.0-only */
/* Must match include/uapi/asm-generic/errno-base.h and errno.h. */
#ifndef HYPIOMMU_ANDROID_ERRNO_H
#define HYPIOMMU_ANDROID_ERRNO_H

#define EPERM	   1
#define ENOENT	   2
#define EIO	   5
#define EAGAIN	   11
#define ENOMEM	   12
#define EBUSY	   16
#define EEXIST	   17
#define EINVAL	   22
#define ENOSPC	   28
#define EOPNOTSUPP 95
#define ETIMEDOUT  110

#endif /* HYPIOMMU_ANDROID_ERRNO_H */
