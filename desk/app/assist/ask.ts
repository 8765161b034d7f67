import type {
  AssistedFieldsView,
  AssistedReplyView,
  AssistedSummaryView,
  AssistedTextView,
  AssistedTranslationView,
  KeptHandoffView,
} from '../../../src/http/api.ts'
import { request } from '../api/request.ts'

const post = <Answer>(id: string, what: string, body: object = {}, signal?: AbortSignal) =>
  request<Answer>('POST', `/api/desk/tickets/${id}/assist/${what}`, {
    body,
    ...(signal === undefined ? {} : { signal }),
  })

/** Ways of putting a draft into another tone. */
export const tones = ['brand', 'friendlier', 'shorter', 'formal'] as const
export type Tone = (typeof tones)[number]

/** Asks the server to have a language model write something. Nothing is sent or changed by it. */
export const assist = {
  handoff: (id: string, signal: AbortSignal) =>
    request<KeptHandoffView>('GET', `/api/desk/tickets/${id}/assist/summary`, { signal }),
  summary: (id: string, signal: AbortSignal) => post<AssistedSummaryView>(id, 'summary', {}, signal),
  reply: (id: string) => post<AssistedReplyView>(id, 'reply'),
  rewrite: (id: string, text: string, how: Tone | 'translated') =>
    post<AssistedTextView>(id, 'rewrite', { text, how }),
  translation: (id: string, messageId: string, to: 'zh' | 'en') =>
    post<AssistedTranslationView>(id, 'translation', { messageId, to }),
  fields: (id: string) => post<AssistedFieldsView>(id, 'fields'),
}

/** What a model wrote. */
export type MadeOf<View> = View extends { readonly made: infer Made } ? Made : never
/** Why nothing is given. */
export type RefusalOf = Extract<AssistedTextView, { readonly refused: unknown }>['refused']
