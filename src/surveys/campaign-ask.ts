import { createHash } from 'node:crypto'
import { TZDate } from '@date-fns/tz'
import type {
  Campaign,
  CampaignBook,
  CampaignLook,
  CampaignMoment,
  CampaignReason,
  CampaignSaying,
} from '../core/campaign.ts'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { OutboundDraft } from '../core/conversation.ts'
import type { Part } from '../core/message.ts'
import { tryEach } from '../core/try-each.ts'
import { campaignParts } from './campaign-words.ts'
import type { SurveysConfig } from './config.ts'
import { hindrance, keptFree, type CapabilitiesOf } from './hindrance.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Most invitations of one campaign in one look. */
const mostAtOnce = 500
/** Each page begins by gathering who was asked, who said stop …: few and large ones. */
const page = 20_000
/** Whoever wrote a moment ago is in the middle of something. */
const restMs = 5 * 60_000

/** By chance, and the same for the same contact; src/store/campaign-audience.ts draws the same. */
const isSampled = (campaignId: string, contactId: string, share: number): boolean =>
  createHash('sha256').update(`${campaignId} ${contactId}`).digest().readUInt32BE() / 2 ** 32 < share

export interface InviterOptions {
  readonly book: CampaignBook
  readonly config: SurveysConfig
  /** Of the brand. */
  readonly timeZone: string
  readonly capabilitiesOf: CapabilitiesOf
  readonly clock: Clock
}

const allows = (moment: CampaignMoment, { id, share }: Campaign): CampaignReason | undefined => {
  if (!moment.consents) return 'no-consent'
  if (moment.refused) return 'said-stop'
  if (moment.askedBefore) return 'asked-before'
  return isSampled(id, moment.contactId, share) ? undefined : 'not-sampled'
}

/** Why a contact is not invited at this moment; undefined: may be. Pure. */
export const reasonAgainstInviting = (
  campaign: Campaign,
  moment: CampaignMoment,
  { config, capabilitiesOf }: Pick<InviterOptions, 'config' | 'capabilitiesOf'>,
  now: Date,
): CampaignReason | undefined => {
  const never = allows(moment, campaign)
  if (never !== undefined) return never
  const { lastAskedAt, otherOpen, ticketOpen, busy, place } = moment
  if (lastAskedAt !== undefined && now.getTime() - lastAskedAt.getTime() < config.everyDays * dayMs)
    return 'asked-lately'
  if (otherOpen) return 'survey-open'
  if (ticketOpen) return 'ticket-open'
  const reason = hindrance(place, capabilitiesOf, now) as CampaignReason | undefined
  if (reason !== undefined) return reason
  const sinceMs = now.getTime() - (place.lastInboundAt?.getTime() ?? 0)
  return busy || sinceMs < restMs ? 'in-conversation' : undefined
}

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

/** Nobody is written to at this hour. */
export const isQuiet = (
  { campaignHours: { from, to } }: Pick<SurveysConfig, 'campaignHours'>,
  timeZone: string,
  now: Date,
): boolean => {
  const local = new TZDate(now.getTime(), timeZone)
  const minutes = local.getHours() * 60 + local.getMinutes()
  return minutes < minutesOf(from) || minutes >= minutesOf(to)
}

const startOfDay = (timeZone: string, now: Date): Date => {
  const local = new TZDate(now.getTime(), timeZone)
  return new Date(new TZDate(local.getFullYear(), local.getMonth(), local.getDate(), timeZone).getTime())
}

/** All moments of an audience that agreed, page by page. */
export async function* momentsOf(
  book: Pick<CampaignBook, 'audience'>,
  campaignId: string,
): AsyncGenerator<CampaignMoment> {
  let after: string | undefined
  for (;;) {
    const rows = await book.audience(campaignId, {
      ...(after === undefined ? {} : { after }),
      limit: page,
    })
    yield* rows
    after = rows.at(-1)?.place.conversationId
    if (rows.length < page) return
  }
}

export interface CampaignRunnerOptions extends InviterOptions {
  /** What can be written to. */
  readonly inboxIds: () => Iterable<string>
  /** Ends a campaign whose time is over; `conflict`: it was changed meanwhile. */
  readonly end: (campaign: Campaign) => Promise<unknown>
  readonly compose: (inboxId: string, parts: readonly Part[]) => OutboundDraft
  /** Something is in the outbox. */
  readonly onAsked: (conversationId: string) => void
  /** One campaign could not be looked after; the others are. */
  readonly onError: (error: unknown, campaignId: string) => void
}

type LookOptions = Pick<CampaignRunnerOptions, 'config' | 'timeZone' | 'capabilitiesOf' | 'inboxIds'>

const lookAt = ({ config, timeZone, capabilitiesOf, inboxIds }: LookOptions, now: Date): CampaignLook => {
  const ago = (ms: number): Date => new Date(now.getTime() - ms)
  const inboxes = [...inboxIds()].flatMap((inboxId) => {
    const capabilities = capabilitiesOf(inboxId)
    if (capabilities === undefined || capabilities.passiveOnly) return []
    const { replyWindowMs } = capabilities
    return [{ inboxId, ...(replyWindowMs === undefined ? {} : { wroteAfter: ago(replyWindowMs) }) }]
  })
  return {
    ...{ now, dayStart: startOfDay(timeZone, now), inboxes, keptFree, limit: mostAtOnce },
    ...{ askedUntil: ago(config.everyDays * dayMs), wroteUntil: ago(restMs) },
  }
}

/** Invites one contact, if it still may be. */
const inviteOne = async (
  options: CampaignRunnerOptions,
  campaign: Campaign,
  { conversationId, now }: { readonly conversationId: string; readonly now: Date },
): Promise<'invited' | 'left' | 'full'> => {
  const { book, config, compose, onAsked, timeZone } = options
  const decide = (moment: CampaignMoment, invitationId: string): CampaignSaying | undefined => {
    if (reasonAgainstInviting(campaign, moment, options, now) !== undefined) return undefined
    const parts = campaignParts(campaign.question, { invitationId, language: moment.language })
    const expiresAt = new Date(now.getTime() + config.answerHours * hourMs)
    return { draft: compose(moment.place.inboxId, parts), expiresAt }
  }
  const ids = { campaignId: campaign.id, conversationId }
  const outcome = await book.invite(ids, startOfDay(timeZone, now), decide, now)
  if (outcome === 'invited') onAsked(conversationId)
  return outcome
}

/** Invites whom one campaign may invite now, until the day is full or over; gives how many. */
const inviteAll = async (
  options: CampaignRunnerOptions,
  campaign: Campaign,
  signal: AbortSignal,
): Promise<number> => {
  const { book, clock, config, timeZone } = options
  if (isQuiet(config, timeZone, clock.now())) return 0
  const found = await book.candidates(campaign.id, lookAt(options, clock.now()))
  let invited = 0
  for (const conversationId of found) {
    const now = clock.now()
    if (signal.aborted || isQuiet(config, timeZone, now)) break
    const outcome = await inviteOne(options, campaign, { conversationId, now })
    if (outcome === 'full') break
    if (outcome === 'invited') invited += 1
  }
  return invited
}

const isConflict = (error: unknown): boolean => error instanceof TongdaError && error.code === 'conflict'

const endOne = async ({ end }: CampaignRunnerOptions, campaign: Campaign): Promise<number> => {
  try {
    await end(campaign)
  } catch (error) {
    // Somebody else ended it, or gave it more time: the next look shows which.
    if (!isConflict(error)) throw error
  }
  return 0
}

/** Looks after the campaigns that run: ends those whose time is over, and invites; how many were invited. */
export const createCampaignRunner =
  (options: CampaignRunnerOptions) =>
  async (signal: AbortSignal): Promise<number> => {
    const { book, clock, config, timeZone, onAsked, onError } = options
    if (!isQuiet(config, timeZone, clock.now())) (await book.release()).forEach(onAsked)
    let invited = 0
    const failed = await tryEach(await book.running(clock.now()), async (campaign) => {
      const isOver = campaign.endsAt <= clock.now()
      invited += isOver ? await endOne(options, campaign) : await inviteAll(options, campaign, signal)
    })
    for (const { item, error } of failed) onError(error, item.id)
    return invited
  }
