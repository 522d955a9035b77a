// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "env.h"
#include "hypiommu/error.h"

/* A switch, not a table of pointers: some EL2 images forbid relocations. */
const char *hypiommu_error_name(int error)
{
	switch (error) {
	case HYPIOMMU_OK:
		return "OK";
	case HYPIOMMU_E_INVAL:
		return "INVAL";
	case HYPIOMMU_E_RANGE:
		return "RANGE";
	case HYPIOMMU_E_NOENT:
		return "NOENT";
	case HYPIOMMU_E_EXIST:
		return "EXIST";
	case HYPIOMMU_E_PERM:
		return "PERM";
	case HYPIOMMU_E_BUSY:
		return "BUSY";
	case HYPIOMMU_E_NOMEM:
		return "NOMEM";
	case HYPIOMMU_E_NOSPC:
		return "NOSPC";
	case HYPIOMMU_E_OVERFLOW:
		return "OVERFLOW";
	case HYPIOMMU_E_TIMEOUT:
		return "TIMEOUT";
	case HYPIOMMU_E_BROKEN:
		return "BROKEN";
	case HYPIOMMU_E_PHASE:
		return "PHASE";
	case HYPIOMMU_E_UNSUPPORTED:
		return "UNSUPPORTED";
	case HYPIOMMU_E_AGAIN:
		return "AGAIN";
	case HYPIOMMU_E_HW:
		return "HW";
	case HYPIOMMU_E_NOSYS:
		return "NOSYS";
	default:
		return "?";
	}
}
