import { z } from 'zod'

const isContact = (value: string): boolean =>
  /^mailto:[^\s@]+@[^\s@]+$/.test(value) || /^https:\/\/\S+$/.test(value)

/** The `push` section of the configuration: notices on agents' machines while no window of the desk is open. */
export const pushConfig = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe(
        'false: nothing is pushed, and agents are not offered it. Default true; each agent asks for it, browser by browser.',
      ),
    contact: z
      .string()
      .refine(isContact, 'must be mailto:somebody@example.com or an https address')
      .optional()
      .meta({ examples: ['mailto:ops@example.com'] })
      .describe(
        'Where push services of browser makers reach whoever runs this server. Default server.publicUrl, where it is https.',
      ),
  })
  .prefault({})
