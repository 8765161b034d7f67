import { TongdaError } from '../core/errors.ts'
import type { Ticket } from '../core/ticket.ts'

/** What a text of a macro or a rule may name. */
const known = ['contact', 'ticket', 'agent'] as const
type Known = (typeof known)[number]
const isKnown = (name: string): name is Known => known.some((one) => one === name)

const named = /\{\{\s*([^{}]*?)\s*\}\}/gu

/** Throws `bad_input` for a name that nothing stands behind. */
export const checkNames = (text: string): void => {
  for (const [written, name = ''] of text.matchAll(named))
    if (!isKnown(name))
      throw new TongdaError(
        'bad_input',
        `${written} stands for nothing; a text may name ${known.map((one) => `{{${one}}}`).join(', ')}`,
      )
}

/** The text with what its names stand for. */
export const fillIn = (
  text: string,
  { number, contactName }: Pick<Ticket, 'number' | 'contactName'>,
  agentName: string,
): string => {
  const values: Readonly<Record<Known, string>> = {
    // Not every channel tells a name.
    contact: contactName === '' ? '用户' : contactName,
    ticket: `T-${String(number)}`,
    agent: agentName,
  }
  return text.replace(named, (written, name: string) => (isKnown(name) ? values[name] : written))
}
