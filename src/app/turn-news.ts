import { textOf } from '../core/message.ts'
import { newsParts } from '../feedback/index.ts'
import { incidentParts } from '../incidents/index.ts'
import type { TurnDeps } from '../router/index.ts'
import type { Parts } from './parts.ts'

/** What a contact is told of suggestions and incidents above the next answer; nothing to whoever is just saying to hear no more. */
export const createTurnNews =
  ({ config, stores, content }: Parts): TurnDeps['news'] =>
  async ({ conversationId, pending }) => {
    if (pending.some(({ parts }) => content.suggestions().saysStop(textOf(parts)))) return []
    const waiting = await stores.noticesWaiting(conversationId)
    const news = waiting.suggestions ? await stores.noticeReading.waiting(conversationId) : []
    const progress = waiting.incidents ? await stores.incidentNews(conversationId) : []
    return [
      ...progress.map((one) => ({ noticeId: one.noticeId, parts: incidentParts(one, config.incidents) })),
      ...news.map((one) => ({ noticeId: one.noticeId, parts: newsParts(one, config.feedback) })),
    ]
  }
