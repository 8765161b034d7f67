import type { EditingActor, EditWrite, PublishRequest } from './editing.ts'

/** Drafts that are published at a moment. */
export interface PublishSchedule extends PublishRequest {
  readonly id: string
  readonly dueAt: Date
  readonly by: EditingActor
  readonly state: 'waiting' | 'published' | 'failed' | 'cancelled'
  /** Why it could not be published. */
  readonly failure?: string
  readonly publishedIn?: number
  readonly createdAt: Date
}

/** What became of a schedule when its moment came. */
export type ScheduleEnd = { readonly publishedIn: number } | { readonly failure: string }

/** The schedules of one database. All but `list` throw `not_found`. */
export interface ScheduleStore {
  /** Those that come first, first; the past ones behind them. */
  list(limit: number): Promise<readonly PublishSchedule[]>
  get(id: string): Promise<PublishSchedule>
  /** With its moment, or not at all; the same key gives the same schedule. */
  create(
    facts: Pick<PublishSchedule, 'draftIds' | 'dueAt' | 'reason' | 'override' | 'by'>,
    now: Date,
    idempotencyKey?: string,
  ): Promise<PublishSchedule>
  /** Throws `conflict` when it waits no more. */
  cancel(id: string): Promise<PublishSchedule>
  /** Changes nothing when it waits no more; but what was published says so, also when it was called off meanwhile. */
  settle(id: string, end: ScheduleEnd): Promise<void>
}

/** Publishing at a moment. Throws `bad_input`, `not_found`, `conflict`. */
export interface ScheduleService {
  list(limit: number): Promise<readonly PublishSchedule[]>
  /** Looked at as publishing now would be; whatever changes until then may still keep it from being published. */
  set(request: PublishRequest, dueAt: Date, write: EditWrite): Promise<PublishSchedule>
  cancel(id: string): Promise<PublishSchedule>
}
