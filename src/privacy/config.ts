import { z } from 'zod'
import { personalKinds } from '../core/masking.ts'

/** The law asks for six months of network logs; who keeps less may not be able to show what was said. */
const days = (standard: number, what: string) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .max(36_500)
    .refine((value) => value === 0 || value >= 180, 'must be 0, or 180 at least')
    .default(standard)
    .describe(`${what} Default ${String(standard)}; 180 at least; 0: for as long as nobody erases them.`)

/** What no law asks to keep. */
const shortDays = (standard: number, what: string) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .max(36_500)
    .default(standard)
    .describe(`${what} Default ${String(standard)}; 0: for as long as nobody erases them.`)

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
    messageDays: days(1_095, 'Days that messages are kept, with the files in them.'),
    ticketDays: days(1_825, 'Days after closing that words of tickets are kept; then numbers alone.'),
    complaintDays: days(
      1_825,
      'Days that complaint cases are kept after they ended, with their evidence; then numbers alone.',
    ),
    questionDays: days(
      365,
      'Days that masked questions are kept which the bot did not settle, but for those of proposals that are open or accepted.',
    ),
    suggestionDays: days(
      1_095,
      'Days that the masked sentences of suggestions are kept; they still count in their themes.',
    ),
    draftDays: shortDays(
      30,
      'Days after its last change that what an agent typed and did not send is kept on the server.',
    ),
    invitationDays: shortDays(
      30,
      'Days that invitations of agents are kept after they were accepted or withdrawn or ran out.',
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
