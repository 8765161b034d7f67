import type { Config } from '../../config.ts'
import { TongdaError } from '../../core/errors.ts'
import type { Seeder, SeedSize } from '../../core/seed.ts'
import { bucketMs } from '../../search/index.ts'
import { createSeeder, type Database } from '../../store/index.ts'
import { loadArticles } from '../content-files.ts'
import { seedMaterial } from './material.ts'

/** Filling takes a while in one transaction; no statement of it may be cut off. */
const patienceMs = 6 * 3_600_000

/** The configuration with all the time that filling takes. Throws `bad_config` for a product at work. */
export const patientConfig = (config: Config): Config => {
  if (config.production)
    throw new TongdaError(
      'bad_config',
      '这是生产配置，不能灌入演示数据 this configuration is for production: made-up data have no place there; use another database with production: false',
    )
  return { ...config, database: { ...config.database, timeoutMs: patienceMs } }
}

export const openSeeder = (database: Database): Seeder => createSeeder(database, bucketMs)

export interface FillOptions {
  readonly config: Config
  readonly database: Database
  readonly size: SeedSize
  /** Beside real data too. */
  readonly mix: boolean
  readonly onStep: Parameters<Seeder['fill']>[2]
}

/** Fills a database. Throws `conflict` where there is something in it already. */
export const fillDatabase = async ({ config, database, size, mix, onStep }: FillOptions): Promise<void> => {
  const seeder = openSeeder(database)
  const { seeded, real } = await seeder.state()
  if (seeded > 0)
    throw new TongdaError(
      'conflict',
      '里面已有演示数据 there are made-up data already; npm run -s tongda -- seed --remove 先清掉 takes them away first',
    )
  if (real > 0 && !mix)
    throw new TongdaError(
      'conflict',
      '里面有真实数据 there are real data in this database; use an empty one, or add --yes-mix',
    )
  const articles = await loadArticles(config)
  if (articles.length === 0)
    throw new TongdaError(
      'bad_config',
      `${config.content.articles} 里没有文章，演示对话要用它们的问法 holds no articles, of whose wordings the data are made; see content.articles`,
    )
  await seeder.fill(seedMaterial(articles), size, onStep)
}
