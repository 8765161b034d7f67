import type { ComplaintCase } from '../core/complaint.ts'
import type { CaseRequest, ComplaintService } from '../core/complaint-work.ts'
import { planAppeal } from './appealing.ts'
import { archiveOf } from './archive.ts'
import { deadlinesOf } from './deadlines.ts'
import { planDecision, planSettlement, previewDecision } from './deciding.ts'
import type { ComplaintDeps, Plan } from './deps.ts'
import { planConfirmation, planIdentity, planWaiver } from './identity.ts'
import { intakeRules } from './intake.ts'
import { readObject, readObjects } from './reported-object.ts'
import { checkVersion, stateAfter } from './rules.ts'
import { sayingSlowed } from './saying.ts'
import { createFindSimilar } from './similar.ts'
import { checkRights, planChange, planEvidence, planWithdrawal } from './upkeep.ts'

/** Every change rests on the case as it was read, or is refused. */
const createWriting = ({ store, clock, publish }: ComplaintDeps) => {
  const told = (found: ComplaintCase): ComplaintCase => {
    publish(found.ticketId)
    return found
  }
  const write = async (
    { caseId, actor, idempotencyKey, version }: CaseRequest,
    plan: (found: ComplaintCase) => Plan | Promise<Plan>,
  ): Promise<ComplaintCase> => {
    const found = await store.get(caseId)
    if (await store.wasApplied(caseId, idempotencyKey)) return found
    checkVersion(found, version)
    const change = await plan(found)
    const key = idempotencyKey === undefined ? {} : { idempotencyKey }
    const rest = { caseId, expectedVersion: found.version, actor, ...key }
    return told(await store.apply({ ...change, ...rest }, clock.now()))
  }
  return { told, write }
}

type Opening = Parameters<ComplaintService['open']>[0]

const open = (
  deps: ComplaintDeps,
  { actor, ticketId, kind, objects, rights, idempotencyKey }: Opening,
): Promise<ComplaintCase> => {
  const { store, config, clock } = deps
  checkRights(kind, rights)
  const now = clock.now()
  const draft = {
    ...{ ticketId, kind, actor, evidence: [], detail: {} },
    objects: readObjects(objects, config.hosts),
    deadlines: deadlinesOf(kind, now, config),
    ...(rights === undefined ? {} : { rights }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  }
  return store.open(draft, intakeRules(kind, config, sayingSlowed(deps)), now)
}

/** What people do with cases. */
const createWork = (
  deps: ComplaintDeps,
): Omit<ComplaintService, 'policy' | 'get' | 'list' | 'similar' | 'archive'> => {
  const { store, config, clock } = deps
  const { told, write } = createWriting(deps)
  return {
    open: async (opening) => told(await open(deps, opening)),
    change: (request, facts) => write(request, (found) => planChange(found, facts, config)),
    examine: (request) =>
      write(request, (found) => ({ change: 'examined', state: stateAfter(found, 'examine'), detail: {} })),
    askIdentity: (request, address) => write(request, (found) => planIdentity(deps, found, address)),
    confirmIdentity: (request, code) => write(request, (found) => planConfirmation(deps, found, code)),
    waiveIdentity: (request, why) => write(request, (found) => planWaiver(deps, found, why)),
    addEvidence: (request, file) => write(request, (found) => planEvidence(found, file, deps)),
    decide: (request, input) =>
      write(request, (found) => planDecision(deps, found, { actor: request.actor, input })),
    preview: async ({ caseId, actor }, input) =>
      previewDecision(deps, await store.get(caseId), { actor, input }),
    approve: (request) => write(request, (found) => planSettlement(deps, found, { actor: request.actor })),
    reject: (request, why) =>
      write(request, (found) => planSettlement(deps, found, { actor: request.actor, why })),
    appeal: (request, side, text) => write(request, (found) => planAppeal(deps, found, { side, text })),
    withdraw: (request, why) => write(request, (found) => planWithdrawal(found, why)),
    report: async ({ caseId, actor }, actionId, report) =>
      told(await store.report(caseId, actionId, { ...report, actor }, clock.now())),
    repeat: async ({ caseId, actor }, actionId) =>
      told(await store.repeat(caseId, actionId, actor, clock.now())),
  }
}

/** Complaint cases: reading them, and working on them. */
export const createComplaints = (deps: ComplaintDeps): ComplaintService => {
  const { store, config, clock, policy } = deps
  return {
    ...createWork(deps),
    policy,
    get: (caseId) => store.get(caseId),
    list: ({ object, ...query }) => {
      const objectKey = object === undefined ? {} : { objectKey: readObject(object, config.hosts).key }
      return store.list({ ...query, ...objectKey })
    },
    similar: createFindSimilar(store, deps.meanings),
    archive: async (caseId) => {
      const found = await store.get(caseId)
      const bytes = archiveOf(found, deps, clock.now())
      return { name: `complaint-T-${String(found.ticketNumber)}.zip`, bytes }
    },
  }
}
