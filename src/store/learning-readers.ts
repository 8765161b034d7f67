import type { ReaderIntake } from '../core/learning.ts'
import { toJson, type Database } from './database.ts'

/** No inbox is called so. */
const helpCentre = '@help'

/** Nobody wrote it, so that no message has its id: its own stands there. */
const keep = `
insert into learning_questions (id, kind, message_id, inbox_id, channel, sentence, given, candidates, answer_at, said_at,
  created_at)
values ($1, 'thumbed-down', $1, '${helpCentre}', 'web', $2, $3, $4::jsonb, $5, $6, $7)
on conflict do nothing`

/** Takes in what readers of the help centre were not helped with, on one database. */
export const createReaderIntake = ({ query }: Pick<Database, 'query'>): ReaderIntake => ({
  keep: async ({ id, sentence, given, candidates, answerAt, saidAt }, now) => {
    await query(keep, [id, sentence, given, toJson(candidates), answerAt, saidAt, now])
  },
})
