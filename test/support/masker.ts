import { personalKinds } from '../../src/core/masking.ts'
import { createMasker } from '../../src/text/index.ts'

/** Masks all kinds of personal data. */
export const masker = createMasker(personalKinds)
