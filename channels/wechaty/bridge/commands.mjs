// What the product tells the bridge, one JSON object a line. Checked here again: a bug on one side must not pass both.
import { z } from 'zod'

const start = z.strictObject({
  t: z.literal('start'),
  /** Stands in every event, so that nothing else in this process can pretend to be the bridge. */
  key: z.string().min(16),
  /** Names the session's memory card in the working folder. */
  name: z.string().min(1),
  puppet: z.string().regex(/^(?:@[\w-]+\/)?wechaty-puppet-[\w-]+$/),
  puppetOptions: z.record(z.string(), z.unknown()),
  maxFileBytes: z.int().positive(),
})

const say = z.strictObject({
  t: z.literal('say'),
  id: z.string().min(1),
  contactId: z.string().min(1),
  roomId: z.string().min(1).optional(),
  content: z.union([
    z.strictObject({ text: z.string().min(1) }),
    z.strictObject({ name: z.string().min(1), base64: z.base64() }),
  ]),
})

const command = z.discriminatedUnion('t', [start, say])

/** One line as a command. Throws for anything else. */
export const readCommand = (line) => command.parse(JSON.parse(line))
