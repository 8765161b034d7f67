import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type {
  FormState,
  ReviewForm,
  ReviewFormFacts,
  ReviewForms,
  ReviewFormStore,
} from '../core/review-form.ts'
import type { SamplingRuleList } from '../core/review-sampling.ts'
import { builtInForms } from './built-in-forms.ts'
import { checkForm } from './check-form.ts'

const follows: Readonly<Record<FormState, FormState | undefined>> = {
  draft: 'active',
  active: 'retired',
  retired: undefined,
}

const checkStep = (from: FormState, to: FormState): void => {
  if (follows[from] === to) return
  const next = follows[from]
  throw new TongdaError(
    'conflict',
    `a form that is ${from} does not become ${to}; ${next === undefined ? 'make a new one' : `it can only become ${next}`}`,
  )
}

/** By a retired form nothing would be drawn any more, and nobody would notice. Throws `conflict`. */
const checkUnused = async (formId: string, rules: Pick<SamplingRuleList, 'list'>): Promise<void> => {
  const using = (await rules.list()).filter((rule) => rule.enabled && rule.formId === formId)
  if (using.length === 0) return
  throw new TongdaError(
    'conflict',
    `these sampling rules draw by this form: ${using.map(({ name }) => name).join(', ')}; give them another form, or switch them off first`,
    { ruleIds: using.map(({ id }) => id) },
  )
}

const rewritten = (form: ReviewForm, change: Partial<ReviewFormFacts>): ReviewFormFacts => {
  if (form.state === 'retired')
    throw new TongdaError('conflict', 'a retired form stays as it is; make a new one')
  if (change.subject !== undefined && change.subject !== form.subject)
    throw new TongdaError('bad_input', 'what a form is for does not change; make a new one')
  const { name, subject, groups, criteria } = form
  const facts = { name, subject, groups, criteria, ...change }
  checkForm(facts)
  return facts
}

/** What people do with forms. Those of the product are there as soon as anybody looks. */
export const createReviewForms = (options: {
  readonly store: ReviewFormStore
  readonly clock: Clock
  readonly idOf: (idempotencyKey: string | undefined) => string
  readonly rules: Pick<SamplingRuleList, 'list'>
}): ReviewForms => {
  const { store, clock, idOf, rules } = options
  let seeding: Promise<unknown> | undefined
  const seed = async (): Promise<void> => {
    const now = clock.now()
    seeding ??= Promise.all(builtInForms.map((form) => store.create({ ...form, state: 'active' }, now)))
    try {
      await seeding
    } catch (error) {
      seeding = undefined
      throw error
    }
  }
  const get: ReviewForms['get'] = async (id, number) => {
    await seed()
    return store.get(id, number)
  }
  return {
    list: async () => {
      await seed()
      return store.list()
    },
    get,
    create: async (facts, idempotencyKey) => {
      checkForm(facts)
      return store.create({ ...facts, id: idOf(idempotencyKey), state: 'draft' }, clock.now())
    },
    change: async (id, change, expectedVersion) => {
      const form = await get(id)
      return store.rewrite(id, rewritten(form, change), expectedVersion ?? form.version, clock.now())
    },
    setState: async (id, state, expectedVersion) => {
      const form = await get(id)
      checkStep(form.state, state)
      if (state === 'retired') await checkUnused(id, rules)
      return store.setState(id, state, expectedVersion ?? form.version, clock.now())
    },
  }
}
