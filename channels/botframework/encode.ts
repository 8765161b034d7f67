/** From the message model to activities. Source: Bot Framework Activity schema; "Add rich card attachments". */
import { ChannelError } from '../../src/core/errors.ts'
import type { ChoicesPart, Part } from '../../src/core/message.ts'
import { cleanText } from '../kit/index.ts'

/** What of an activity we fill in; botbuilder adds the address. */
export interface OutgoingActivity {
  readonly type: 'message' | 'typing'
  readonly text?: string
  readonly textFormat?: 'plain'
  readonly inputHint?: 'acceptingInput'
  readonly attachments?: OutgoingAttachment[]
  readonly suggestedActions?: { readonly to: string[]; readonly actions: Action[] }
}

/** A part that carries a file; see `encode-file.ts`. */
export type FilePart = Extract<Part, { readonly kind: 'image' | 'audio' | 'video' | 'file' }>

/** A card, or a file by its address. */
export type OutgoingAttachment =
  | { readonly contentType: string; readonly content: unknown }
  | { readonly contentType: string; readonly contentUrl: string; readonly name: string }

/** A button. */
interface Action {
  readonly type: 'messageBack'
  readonly title: string
  readonly displayText: string
  readonly text: string
  readonly value: { readonly tongdaChoice: string }
}

/** A press says the label in the contact's name and brings the option's id back beside it. */
const actionsOf = ({ choices }: ChoicesPart): Action[] =>
  choices.map(({ id, label }) => ({
    type: 'messageBack',
    title: cleanText(label),
    displayText: cleanText(label),
    text: cleanText(label),
    value: { tongdaChoice: id },
  }))

const promptOf = ({ prompt, footer }: ChoicesPart): string =>
  cleanText([prompt, footer ?? ''].filter((line) => line.trim() !== '').join('\n'))

const message = (more: Omit<OutgoingActivity, 'type'>): OutgoingActivity => ({
  type: 'message',
  inputHint: 'acceptingInput',
  ...more,
})

/** Teams shows buttons on cards; the web channels show suggested actions, which go away once one is pressed. */
const choicesActivity = (part: ChoicesPart, channelId: string): OutgoingActivity => {
  if (channelId !== 'msteams')
    return message({
      text: promptOf(part),
      textFormat: 'plain',
      suggestedActions: { to: [], actions: actionsOf(part) },
    })
  const content = { text: promptOf(part), buttons: actionsOf(part) }
  return message({ attachments: [{ contentType: 'application/vnd.microsoft.card.hero', content }] })
}

/** What a part without a file becomes on a channel. Throws `ChannelError` for what cannot be shown; the renderer degrades those before. */
export const encode = (part: Exclude<Part, FilePart>, channelId: string): OutgoingActivity => {
  switch (part.kind) {
    case 'text':
      return message({ text: cleanText(part.text), textFormat: 'plain' })
    case 'choices':
      return choicesActivity(part, channelId)
    case 'location':
    case 'link':
    case 'sticker':
    case 'event':
    case 'unsupported':
      throw new ChannelError(
        'botframework',
        'permanent',
        `a ${part.kind} cannot be sent; send its text or a link`,
      )
    default:
      return part satisfies never
  }
}
