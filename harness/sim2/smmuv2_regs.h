/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Register layout, IHI 0062 chapters 9 (global) and 16 (context banks). */
#ifndef SIM_SMMUV2_REGS_H
#define SIM_SMMUV2_REGS_H

#define BIT(n) (1u << (n))

/* Global register space 0 */
#define GR0_CR0		0x000u
#define GR0_CR2		0x008u
#define GR0_ACR		0x010u
#define GR0_ID0		0x020u
#define GR0_ID1		0x024u
#define GR0_ID2		0x028u
#define GR0_ID7		0x03cu
#define GR0_GFAR	0x040u
#define GR0_GFSR	0x048u
#define GR0_GFSRRESTORE 0x04cu
#define GR0_GFSYNR0	0x050u
#define GR0_GFSYNR1	0x054u
#define GR0_GFSYNR2	0x058u
#define GR0_TLBIVMID	0x064u
#define GR0_TLBIALLNSNH 0x068u
#define GR0_TLBIALLH	0x06cu
#define GR0_TLBGSYNC	0x070u
#define GR0_TLBGSTATUS	0x074u
#define GR0_SMR		0x800u
#define GR0_S2CR	0xc00u

#define CR0_CLIENTPD   BIT(0)
#define CR0_GFRE       BIT(1)
#define CR0_GFIE       BIT(2)
#define CR0_EXIDENABLE BIT(3)
#define CR0_GCFGFRE    BIT(4)
#define CR0_GCFGFIE    BIT(5)
#define CR0_USFCFG     BIT(10)
#define CR0_SMCFCFG    BIT(21)
#define CR0_VMID16EN   BIT(31)
#define CR0_WRITABLE   0xbfffffffu

#define ACR_CACHE_LOCK BIT(26) /* MMU-500, DDI 0517 3.5.1 */

#define GFSR_ICF   BIT(0) /* invalid context */
#define GFSR_USF   BIT(1) /* unidentified stream */
#define GFSR_SMCF  BIT(2) /* stream match conflict */
#define GFSR_UCBF  BIT(3) /* unimplemented context bank */
#define GFSR_CAF   BIT(5) /* configuration access */
#define GFSR_MULTI BIT(31)
#define GFSR_ALL   (BIT(31) | 0x1ffu)

#define SMR_VALID	BIT(31)
#define S2CR_TYPE_SHIFT 16
#define S2CR_TRANSLATE	0u
#define S2CR_BYPASS	1u
#define S2CR_FAULT	2u
#define S2CR_EXIDVALID	BIT(10)
#define S2CR_CBNDX	0xffu

/* Global register space 1 */
#define GR1_CBAR      0x000u
#define GR1_CBFRSYNRA 0x400u
#define GR1_CBA2R     0x800u

#define CBAR_TYPE_SHIFT 16
#define CBAR_S2		0u
#define CBAR_S1_BYPASS	1u /* stage 1, stage 2 bypassed */
#define CBAR_S1_FAULT	2u /* stage 1, stage 2 faults */
#define CBAR_NESTED	3u
#define CBAR_HYPC	BIT(10) /* stage 1 formats */
#define CBA2R_VA64	BIT(0)

/* Context bank */
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
#define CB_FSRRESTORE 0x05cu
#define CB_FAR	      0x060u
#define CB_FSYNR0     0x068u
#define CB_FSYNR1     0x06cu
#define CB_IPAFAR     0x070u
#define CB_TLBIVA     0x600u
#define CB_TLBIVAA    0x608u
#define CB_TLBIASID   0x610u
#define CB_TLBIALL    0x618u
#define CB_TLBIVAL    0x620u
#define CB_TLBIVAAL   0x628u
#define CB_TLBIIPAS2  0x630u
#define CB_TLBIIPAS2L 0x638u
#define CB_TLBSYNC    0x7f0u
#define CB_TLBSTATUS  0x7f4u

#define SCTLR_M	    BIT(0)
#define SCTLR_TRE   BIT(1)
#define SCTLR_AFE   BIT(2)
#define SCTLR_AFFD  BIT(3)
#define SCTLR_CFRE  BIT(5)
#define SCTLR_CFIE  BIT(6)
#define SCTLR_CFCFG BIT(7)
#define SCTLR_HUPCF BIT(8)

#define ACTLR_CPRE BIT(1) /* MMU-500 */

#define TCR_EAE	  BIT(31)
#define TCR_EPD0  BIT(7)
#define TCR_A1	  BIT(22)
#define TCR_EPD1  BIT(23)
#define TCR_S	  BIT(4) /* AArch32 stage 2: sign of T0SZ */
#define TTBCR_N	  7u	 /* short descriptors */
#define TTBCR_PD0 BIT(4)
#define TCR2_AS	  BIT(4)
#define TCR2_TBI0 BIT(5)

#define FSR_TF	  BIT(1)
#define FSR_AFF	  BIT(2)
#define FSR_PF	  BIT(3)
#define FSR_EF	  BIT(4)
#define FSR_ASF	  BIT(7)
#define FSR_SS	  BIT(30)
#define FSR_MULTI BIT(31)
#define FSR_FAULT (FSR_MULTI | FSR_SS | 0x1feu)

#define RESUME_TERMINATE BIT(0)

#define FSYNR0_WNR  BIT(4)
#define FSYNR0_PTWF BIT(10)

#endif /* SIM_SMMUV2_REGS_H */
