/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* SMMUv2 registers by their names in Arm IHI 0062, MMU-500's in DDI 0517. */
#ifndef SMMUV2_REGS_H
#define SMMUV2_REGS_H

#define BIT(n)		 (1u << (n))
#define FIELD(v, hi, lo) (((v) >> (lo)) & ((2u << ((hi) - (lo))) - 1))

/* Global register space 0 */
#define SCR0	    0x000u
#define SACR	    0x010u
#define IDR0	    0x020u
#define IDR1	    0x024u
#define IDR2	    0x028u
#define SGFAR	    0x040u
#define SGFSR	    0x048u
#define SGFSYNR0    0x050u
#define SGFSYNR1    0x054u
#define TLBIVMID    0x064u
#define TLBIALLNSNH 0x068u
#define TLBIALLH    0x06cu
#define STLBGSYNC   0x070u
#define STLBGSTATUS 0x074u
#define SMR(n)	    (0x800u + 4 * (n))
#define S2CR(n)	    (0xc00u + 4 * (n))

/* Global register space 1, from its base */
#define CBAR(n)	     (0x000u + 4 * (n))
#define CBFRSYNRA(n) (0x400u + 4 * (n))
#define CBA2R(n)     (0x800u + 4 * (n))

/* Context bank, from its base */
#define CB_SCTLR      0x000u
#define CB_ACTLR      0x004u
#define CB_RESUME     0x008u
#define CB_TCR2	      0x010u
#define CB_TTBR0      0x020u
#define CB_TTBR1      0x028u
#define CB_TCR	      0x030u
#define CB_CONTEXTIDR 0x034u
#define CB_MAIR0      0x038u
#define CB_MAIR1      0x03cu
#define CB_FSR	      0x058u
#define CB_FAR	      0x060u
#define CB_FSYNR0     0x068u
#define CB_TLBIVA     0x600u
#define CB_TLBIASID   0x610u
#define CB_TLBIVAL    0x620u
#define CB_TLBIIPAS2  0x630u
#define CB_TLBIIPAS2L 0x638u
#define CB_TLBSYNC    0x7f0u
#define CB_TLBSTATUS  0x7f4u

/* sCR0 */
#define SCR0_CLIENTPD BIT(0)
#define SCR0_GFRE     BIT(1)
#define SCR0_GFIE     BIT(2)
#define SCR0_GCFGFRE  BIT(4)
#define SCR0_GCFGFIE  BIT(5)
#define SCR0_STALLD   BIT(8)
#define SCR0_USFCFG   BIT(10)
#define SCR0_VMIDPNE  BIT(11)
#define SCR0_PTM      BIT(12)
#define SCR0_SMCFCFG  BIT(21)
/* Everything that decides who may do what. */
#define SCR0_DENY                                                            \
	(SCR0_GFRE | SCR0_GFIE | SCR0_GCFGFRE | SCR0_GCFGFIE | SCR0_STALLD | \
	 SCR0_USFCFG | SCR0_VMIDPNE | SCR0_PTM | SCR0_SMCFCFG)

/* MMU-500 */
#define SACR_CACHE_LOCK BIT(26)
#define ACTLR_CPRE	BIT(1)

/* IDR0..2 */
#define IDR0_NUMSMRG(v)	    FIELD(v, 7, 0)
#define IDR0_NUMSIDB(v)	    FIELD(v, 12, 9)
#define IDR0_CTTW	    BIT(14)
#define IDR0_NO_AARCH32S    BIT(24)
#define IDR0_NO_AARCH32	    BIT(25)
#define IDR0_SMS	    BIT(27)
#define IDR0_S2TS	    BIT(29)
#define IDR0_S1TS	    BIT(30)
#define IDR1_NUMCB(v)	    FIELD(v, 7, 0)
#define IDR1_NUMS2CB(v)	    FIELD(v, 23, 16)
#define IDR1_NUMPAGENDXB(v) FIELD(v, 30, 28)
#define IDR1_PAGESIZE	    BIT(31)
#define IDR2_IAS(v)	    FIELD(v, 3, 0)
#define IDR2_OAS(v)	    FIELD(v, 7, 4)
#define IDR2_UBS(v)	    FIELD(v, 11, 8)
#define IDR2_PTFS(v)	    FIELD(v, 14, 12) /* 4, 16, 64 KiB */

/* SMR, S2CR, CBAR, CBA2R */
#define SMR_VALID	BIT(31)
#define SMR_MASK_SHIFT	16
#define S2CR_TRANSLATE	(0u << 16)
#define S2CR_FAULT	(2u << 16)
#define CBAR_S2		(0u << 16)
#define CBAR_S1_BYPASS	(1u << 16)
#define CBAR_S1_FAULT	(2u << 16)
#define CBAR_BPSH_NSH	(3u << 8)
#define CBAR_MEMATTR_WB (15u << 12)
#define CBA2R_VA64	BIT(0)

/* SCTLR: CFCFG stays 0 (terminate); HUPCF lets other transactions pass while
 * a fault waits to be read. */
#define SCTLR_M	    BIT(0)
#define SCTLR_TRE   BIT(1)
#define SCTLR_AFE   BIT(2)
#define SCTLR_CFRE  BIT(5)
#define SCTLR_CFIE  BIT(6)
#define SCTLR_HUPCF BIT(8)

/* TCR: cacheable walks, inner shareable */
#define TCR_WALK_WB	  (1u << 8 | 1u << 10 | 3u << 12)
#define TCR_WALK_NC	  (2u << 12)
#define TCR_TG0		  14
#define TCR_EPD1	  BIT(23)
#define TCR_EAE		  BIT(31) /* AArch32; RES1 at stage 2 */
#define TCR_S2_SL0	  6
#define TCR_S2_PASIZE	  16
#define TCR_PD1		  BIT(5) /* short descriptors */
#define TCR2_SEP_UPSTREAM (7u << 15)
#define TTBR_ASID	  48
#define TTBR_V7S_WB	  0x6au
#define TTBR_V7S_NC	  0x02u
/* Short descriptors with TEX remap: 1 device, 4 non-cacheable, 7 cacheable. */
#define PRRR_V7S	  0x800b8204u /* also: Device and S = 1 are shareable */
#define NMRR_V7S	  0x40004000u

/* FSR */
#define FSR_TF		 BIT(1)
#define FSR_AFF		 BIT(2)
#define FSR_PF		 BIT(3)
#define FSR_EF		 BIT(4)
#define FSR_SS		 BIT(30)
#define FSR_MULTI	 BIT(31)
#define FSR_FAULT	 0x1feu
#define FSR_ALL		 (FSR_FAULT | FSR_MULTI)
#define RESUME_TERMINATE BIT(0)
#define FSYNR0_WNR	 BIT(4)
#define GFSR_MULTI	 BIT(31)

#endif /* SMMUV2_REGS_H */
