import type { ComplaintCase, RightsDeclaration } from '../core/complaint.ts'
import type { ComplaintService } from '../core/complaint-work.ts'
import { TongdaError } from '../core/errors.ts'
import type { ComplaintsConfig } from './config.ts'
import { deadlinesOf } from './deadlines.ts'
import { checkWords, type Plan } from './deps.ts'
import { checkNew, readEvidence, type FileGround } from './evidence-intake.ts'
import { readObjects } from './reported-object.ts'
import { stateAfter } from './rules.ts'

/** Throws `bad_input`. */
export const checkRights = (kind: ComplaintCase['kind'], rights: RightsDeclaration | undefined): void => {
  if (rights !== undefined && kind !== 'copyright')
    throw new TongdaError('bad_input', 'a declaration of rights belongs to copyright complaints only')
}

/** What a case says of itself. Another kind owes its own times, from the beginning on. */
export const planChange = (
  found: ComplaintCase,
  { kind = found.kind, objects, rights }: Parameters<ComplaintService['change']>[1],
  config: ComplaintsConfig,
): Plan => {
  const state = stateAfter(found, 'change')
  const read = objects === undefined ? undefined : readObjects(objects, config.hosts)
  checkRights(kind, rights)
  const isOther = kind !== found.kind
  const keys = { from: found.objects.map(({ key }) => key), to: read?.map(({ key }) => key) }
  return {
    change: 'changed',
    state,
    detail: {
      ...(isOther ? { kind: { from: found.kind, to: kind } } : {}),
      ...(read === undefined ? {} : { objects: keys }),
      ...(rights === undefined ? {} : { rights }),
    },
    ...(isOther ? { kind } : {}),
    ...(read === undefined ? {} : { objects: read }),
    ...(rights === undefined ? {} : { rights }),
    ...(isOther && found.round === 1 ? { deadlines: deadlinesOf(kind, found.createdAt, config) } : {}),
  }
}

/** A further file. Throws `bad_input`, `not_found`, `conflict`. */
export const planEvidence = async (
  found: ComplaintCase,
  file: Parameters<ComplaintService['addEvidence']>[1],
  ground: FileGround,
): Promise<Plan> => {
  const state = stateAfter(found, 'supply')
  const evidence = await readEvidence(ground, found.ticketId, file)
  checkNew(found, evidence)
  const { sha256, contentType, side } = evidence
  return { change: 'evidence-added', state, evidence: [evidence], detail: { sha256, contentType, side } }
}

/** The end without a decision; what was proposed is off the table. */
export const planWithdrawal = (found: ComplaintCase, why: string): Plan => {
  const proposed = found.decisions.find(({ state }) => state === 'proposed')
  return {
    change: 'withdrawn',
    state: stateAfter(found, 'withdraw'),
    detail: { why: checkWords('why', why) },
    ...(proposed === undefined ? {} : { settles: { decisionId: proposed.id, state: 'rejected' } }),
  }
}
