import { describe } from 'vitest'
import { itTakesProviderNews } from '../contract/provider-news.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('news of providers on the embedded database', () => itTakesProviderNews(openTestEmbedded))
describeWith('postgres', 'news of providers on PostgreSQL', (url) =>
  itTakesProviderNews(() => openTestPostgres(url)),
)
