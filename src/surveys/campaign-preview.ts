import type { Campaign, CampaignPreview, CampaignReason } from '../core/campaign.ts'
import { isQuiet, momentsOf, reasonAgainstInviting, type InviterOptions } from './campaign-ask.ts'

interface Seen {
  readonly consents: boolean
  /** Undefined: can be invited. */
  readonly reason: CampaignReason | undefined
}

/** A contact with several conversations can be invited where one of them allows it. */
const better = (one: Seen | undefined, other: Seen): Seen =>
  one === undefined || other.reason === undefined ? other : one

/** Tells who would be invited now, and why the others would not. */
export const createCampaignPreview =
  (options: InviterOptions) =>
  async (campaign: Campaign): Promise<CampaignPreview> => {
    const { book, clock, config, timeZone } = options
    const now = clock.now()
    const contacts = new Map<string, Seen>()
    for await (const moment of momentsOf(book, campaign.id, false)) {
      const reason = reasonAgainstInviting(campaign, moment, options, now)
      const seen = { consents: moment.consents, reason }
      contacts.set(moment.contactId, better(contacts.get(moment.contactId), seen))
    }
    const all = [...contacts.values()]
    const reasons: Partial<Record<CampaignReason, number>> = {}
    for (const { reason } of all) if (reason !== undefined) reasons[reason] = (reasons[reason] ?? 0) + 1
    return {
      audience: all.length,
      consenting: all.filter(({ consents }) => consents).length,
      reachable: all.filter(({ reason }) => reason === undefined).length,
      reasons,
      quiet: isQuiet(config, timeZone, now),
    }
  }
