/** Choices as text, where no native menu can be shown. */
import type { ChoicesPart } from '../../src/core/message.ts'

const assemble = (
  { prompt, choices, footer }: ChoicesPart,
  line: (label: string, id: string) => string,
): string =>
  [prompt, ...choices.map(({ id, label }, index) => `${index + 1}. ${line(label, id)}`), footer ?? '']
    .filter((text) => text !== '')
    .join('\n')

/** A numbered list; the contact answers with a number. */
export const numberedChoices = (part: ChoicesPart): string => assemble(part, (label) => label)

const forLink = (text: string): string => text.replace(/[<>"'&#?=%\s]+/g, ' ').trim()

/**
 * The same list with labels the contact may tap; a tap comes back like a menu press. WeChat does not document these
 * links, so the numbers stay.
 */
export const tappableChoices = (part: ChoicesPart): string =>
  assemble(part, (label, id) =>
    /^[\w:.-]{1,64}$/.test(id)
      ? `<a href="weixin://bizmsgmenu?msgmenucontent=${forLink(label)}&msgmenuid=${id}">${forLink(label)}</a>`
      : label,
  )
