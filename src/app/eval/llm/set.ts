import { z } from 'zod'
import { readJsonLines } from '../../../../intents/index.ts'
import { channelNames } from '../../ask.ts'
import { readText, refuse } from '../files.ts'

const id = z.string().min(1).max(200)

const row = z.object({
  text: z.string().trim().min(1).max(4_000),
  topic: id.optional(),
  article: z.union([id.transform((one) => [one]), z.array(id).max(8)]).optional(),
  conversation: id.optional(),
  channel: z.enum(channelNames).default('web'),
})

/** A message that is asked, and what a person says answers it. */
export interface LlmRow {
  readonly text: string
  /** Its topic; tells a wrong answer where nobody says which article is right. */
  readonly topic?: string | undefined
  /** The articles any of which is right; none: nothing answers it. Absent: nobody judged that. */
  readonly articles?: readonly string[] | undefined
  /** Messages of one conversation remember each other. */
  readonly conversation: string
  readonly channel: z.infer<typeof row>['channel']
}

/** Reads the messages. Throws `bad_input` naming file, line and what to do. */
export const readLlmSet = async (file: string): Promise<readonly LlmRow[]> => {
  const { rows, faults } = readJsonLines({ file, text: await readText(file) }, row, {
    problem:
      '这一行不是 this line is not {"text": "…", "article"?: "…", "topic"?: "…", "conversation"?: "…", "channel"?: "…"}',
    fix: '照格式改，一行一条 correct it, one a line',
  })
  if (faults.length > 0) throw refuse(faults)
  if (rows.length === 0)
    throw refuse([
      { file, line: 1, problem: '没有一条消息 there is no message', fix: '每行写一条 write one a line' },
    ])
  return rows.map(({ article: articles, conversation, ...rest }, at) => ({
    ...rest,
    articles,
    // Named by its place: what is chosen by the conversation is chosen alike each time.
    conversation: conversation === undefined ? `message-${String(at + 1)}` : `conversation-${conversation}`,
  }))
}
