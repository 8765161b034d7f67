import { readArticleFiles } from '../../knowledge/index.ts'
import type { Config } from '../config.ts'
import type { ArticleFiles } from '../core/editing.ts'
import { faultsWith } from './content-files.ts'

/** The articles on disk, as the configuration names them. */
export const articleFiles = (config: Config): ArticleFiles => ({
  read: () => readArticleFiles(config.content.articles),
  faultsWith: (overlays) => faultsWith(config, overlays),
})
