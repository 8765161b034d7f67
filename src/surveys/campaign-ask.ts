import { createHash } from 'node:crypto'
import { TZDate } from '@date-fns/tz'
import type {
  Campaign,
  CampaignBook,
  CampaignMoment,
  CampaignReason,
  CampaignSaying,
} from '../core/campaign.ts'
import type { Clock } from '../core/clock.ts'
import type { OutboundDraft } from '../core/conversation.ts'
import type { Part } from '../core/message.ts'
import { campaignParts } from './campaign-words.ts'
import type { SurveysConfig } from './config.ts'
import { hindrance, type CapabilitiesOf } from './hindrance.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const page = 200

/** By chance, and the same for the same contact. */
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
  const { lastAskedAt, otherOpen, ticketOpen, place } = moment
  if (lastAskedAt !== undefined && now.getTime() - lastAskedAt.getTime() < config.everyDays * dayMs)
    return 'asked-lately'
  if (otherOpen) return 'survey-open'
  if (ticketOpen) return 'ticket-open'
  const reason = hindrance(place, capabilitiesOf, now)
  return reason as CampaignReason | undefined
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

/** All moments of an audience, page by page. */
export async function* momentsOf(
  book: Pick<CampaignBook, 'audience'>,
  campaignId: string,
  consenting: boolean,
): AsyncGenerator<CampaignMoment> {
  let after: string | undefined
  for (;;) {
    const rows = await book.audience(campaignId, {
      ...(after === undefined ? {} : { after }),
      ...{ limit: page, consenting },
    })
    yield* rows
    after = rows.at(-1)?.place.conversationId
    if (rows.length < page) return
  }
}

export interface CampaignRunnerOptions extends InviterOptions {
  /** Ends a campaign whose time is over. */
  readonly end: (campaignId: string) => Promise<unknown>
  readonly compose: (inboxId: string, parts: readonly Part[]) => OutboundDraft
  /** Something is in the outbox. */
  readonly onAsked: (conversationId: string) => void
}

/** Invites whom one campaign may invite now; how many. */
const inviteAll = async (
  options: CampaignRunnerOptions,
  campaign: Campaign,
  signal: AbortSignal,
): Promise<number> => {
  const { book, clock, config, compose, onAsked, timeZone } = options
  let invited = 0
  const decide = (moment: CampaignMoment, invitationId: string): CampaignSaying | undefined => {
    const now = clock.now()
    if (reasonAgainstInviting(campaign, moment, options, now) !== undefined) return undefined
    const parts = campaignParts(campaign.question, { invitationId, language: moment.language })
    const expiresAt = new Date(now.getTime() + config.answerHours * hourMs)
    return { draft: compose(moment.place.inboxId, parts), expiresAt }
  }
  for await (const moment of momentsOf(book, campaign.id, true)) {
    if (signal.aborted) break
    const now = clock.now()
    if (reasonAgainstInviting(campaign, moment, options, now) !== undefined) continue
    const { conversationId } = moment.place
    const ids = { campaignId: campaign.id, conversationId }
    const outcome = await book.invite(ids, startOfDay(timeZone, now), decide, now)
    if (outcome === 'full') break
    if (outcome === 'left') continue
    invited += 1
    onAsked(conversationId)
  }
  return invited
}

/** Looks after the campaigns that run: ends those whose time is over, and invites; how many were invited. */
export const createCampaignRunner =
  (options: CampaignRunnerOptions) =>
  async (signal: AbortSignal): Promise<number> => {
    const { book, clock, config, end, timeZone } = options
    let invited = 0
    for (const campaign of await book.running(clock.now())) {
      if (campaign.endsAt <= clock.now()) await end(campaign.id)
      else if (!isQuiet(config, timeZone, clock.now())) invited += await inviteAll(options, campaign, signal)
    }
    return invited
  }
