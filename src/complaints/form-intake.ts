import type { ComplaintStore, EvidenceDraft } from '../core/complaint-work.ts'
import { TongdaError } from '../core/errors.ts'
import type { Form } from '../core/form.ts'
import type { TicketForm } from '../core/form-progress.ts'
import type { Logger } from '../core/log.ts'
import { deadlinesOf } from './deadlines.ts'
import type { ComplaintDeps } from './deps.ts'
import { readEvidence } from './evidence-intake.ts'
import { caseFromForm, type FormCase } from './from-form.ts'
import { intakeRules } from './intake.ts'
import { sayingSlowed } from './saying.ts'

/** A complaint's ticket without a case. */
export interface FormTicket {
  readonly ticketId: string
  readonly createdAt: Date
  readonly form: TicketForm
}

/** What opening cases from forms stands on. */
export interface FormIntakeOptions extends Pick<
  ComplaintDeps,
  'media' | 'config' | 'clock' | 'compose' | 'publish'
> {
  readonly store: Pick<ComplaintStore, 'open' | 'ownsFile'>
  readonly forms: () => readonly Form[]
  readonly unopened: (forms: readonly string[], since: Date, limit: number) => Promise<readonly FormTicket[]>
  readonly log: Logger
}

/** Older tickets than this are from before the form said so. */
const sinceMs = 7 * 86_400_000
const atOnce = 50

interface ReadFiles {
  readonly evidence: readonly EvidenceDraft[]
  /** Files that are not taken, and why. */
  readonly refused: readonly string[]
}

/** What can be taken of the files; one that cannot keeps no case from opening. */
const readFiles = async (
  { store, media }: Pick<FormIntakeOptions, 'store' | 'media'>,
  ticketId: string,
  { files }: FormCase,
): Promise<ReadFiles> => {
  const kept = new Map<string, EvidenceDraft>()
  const refused: string[] = []
  for (const { mediaId, name, side } of files) {
    try {
      const input = {
        side,
        ...(mediaId === undefined ? {} : { mediaId }),
        ...(name === undefined ? {} : { name }),
      }
      const evidence = await readEvidence({ store, media }, ticketId, input)
      kept.set(evidence.sha256, evidence)
    } catch (error) {
      if (!(error instanceof TongdaError)) throw error
      refused.push(error.message)
    }
  }
  return { evidence: [...kept.values()], refused }
}

/** Opens the cases of complaints that came in by a form which says so. Several nodes may do so at once. */
export const createFormIntake = (options: FormIntakeOptions): (() => Promise<void>) => {
  const { store, forms, unopened, config, clock, publish, log } = options
  const slowed = sayingSlowed(options)
  const open = async (ticket: FormTicket, form: Form): Promise<void> => {
    const found = caseFromForm(form, ticket.form, config.hosts)
    if (found === undefined) return
    const { kind, objects, rights, address, unread } = found
    const asksWho = address !== undefined && config.identity.kinds.includes(kind)
    const { evidence, refused } = await readFiles(options, ticket.ticketId, found)
    const draft = {
      ...{ ticketId: ticket.ticketId, kind, objects, evidence },
      ...(rights === undefined ? {} : { rights }),
      ...(asksWho ? { identity: { state: 'wanted' as const, address, at: clock.now() } } : {}),
      deadlines: deadlinesOf(kind, ticket.createdAt, config),
      actor: { rule: 'complaint-form' },
      detail: { form: form.id, complete: ticket.form.complete, unread, refused },
      idempotencyKey: `form:${ticket.ticketId}`,
    }
    await store.open(draft, intakeRules(kind, config, slowed), clock.now())
    publish(ticket.ticketId)
  }
  return async () => {
    const known = new Map(
      forms()
        .filter(({ complaint }) => complaint !== undefined)
        .map((form) => [form.id, form]),
    )
    if (known.size === 0) return
    const since = new Date(clock.now().getTime() - sinceMs)
    for (const ticket of await unopened([...known.keys()], since, atOnce)) {
      const form = known.get(ticket.form.id)
      if (form === undefined) continue
      await open(ticket, form).catch((error: unknown) => {
        log.warn({ ticketId: ticket.ticketId, error }, 'a complaint case could not be opened; tried again')
      })
    }
  }
}
