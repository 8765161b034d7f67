import { z } from 'zod'
import { personalKinds } from '../core/masking.ts'

/** The `privacy` section of the configuration. */
export const privacyConfig = z
  .strictObject({
    mask: z
      .array(z.enum(personalKinds))
      .default([...personalKinds])
      .describe(
        'Personal data that desk, API and log show masked: idCard, phone, bankCard, email, passport. Default all of them; []: nothing is masked. What is stored stays as it was written.',
      ),
    auditDays: z.coerce
      .number()
      .int()
      .min(180)
      .max(36_500)
      .default(1_095)
      .describe(
        'Days that the audit log is kept. Default 1095 (three years); 180 at least, which the Cybersecurity Law asks for.',
      ),
    exportHours: z.coerce
      .number()
      .int()
      .min(1)
      .max(720)
      .default(72)
      .describe(
        'Hours that the copy of a contact’s data can be taken after it was made. Default 72; then its archive is deleted.',
      ),
  })
  .prefault({})
