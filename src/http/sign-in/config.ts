import { z } from 'zod'
import { roles } from '../../core/agent.ts'

/** The `signIn` section of the configuration. */
export const signInConfig = z
  .strictObject({
    requireTotp: z
      .array(z.enum(roles))
      .default([])
      .meta({ examples: [['admin', 'supervisor']] })
      .describe(
        'Roles that need a second step, a code of an app, to sign in. Default none. Who lacks it puts it up before anything else is allowed.',
      ),
    mailInbox: z
      .string()
      .optional()
      .meta({ examples: ['mail'] })
      .describe(
        'Inbox of channel email that invitations leave from. Default: the only one there is; with none, links are shown to be handed over.',
      ),
  })
  .prefault({})
