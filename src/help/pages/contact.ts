import { html } from 'hono/html'
import type { HelpLanguage } from '../../core/help.ts'
import { addresses } from '../addresses.ts'
import type { HelpConfig } from '../config.ts'
import type { Html } from '../html.ts'
import { writeTime, type HelpIncident, type Sheet } from '../layout.ts'
import { wordsOf, type Words } from '../words.ts'
import { pathTo } from './lists.ts'

/** How people are reached at this moment. */
export interface Ways {
  readonly config: Pick<HelpConfig, 'phone' | 'mail'>
  /** Page of a web chat. */
  readonly chatUrl: string | undefined
  /** When the hotline is answered. */
  readonly hours: (language: HelpLanguage) => string
  /** When people are back; undefined: they are there, or it is not known. */
  readonly backAt: Date | undefined
  readonly timeZone: string
}

interface Place {
  readonly language: HelpLanguage
  readonly incidents: readonly HelpIncident[]
}

const way = (title: string, body: Html): Html =>
  html`<li>
    <h2>${title}</h2>
    ${body}
  </li>`

const waysOf = ({ config, chatUrl, hours }: Ways, words: Words, language: HelpLanguage): readonly Html[] => {
  const { phone, mail } = config
  return [
    ...(chatUrl === undefined
      ? []
      : [
          way(
            words.chat,
            html`<p>${words.chatHint}</p>
              <p><a class="button" href="${chatUrl}">${words.chat}</a></p>`,
          ),
        ]),
    ...(phone === undefined
      ? []
      : [
          way(
            words.phone,
            html`<p><a href="tel:${phone.replaceAll(/[ -]/g, '')}">${phone}</a></p>
              <p class="quiet">${words.hours} ${hours(language)}</p>`,
          ),
        ]),
    ...(mail === undefined ? [] : [way(words.mail, html`<p><a href="mailto:${mail}">${mail}</a></p>`)]),
  ]
}

const bothAddresses = (address: (language: HelpLanguage) => string): NonNullable<Sheet['addresses']> => ({
  'zh-CN': address('zh-CN'),
  en: address('en'),
})

/** How to reach a person. */
export const contactPage = ({ language, incidents }: Place, ways: Ways): Sheet => {
  const words = wordsOf(language)
  const found = waysOf(ways, words, language)
  const { backAt, timeZone } = ways
  return {
    ...{ language, incidents, title: words.person, addresses: bothAddresses(addresses.contact) },
    body: html`${pathTo(language, words, [])}
      <h1>${words.person}</h1>
      ${backAt === undefined ? '' : html`<p class="note">${words.closed(writeTime(backAt, timeZone))}</p>`}
      ${
        found.length === 0
          ? html`<p>${words.noWays}</p>`
          : html`<p>${words.personIntro}</p>
              <ul class="ways">
                ${found}
              </ul>`
      }
      <p><a href="${addresses.ticket(language)}">${words.ticketTitle}</a></p>`,
  }
}

/**
 * Where a ticket's state is found. Nothing can be looked up here: a number is no secret, and only the link that was
 * sent with the ticket shows how it stands.
 */
export const ticketPage = ({ language, incidents }: Place): Sheet => {
  const words = wordsOf(language)
  return {
    ...{ language, incidents, title: words.ticketTitle, addresses: bothAddresses(addresses.ticket) },
    body: html`${pathTo(language, words, [])}
      <h1>${words.ticketTitle}</h1>
      <p>${words.ticketIntro}</p>
      <ol>
        ${words.ticketSteps.map((step) => html`<li>${step}</li>`)}
      </ol>
      <p class="note">${words.ticketWhy}</p>
      <p class="ask"><a class="button" href="${addresses.contact(language)}">${words.person}</a></p>`,
  }
}

/** A page that says what went wrong and what to do. */
export const noticePage = (
  { language, incidents }: Place,
  kind: 'missing' | 'tooMany' | 'broken' | 'foreign',
): Sheet => {
  const words = wordsOf(language)
  const hint = words[`${kind}Hint`]
  return {
    ...{ language, incidents, title: words[kind] },
    body: html`<h1>${words[kind]}</h1>
      <p>${hint}</p>
      <p class="ask">
        <a class="button" href="${addresses.home(language)}">${words.home}</a>
        <a href="${addresses.contact(language)}">${words.person}</a>
      </p>`,
  }
}
