import type { CaseEvidence, ComplaintKind, ReportedObject, RightsDeclaration } from '../core/complaint.ts'
import type { Form, FormSlot } from '../core/form.ts'
import type { FormFile, TicketField, TicketForm } from '../core/form-progress.ts'
import { findObjects } from './reported-object.ts'

/** What a form's answers make of a case. */
export interface FormCase {
  readonly kind: ComplaintKind
  readonly objects: readonly ReportedObject[]
  readonly rights?: RightsDeclaration
  readonly files: readonly (FormFile & { readonly side: CaseEvidence['side'] })[]
  /** Mail address to which a code may go. */
  readonly address?: string
  /** Questions whose answers name nothing that is understood. */
  readonly unread: readonly string[]
}

/** Bare numbers say what they are once more. */
const spelled = ({ kind }: FormSlot, value: string): string => {
  if (kind === 'uid' && /^\d+$/.test(value)) return `UID:${value}`
  return kind === 'live-room' && /^\d+$/.test(value) ? `房间号 ${value}` : value
}

const fieldNamed = ({ fields }: TicketForm, name: string): TicketField | undefined =>
  fields.find((field) => field.name === name)

/** The option an answer in words stands for. */
const optionOf = (form: Form, gathered: TicketForm, name: string): string | undefined => {
  const words = fieldNamed(gathered, name)?.value
  const slot = form.slots.find((one) => one.name === name)
  return slot?.options.find(({ label }) => label.zh === words?.zh)?.id
}

const rightsOf = (form: Form, gathered: TicketForm): RightsDeclaration | undefined => {
  const { rights } = form.complaint ?? {}
  if (rights === undefined) return undefined
  const capacity = optionOf(form, gathered, rights.capacity)
  if (capacity === undefined) return undefined
  const work = rights.work === undefined ? undefined : fieldNamed(gathered, rights.work)?.value.zh
  return {
    capacity: capacity === rights.owner ? 'owner' : 'agent',
    ...(work === undefined ? {} : { work: work.slice(0, 500) }),
  }
}

/** Reads a case out of what a form gathered; undefined: the form opens none. */
export const caseFromForm = (
  form: Form,
  gathered: TicketForm,
  hosts: readonly string[],
): FormCase | undefined => {
  const { complaint } = form
  if (complaint === undefined) return undefined
  const named = complaint.objects.flatMap((name) => {
    const slot = form.slots.find((one) => one.name === name)
    const answer = fieldNamed(gathered, name)
    return slot === undefined || answer === undefined
      ? []
      : [{ name, found: findObjects(spelled(slot, answer.value.zh), hosts) }]
  })
  const rights = rightsOf(form, gathered)
  const address =
    complaint.identity === undefined ? undefined : fieldNamed(gathered, complaint.identity)?.value.zh
  const objects = named.flatMap(({ found }) => found)
  return {
    kind: complaint.kind,
    objects: [...new Map(objects.map((object) => [object.key, object])).values()],
    ...(rights === undefined ? {} : { rights }),
    ...(address === undefined ? {} : { address }),
    files: gathered.fields.flatMap(({ files = [] }) =>
      files.map((file) => ({ ...file, side: 'reporter' as const })),
    ),
    unread: named.filter(({ found }) => found.length === 0).map(({ name }) => name),
  }
}
