import type { Claim } from '../../core/conversation.ts'
import type { FormBook } from './form-book.ts'
import { hasAnswers, withoutForm, type OpenForm } from './progress.ts'

/** Whether the form goes on although a person leads: it opened the ticket, and nobody has taken that yet. */
export const isFormOpenForHuman = ({ dialogue, mode, ticket }: Claim): boolean =>
  mode === 'human' && dialogue.form?.handedOver === true && ticket?.state === 'new'

/** A claim with the form it goes on with. What is over and holds nothing, or whose form is gone, is taken out. */
export const readForm = (
  claim: Claim,
  book: FormBook,
  now: Date,
): { readonly claim: Claim; readonly form?: OpenForm } => {
  const progress = claim.dialogue.form
  if (progress === undefined) return { claim }
  const form = book.find(progress.form)
  const isOver = now.toISOString() >= progress.until
  const nothingToHandOver = progress.handedOver === true || form?.tool !== undefined || !hasAnswers(progress)
  if (form === undefined || (isOver && nothingToHandOver))
    return { claim: { ...claim, dialogue: withoutForm(claim.dialogue) } }
  if (claim.mode === 'human' && !isFormOpenForHuman(claim)) return { claim }
  return { claim, form: { form, progress } }
}
