import { mapStrings } from '../../core/masking.ts'
import { inputProblem } from '../problem.ts'
import type { Caller } from './caller.ts'
import type { ApiRoute } from './define-route.ts'
import type { ApiSurroundings } from './environment.ts'

/** Resources in which the brand's own people write; a number they publish is none that identifies somebody. */
const ownWords: ReadonlySet<string> = new Set([
  'access',
  'agents',
  'audit',
  'canned-replies',
  'calendars',
  'incidents',
  'knowledge',
  'macros',
  'rules',
  'teams',
  'webhooks',
])

const none: ReadonlySet<string> = new Set()
/** Addresses have a permission of their own, which programs need to write to people elsewhere. */
const addresses: ReadonlySet<string> = new Set(['contactKey'])

/** An answer as it may be seen: with personal data masked, unless the route reveals it or shows none of contacts. */
export const maskAnswer = (
  { plain, tag, ofContacts }: ApiRoute,
  { api, caller }: { readonly api: ApiSurroundings; readonly caller: Caller },
  body: unknown,
): unknown => {
  if (plain === true || (ownWords.has(tag) && ofContacts !== true)) return body
  const kept = caller.kind === 'key' && caller.permissions.has('contact.reveal') ? addresses : none
  return mapStrings(body, api.masker.text, kept)
}

/** What was read masked must not be written back in place of what it hides. Throws `bad_input`. */
export const refuseMasked = (
  { tag, ofContacts }: ApiRoute,
  { masker }: ApiSurroundings,
  body: unknown,
): void => {
  if (ownWords.has(tag) && ofContacts !== true) return
  mapStrings(body, (text) => {
    if (masker.isMasked(text))
      throw inputProblem(
        [{ path: [], message: 'holds masked personal data; leave the field out, or reveal it first' }],
        'body',
      )
    return text
  })
}
