import type { TicketView } from '../api/desk.ts'

/** What a text may name. */
export const cannedNames = [
  'contact.name',
  'contact.tier',
  'ticket.number',
  'ticket.title',
  'ticket.channel',
  'agent.name',
] as const
export type CannedName = (typeof cannedNames)[number]
const isName = (name: string): name is CannedName => cannedNames.some((one) => one === name)

const named = /\{\{\s*([^{}]*?)\s*\}\}/gu

/** All of them as they are written. */
export const writtenNames = cannedNames.map((name) => `{{${name}}}`).join(' ')

/** What is written like a name and stands for nothing. */
export const unknownNames = (text: string): readonly string[] =>
  [...text.matchAll(named)].flatMap(([written, name = '']) => (isName(name) ? [] : [written]))

/** Names that still stand in a text: nothing was known for them. */
export const namesIn = (text: string): readonly CannedName[] => [
  ...new Set([...text.matchAll(named)].flatMap(([, name = '']) => (isName(name) ? [name] : []))),
]

export interface Filling {
  readonly ticket: Pick<TicketView, 'contactName' | 'contactTier' | 'number' | 'title'>
  /** In the reader's words. */
  readonly channel: string
  readonly agentName: string
}

/** The text with what its names stand for; a name without a value stays as it is written. */
export const fillIn = (text: string, { ticket, channel, agentName }: Filling): string => {
  const values: Readonly<Record<CannedName, string | undefined>> = {
    'contact.name': ticket.contactName,
    'contact.tier': ticket.contactTier,
    'ticket.number': `T-${ticket.number}`,
    'ticket.title': ticket.title,
    'ticket.channel': channel,
    'agent.name': agentName,
  }
  return text.replace(named, (written, name: string) => {
    const value = isName(name) ? values[name] : undefined
    return value === undefined || value === '' ? written : value
  })
}
