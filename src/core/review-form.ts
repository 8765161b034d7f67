/** Words for people; English where it was written. */
export interface ReviewWords {
  readonly zh: string
  readonly en?: string | undefined
}

/** What is reviewed: what an agent did with a ticket, what the bot answered, what was decided on a complaint. */
export const reviewSubjects = ['ticket', 'bot-answer', 'complaint-decision'] as const
export type ReviewSubject = (typeof reviewSubjects)[number]

/** One thing that is looked at. */
export interface ReviewCriterion {
  /** The same over all versions of the form. */
  readonly id: string
  /** The id of its group. */
  readonly group: string
  readonly name: ReviewWords
  readonly guidance?: ReviewWords | undefined
  /** `scale`: 0 to 5. */
  readonly kind: 'scale' | 'yes-no'
  /** How much it counts beside the others. */
  readonly weight: number
  /** It may be left out as not applicable. */
  readonly mayNotApply: boolean
  /** A no makes the total 0. Only of kind `yes-no`. */
  readonly critical: boolean
  /** A no, or 0 or 1, says that the bot's answer was wrong. Only on forms for bot answers. */
  readonly wrongAnswer: boolean
}

/** What a form asks. */
export interface ReviewFormFacts {
  readonly name: ReviewWords
  readonly subject: ReviewSubject
  readonly groups: readonly { readonly id: string; readonly name: ReviewWords }[]
  readonly criteria: readonly ReviewCriterion[]
}

/** `draft` and `retired` forms are not reviewed with; a retired one stays so. */
export const formStates = ['draft', 'active', 'retired'] as const
export type FormState = (typeof formStates)[number]

/** A form as it stands, or as it stood at one of its numbers. */
export interface ReviewForm extends ReviewFormFacts {
  readonly id: string
  /** Grows when what it asks changes; reviews keep the one they were made on. */
  readonly number: number
  readonly state: FormState
  readonly createdAt: Date
  readonly updatedAt: Date
  /** Grows with every write; a write that names an older one is refused with `conflict`. */
  readonly version: number
}

/** Keeps forms. `get`, `rewrite` and `setState` throw `not_found`; a stale write throws `conflict`. */
export interface ReviewFormStore {
  /** By name; retired ones last. */
  list(): Promise<readonly ReviewForm[]>
  /** At one of its numbers; absent: the newest. */
  get(id: string, number?: number): Promise<ReviewForm>
  /** A form with this id stays as it is. */
  create(
    form: ReviewFormFacts & { readonly id: string; readonly state: FormState },
    now: Date,
  ): Promise<ReviewForm>
  /** Makes a new number. */
  rewrite(id: string, facts: ReviewFormFacts, expectedVersion: number, now: Date): Promise<ReviewForm>
  setState(id: string, state: FormState, expectedVersion: number, now: Date): Promise<ReviewForm>
}

/** What people do with forms. Throws `bad_input` naming the rule that is broken. */
export interface ReviewForms {
  list(): Promise<readonly ReviewForm[]>
  get(id: string, number?: number): Promise<ReviewForm>
  /** A draft. The same key gives the same form. */
  create(facts: ReviewFormFacts, idempotencyKey?: string): Promise<ReviewForm>
  change(id: string, change: Partial<ReviewFormFacts>, expectedVersion?: number): Promise<ReviewForm>
  /** `draft` → `active` → `retired`. Throws `conflict` for any other way. */
  setState(id: string, state: FormState, expectedVersion?: number): Promise<ReviewForm>
}
