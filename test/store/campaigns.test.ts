import { describe } from 'vitest'
import { areTakenBackBesideOthers } from '../contract/campaign-rivals.ts'
import { areCampaigns } from '../contract/campaigns.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('campaigns on the embedded database', () => {
  areCampaigns(openTestEmbedded)
})
describeWith('postgres', 'campaigns on PostgreSQL', (url) => {
  areCampaigns(() => openTestPostgres(url))
  areTakenBackBesideOthers(() => openTestPostgres(url))
})
