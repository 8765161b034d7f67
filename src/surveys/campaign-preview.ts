import type { Campaign, CampaignPreview, CampaignReason } from '../core/campaign.ts'
import { isQuiet, momentsOf, reasonAgainstInviting, type InviterOptions } from './campaign-ask.ts'

type Seen = CampaignReason | 'reachable'

/** A contact with several conversations can be invited where one of them allows it. */
const better = (one: Seen | undefined, other: Seen): Seen =>
  one === undefined || other === 'reachable' ? other : one

/** Tells who would be invited now, and why the others would not. */
export const createCampaignPreview =
  (options: InviterOptions) =>
  async (campaign: Campaign): Promise<CampaignPreview> => {
    const { book, clock, config, timeZone } = options
    const now = clock.now()
    const contacts = new Map<string, Seen>()
    for await (const moment of momentsOf(book, campaign.id)) {
      const seen = reasonAgainstInviting(campaign, moment, options, now) ?? 'reachable'
      contacts.set(moment.contactId, better(contacts.get(moment.contactId), seen))
    }
    const counts: Partial<Record<Seen, number>> = {}
    for (const seen of contacts.values()) counts[seen] = (counts[seen] ?? 0) + 1
    const { reachable = 0, ...reasons } = counts
    const [consenting, audience] = [contacts.size, await book.size(campaign.id)]
    // Somebody may have agreed, or written for the first time, in between.
    const silent = Math.max(0, audience - consenting)
    return {
      ...{ audience: consenting + silent, consenting, reachable },
      reasons: { ...(silent === 0 ? {} : { 'no-consent': silent }), ...reasons },
      quiet: isQuiet(config, timeZone, now),
    }
  }
